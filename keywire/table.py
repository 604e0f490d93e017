"""Tables for people: what a page was understood to say, and how the sources stand."""

from rich.markup import escape
from rich.table import Table

from keywire.config import Config
from keywire.terminal import console
from store import sources
from store.database import open_database
from store.merge import Completed, blocks, repeated
from store.sighting import Kind, Snapshot

_LONGEST = 100
_KINDS = {
    Kind.LIVE_BLOG: "a live blog",
    Kind.ARTICLE: "an ordinary article",
    Kind.LISTING: "a listing",
    Kind.UNKNOWN: "nothing that keywire knows",
}
_TOLD = {True: "yes", False: "no", None: "not told"}


def show(snapshot: Snapshot) -> None:
    """Print what was understood of a page: by which platform and why, its entries, warnings."""
    out = console()
    completed = blocks(snapshot)
    by = f", read as [bold]{snapshot.platform}[/] {snapshot.layout}" if snapshot.platform else ""
    out.print(f"[bold]{escape(snapshot.title or snapshot.url)}[/]")
    out.print(f"{escape(snapshot.url)}", style="dim")
    out.print(f"It is {_KINDS[snapshot.kind]}{by}, because {escape('; '.join(snapshot.why))}.")
    if snapshot.kind is Kind.LIVE_BLOG:
        on_page = sum(block.on_page for block in completed)
        out.print(
            f"Live: {_TOLD[snapshot.live]}. The whole blog on this page: "
            f"{_TOLD[snapshot.complete]}. {on_page} entries on the page, "
            f"{len(completed) - on_page} known from elsewhere in it."
        )
        out.print(_entries(completed))
    for warning in (*snapshot.warnings, *repeated(snapshot)):
        out.print(f"[yellow]Warning:[/] {escape(warning)}")


def _entries(completed: tuple[Completed, ...]) -> Table:
    rows = [_row(block) for block in completed]
    widest = max((len(row[1]) for row in rows), default=0)
    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column("published (UTC)", no_wrap=True, min_width=19)
    table.add_column("what", no_wrap=True, min_width=max(widest, 4))
    table.add_column("title or first words", overflow="ellipsis", no_wrap=True, ratio=1)
    for row in rows:
        table.add_row(*row)
    return table


def _row(block: Completed) -> tuple[str, str, str]:
    seen = block.sighting
    flags = (
        ("key", seen.key_event),
        ("summary", seen.summary),
        ("pinned", seen.pinned),
        ("off page", not block.on_page),
    )
    title = escape(seen.title or "")
    first_words = escape(" ".join((seen.text or "")[:_LONGEST].split()))
    return (
        f"{seen.published:%Y-%m-%d %H:%M:%S}" if seen.published else "not told",
        ", ".join(word for word, true in flags if true),
        f"[bold]{title}[/]" if title else first_words,
    )


def show_sources(config: Config) -> None:
    """Print the state of every source that the configuration follows."""
    database = open_database(config.store, create=False)
    try:
        with database.read() as connection:
            surveyed = sources.survey(connection)
    finally:
        database.close()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("source", "state", "last poll (UTC)", "next poll", "entries", "requests", "why"):
        right = name in {"entries", "requests"}
        table.add_column(name, overflow="fold", justify="right" if right else "left")
    for one in surveyed:
        source = one.source
        table.add_row(
            escape(source.url),
            source.state.value,
            f"{source.last_poll:%Y-%m-%d %H:%M:%S}" if source.last_poll else "never",
            f"{source.next_poll:%H:%M:%S}" if source.next_poll else "",
            f"{sum(blog.entries for blog in one.blogs):,}",
            f"{source.requests:,}",
            escape(source.reason or source.pace),
        )
    console().print(table)
