"""`keywire capture`: keep a page, and what was read of it, in a folder that tests can read."""

import json
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Final

from keywire.commands.preview import preview
from scraper.errors import ReadError
from scraper.page import Page, told_headers
from scraper.read import read

_XML: Final = (b"<?xml", b"<rss", b"<feed")


class CaptureError(Exception):
    """Nothing was written; `str()` says why."""


def capture(page: Page, folder: Path) -> str:
    """Write a page, how it was fetched, and what was read of it into a folder.

    The files are `page.*`, `meta.json` and `expected.json`. Return why the page could not be read,
    in which case there is no `expected.json`; else "". Raises CaptureError where the folder is not
    empty or cannot be written.
    """
    try:
        read_as, why = preview(read(page)), ""
    except ReadError as error:
        read_as, why = None, error.reason
    kept = {f"page.{_kind(page.body)}": page.body, "meta.json": _lines(_meta(page))}
    if read_as is not None:
        kept["expected.json"] = _lines(read_as)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CaptureError(f"{folder} holds something already; name another folder")
        for name, body in kept.items():
            (folder / name).write_bytes(body)
    except OSError as error:
        raise CaptureError(f"{folder} cannot be written: {error.strerror}") from None
    return why


def _meta(page: Page) -> Mapping[str, object]:
    """Return where a page came from and how; empty facts are left out."""
    facts = {
        "url": page.final_url or page.url,
        "asked": page.url if page.final_url not in {"", page.url} else "",
        "fetched_at": page.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "status": page.status,
        "headers": told_headers(page),
        "timezone": page.timezone,
    }
    return {name: fact for name, fact in facts.items() if fact}


def _kind(body: bytes) -> str:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower()
    if start.startswith(_XML):
        return "xml"
    return "json" if start[:1] in {b"{", b"["} else "html"


def _lines(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
