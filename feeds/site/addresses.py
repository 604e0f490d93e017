"""Read and write the addresses of feeds, and read the parameters of queries."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from urllib.parse import parse_qsl

from feeds.feed import Retracted
from feeds.site.responses import Refusal
from store.topics import TOPIC_NAME, Selection
from store.window import WINDOW_MOST

_PATH = re.compile(
    rf"/feeds/(?P<topic>{TOPIC_NAME.pattern})(?:/(?P<selection>key-events|summaries))?"
    r"\.(?P<format>atom|rss|json)"
)
_NUMBER = re.compile(r"[0-9]{1,18}")
_LONGEST_REMEMBERED = 200  # bytes of path and query of an address that is cached
_SHOWN = 40  # characters of a wrong value in an error message
_MOST_PARAMETERS = 50


class Format(Enum):
    """The formats of feeds; each value is the extension of its addresses."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """Return the media type that the format is served with."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.ATOM: "application/atom+xml; charset=utf-8",
    Format.RSS: "application/rss+xml; charset=utf-8",
    Format.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class FeedKey:
    """One feed document of a topic. `limit` is None for the whole window."""

    topic: str
    selection: Selection = Selection.ALL
    format: Format = Format.ATOM
    limit: int | None = None
    retracted: Retracted = Retracted.MARK

    @property
    def target(self) -> str:
        """Return the document's canonical path and query."""
        asked = []
        if self.limit is not None:
            asked.append(f"limit={self.limit}")
        if self.retracted is not Retracted.MARK:
            asked.append(f"retracted={self.retracted.value}")
        query = "?" + "&".join(asked) if asked else ""
        return f"/feeds/{self.topic}{self._part}.{self.format.value}{query}"

    @property
    def page(self) -> str:
        """Return the path of the page that shows the same selection to people."""
        return f"/topics/{self.topic}{self._part}"

    @property
    def _part(self) -> str:
        return "" if self.selection is Selection.ALL else f"/{self.selection.value}"


def read_target(path: str, query: bytes) -> FeedKey | Refusal:
    """Return the document that a request is for, or a refusal. Unknown parameters are ignored."""
    if len(path) + len(query) > _LONGEST_REMEMBERED:
        return _read_target(path, query)
    return _remembered(path, query)


def _read_target(path: str, query: bytes) -> FeedKey | Refusal:
    found = _PATH.fullmatch(path)
    if found is None:
        return Refusal(
            404,
            "No feed has this address. Feeds are at /feeds/<topic>.atom, .rss and .json, "
            "/feeds/<topic>/key-events.atom … and /feeds/<topic>/summaries.atom …; "
            "/ lists the topics.",
        )
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    limit = read_number(asked, "limit", WINDOW_MOST, least=1, most=WINDOW_MOST)
    if isinstance(limit, Refusal):
        return limit
    retracted = _read_retracted(asked.get("retracted", Retracted.MARK.value))
    if isinstance(retracted, Refusal):
        return retracted
    return FeedKey(
        topic=found["topic"],
        selection=Selection(found["selection"] or Selection.ALL.value),
        format=Format(found["format"]),
        limit=None if limit == WINDOW_MOST else limit,
        retracted=retracted,
    )


_remembered = lru_cache(maxsize=4096)(_read_target)


def read_query(query: bytes) -> dict[str, str] | Refusal:
    """Return a query's parameters by name, the last of one name; a refusal for too many."""
    try:
        pairs = parse_qsl(
            query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        return Refusal(400, f"The query has more than {_MOST_PARAMETERS} parameters.")
    return dict(pairs)


def read_number(
    asked: dict[str, str], name: str, default: int, *, least: int, most: int
) -> int | Refusal:
    """Return the integer parameter `name`, or `default` if it is absent; else a refusal."""
    text = asked.get(name)
    if text is None:
        return default
    if _NUMBER.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    return Refusal(400, f"{name}: {_shown(text)} is no whole number from {least} to {most}.")


def _read_retracted(text: str) -> Retracted | Refusal:
    try:
        return Retracted(text)
    except ValueError:
        return Refusal(400, f"retracted: {_shown(text)} is none of mark, tombstone and hide.")


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
