"""Archive documents: the entries of a topic's selection on a day, sealed as they were rendered.

A day is one document, a crowded day several: its volumes. They change only for takedowns, and
when a topic's `content` setting changes. Which are to be sealed: `store/archive/unsealed`.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, insert, select, tuple_, update

from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.schema import archived_entries, archives, selections, topics
from store.sorting import stamp
from store.topics import Content, Selection

_ORDER = (archives.c.day, archives.c.volume)
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[bytes]).decode


@dataclass(frozen=True, slots=True)
class ArchiveName:
    """The key of a document: a topic's selection, a day (UTC), and the volume of that day.

    Days are sealed in order, and so are the volumes of a day, which count from 1.
    """

    topic: str
    day: date
    volume: int = 1
    selection: Selection = Selection.ALL


@dataclass(frozen=True, slots=True)
class Sealing:
    """A document to be sealed: its entries as they are now, the last joined first.

    `version` is that of the selection's feed when they were read.
    """

    name: ArchiveName
    title: str
    content: Content
    entries: tuple[StoredEntry, ...]
    version: int


@dataclass(frozen=True, slots=True)
class KeptArchive:
    """A sealed document: its entries as rendered, and the documents before and after it.

    `modified` is when keywire last changed any of these (UTC).
    """

    title: str
    updated: datetime
    modified: datetime
    fragments: tuple[bytes, ...]
    before: ArchiveName | None = None
    after: ArchiveName | None = None


def seal(
    connection: Connection, sealing: Sealing, fragments: Sequence[bytes], now: datetime
) -> bool:
    """Write a document; return False, writing nothing, if its selection changed since it was read.

    `fragments` are its rendered entries, in the order of `sealing.entries`; `now` is UTC.
    """
    name = sealing.name
    version = connection.scalar(
        select(selections.c.version)
        .where(selections.c.topic == name.topic, selections.c.selection == name.selection.value)
        .with_for_update()
    )
    if version != sealing.version:
        return False
    key = {
        "topic": name.topic,
        "selection": name.selection.value,
        "day": name.day.isoformat(),
        "volume": name.volume,
    }
    connection.execute(
        insert(archives).values(
            **key,
            title=sealing.title,
            content=sealing.content.value,
            sealed_at=now,
            modified=now.replace(microsecond=0),
            updated=max(one.changed_at for one in sealing.entries),
            document=zlib.compress(_encode([*fragments])),
        )
    )
    connection.execute(
        insert(archived_entries),
        [
            {**key, "place": place, "number": one.number, "changed_at": one.changed_at}
            for place, one in enumerate(sealing.entries)
        ],
    )
    stamp(connection, name.topic, [name.selection], now)
    return True


def newest(
    connection: Connection, topic: str, selection: Selection = Selection.ALL
) -> ArchiveName | None:
    """Return the newest document of a selection, None if there is none."""
    query = select(archives).where(_of(archives, topic, selection))
    row = connection.execute(query.order_by(*(one.desc() for one in _ORDER)).limit(1)).first()
    return _name(row) if row else None


def read_archive(connection: Connection, name: ArchiveName) -> KeptArchive | None:
    """Return a sealed document, None if there is none of that name."""
    row = connection.execute(select(archives).where(_is(archives, name))).first()
    if row is None:
        return None
    here, place = _of(archives, name.topic, name.selection), (row.day, row.volume)
    others = select(*_KEY, archives.c.sealed_at).where(here)
    before = connection.execute(
        others.where(tuple_(*_ORDER) < place).order_by(*(one.desc() for one in _ORDER)).limit(1)
    ).first()
    after = connection.execute(
        others.where(tuple_(*_ORDER) > place).order_by(*_ORDER).limit(1)
    ).first()
    return KeptArchive(
        title=row.title,
        updated=row.updated,
        modified=max(row.modified, after.sealed_at.replace(microsecond=0))
        if after
        else row.modified,
        fragments=tuple(_decode(zlib.decompress(row.document))),
        before=_name(before) if before else None,
        after=_name(after) if after else None,
    )


_KEY = (archives.c.topic, archives.c.selection, *_ORDER)


def _of(table: Table, topic: str, selection: Selection) -> ColumnElement[bool]:
    return and_(table.c.topic == topic, table.c.selection == selection.value)


def _is(table: Table, name: ArchiveName) -> ColumnElement[bool]:
    return and_(
        _of(table, name.topic, name.selection),
        table.c.day == name.day.isoformat(),
        table.c.volume == name.volume,
    )


def _name(row: Any) -> ArchiveName:  # noqa: ANN401 - rows of several shapes have a key
    return ArchiveName(row.topic, date.fromisoformat(row.day), row.volume, Selection(row.selection))


# --- changing sealed documents --------------------------------------------------------------------


def to_be_cut(connection: Connection) -> Sealing | None:
    """Return a document that was sealed with another `content` than its topic has now, if any."""
    rows = connection.execute(
        select(*_KEY, archives.c.content, topics.c.rule)
        .join(topics, topics.c.name == archives.c.topic)
        .order_by(*_KEY)
    )
    for row in rows:
        content = Content(row.rule.get("content", Content.FULL.value))
        if content.value != row.content:
            return _read_again(connection, _name(row), content)
    return None


def _read_again(connection: Connection, name: ArchiveName, content: Content) -> Sealing:
    numbers = connection.scalars(
        select(archived_entries.c.number)
        .where(_is(archived_entries, name))
        .order_by(archived_entries.c.place)
    )
    return Sealing(name, "", content, tuple(entries_of(connection, [*numbers])), 0)


def holding(connection: Connection, number: int) -> list[tuple[ArchiveName, int]]:
    """Return the documents that have an entry, each with the entry's index in it."""
    rows = connection.execute(select(archived_entries).where(archived_entries.c.number == number))
    return [(_name(row), row.place) for row in rows]


def rewrite(
    connection: Connection,
    name: ArchiveName,
    fragments: Sequence[bytes],
    now: datetime,
    *,
    content: Content | None = None,
) -> None:
    """Replace a document's entries: after a takedown, or with another `content` setting."""
    values: dict[str, object] = {
        "document": zlib.compress(_encode([*fragments])),
        "modified": now.replace(microsecond=0),
    }
    if content is not None:
        values["content"] = content.value
    connection.execute(update(archives).where(_is(archives, name)).values(values))
