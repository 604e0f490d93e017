"""A page in a file, with where and when it was fetched, if known."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from keywire.captures.capture import CaptureError
from keywire.captures.files import Meta, read_meta
from scraper.errors import ReadError, UnreadableError
from scraper.page import Page
from scraper.read import read

STANDARD_INPUT = "-"
# Files from archives without times are dated 1970 or 1980.
FIRST_YEAR = 2000


def page_of_file(target: str, url: str, timezone: str, now: Callable[[], datetime]) -> Page:
    """Return a file, or standard input (`-`), as the page at `url`, or at the URL it claims.

    A meta.json beside it that `keywire capture` wrote says where and when it was fetched, and in
    which zone; the arguments take precedence. Raises UnreadableError.
    """
    body, named = _read_file(target)
    noted = _noted(target)
    page = Page(
        url=url or noted.url or named,
        body=body,
        fetched_at=noted.fetched_at.astimezone(UTC) if noted.fetched_at else now(),
        headers=noted.headers,
        timezone=timezone or noted.timezone,
        saved_at=None if noted.fetched_at else _saved_at(target),
    )
    return page if page.url != named else _at_its_word(page)


def _at_its_word(page: Page) -> Page:
    with suppress(ReadError):
        return replace(page, url=read(page).claimed_url or page.url)
    return page


def _noted(target: str) -> Meta:
    """Return the meta.json beside a file, if `keywire capture` wrote it, else an empty one."""
    if target != STANDARD_INPUT:
        with suppress(CaptureError):
            noted = read_meta(Path(target))
            return noted if noted.fetched_at else Meta()
    return Meta()


def _saved_at(target: str) -> datetime | None:
    """Return a file's modification time, UTC; None where it is unknown or before FIRST_YEAR."""
    if target == STANDARD_INPUT:
        return None
    with suppress(OSError):
        at = datetime.fromtimestamp(Path(target).stat().st_mtime, UTC)
        return at if at.year >= FIRST_YEAR else None
    return None


def _read_file(target: str) -> tuple[bytes, str]:
    if target == STANDARD_INPUT:
        return sys.stdin.buffer.read(), "file:///dev/stdin"
    path = Path(target)
    try:
        return path.read_bytes(), path.absolute().as_uri()
    except FileNotFoundError:
        mend = "give a file that is there, or a whole address, such as https://…"
        raise UnreadableError(target, "there is no such file", mend) from None
    except IsADirectoryError:
        mend = "name the page in it, such as page.html of a capture"
        raise UnreadableError(target, "a folder cannot be read", mend) from None
    except OSError as error:
        raise UnreadableError(target, f"the file cannot be read: {error.strerror}") from None
