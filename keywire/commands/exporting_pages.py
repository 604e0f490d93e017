"""`keywire export --format warc`: the kept pages that a topic's blogs were read from."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from feeds.export import manifest, warc
from feeds.export.manifest import PageTally
from keywire.commands.exporting import Asked, bounds, edition_of, old_files, write
from keywire.commands.folder import FolderError, made_whole
from store.archive import kept_pages
from store.archive.responses import KeptPage
from store.database import Database
from store.topics import Content

Show = Callable[[int, int], None]
_LEAST = timedelta(microseconds=1)


def export_pages(
    database: Database, asked: Asked, out: Path, show: Show, *, force: bool = False
) -> PageTally:
    """Write a topic's pages, fetched within the time asked for, to `out`; return their count.

    Raises UnknownError for a topic that is not in the store, FolderError where `out` cannot be
    written, where the topic keeps no pages, or its `content` is not full.
    """
    with database.read() as connection:
        edition = edition_of(connection, database.epoch, asked)
        if edition.content is not Content.FULL:
            raise FolderError(
                f"topic {edition.topic} gives out less than its publishers' whole text, and a WARC "
                "holds whole pages; set content: full to export them"
            )
        since, until = bounds(asked.first, asked.last, asked.zone)
        if asked.as_of is not None:
            until = min(filter(None, (until, asked.as_of + _LEAST)))
        total = kept_pages.count_pages(connection, edition.topic, since=since, until=until)
        if not total and not kept_pages.count_pages(connection, edition.topic):
            raise FolderError(
                f"topic {edition.topic} keeps no pages; with archive: true it keeps those that "
                "are read from now on"
            )
        pages = kept_pages.pages_of_topic(connection, edition.topic, since=since, until=until)
        tally = PageTally()
        with made_whole(out, force=force, old_files=old_files) as folder:
            counted = tally.count(_shown(pages, total, show))
            files = write(warc.render(edition, counted), folder)
            told = manifest.render_manifest(warc.NAME, edition, tally, files)
            (folder / manifest.NAME).write_bytes(told)
    return tally


def _shown(pages: Iterable[KeptPage], total: int, show: Show) -> Iterator[KeptPage]:
    for done, page in enumerate(pages, 1):
        yield page
        show(done, total)
