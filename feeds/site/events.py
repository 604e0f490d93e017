"""The change log as programs read it: changes as JSON, in pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from feeds.content import cut_text
from feeds.feed import rfc3339
from feeds.site.addresses import read_number, read_query
from feeds.site.cursors import Cursor, Reset, place, read_cursor
from feeds.site.responses import Refusal
from store.catalogue import contents, kept_topic
from store.log import LoggedChange, bounds, read_after
from store.topics import Content, given_out

MOST = 1000
USUAL = 100
LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for at most `limit` changes after a cursor, of one topic or (None) of all.

    Where there are no such changes yet, the answer may wait for one, up to `wait` seconds.
    """

    cursor: Cursor
    limit: int
    topic: str | None
    wait: int

    @property
    def may_wait(self) -> bool:
        """Whether the answer may wait; a reader without a cursor gets one at once."""
        return self.wait > 0 and self.cursor.after is not None

    def after(self, seq: int) -> "Asked":
        """Return the same request after another seq."""
        return replace(self, cursor=Cursor(seq))


@dataclass(frozen=True, slots=True)
class EventsPage:
    """A page of changes after the seq `after`; `head` was the log's newest seq when it was read."""

    changes: tuple[dict[str, Any], ...]
    after: int
    head: int

    def told(self, epoch: str) -> dict[str, Any]:
        """Return the page as /events sends it.

        `next` is the seq of the last change on it, or the cursor if it has no changes: a reader
        that goes on from there misses nothing, whatever is committed meanwhile.
        """
        following = self.changes[-1]["seq"] if self.changes else self.after
        return {"epoch": epoch, "changes": self.changes, "next": following}


def read_asked(query: bytes) -> Asked | Refusal:
    """Return what a query string asks for, or a refusal. Unknown parameters are ignored."""
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    cursor = read_cursor(asked)
    if isinstance(cursor, Refusal):
        return cursor
    limit = read_number(asked, "limit", USUAL, least=1, most=MOST)
    if isinstance(limit, Refusal):
        return limit
    wait = read_number(asked, "wait", 0, least=0, most=LONGEST_WAIT)
    if isinstance(wait, Refusal):
        return wait
    return Asked(cursor, limit, asked.get("topic"), wait)


def read_events(connection: Connection, epoch: str, asked: Asked) -> EventsPage | Reset | Refusal:
    """Return a page of the log, a reset for an invalid cursor, or a 404 for an unknown topic."""
    if asked.topic is not None and kept_topic(connection, asked.topic) is None:
        return no_topic(asked.topic)
    kept = bounds(connection)
    after = place(asked.cursor, epoch, kept)
    if isinstance(after, Reset):
        return after
    changes = read_after(connection, after, asked.limit, asked.topic)
    given = contents(connection)
    return EventsPage(tuple(tell(change, epoch, given) for change in changes), after, kept.last)


def no_topic(name: str) -> Refusal:
    """Return the 404 for a topic that is not stored."""
    return Refusal(404, f"topic: no topic {name[:63]!a} is kept; / lists them.")


def tell(change: LoggedChange, epoch: str, given: Mapping[str, Content]) -> dict[str, Any]:
    """Return a change as a JSON object; `given` is how much text each topic publishes."""
    about = change.type.value.partition(".")[0]
    told: dict[str, Any] = {
        "seq": change.seq,
        "id": f"{epoch}:{change.seq}",
        "type": change.type.value,
        "occurred_at": rfc3339(change.occurred_at),
        "topics": change.topics,
        "blog": {"url": change.blog_url, "title": change.blog_title} if change.blog_url else None,
    }
    if about == "entry":
        told["entry"] = change.entry
    if about == "source":
        told["source"] = change.source
    content = given_out(change.topics, given)
    return {**told, "changes": _cut(change.changes, content), "backfill": change.backfill}


def _cut(changes: Mapping[str, Any], content: Content) -> Mapping[str, Any]:
    """Return a change's changed fields, their texts cut to `content`."""
    if content is Content.FULL or "text" not in changes:
        return changes
    text = {when: cut_text(said, content) for when, said in changes["text"].items()}
    return {**changes, "text": text}
