"""Cut entries of any topics to what these topics publish."""

from collections.abc import Sequence

from sqlalchemy import Connection

from feeds.content import republished
from store.archive.revisions import topics_by_entry
from store.catalogue import contents
from store.entry import StoredEntry
from store.topics import Content, given_out


def give_out(connection: Connection, entries: Sequence[StoredEntry]) -> list[StoredEntry]:
    """Return the entries, in order, each cut to what its topics publish."""
    given = contents(connection)
    if {*given.values()} <= {Content.FULL}:
        return [*entries]
    topics = topics_by_entry(connection, [stored.number for stored in entries])
    return [republished(one, given_out(topics.get(one.number, ()), given)) for one in entries]
