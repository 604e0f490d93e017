"""What an export is about (`Edition`), and how a format writes it (`Format`)."""

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
    """A format cannot be written in this installation; `str()` is one line with the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What was exported, and at which point of which log.

    `first` and `last` are inclusive days in `zone` (None: unbounded), `as_of` is a moment in UTC
    (None: as it is now). `content` is how much of publishers' text the topic publishes. `epoch` is
    the log's identity, `seq` its newest change.
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

    `render` takes the edition and its entries in order of publication. It yields pieces of files
    as it reads them, so that at most some hundred entries are in memory at once.
    """

    name: str
    render: Callable[[Edition, Iterable[Archived]], Iterator[Piece]]


def trimmed(archived: Archived, content: Content) -> Archived:
    """Return an entry and its revisions, cut to `content`."""
    if content is Content.FULL:
        return archived
    return replace(
        archived,
        stored=republished(archived.stored, content),
        revisions=tuple(cut(one, content) for one in archived.revisions),
    )
