"""Captures in files and folders: saved pages, and the folders that `keywire capture` makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from keywire.captures.capture import Capture, CaptureError
from scraper.page import Page

META: Final = "meta.json"
_PAGES: Final = {".html", ".htm", ".xhtml", ".xml", ".json", ".txt", ""}
_BESIDE: Final = {META, "expected.json", "sequence.json"}
_STAMP: Final = re.compile(r"(?<!\d)(20\d{2}[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """The user's options for given files: their address, time (UTC) and time zone."""

    url: str = ""
    at: datetime | None = None
    timezone: str = ""


NO_OPTIONS: Final = CaptureOptions()


class Meta(msgspec.Struct):
    """A capture's meta.json; empty where there is none. A status of 0 is unknown."""

    url: str = ""
    asked: str = ""
    fetched_at: datetime | None = None
    status: int = 0
    headers: dict[str, str] = {}
    timezone: str = ""


def captures_in(path: Path, options: CaptureOptions = NO_OPTIONS) -> Iterator[Capture]:
    """Yield the captures in a file, or in a folder and all below it, in the order of names.

    Raises CaptureError where there is nothing to read.
    """
    if not path.is_dir():
        yield capture_of(path, options)
        return
    files = sorted(each for each in path.rglob("*") if each.is_file() and _is_page(each))
    if not files:
        raise CaptureError(f"{path}: no saved pages are in this folder; give another one")
    for file in files:
        yield capture_of(file, options)


def _is_page(path: Path) -> bool:
    return path.suffix.lower() in _PAGES and path.name not in _BESIDE


def capture_of(path: Path, options: CaptureOptions = NO_OPTIONS) -> Capture:
    """Return a file as a capture; address and time are from `options`, meta.json or its name.

    Raises CaptureError where the file, or the meta.json beside it, cannot be read.
    """
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror}") from error
    meta = read_meta(path)
    return Capture(
        name=str(path),
        page=partial(_page, path, meta, options, saved),
        at=options.at or meta.fetched_at or _stamp(path.name),
        saved=saved,
    )


def _page(path: Path, meta: Meta, options: CaptureOptions, saved: datetime) -> Page:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror}") from error
    url = options.url or meta.url or path.absolute().as_uri()
    return Page(
        url=meta.asked or url,
        final_url=url if meta.asked else "",
        body=body,
        fetched_at=options.at or meta.fetched_at or _stamp(path.name) or saved,
        status=meta.status,
        headers=meta.headers,
        timezone=options.timezone or meta.timezone,
    )


def read_meta(path: Path) -> Meta:
    """Read the meta.json beside a page; an empty Meta where there is none.

    Raises CaptureError where it cannot be read.
    """
    beside = path.with_name(META)
    try:
        return msgspec.json.decode(beside.read_bytes(), type=Meta)
    except FileNotFoundError:
        return Meta()
    except (OSError, msgspec.MsgspecError) as error:
        raise CaptureError(f"{beside} cannot be read: {error}; mend it, or move it away") from None


def _stamp(name: str) -> datetime | None:
    """Return the time (UTC) of fourteen digits in a file's name, as web archives write it."""
    found = _STAMP.search(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
