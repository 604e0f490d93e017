"""What a platform declares: its name, its marks, and how its pages are read."""

from collections.abc import Callable
from dataclasses import dataclass

from scraper.document import Document
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


@dataclass(frozen=True, slots=True)
class Platform:
    """One kind of page.

    `hosts` are only a hint where to look first; a page is recognised by its own marks. `marks`
    names in plain words those of its marks that a page bears, and none where the page is not of
    this platform. `parse` raises LayoutError where marks are there and no known layout fits.
    `polling` is None where its pages cannot be asked for news.
    """

    name: str
    hosts: tuple[str, ...]
    marks: Callable[[Document], tuple[str, ...]]
    parse: Callable[[Document], Snapshot]
    polling: Polling | None = None

    def expects(self, host: str) -> bool:
        """Whether a host is one of those, or below one of those, that publish by this platform."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)
