"""The addresses of a topic's pages: which leaf of which selection, and back."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from feeds.site.addresses import read_query
from feeds.site.answers import Refusal
from store.leafing import Place
from store.topics import TOPIC_NAME, Selection

_PATH = re.compile(rf"/topics/(?P<topic>{TOPIC_NAME.pattern})(?:/(?P<which>key-events|summaries))?")
_PLACE = re.compile(r"(?P<at>[0-9]{1,17})\.(?P<seq>[0-9]{1,18})\.(?P<number>[0-9]{1,18})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NO_PAGE = Refusal(
    404,
    "No topic has this address. Topics are at /topics/<topic>, /topics/<topic>/key-events and "
    "/topics/<topic>/summaries; / lists them.",
)


@dataclass(frozen=True, slots=True)
class LeafKey:
    """One leaf of a topic: its newest entries, those below a place, or those above one."""

    topic: str
    selection: Selection = Selection.ALL
    before: Place | None = None
    after: Place | None = None

    @property
    def newest(self) -> bool:
        """Whether it is the leaf on which new entries appear."""
        return self.before is None and self.after is None

    @property
    def target(self) -> str:
        """Return path and query, the same for every way of asking for this leaf."""
        part = "" if self.selection is Selection.ALL else f"/{self.selection.value}"
        query = ""
        if self.before is not None:
            query = f"?before={_write(self.before)}"
        elif self.after is not None:
            query = f"?after={_write(self.after)}"
        return f"/topics/{self.topic}{part}{query}"

    def showing(self, selection: Selection) -> "LeafKey":
        """Return the newest leaf of another selection."""
        return LeafKey(self.topic, selection)

    def below(self, place: Place) -> "LeafKey":
        """Return the leaf of what stands below a place."""
        return LeafKey(self.topic, self.selection, before=place)

    def above(self, place: Place) -> "LeafKey":
        """Return the leaf of what stands above a place."""
        return LeafKey(self.topic, self.selection, after=place)


def read_leaf(path: str, query: bytes) -> LeafKey | Refusal:
    """Read which leaf a request is for. Parameters that mean nothing here are ignored."""
    found = _PATH.fullmatch(path)
    if found is None:
        return _NO_PAGE
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    bounds: dict[str, Place] = {}
    for name, read in (("day", _read_day), ("before", _read_place), ("after", _read_place)):
        if name in asked:
            place = read(asked[name])
            if place is None:
                return _no_bound(name)
            bounds["before" if name == "day" else name] = place
    if len(bounds) > 1:
        return Refusal(400, "after: before, after and day exclude each other.")
    selection = Selection(found["which"] or Selection.ALL.value)
    return LeafKey(found["topic"], selection, **bounds)


def _no_bound(name: str) -> Refusal:
    what = "a day as YYYY-MM-DD" if name == "day" else "a place as links on these pages name it"
    return Refusal(400, f"{name}: it is {what}.")


def _read_day(text: str) -> Place | None:
    """Read a day (UTC) as the place above all its entries."""
    if not _DAY.fullmatch(text):
        return None
    try:
        begins = datetime.combine(date.fromisoformat(text), time(), UTC)
        return Place(begins + timedelta(days=1), 0, 0)
    except (ValueError, OverflowError):
        return None


def _read_place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        at = _EPOCH + int(found["at"]) * _MICROSECOND
    except OverflowError:
        return None
    return Place(at, int(found["seq"]), int(found["number"]))


def _write(place: Place) -> str:
    return f"{(place.at - _EPOCH) // _MICROSECOND}.{place.seq}.{place.number}"
