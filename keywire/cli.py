"""The commands. Each imports what it needs when it runs, so that `--help` comes at once."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands import archive as archive_cli
from keywire.commands import backup as backup_cli
from keywire.commands import entry as entry_cli
from keywire.commands import push as push_cli
from keywire.commands.opened import CONFIG, ConfigPath, load_config, writing
from keywire.commands.ownership import check_places, explain
from keywire.process.logs import LogFormat, complain

if TYPE_CHECKING:
    from scraper.selectors import Selectors
    from store.sighting import Snapshot

app = typer.Typer(
    name="keywire",
    help="Follow live blogs and turn them into feeds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class FeedFormat(StrEnum):
    """What `keywire feed` prints."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"
    JSONL = "jsonl"


class TableFormat(StrEnum):
    """How `keywire preview` prints."""

    TABLE = "table"
    JSON = "json"


Target = Annotated[
    str, typer.Argument(metavar="URL|FILE", help="An address, a saved page, or - for stdin.")
]
SourceName = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its address, or its name in the configuration.")
]
Origin = Annotated[str, typer.Option("--url", help="The address that a FILE came from.")]
Selects = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="NAME=SELECTOR",
        help="Try what a source's selectors: would say: block, time, title, body, id.",
    ),
]
Zone = Annotated[str, typer.Option("--timezone", help="The publisher's zone: Europe/Berlin.")]
Log = Annotated[
    LogFormat,
    typer.Option("--log", envvar="KEYWIRE_LOG", help="The log on stderr; json says all in it."),
]
_EXPECTED = {
    *("ConfigError", "StoreError", "ScrapeError", "PortError", "InitError", "ReplayError"),
    *("InstallationError", "CaptureError", "ExportError", "FolderError"),
}


def main() -> None:
    """Run the command line; what fails says why in one line on stderr and exits with 1."""
    with _plainly():
        app()


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        told = str(error) if _is_expected(error) else explain(error)
        if not told:
            raise
        complain(told)
        raise SystemExit(1) from None


def _is_expected(error: Exception) -> bool:
    """Say whether an error is one that its own words explain; anything else is a bug."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _EXPECTED)


@app.callback(invoke_without_command=True)
def _global(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    if version:
        from keywire.version import number  # noqa: PLC0415 - see the module's docstring

        typer.echo(f"keywire {number()}")
        raise typer.Exit


@app.command()
def run(
    config: ConfigPath = CONFIG,
    *,
    once: Annotated[bool, typer.Option("--once", help="Poll everything once and end.")] = False,
    log: Log = LogFormat.TEXT,
) -> None:
    """Poll, store and serve: all of it, in one process."""
    check_places()
    from keywire.process.memory import hold  # noqa: PLC0415 - see the module's docstring

    hold()
    from keywire.app import App  # noqa: PLC0415
    from keywire.journal import Journal  # noqa: PLC0415
    from keywire.process.logs import set_up  # noqa: PLC0415
    from keywire.process.loop import run as follow  # noqa: PLC0415
    from keywire.process.notify import read_environment  # noqa: PLC0415
    from keywire.process.server import listen  # noqa: PLC0415
    from keywire.reload import ConfigFile  # noqa: PLC0415
    from keywire.terminal import Narrator, console  # noqa: PLC0415
    from store.sources import SourceState  # noqa: PLC0415

    set_up(log)
    loaded = load_config(config)
    teller = Journal() if log is LogFormat.JSON else Narrator(console())
    if once:
        from keywire.commands.bar import bar  # noqa: PLC0415

        with App(loaded, tell=teller.hear) as application:
            with bar() as show:
                reports = follow(application.poll_once(show))
            left = application.unread()
        for title, history in left:
            typer.echo(f"{title}: {history}; the next run goes on, or keywire backfill now")
        bad = [
            r.source for r in reports if r.source.state is not SourceState.OK and r.source.finders
        ]
        if bad:
            complain(f"{len(bad)} of {len(reports)} sources could not be read: {bad[0].reason}")
            raise typer.Exit(1)
        return
    with App(loaded, tell=teller.hear, manager=read_environment()) as application:
        listener = listen(loaded.host, loaded.port, loaded.site.url)
        teller.open(loaded, listener.url)
        follow(application.run(listener, file=ConfigFile(config, loaded)))
        teller.close()


@app.command()
def feed(
    target: Target,
    form: Annotated[FeedFormat, typer.Option("--format")] = FeedFormat.ATOM,
    url: Origin = "",
    timezone: Zone = "",
    *,
    key_events: Annotated[
        bool, typer.Option("--key-events", help="Only key events and summaries.")
    ] = False,
) -> None:
    """Print a live blog as a feed: one shot, no configuration, no store."""
    from keywire.clock import clock  # noqa: PLC0415 - see the module's docstring
    from keywire.commands.oneshot import FORMATS, make_feed  # noqa: PLC0415

    made = make_feed(_see(target, url, timezone), clock(), key_events=key_events)
    sys.stdout.buffer.write(FORMATS[form.value](made))


@app.command()
def preview(
    target: Target,
    url: Origin = "",
    timezone: Zone = "",
    form: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TABLE,
    select: Selects = None,
) -> None:
    """Show what keywire understands of a page, by which platform, and why."""
    from keywire.commands.preview import preview as look  # noqa: PLC0415 - see the module's docstring

    snapshot = _see(target, url, timezone, select)
    if form is TableFormat.JSON:
        import json  # noqa: PLC0415

        typer.echo(json.dumps(look(snapshot), ensure_ascii=False, indent=1))
    else:
        from keywire.commands.table import show  # noqa: PLC0415

        show(snapshot)


def _see(target: str, url: str, timezone: str, select: list[str] | None = None) -> "Snapshot":
    from keywire.clock import clock  # noqa: PLC0415 - see the module's docstring
    from keywire.commands.oneshot import see  # noqa: PLC0415

    return asyncio.run(see(target, url, timezone, clock, _selectors(select)))


def _selectors(select: list[str] | None) -> "Selectors | None":
    from scraper.selectors import selectors_of  # noqa: PLC0415 - see the module's docstring

    if not select:
        return None
    try:
        pairs = (each.partition("=") for each in select)
        return selectors_of({name.strip(): text.strip() for name, _, text in pairs})
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--select") from error


@app.command()
def capture(
    target: Target,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")],
    url: Origin = "",
    timezone: Zone = "",
) -> None:
    """Keep a page and what was read of it in a folder: to report it, or to test with it."""
    from keywire.clock import clock  # noqa: PLC0415
    from keywire.commands.capture import capture as keep  # noqa: PLC0415 - see the module's docstring
    from keywire.commands.oneshot import fetch_page  # noqa: PLC0415

    why = keep(asyncio.run(fetch_page(target, url, timezone, clock)), out)
    typer.echo(f"Kept in {out}: the page, meta.json" + ("" if why else ", and expected.json"))
    if why:
        typer.echo(f"It cannot be read: {why}")


@app.command()
def opml(config: ConfigPath = CONFIG) -> None:
    """Print the feeds of all topics as OPML, for readers that take many at once."""
    from feeds.site.opml import render_opml  # noqa: PLC0415 - see the module's docstring
    from feeds.site.options import SiteOptions  # noqa: PLC0415

    loaded = load_config(config)
    url = loaded.site.url or f"http://{loaded.site.listen}"
    topics = {topic.name: topic.title for topic in loaded.topics}
    sys.stdout.buffer.write(render_opml(topics, SiteOptions(loaded.site.title, url)))


@app.command()
def demo() -> None:
    """Watch a built-in live blog grow, and what its feed makes of it, within a minute."""
    from keywire.demo.show import show  # noqa: PLC0415 - see the module's docstring

    asyncio.run(show())


@app.command()
def replay(
    what: Annotated[
        list[str], typer.Argument(metavar="BLOG|FILE…", help="A kept blog, or its saved pages.")
    ],
    config: ConfigPath = CONFIG,
    url: Origin = "",
    timezone: Zone = "",
    *,
    speed: Annotated[float, typer.Option("--speed", min=0.01, help="How many times as fast.")] = 1,
    gap: Annotated[str, typer.Option("--gap", help="The longest silence that is kept.")] = "1h",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 0,
    store: Annotated[str, typer.Option("--store", help="Where to; else one for this time.")] = "",
    shift: Annotated[bool, typer.Option("--shift", help="Move all its times to now.")] = False,
    alerts: Annotated[bool, typer.Option("--alerts", help="Send the alerts that fire.")] = False,
    end: Annotated[bool, typer.Option("--end", help="End with the story.")] = False,
) -> None:
    """Play a past blog as if it were live, at any speed, on a port of its own."""
    from dataclasses import replace  # noqa: PLC0415 - see the module's docstring

    from keywire.process.logs import set_up  # noqa: PLC0415
    from keywire.process.loop import run as follow  # noqa: PLC0415
    from keywire.replay import show  # noqa: PLC0415
    from keywire.sections.units import read_duration  # noqa: PLC0415

    try:
        longest = read_duration(gap)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--gap") from None
    set_up(LogFormat.TEXT)
    files = [Path(one) for one in what if "://" not in one and Path(one).is_file()]
    if files and len(files) < len(what):
        missing = next(one for one in what if not Path(one).is_file())
        raise show.ReplayError(f"{missing}: there is no such file")
    if not files and len(what) > 1:
        raise show.ReplayError("one blog at a time; saved pages of it can be several")
    loaded = load_config(config) if alerts or not files else None
    story = (
        show.read_files(files, url, timezone)
        if loaded is None or files
        else show.read_blog(loaded, what[0])
    )
    if loaded is not None and not alerts:
        loaded = replace(loaded, alerts=())
    wanted = show.Wanted(speed, longest, shift=shift, port=port, store=store, stay=not end)
    follow(show.replay(story, wanted, loaded))


@app.command()
def init(config: ConfigPath = CONFIG) -> None:
    """Write a commented configuration to begin with."""
    from keywire.commands.init import write  # noqa: PLC0415 - see the module's docstring

    write(config)
    typer.echo(
        f"Wrote {config}. Name what you follow in it, or: keywire add URL. Then: keywire run"
    )


@app.command()
def add(
    url: Annotated[
        str, typer.Argument(help="A live blog, a series, tag or section page, an RSS of one.")
    ],
    topic: Annotated[str, typer.Option("--topic", help="The topic that is to follow it.")] = "",
    config: ConfigPath = CONFIG,
    timezone: Zone = "",
    *,
    series: Annotated[
        bool | None,
        typer.Option("--series/--this-blog", help="For a day's blog: follow its series, or not."),
    ] = None,
    article: Annotated[
        bool, typer.Option("--article", help="Follow an ordinary article too, as one entry.")
    ] = False,
) -> None:
    """Recognise an address, write it into the configuration, and show its newest entries."""
    from keywire.clock import clock  # noqa: PLC0415 - see the module's docstring
    from keywire.commands.dialogue import Wish, is_asked  # noqa: PLC0415
    from keywire.commands.dialogue import add as follow  # noqa: PLC0415
    from keywire.commands.oneshot import see  # noqa: PLC0415

    fetch = load_config(config).fetch if config.exists() else None

    async def look(target: str) -> "Snapshot":
        return await see(target, "", timezone, clock, fetch=fetch)

    ask = partial(typer.confirm, default=True) if is_asked() else None
    asyncio.run(follow(Wish(url, topic, series, article, timezone), config, look, ask))


@app.command()
def check(config: ConfigPath = CONFIG) -> None:
    """Find every mistake of a configuration, with its line and the mend."""
    from keywire.config import load  # noqa: PLC0415 - see the module's docstring
    from keywire.sections.problems import ConfigError  # noqa: PLC0415 - see the module's docstring
    from keywire.terminal import list_problems  # noqa: PLC0415

    try:
        loaded = load(config)
    except ConfigError as error:
        list_problems(error.problems)
        raise typer.Exit(1) from None
    typer.echo(
        f"{config} is good: {len(loaded.topics)} topics follow {len(loaded.sources)} sources."
    )


@app.command()
def sources(config: ConfigPath = CONFIG) -> None:
    """Show the state of every source."""
    from keywire.commands.table import show_sources  # noqa: PLC0415 - see the module's docstring

    show_sources(load_config(config))


@app.command()
def confirm(
    blog: Annotated[str, typer.Argument(help="Its address, or that of a source, or its name.")],
    config: ConfigPath = CONFIG,
) -> None:
    """Let a held blog's missing entries be retracted: a person has looked, and they are gone."""
    from store import sources, timeline  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        for url in sources.held_blogs(connection, loaded.address(blog)) or [blog]:
            timeline.confirm(connection, url)
            sources.hasten(connection, url)
    typer.echo(f"Confirmed: the next poll of {blog} may retract what has gone from its page.")


@app.command()
def backfill(
    target: Annotated[
        str, typer.Argument(metavar="[BLOG|TOPIC]", help="What to read; else all that is followed.")
    ] = "",
    config: ConfigPath = CONFIG,
) -> None:
    """Read older pages back to each blog's first entry, and say which hours are missing.

    keywire run does so by itself; this does it now, and tries again what could not be had.
    """
    from keywire.commands.backfill import read_back  # noqa: PLC0415
    from keywire.commands.bar import bar  # noqa: PLC0415 - see the module's docstring

    with bar() as show:
        told = asyncio.run(read_back(load_config(config), target, show))
    for title, history, entries, _ in told:
        typer.echo(f"{title}: {history} ({entries:,} {'entry' if entries == 1 else 'entries'})")
    missing = [title for title, _, _, whole in told if not whole]
    if missing:
        complain(f"{len(missing)} of {len(told)} histories cannot be read whole now")
        raise typer.Exit(1)


@app.command()
def pause(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Poll a source no more, until it is resumed; its entries and feeds stay."""
    from store import sources  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        sources.pause(connection, loaded.address(source))
    typer.echo(f"Paused: {source} is not polled until keywire resume {source}.")


@app.command()
def resume(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Poll a source again at once: one that was paused, is gone, or waits after failures."""
    from store import sources  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        sources.resume(connection, loaded.address(source))
    typer.echo(f"Resumed: {source} is polled as soon as keywire runs.")


@app.command()
def doctor(config: ConfigPath = CONFIG) -> None:
    """Examine configuration, store, site and installation, and say what must be mended."""
    from keywire.clock import clock  # noqa: PLC0415 - see the module's docstring
    from keywire.commands.doctor import examine  # noqa: PLC0415

    if not asyncio.run(examine(config, clock(), tell=lambda finding: typer.echo(str(finding)))):
        raise typer.Exit(1)


push_cli.add_to(app)
archive_cli.add_to(app)
entry_cli.add_to(app)
backup_cli.add_to(app)
