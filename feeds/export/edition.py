"""What an export is of, and what a format makes of it: files by name, piece by piece."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from feeds.content import cut, republished
from store.archive.archived import Archived
from store.topics import Content

Piece: TypeAlias = tuple[str, bytes]
"""A file's name and what comes next in it."""


class ExportError(Exception):
    """A format cannot be written here. `str()` is one line with the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What was asked for, and at which point of which log it was made.

    `first` and `last` are inclusive days in `zone` (None: unbounded), `as_of` is UTC (None: as it
    stands now). `content` is how much of publishers' text the topic gives out. `epoch` is the log's
    identity, `seq` its newest change.
    """

    topic: str
    title: str
    zone: str = "UTC"
    first: date | None = None
    last: date | None = None
    as_of: datetime | None = None
    content: Content = Content.FULL
    epoch: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an edition.

    `render` takes the edition and its entries in order of publication, and gives pieces of files
    as it goes, so that no more than some hundred entries are held at once.
    """

    name: str
    render: Callable[[Edition, Iterable[Archived]], Iterator[Piece]]


def trimmed(archived: Archived, content: Content) -> Archived:
    """Return an entry with its revisions as far as they may be given out."""
    if content is Content.FULL:
        return archived
    return replace(
        archived,
        stored=republished(archived.stored, content),
        revisions=tuple(cut(one, content) for one in archived.revisions),
    )
