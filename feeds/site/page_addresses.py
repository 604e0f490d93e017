"""Read and write the addresses of a topic's pages, each one leaf of one selection."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from feeds.feed import rfc3339
from feeds.site.addresses import read_query
from feeds.site.responses import Refusal
from store.archive.places import Place
from store.topics import TOPIC_NAME, Selection

_PATH = re.compile(rf"/topics/(?P<topic>{TOPIC_NAME.pattern})(?:/(?P<which>key-events|summaries))?")
_PLACE = re.compile(r"(?P<at>[0-9]{1,17})\.(?P<seq>[0-9]{1,18})\.(?P<number>[0-9]{1,18})", re.ASCII)
_HOST = re.compile(r"[a-z0-9.-]{1,253}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LAST_DAY = date(9999, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NO_PAGE = Refusal(
    404,
    "No topic has this address. Topics are at /topics/<topic>, /topics/<topic>/key-events and "
    "/topics/<topic>/summaries; / lists them.",
)


@dataclass(frozen=True, slots=True)
class LeafKey:
    """One leaf of a topic: its newest entries, those older than a place, or those newer than one.

    `before` and `after` are these places. With `as_of` (UTC) the topic is shown as it was at that
    moment; `publisher` is the host whose entries alone are shown, "" for all.
    """

    topic: str
    selection: Selection = Selection.ALL
    before: Place | None = None
    after: Place | None = None
    as_of: datetime | None = None
    publisher: str = ""

    @property
    def newest(self) -> bool:
        """Whether new entries appear on this leaf."""
        return self.before is None and self.after is None and self.as_of is None

    @property
    def target(self) -> str:
        """Return the canonical path and query of this leaf."""
        part = "" if self.selection is Selection.ALL else f"/{self.selection.value}"
        asked = {
            "publisher": self.publisher,
            "as_of": self.as_of and rfc3339(self.as_of),
            "before": self.before and _write(self.before),
            "after": self.after and _write(self.after),
        }
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
        return f"/topics/{self.topic}{part}{'?' if query else ''}{query}"

    def showing(self, selection: Selection) -> "LeafKey":
        """Return the newest leaf of another selection, for the same moment and publisher."""
        return LeafKey(self.topic, selection, as_of=self.as_of, publisher=self.publisher)

    def of(self, publisher: str) -> "LeafKey":
        """Return the newest leaf of one publisher's entries; "" stands for all publishers."""
        return replace(self.showing(self.selection), publisher=publisher)

    def of_day(self, day: date, zone: tzinfo) -> "LeafKey":
        """Return the leaf that begins with the last entries of a day in `zone`."""
        return replace(self, before=_end_of(day, zone), after=None)

    def at_present(self) -> "LeafKey":
        """Return the newest leaf as it is now, without `as_of`."""
        return LeafKey(self.topic, self.selection, publisher=self.publisher)

    def below(self, place: Place) -> "LeafKey":
        """Return the leaf of the entries older than a place."""
        return replace(self, before=place, after=None)

    def above(self, place: Place) -> "LeafKey":
        """Return the leaf of the entries newer than a place."""
        return replace(self, before=None, after=place)


def read_leaf(path: str, query: bytes, zone: tzinfo = UTC) -> LeafKey | Refusal:
    """Return the leaf that a request is for, or why there is none. Unknown parameters are ignored.

    Days, and moments without a zone, are in `zone`.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        return _NO_PAGE
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    key = LeafKey(found["topic"], Selection(found["which"] or Selection.ALL.value))
    try:
        return _as_asked(key, asked, zone)
    except ValueError as error:
        return Refusal(400, str(error))


def _as_asked(key: LeafKey, asked: dict[str, str], zone: tzinfo) -> LeafKey:
    """Return `key` with what a query asks for. Raises ValueError for a value that is not valid."""
    if len(asked.keys() & {"day", "before", "after"}) > 1:
        raise ValueError("after: day, before and after exclude each other.")
    if asked.get("publisher"):
        key = replace(key, publisher=_read_host(asked["publisher"]))
    if "as_of" in asked:
        key = replace(key, as_of=_read_moment(asked["as_of"], zone))
    if "day" in asked:
        key = key.of_day(_read_day(asked["day"]), zone)
    if "before" in asked:
        key = key.below(_read_place("before", asked["before"]))
    if "after" in asked:
        key = key.above(_read_place("after", asked["after"]))
    if key.after is not None and key.as_of is not None:
        raise ValueError("after: of a page as of a moment one can only go on to older entries.")
    return key


def _read_host(text: str) -> str:
    if _HOST.fullmatch(text):
        return text
    raise ValueError("publisher: it is a host as links on these pages name it.")


def _read_moment(text: str, zone: tzinfo) -> datetime:
    """Return a moment in UTC; text without a zone, as browsers' fields send it, is in `zone`."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        moment = moment.astimezone(UTC)
        good = len(text) > len("2026-11-26") and moment.date() < _LAST_DAY
    except (ValueError, OverflowError):
        good = False
    if not good:
        raise ValueError("as_of: it is a moment such as 2026-11-26T14:30Z.")
    return moment


def _read_day(text: str) -> date:
    try:
        if _DAY.fullmatch(text) and (day := date.fromisoformat(text)) < _LAST_DAY:
            return day
    except ValueError:
        pass
    raise ValueError("day: it is a day as YYYY-MM-DD.")


def _end_of(day: date, zone: tzinfo) -> Place:
    """Return the place just after the last entry of a day in `zone`."""
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return Place(end.astimezone(UTC), 0, 0)


def _read_place(name: str, text: str) -> Place:
    found = _PLACE.fullmatch(text)
    try:
        if found is not None:
            at = _EPOCH + int(found["at"]) * _MICROSECOND
            return Place(at, int(found["seq"]), int(found["number"]))
    except OverflowError:
        pass
    raise ValueError(f"{name}: it is a place as links on these pages name it.")


def _write(place: Place) -> str:
    return f"{(place.at - _EPOCH) // _MICROSECOND}.{place.seq}.{place.number}"
