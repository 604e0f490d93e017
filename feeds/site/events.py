"""The change log over HTTP, read by cursor."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from feeds.feed import rfc3339
from feeds.site.addresses import read_number, read_query
from feeds.site.answers import Refusal
from store.catalogue import kept_topic
from store.log import LoggedChange, read_after

MOST = 1000
USUAL = 100
_LAST_SEQ = 10**18 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the log is wanted: at most `limit` changes after a seq, of one topic or all."""

    after: int
    limit: int
    topic: str | None


def read_asked(query: bytes) -> Asked | Refusal:
    """Read a query string. Parameters that mean nothing here are ignored."""
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    after = read_number(asked, "after", 0, least=0, most=_LAST_SEQ)
    if isinstance(after, Refusal):
        return after
    limit = read_number(asked, "limit", USUAL, least=1, most=MOST)
    if isinstance(limit, Refusal):
        return limit
    return Asked(after, limit, asked.get("topic"))


def read_events(connection: Connection, epoch: str, asked: Asked) -> dict[str, Any] | Refusal:
    """Read a page of the log.

    `next` is the seq of the last change on it, or `after` where there is none: a reader that
    goes on from there misses nothing, whatever is committed meanwhile.
    """
    if asked.topic is not None and kept_topic(connection, asked.topic) is None:
        return Refusal(404, f"topic: no topic {asked.topic[:63]!a} is kept; / lists them.")
    changes = read_after(connection, asked.after, asked.limit, asked.topic)
    return {
        "epoch": epoch,
        "changes": [_tell(change, epoch) for change in changes],
        "next": changes[-1].seq if changes else asked.after,
    }


def _tell(change: LoggedChange, epoch: str) -> dict[str, Any]:
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
    return {**told, "changes": change.changes, "backfill": change.backfill}
