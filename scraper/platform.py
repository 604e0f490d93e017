"""What a platform declares: its name, its marks, and how its pages are read."""

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
    """How a platform's own pages ask, in small, whether anything is newer than what they show.

    `address` gives where that is asked for a page that was read, on the origin that the page came
    from, or "" where it cannot be. `news` reads the answer: True where something is newer, False
    where nothing is, None where the answer is not understood; it never raises.
    """

    address: Callable[[Document, Snapshot], str]
    news: Callable[[Page], bool | None]


class Gift(Flag):
    """What a platform's pages and answers tell beside words and times, where their blog has it."""

    NONE = 0
    IDS = auto()
    UPDATES = auto()
    KEY_EVENTS = auto()
    DELETIONS = auto()
    OLDER_PAGES = auto()


class Tested(Enum):
    """What a platform's reader was tested on, the best first."""

    REAL_PAGES = "real pages"
    OWN_PROGRAM = "pages by the system's own program"
    REAL_ANSWERS = "real answers"
    SYNTHETIC = "synthetic pages only"


@dataclass(frozen=True, slots=True)
class About:
    """What the README says of a platform; `gives` is held to its fixtures by a test."""

    reads: str
    gives: Gift
    tested_on: tuple[Tested, ...] = (Tested.SYNTHETIC,)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that users may have to a platform's own API, which is then asked in the pages' place.

    It goes to `host` alone, as the `parameter` of a query. `address` gives where the API states
    what a page does, "" where it does not. `gap` is how far apart requests are where the API does
    not tell what is left of the key's quota.
    """

    host: str
    parameter: str
    address: Callable[[str], str]
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Platform:
    """One kind of page.

    `hosts` are only a hint where to look first; a page is recognised by its own marks. `marks`
    names in plain words those of its marks that a page bears, and none where the page is not of
    this platform. `parse` raises LayoutError where marks are there and no known layout fits.
    `signs` are words in the markup of its pages, at least one on each; where there is none `marks`
    is not asked. All platforms' signs are looked for in one pass (`markup/look`), a tenth of what
    each platform's own search takes, and `document.holds` tells them; () asks `marks` of any page.
    `polling` is None where its pages cannot be asked for news, `key` where no key of the user's own
    is of use. `leaves_out` is None where all of a page is in the tree; else it tells which blocks
    and values need not be, for which `parse` asks the document (`run_at`, `stated_by`).
    `api_hosts` are the hosts at which its machine answers are had; a snapshot's `answers` and
    `older` that lead neither there nor to the page's own site are dropped (hints/companions).
    `answers` says whether its pages may name any: then a page is read whole once after a restart,
    to be joined with them.
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
        """Whether a host is one of those, or below one of those, that publish by this platform."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)


GIFTS = {
    Gift.IDS: "ids",
    Gift.UPDATES: "updates",
    Gift.KEY_EVENTS: "key events",
    Gift.DELETIONS: "deletions",
    Gift.OLDER_PAGES: "older pages",
}


def table(platforms: Sequence[Platform]) -> str:
    """Write the table of platforms in Markdown, as the README has it."""
    heads = ("platform", "what it reads", *GIFTS.values(), "tested on")
    rows = [heads, ("---",) * len(heads), *map(_row, platforms)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(platform: Platform) -> tuple[str, ...]:
    about = platform.about
    gifts = ("yes" if gift in about.gives else "–" for gift in GIFTS)
    tested = ", ".join(each.value for each in about.tested_on)
    return f"`{platform.name}`", about.reads, *gifts, tested
