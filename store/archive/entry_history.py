"""One entry with its whole history: its revisions, changes, pins and topics."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from store import log
from store.archive.archived import KeptRevision, Pin, was_pinned
from store.archive.reading import read_pins
from store.archive.revisions import revisions_of, topics_of
from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.errors import UnknownError
from store.log import LoggedChange
from store.schema import entries

_NUMBER: Final = re.compile(r"(?:https?://[^?#]*/entries/)?([0-9]{1,18})(?:\.json)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of an entry at one time; None where not recorded."""

    key_event: bool | None = None
    summary: bool | None = None
    pinned: bool | None = None
    retracted: bool | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """An entry as it is; its revisions, changes and pins (oldest first); and its topics."""

    stored: StoredEntry
    revisions: tuple[KeptRevision, ...]
    changes: tuple[LoggedChange, ...]
    topics: tuple[str, ...]
    pins: tuple[Pin, ...] = ()

    def flags(self, revision: int) -> Flags:
        """Return the flags when a revision was first seen; for the current one, those of now."""
        stored = self.stored
        if revision == stored.revision:
            entry = stored.entry
            retracted = stored.retracted_at is not None
            return Flags(entry.key_event, entry.summary, entry.pinned, retracted)
        for change in self.changes:
            told = change.entry
            if told.get("revision") == revision:  # the log has no fields of an erased entry
                pinned = was_pinned(stored, self.pins, change.occurred_at)
                retracted = told["retracted_at"] is not None
                return Flags(told["key_event"], told["summary"], pinned, retracted)
        return Flags()


def life_of(connection: Connection, number: int) -> Life | None:
    """Return the life of the entry of that number, None if there is none."""
    found = entries_of(connection, [number])
    return whole_life(connection, found[0]) if found else None


def whole_life(connection: Connection, stored: StoredEntry) -> Life:
    """Return an entry with its revisions, changes, topics and pins."""
    number = stored.number
    return Life(
        stored,
        tuple(revisions_of(connection, number)),
        tuple(log.read_about(connection, number)),
        topics_of(connection, number),
        tuple(read_pins(connection, [number]).get(number, ())),
    )


def find_entry(connection: Connection, which: str) -> StoredEntry:
    """Return an entry by its number, `tag:` id, permalink, or address on keywire's own site.

    Raises UnknownError if there is none.
    """
    given = which.strip()
    if number := _NUMBER.fullmatch(given):
        found: int | None = int(number[1])
    else:
        # Permalinks have no index: finding an entry by one may take a moment.
        column = entries.c.guid if given.startswith("tag:") else entries.c.permalink
        query = select(entries.c.number).where(column == given).limit(1)
        found = connection.scalar(query)
    kept = entries_of(connection, [] if found is None else [found])
    if not kept:
        raise UnknownError(f"no entry {given[:200]} is kept; give its number, tag: id or address")
    return kept[0]
