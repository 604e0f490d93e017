"""Tables for people: what was read of a page, and the state of the sources."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from keywire.commands.preview import elsewhere
from keywire.config import Config
from keywire.terminal import console, count, print_beside
from scraper.platform import Tested
from scraper.read import PLATFORMS, how_sure
from store.database import open_database
from store.decision.merge import Completed, blocks, repeated
from store.sighting import Kind, ListedBlog, Snapshot
from store.source import Source, SourceState
from store.survey import FollowedSource, survey

_LONGEST = 100
_KEYWORDS = 8
_NEWEST = 5  # blogs of a source that are named
_KINDS = {
    Kind.LIVE_BLOG: "a live blog",
    Kind.ARTICLE: "an ordinary article",
    Kind.LISTING: "a listing",
    Kind.UNKNOWN: "nothing that keywire knows",
}
_COLOURS = {SourceState.OK: "green", SourceState.NEW: "blue", SourceState.BROKEN: "red"}
_TOLD = {True: "yes", False: "no", None: "not told"}


def show(snapshot: Snapshot, lost: Sequence[str] = ()) -> None:
    """Print how a page was read: by which platform and why, its entries, warnings.

    `lost` are other signs of a live blog on it, and why they were not used.
    """
    out = console()
    completed = blocks(snapshot)
    by = f", read as [bold]{snapshot.platform}[/] {snapshot.layout}" if snapshot.platform else ""
    out.print(f"[bold]{escape(snapshot.title or snapshot.url)}[/]")
    out.print(f"{escape(snapshot.url)}", style="dim")
    why = escape("; ".join(snapshot.why))
    print_beside(out, "", f"It is {_KINDS[snapshot.kind]}{by}, because {why}.")
    if snapshot.kind is Kind.LIVE_BLOG:
        on_page = sum(block.on_page for block in completed)
        print_beside(out, "", f"How sure: {how_sure(snapshot)}.")
        print_beside(
            out,
            "",
            f"Live: {_TOLD[snapshot.live]}. The whole blog on this page: "
            f"{_TOLD[snapshot.complete]}. {on_page} entries on the page, "
            f"{len(completed) - on_page} known from elsewhere in it.",
        )
        for said in _goes_on(snapshot):
            out.print(escape(said), style="dim")
        out.print(_entries(completed))
    if snapshot.kind is Kind.LISTING and snapshot.blogs:
        out.print(_blogs(snapshot.blogs))
    for other in lost:
        out.print(f"Not taken: {escape(other)}.", style="dim")
    if _is_untried(snapshot.platform):
        out.print(
            "[yellow]Untried:[/] no real page of its kind could be had to test this reader on."
        )
    for warning in (*snapshot.warnings, *repeated(snapshot), *elsewhere(snapshot)):
        out.print(f"[yellow]Warning:[/] {escape(warning)}")


def _is_untried(platform: str) -> bool:
    """Return whether the page's platform was tested on synthetic pages only."""
    tested = (known.about.tested_on for known in PLATFORMS if known.name == platform)
    return next(tested, ()) == (Tested.SYNTHETIC,)


def _goes_on(snapshot: Snapshot) -> Iterator[str]:
    """Yield by what the blog that follows this one will be recognised."""
    if snapshot.listings:
        yield f"It belongs to {', '.join(snapshot.listings)}: follow that for tomorrow's blog too."
    if snapshot.keywords:
        yield f"Keywords: {', '.join(snapshot.keywords[:_KEYWORDS])}."
    if snapshot.leads:
        yield f"Its head or newest entries link to {', '.join(snapshot.leads)}."


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


def _blogs(blogs: tuple[ListedBlog, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("live", no_wrap=True)
    table.add_column("the live blogs on it", overflow="fold")
    for blog in blogs:
        table.add_row(_TOLD[blog.live], f"[bold]{escape(blog.title)}[/]\n{escape(blog.url)}")
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
            surveyed = survey(connection)
    finally:
        database.close()
    out = console()
    for one in surveyed:
        source = one.source
        colour = _COLOURS.get(source.state, "yellow")
        out.print(f"[{colour}]{source.state.value:8}[/][bold]{escape(source.url)}[/]")
        told = (source.reason, *_standing(one), *_histories(one), *source.warnings)
        for line in filter(None, told):
            print_beside(out, "        ", escape(line))
    if not surveyed:
        out.print("Nothing is followed yet; keywire run begins with what the configuration names.")


def _histories(one: FollowedSource) -> tuple[str, ...]:
    """Yield how complete each blog's history is; the title is left out for a single blog."""
    told = [(blog.title or blog.url, blog.history) for blog in one.blogs if blog.history]
    if len(one.blogs) == 1:
        return tuple(f"history: {history}" for _, history in told)
    return tuple(f"history of {title}: {history}" for title, history in told)


def _standing(one: FollowedSource) -> tuple[str, ...]:
    """Return what a source has, when it is polled next and why then, and its cost."""
    source = one.source
    if source.last_poll is None:
        return ("not polled yet",)
    entries = sum(blog.entries for blog in one.blogs)
    has = count(entries, "entry", "entries")
    polled = f"polled {source.last_poll:%Y-%m-%d %H:%M:%S} UTC"
    told = f"next {source.next_poll:%H:%M:%S}, {source.pace}" if source.next_poll else "not again"
    return f"{has}; {polled}; {told}", _cost(source), *_blogs_of(one)


def _cost(source: Source) -> str:
    """Return what following a source costs: requests, and the share of polls without news."""
    told = [count(source.requests, "request")] if source.requests else []  # not counted at first
    if source.polls > source.failures:  # at least one was answered
        told.append(f"{source.unchanged / source.polls:.0%} of polls brought nothing new")
    return "; ".join(told)


def _blogs_of(one: FollowedSource) -> Iterator[str]:
    """Yield the newest blogs of a source that has several, or lists them."""
    if len(one.blogs) < 2 and one.source.listing is None:  # noqa: PLR2004 - it is the page itself
        return
    for blog in one.blogs[:_NEWEST]:
        following = "" if blog.following == SourceState.OK.value else f", {blog.following}"
        yield f"{blog.state}{following}: {blog.title or blog.url} ({blog.entries:,} entries)"
    if len(one.blogs) > _NEWEST:
        yield f"and {len(one.blogs) - _NEWEST:,} earlier blogs"
