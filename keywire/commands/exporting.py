"""`keywire export`: a topic's entries as files with a manifest, complete or not at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from feeds.export import manifest
from feeds.export.edition import Edition, Format, Piece, trimmed
from feeds.export.manifest import Digest, Tally
from keywire.commands.folder import made_whole
from keywire.process.memory import walked_seldom
from store import log
from store.archive.archived import Archived
from store.archive.reading import PAGE, Wanted, find_numbers, read_pages
from store.catalogue import followed_topics, topic_or_heir
from store.database import Database
from store.errors import UnknownError
from store.topics import Content

Show = Callable[[int, int], None]
"""Hears how many entries are written, of how many."""
_A_DAY = timedelta(days=1)
_ROOM = 1 << 20  # bytes of a file that are buffered
_OPEN = 16  # files open at once, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The part of a topic to export: inclusive days in a zone, as of a moment (UTC) or now."""

    topic: str
    zone: ZoneInfo
    first: date | None = None
    last: date | None = None
    as_of: datetime | None = None


def export(
    database: Database, asked: Asked, form: Format, out: Path, show: Show, *, force: bool = False
) -> Tally:
    """Write a topic's entries to the folder `out`, and return how many there are.

    Raises UnknownError for a topic that is not in the store, FolderError where `out` cannot be
    written or is not empty, DatabaseError.
    """
    with database.read() as connection, walked_seldom():
        edition = edition_of(connection, database.epoch, asked)
        wanted = _wanted(asked, edition.topic)
        with made_whole(out, force=force, old_files=old_files) as folder:
            numbers = find_numbers(connection, wanted)
            tally = Tally()
            pages = _shown(read_pages(connection, wanted, numbers), len(numbers), show)
            entries = chain.from_iterable(_counted(pages, tally, edition.content))
            files = write(form.render(edition, entries), folder)
            told = manifest.render_manifest(form.name, edition, tally, files)
            (folder / manifest.NAME).write_bytes(told)
    return tally


def write(pieces: Iterable[Piece], folder: Path) -> list[Digest]:
    """Write pieces of files into a folder, and return the digest of each file.

    At most _OPEN files are open at once.
    """
    digests: dict[str, Digest] = {}
    files: dict[str, BinaryIO] = {}
    try:
        for name, piece in pieces:
            if name not in digests:
                digests[name] = Digest(name)
            if name not in files:
                if len(files) >= _OPEN:
                    files.pop(next(iter(files))).close()
                files[name] = _within(folder, name).open("ab", _ROOM)
            digests[name].add(piece)
            files[name].write(piece)
    finally:
        with ExitStack() as stack:
            for file in files.values():
                stack.callback(file.close)
    return [*digests.values()]


def _within(folder: Path, name: str) -> Path:
    path = folder / name
    if path.name != name or path.parent != folder:
        raise ValueError(f"{name!r} is no name of a file")
    return path


def read_zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; raises ValueError where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write one like Asia/Damascus") from None


def read_day(text: str) -> date:
    """Return a typed day, such as 2024-11-27; raises ValueError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write one like 2024-11-27") from None


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a typed moment in UTC; one without a zone is read in `zone`. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or len(text) <= len("2024-12-02"):
        raise ValueError(f"{text!r} is no moment; write one like 2024-12-02T12:00Z")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def bounds(
    first: date | None, last: date | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """Return the beginning (UTC, inclusive) and end (exclusive) of inclusive days in a zone."""
    return (
        None if first is None else _begin(first, zone),
        None if last is None or last == date.max else _begin(last + _A_DAY, zone),
    )


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """Return the day's first moment in UTC, also where the clocks skipped its midnight."""
    try:
        return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def edition_of(connection: Connection, epoch: str, asked: Asked) -> Edition:
    """Return the edition that is asked for. Raises UnknownError for a topic not in the store."""
    kept = topic_or_heir(connection, asked.topic)
    if kept is None:
        known = ", ".join(topic.name for topic in followed_topics(connection)) or "none"
        raise UnknownError(f"no topic {asked.topic!r} is kept; there are: {known}")
    return Edition(
        topic=kept.name,
        title=kept.title,
        zone=asked.zone.key,
        first=asked.first,
        last=asked.last,
        as_of=asked.as_of,
        content=kept.content,
        epoch=epoch,
        seq=log.head(connection),
    )


def _wanted(asked: Asked, topic: str) -> Wanted:
    since, until = bounds(asked.first, asked.last, asked.zone)
    return Wanted(topic, since, until, asked.as_of)


def _shown(pages: Iterable[list[Archived]], total: int, show: Show) -> Iterator[list[Archived]]:
    """Yield the pages, and show how many entries are done after each."""
    done = 0
    for page in pages:
        yield page
        done = min(total, done + PAGE)
        show(done, total)


def _counted(
    pages: Iterable[list[Archived]], tally: Tally, content: Content
) -> Iterator[list[Archived]]:
    """Yield the pages, their text cut as `content` allows, and count their entries."""
    for page in pages:
        given = page
        if content is not Content.FULL:
            given = [trimmed(archived, content) for archived in page]
        tally.count(given)
        yield given


def old_files(folder: Path) -> list[str]:
    """Return the files of an earlier export in a folder, as its manifest lists them."""
    try:
        return manifest.read_names((folder / manifest.NAME).read_bytes())
    except FileNotFoundError:
        return []
