"""Captures in WARC files (ISO 28500): each response with a page, at the time of its record.

One of the two homes of warcio, an extra; the other writes WARCs.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from keywire.captures.capture import Capture, CaptureError
from keywire.captures.files import NO_OPTIONS, CaptureOptions
from scraper.page import Page

LARGEST: Final = 10_000_000  # bytes of a body, as for fetched pages
_MARK: Final = b"WARC/"
_PACKED: Final = b"\x1f\x8b"
_PAGES: Final = ("text/html", "application/xhtml+xml", "application/json", "text/plain", "")
_WHOLE: Final = {"200", "203", ""}


def is_warc(path: Path) -> bool:
    """Return whether a file is a WARC, gzipped or not, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(len(_MARK))
    if not head.startswith(_PACKED):
        return head == _MARK
    try:
        with gzip.open(path) as packed:
            return packed.read(len(_MARK)) == _MARK
    except (OSError, EOFError):
        return False


def captures_of(path: Path, options: CaptureOptions = NO_OPTIONS) -> Iterator[Capture]:
    """Yield the pages in a WARC, in its order; records without a good page are skipped.

    A `revisit` record, which says that a page was the same as before, is a capture of that page.
    Raises CaptureError where the file is no valid WARC, or warcio is not installed.
    """
    bodies: dict[str, int] = {}
    with _reading(path) as records:
        for record in records:
            offset, digest = records.get_record_offset(), _said(record, "WARC-Payload-Digest")
            if record.rec_type == "revisit":
                if (of := bodies.get(digest)) is not None:
                    yield _capture(path, options, record, of)
            elif record.rec_type in {"response", "resource"} and _is_page(record):
                bodies.setdefault(digest, offset)
                yield _capture(path, options, record, offset)


def _capture(path: Path, options: CaptureOptions, record: Any, offset: int) -> Capture:  # noqa: ANN401 - warcio's
    url = _said(record, "WARC-Target-URI").strip("<>")
    at = _moment(_said(record, "WARC-Date"))
    page = partial(_page, path, options, url, at, offset)
    return Capture(f"{path}: {url} at {at:%Y-%m-%d %H:%M:%S}", page, at)


def _page(path: Path, options: CaptureOptions, url: str, at: datetime, offset: int) -> Page:
    with _reading(path, offset) as records:
        record = next(iter(records))
        body = record.content_stream().read(LARGEST + 1)
        if len(body) > LARGEST:
            raise CaptureError(f"{path}: {url} is larger than {LARGEST // 1_000_000} MB")
        heads = record.http_headers
        return Page(
            url=url,
            body=body,
            fetched_at=at,
            status=int(heads.get_statuscode()) if heads else 0,
            headers={name.lower(): said for name, said in heads.headers} if heads else {},
            timezone=options.timezone,
        )


@contextmanager
def _reading(path: Path, offset: int = 0) -> Iterator[Any]:
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise CaptureError(
            f"{path} is a WARC, which needs an extra: install keywire[warc]"
        ) from None
    with path.open("rb") as file:
        file.seek(offset)
        try:
            yield ArchiveIterator(file)
        except CaptureError:
            raise
        except Exception as error:  # the library raises whatever a broken record makes of it
            why = " ".join(str(error).split())[:120]
            raise CaptureError(
                f"{path} is no whole WARC ({why}); warcio recompress may mend it"
            ) from error


def _is_page(record: Any) -> bool:  # noqa: ANN401 - warcio's
    heads = record.http_headers
    kind = heads.get_header("Content-Type", "") if heads else record.content_type or ""
    status = heads.get_statuscode() if heads else ""
    return status in _WHOLE and kind.partition(";")[0].strip().lower() in _PAGES


def _said(record: Any, name: str) -> str:  # noqa: ANN401 - warcio's
    return record.rec_headers.get_header(name) or ""


def _moment(said: str) -> datetime:
    """Return a record's date (WARC 1.1 5.4: UTC, in seconds or finer)."""
    return datetime.fromisoformat(said).astimezone(UTC)
