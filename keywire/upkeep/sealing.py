"""Make archive documents of topics: selected and kept by the store, rendered by feeds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from feeds.atom import render_fragments
from feeds.content import republished
from feeds.feed import Feed
from store.archive.sealed import Sealing, holding, read_archive, rewrite, seal, to_be_cut
from store.archive.unsealed import next_due
from store.database import Database
from store.entry import StoredEntry
from store.topics import Content, Selection


def seal_days(database: Database, topic: str, now: datetime) -> int:
    """Seal the due documents of a topic, each in a transaction; return how many there were."""
    return sum(_seal_days(database, topic, selection, now) for selection in Selection)


def _seal_days(database: Database, topic: str, selection: Selection, now: datetime) -> int:
    sealed = 0
    while (sealing := _next(database, topic, selection, now)) is not None:
        fragments = _render(sealing.entries, sealing.content)
        with database.write() as connection:
            if not seal(connection, sealing, fragments, now):  # it changed meanwhile; seal it later
                break
        sealed += 1
    return sealed


def _next(database: Database, topic: str, selection: Selection, now: datetime) -> Sealing | None:
    with database.read() as connection:
        return next_due(connection, topic, selection, now)


def cut_days(database: Database, now: datetime) -> set[str]:
    """Render anew the documents of topics whose `content` rule changed; return those topics."""
    topics: set[str] = set()
    while True:
        with database.read() as connection:
            day = to_be_cut(connection)
        if day is None:
            return topics
        fragments = _render(day.entries, day.content)
        with database.write() as connection:
            rewrite(connection, day.name, fragments, now, content=day.content)
        topics.add(day.name.topic)


def take_out(connection: Connection, stored: StoredEntry, now: datetime) -> None:
    """Replace a forgotten entry in the archive documents that hold it by its empty remainder."""
    (emptied,) = _render([stored], Content.FULL)
    for name, place in holding(connection, stored.number):
        kept = read_archive(connection, name)
        if kept is not None:
            fragments = [*kept.fragments]
            fragments[place] = emptied
            rewrite(connection, name, fragments, now)


def _render(entries: Sequence[StoredEntry], content: Content) -> list[bytes]:
    """Render entries as fragments of a feed without a language."""
    shown = tuple(republished(stored, content) for stored in entries)
    updated = max(stored.changed_at for stored in entries)
    return render_fragments(Feed(id="", title="", updated=updated, entries=shown))
