"""The options of the site."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The site's title, its address as readers reach it, and its WebSub hub ("" for none).

    Pages of the origins in `cors` ("*": of all) may read what is for programs. Who has the `key`
    may decide about sources; without one nobody may. `pictures` says whether pages show
    publishers' pictures, which whoever opens them then loads from the publishers, or link to them.
    `timezone` is in whose days and times pages speak to people; feeds and programs are told UTC.

    The Host header of a request is a stranger's word: links are made of `url` alone.
    """

    title: str = "keywire"
    url: str = "http://127.0.0.1:8700"
    hub_url: str = ""
    cors: frozenset[str] = field(default_factory=frozenset)
    key: str = field(default="", repr=False)
    pictures: bool = True
    timezone: str = "UTC"

    def link(self, path: str) -> str:
        """Return the whole address of a path, which begins with a slash."""
        return self.url.rstrip("/") + path

    @property
    def zone(self) -> ZoneInfo:
        """The zone of `timezone`."""
        return _zone(self.timezone)

    @property
    def prefix(self) -> str:
        """The path under which a proxy shows the site, without a slash at its end; mostly ""."""
        return urlsplit(self.url).path.rstrip("/")


_zone = lru_cache(ZoneInfo)
