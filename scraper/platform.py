"""What a platform declares: its name, its marks, and how its pages are read."""

from collections.abc import Callable
from dataclasses import dataclass

from scraper.document import Document
from store.sighting import Snapshot


@dataclass(frozen=True, slots=True)
class Platform:
    """One kind of page.

    `hosts` are only a hint where to look first; a page is recognised by its own marks. `marks`
    names in plain words those of its marks that a page bears, and none where the page is not of
    this platform. `parse` raises LayoutError where marks are there and no known layout fits.
    """

    name: str
    hosts: tuple[str, ...]
    marks: Callable[[Document], tuple[str, ...]]
    parse: Callable[[Document], Snapshot]

    def expects(self, host: str) -> bool:
        """Whether a host is one of those, or below one of those, that publish by this platform."""
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)
