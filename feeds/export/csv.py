"""Export as CSV (RFC 4180, UTF-8): files of entries, their revisions, changes and pins.

Spreadsheets take a cell that begins with =, +, - or @ for a formula, and a publisher's text may
be anybody's. Such a text, and one that begins with an apostrophe, gets an apostrophe in front:
remove the first one of each cell that begins with an apostrophe to get the text back.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from feeds.export.columns import TABLES, rows
from feeds.export.edition import Edition, Format, Piece
from feeds.export.wording import as_told
from feeds.feed import rfc3339
from feeds.xml import scrub
from store.archive.archived import Archived
from store.entry import Media

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠'")
_APART: Final = "; "


def render(_edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield the header of each file, then each entry's rows."""
    for name, columns in TABLES.items():
        yield f"{name}.csv", _line(columns)
    for archived in entries:
        for name, row in rows(archived):
            if name == "entries":
                row["published"] = as_told(archived.stored.entry)
            yield f"{name}.csv", _line(_cell(row[column]) for column in TABLES[name])


def safe(text: str) -> str:
    """Return `text`, after an apostrophe where a spreadsheet would take it for a formula."""
    clean = scrub(text)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return rfc3339(value)
        case tuple():
            return safe(_APART.join(_word(one) for one in value))
        case _:
            return safe(value) if isinstance(value, str) else str(value)


def _word(one: str | Media) -> str:
    return one.url if isinstance(one, Media) else one


def _line(cells: Iterable[str]) -> bytes:
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(cells)
    return held.getvalue().encode()


FORMAT = Format("csv", render)
