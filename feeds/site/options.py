"""The site's options, from the configuration."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The site's title, its address as readers reach it, and its WebSub hub ("" for none).

    Web pages of the origins in `cors` ("*": of any) may read the answers for programs. Holders of
    `key` may decide about sources; without a key nobody may. `pictures`: pages show publishers'
    pictures, which the visitor's browser then loads from the publishers; otherwise they link to
    them. `timezone` is the zone of the days and times on pages; feeds and programs get UTC.

    Links are made of `url` alone, never of a request's Host header, which anybody can set.
    """

    title: str = "keywire"
    url: str = "http://127.0.0.1:8700"
    hub_url: str = ""
    cors: frozenset[str] = field(default_factory=frozenset)
    key: str = field(default="", repr=False)
    pictures: bool = True
    timezone: str = "UTC"

    def link(self, path: str) -> str:
        """Return the absolute URL of a path that begins with a slash."""
        return self.url.rstrip("/") + path

    @property
    def zone(self) -> ZoneInfo:
        """`timezone` as a ZoneInfo."""
        return _zone(self.timezone)

    @property
    def prefix(self) -> str:
        """The path of `url` without a slash at its end: "", or where a proxy serves the site."""
        return urlsplit(self.url).path.rstrip("/")


_zone = lru_cache(ZoneInfo)
