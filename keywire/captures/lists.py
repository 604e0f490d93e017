"""Lists of addresses, and of the Wayback Machine's captures; fetched one by one."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from keywire.captures.capture import Capture, CaptureError
from scraper.page import Page

Fetch = Callable[[str], Awaitable[Page]]
LONGEST: Final = 64 * 2**20  # bytes of a list, at most
_WAYBACK: Final = re.compile(
    r"https?://web\.archive\.org/web/(\d{14})(?:[a-z]{2}_)?/(https?://\S+)"
)
_CDX: Final = re.compile(r"\A\S+ (\d{14}) (https?://\S+) (\S+) (\d{3}|-) \S+(?: \S+)*")
_ADDRESS: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One address to fetch; `url` is the page's own, `at` when it was captured (UTC).

    `at` is None for a page that is to be read as it is now.
    """

    address: str
    url: str
    at: datetime | None = None


def read_list(path: Path) -> list[Listed] | None:
    """Return a list of addresses, one a line (`#` begins a remark), or a CDX answer; else None.

    Of a CDX answer, only captures with status 200 or none are taken. Raises CaptureError for a line
    that is no address.
    """
    if path.stat().st_size > LONGEST:
        return None
    body = path.read_bytes()
    if body.lstrip().startswith(b"[["):
        return [*_read_cdx_json(path, body)]
    try:
        lines = [line.strip() for line in body.decode().splitlines()]
    except UnicodeDecodeError:
        return None
    told = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not told or not _is_address(told[0][1]):
        return None
    return [*_read_lines(path, told)]


def _is_address(line: str) -> bool:
    return bool(_ADDRESS.fullmatch(line) or _CDX.fullmatch(line))


def _read_lines(path: Path, told: list[tuple[int, str]]) -> Iterator[Listed]:
    for number, line in told:
        if found := _CDX.fullmatch(line):
            if found[4] in {"200", "-"} and "html" in found[3]:
                yield _of_wayback(found[1], found[2])
        elif _ADDRESS.fullmatch(line):
            yield listed(line)
        else:
            raise CaptureError(f"{path}, line {number}: no address: {line[:80]!r}; mend it")


def _read_cdx_json(path: Path, body: bytes) -> Iterator[Listed]:
    try:
        heads, *rows = msgspec.json.decode(body, type=list[list[str]])
    except (msgspec.MsgspecError, ValueError) as error:
        raise CaptureError(f"{path}: no list of captures: {error}") from error
    for row in rows:
        said = dict(zip(heads, row, strict=False))
        if said.get("statuscode", "200") in {"200", "-"} and "timestamp" in said:
            yield _of_wayback(said["timestamp"], said.get("original", ""))


def listed(address: str) -> Listed:
    """Return an address to fetch; for a Wayback Machine address, the original bytes it captured."""
    found = _WAYBACK.fullmatch(address)
    return _of_wayback(found[1], found[2]) if found else Listed(address, address)


def _of_wayback(stamp: str, url: str) -> Listed:
    at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return Listed(f"https://web.archive.org/web/{stamp}id_/{url}", url, at)


async def fetch_listed(one: Listed, fetch: Fetch, folder: Path, number: int) -> Capture:
    """Fetch an address as a capture, held in a file of `folder`, for there may be thousands.

    Raises ScrapeError where it cannot be fetched.
    """
    page = await fetch(one.address)
    if one.at is not None:
        page = replace(page, url=one.url, final_url="", fetched_at=one.at)
    held = folder / f"{number}.page"
    held.write_bytes(page.body)
    return Capture(one.address, partial(_again, replace(page, body=b""), held), page.fetched_at)


def _again(page: Page, held: Path) -> Page:
    return replace(page, body=held.read_bytes())
