"""The robots.txt of each origin, kept over restarts; `scraper/` interprets it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from store.schema import robots_notes


@dataclass(frozen=True, slots=True)
class RobotsNote:
    """One origin's robots.txt as last fetched.

    `text` is None where there are no rules. It was requested at `asked_at`, and is requested
    again at `due` (UTC).
    """

    origin: str
    asked_at: datetime
    due: datetime
    open: bool
    reason: str
    text: str | None
    failures: int


def recall(connection: Connection, origin: str) -> RobotsNote | None:
    """Return an origin's note, None if there is none."""
    row = connection.execute(
        select(robots_notes).where(robots_notes.c.origin == origin)
    ).one_or_none()
    return None if row is None else RobotsNote(*row)


def keep(connection: Connection, note: RobotsNote) -> None:
    """Write a note in place of the origin's last one."""
    connection.execute(delete(robots_notes).where(robots_notes.c.origin == note.origin))
    connection.execute(insert(robots_notes), asdict(note))
