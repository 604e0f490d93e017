"""The commands that make a configuration and check it."""

import asyncio
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands.arguments import Zone
from keywire.commands.context import CONFIG, ConfigPath, load_config

if TYPE_CHECKING:
    from store.sighting import Snapshot


def init(config: ConfigPath = CONFIG) -> None:
    """Write a commented config.yaml to start from."""
    from keywire.commands.init import write

    write(config)
    typer.echo(
        f"Wrote {config}. Name what you follow in it, or: keywire add URL. Then: keywire run"
    )


def add(
    url: Annotated[
        str,
        typer.Argument(help="A live blog, a series, tag or section page, or an RSS or Atom feed."),
    ],
    topic: Annotated[str, typer.Option("--topic", help="The topic that will follow it.")] = "",
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
    """Recognise an address and add it to the configuration.

    Its newest entries are shown.
    """
    from keywire.clock import clock
    from keywire.commands.dialogue import Wish, is_asked
    from keywire.commands.dialogue import add as follow
    from keywire.commands.oneshot import read_to_follow, see

    fetch = load_config(config).fetch if config.exists() else None

    async def look(target: str) -> "Snapshot":
        return await see(target, "", timezone, clock, fetch=fetch, read_page=read_to_follow)

    ask = partial(typer.confirm, default=True) if is_asked() else None
    asyncio.run(follow(Wish(url, topic, series, article, timezone), config, look, ask))


def check(config: ConfigPath = CONFIG) -> None:
    """List every mistake in a configuration and how to correct it."""
    from keywire.config import load
    from keywire.sections.problems import ConfigError
    from keywire.terminal import count, list_problems

    try:
        loaded = load(config)
    except ConfigError as error:
        list_problems(error.problems)
        raise typer.Exit(1) from None
    topics, sources = count(len(loaded.topics), "topic"), count(len(loaded.sources), "source")
    typer.echo(f"{config} is good: {topics}, {sources}.")


def opml(config: ConfigPath = CONFIG) -> None:
    """Print all feeds as OPML, for import into a feed reader."""
    from feeds.site.opml import render_opml
    from feeds.site.options import SiteOptions

    loaded = load_config(config)
    url = loaded.site.url or f"http://{loaded.site.listen}"
    topics = {topic.name: topic.title for topic in loaded.topics}
    sys.stdout.buffer.write(render_opml(topics, SiteOptions(loaded.site.title, url)))


def doctor(
    config: ConfigPath = CONFIG,
    *,
    as_it_is: Annotated[
        bool,
        typer.Option(
            "--as-it-is",
            help="Continue with the store's file although the -wal of a killed run is missing.",
        ),
    ] = False,
) -> None:
    """Examine configuration, store and site, and say what to repair."""
    if as_it_is:
        from keywire.commands.doctor.lost_wal import go_on

        typer.echo(str(go_on(load_config(config))))
    from keywire.clock import clock
    from keywire.commands.doctor.examination import examine
    from keywire.terminal import console, print_plain

    out = console()
    if not asyncio.run(examine(config, clock(), tell=lambda one: print_plain(out, str(one)))):
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(init)
    app.command()(add)
    app.command()(check)
    app.command()(opml)
    app.command()(doctor)
