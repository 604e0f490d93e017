"""Export as Parquet: the tables of `columns`, with typed columns. Needs pyarrow, an extra."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import msgspec

from feeds.export.columns import TABLES, Row, rows
from feeds.export.edition import Edition, ExportError, Format, Piece
from store.archive.archived import Archived
from store.entry import Media

if TYPE_CHECKING:
    import pyarrow as pa

_LINES: Final = 2**18  # bytes of rows as JSON that are turned into columns at once
_ROOM: Final = 8 * 2**20  # bytes of columns of all files that are kept in memory
_PAGE: Final = 2**16  # bytes of a column that are encoded at once
_TIMES: Final = frozenset(
    {
        *("published", "updated", "seen_at", "first_seen", "last_seen", "changed_at"),
        *("retracted_at", "joined_at", "fetched_at", "occurred_at", "pinned_at", "unpinned_at"),
    }
)
_FLAGS: Final = frozenset({"key_event", "summary", "pinned", "joins"})
_NUMBERS: Final = frozenset({"revision", "status"})
_LISTS: Final = frozenset({"authors", "tags"})
_MEDIA: Final = tuple(Media.__dataclass_fields__)
_encode = msgspec.json.Encoder().encode


class _Sink:
    """A writable file whose new bytes can be taken out as it grows."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: bytes) -> int:
        piece = bytes(piece)
        self._pieces.append(piece)
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Do nothing: the file has no buffer."""

    def close(self) -> None:
        """Do nothing: `taken` is still to return the last bytes."""

    def taken(self) -> bytes:
        """Return the bytes written since the last call."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken


class _Table:
    """One file: rows become JSON lines, lines become columns, and columns become row groups.

    pyarrow makes columns of JSON by itself. To make them of Python values it would import pandas
    where that is installed, which takes some 40 MB. Columns are small compared to lines; but a
    file's metadata on its row groups stays in memory to the end, so there should be few of these.
    """

    def __init__(self, name: str) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        self._arrow, self.name = pa, f"{name}.parquet"
        self._schema = schema(name)
        self._sink = _Sink()
        self._writer = ParquetWriter(
            self._sink,
            self._schema,
            compression="zstd",
            use_dictionary=False,  # zstd finds repetitions as well
            data_page_size=_PAGE,
            write_statistics=[column for column in TABLES[name] if column == "published"],
        )
        self._lines: list[bytes] = []
        self._of_lines = 0  # bytes
        self._columns: list[pa.Table] = []

    def add(self, row: Row) -> bool:
        """Add a row; return whether the rows so far were turned into columns."""
        line = _encode(row)
        self._lines.append(line)
        self._of_lines += len(line)
        if self._of_lines < _LINES:
            return False
        self._gather()
        return True

    @property
    def size(self) -> int:
        """Return how many bytes of columns are in memory."""
        return sum(columns.nbytes for columns in self._columns)

    def _gather(self) -> None:
        """Turn the gathered lines into columns."""
        from pyarrow import json  # noqa: PLC0415 - part of the extra

        if not self._lines:
            return
        body = b"\n".join(self._lines)
        columns = json.read_json(
            self._arrow.BufferReader(body),
            json.ReadOptions(use_threads=False, block_size=len(body) + 1),
            json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error"),
        )
        self._columns.append(columns)
        self._lines, self._of_lines = [], 0

    def group(self) -> Piece:
        """Write the gathered rows as a row group; return the file's name and its new bytes."""
        self._gather()
        if self._columns:
            rows = self._arrow.concat_tables(self._columns)
            self._writer.write_table(rows, row_group_size=len(rows))
            self._columns = []
            del rows
            self._arrow.default_memory_pool().release_unused()
        return self.name, self._sink.taken()

    def end(self) -> Piece:
        """Write the remaining rows and the file's footer; return its name and its new bytes."""
        _, last = self.group()
        self._writer.close()
        return self.name, last + self._sink.taken()


def render(_edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield the files' row groups as they fill. Raises ExportError if pyarrow is not installed."""
    try:
        _hold_little()
        tables = {name: _Table(name) for name in TABLES}
    except ImportError as error:
        raise ExportError(
            "Parquet wants pyarrow, which is not installed; install keywire[parquet]"
        ) from error
    for archived in entries:
        for name, row in rows(archived):
            if tables[name].add(row) and sum(table.size for table in tables.values()) >= _ROOM:
                yield max(tables.values(), key=lambda table: table.size).group()
    yield from (table.end() for table in tables.values())


def _hold_little() -> None:
    """Set a memory pool of pyarrow that returns freed memory to the system at once."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import

    pa.set_memory_pool(pa.system_memory_pool())


def schema(name: str) -> "pa.Schema":
    """Return the Parquet schema of a table."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import

    return pa.schema([(column, _type(column)) for column in TABLES[name]])


def _type(column: str) -> "pa.DataType":
    import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import

    if column in _TIMES:
        return pa.timestamp("us", tz="UTC")
    if column in _FLAGS:
        return pa.bool_()
    if column in _NUMBERS:
        return pa.int32()
    if column in _LISTS:
        return pa.list_(pa.string())
    if column == "media":
        sizes = {"width", "height"}
        return pa.list_(
            pa.struct([(one, pa.int32() if one in sizes else pa.string()) for one in _MEDIA])
        )
    return pa.string()


FORMAT = Format("parquet", render)
