"""What a platform declares: its name, how its pages are recognised, and how they are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, Flag, auto

from scraper.markup.document import Document
from scraper.markup.parsed import LeavesOut
from scraper.page import Page
from store.sighting import Snapshot


@dataclass(frozen=True, slots=True)
class Polling:
    """How to ask a platform, by one small request, whether a page has newer entries than were read.

    `address(document, snapshot)` returns the URL to ask for the page that was read, on the origin
    that the page came from, or "" where there is no such URL. `news(answer)` returns True if
    something is newer, False if nothing is, None if the answer is not understood; it never raises.
    """

    address: Callable[[Document, Snapshot], str]
    news: Callable[[Page], bool | None]


class Gift(Flag):
    """What a platform's pages and answers have beside words and times, where their blog has it."""

    NONE = 0
    IDS = auto()
    UPDATES = auto()
    KEY_EVENTS = auto()
    DELETIONS = auto()
    OLDER_PAGES = auto()


class Tested(Enum):
    """What kind of material a platform's reader was tested on, the best first."""

    REAL_PAGES = "real pages"
    OWN_PROGRAM = "pages by the system's own program"
    REAL_ANSWERS = "real answers"
    SYNTHETIC = "synthetic pages only"


@dataclass(frozen=True, slots=True)
class About:
    """What the README's table says about a platform; a test compares `gives` with its fixtures."""

    reads: str
    gives: Gift
    tested_on: tuple[Tested, ...] = (Tested.SYNTHETIC,)


@dataclass(frozen=True, slots=True)
class Key:
    """A user's key to a platform's own API, which is then polled instead of the pages.

    The key is sent to `host` only, in the query parameter `parameter`. `address(page URL)` returns
    the API URL that has the content of that page, "" if there is none. `gap` is the time between
    two requests as long as the API does not state how much of the key's quota is left.
    """

    host: str
    parameter: str
    address: Callable[[str], str]
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Platform:
    """One kind of page: how to recognise it, how to read it, and what its publisher can be asked.

    `hosts` only suggest which platform to try first; a page is recognised by its own marks. `marks`
    returns the marks found on a page, each described in plain words, and () if the page is not of
    this platform. `parse` raises LayoutError if the marks are there but no known layout fits.

    `signs` are byte strings, at least one of which is in the markup of every page of the platform;
    `marks` is not called for markup without any, unless the page is on one of the `hosts`. All
    platforms' signs are searched for in one pass (`markup/look`), which takes a tenth of the time
    of separate searches; `document.holds` returns the result. With () `marks` is always called.

    `polling` is None if the platform's pages cannot be asked for news. `key` is None if the
    platform has no API for which users have keys. `leaves_out` names the blocks and attribute
    values that can be left out of the tree, and for which `parse` asks the document (`run_at`,
    `stated_by`); None if all of a page must be in the tree.

    `api_hosts` are the hosts of the publisher's machine answers. URLs in a snapshot's `answers` and
    `older` that are neither there nor on the page's own site are dropped (hints/companions).
    `answers` is whether pages of this platform may name any: if so, a page is read in full once
    after a restart, so that it can be joined with its answers.
    """

    name: str
    hosts: tuple[str, ...]
    marks: Callable[[Document], tuple[str, ...]]
    parse: Callable[[Document], Snapshot]
    about: About
    signs: tuple[bytes, ...] = ()
    polling: Polling | None = None
    leaves_out: LeavesOut | None = None
    api_hosts: tuple[str, ...] = ()
    answers: bool = False
    key: Key | None = None

    def expects(self, host: str) -> bool:
        """Whether `host` is one of the `hosts`, or a subdomain of one."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)


GIFTS = {
    Gift.IDS: "ids",
    Gift.UPDATES: "updates",
    Gift.KEY_EVENTS: "key events",
    Gift.DELETIONS: "deletions",
    Gift.OLDER_PAGES: "older pages",
}


def table(platforms: Sequence[Platform]) -> str:
    """Return the table of platforms in Markdown, as it is in the README."""
    heads = ("platform", "what it reads", *GIFTS.values(), "tested on")
    rows = [heads, ("---",) * len(heads), *map(_row, platforms)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(platform: Platform) -> tuple[str, ...]:
    about = platform.about
    gifts = ("yes" if gift in about.gives else "–" for gift in GIFTS)
    tested = ", ".join(each.value for each in about.tested_on)
    return f"`{platform.name}`", about.reads, *gifts, tested
