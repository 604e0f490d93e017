"""The commands about what is followed."""

import asyncio
from typing import Annotated

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config, writing
from keywire.process.logs import complain

SourceName = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="The source's address, or its name in the configuration."
    ),
]


def sources(config: ConfigPath = CONFIG) -> None:
    """Show the state of every source."""
    from keywire.commands.table import show_sources

    show_sources(load_config(config))


def confirm(
    blog: Annotated[
        str, typer.Argument(help="The address of the blog or of its source, or the source's name.")
    ],
    config: ConfigPath = CONFIG,
) -> None:
    """Accept that a held blog's missing entries are gone.

    The next poll retracts them.
    """
    from store import by_hand

    loaded = load_config(config)
    with writing(loaded) as connection:
        for url in by_hand.held_blogs(connection, loaded.address(blog)) or [blog]:
            by_hand.confirm(connection, url)
            by_hand.hasten(connection, url)
    typer.echo(f"Confirmed: the next poll of {blog} may retract what has gone from its page.")


def pause(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Stop polling a source until it is resumed; its entries stay."""
    from store import by_hand

    loaded = load_config(config)
    with writing(loaded) as connection:
        by_hand.pause(connection, loaded.address(source))
    typer.echo(f"Paused: {source} is not polled until keywire resume {source}.")


def resume(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Poll a source again at once.

    One that is paused, gone, or waiting after failures.
    """
    from store import by_hand

    loaded = load_config(config)
    with writing(loaded) as connection:
        by_hand.resume(connection, loaded.address(source))
    typer.echo(f"Resumed: {source} is polled as soon as keywire runs.")


def backfill(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[BLOG|TOPIC]", help="What to read; without it, all that is followed."
        ),
    ] = "",
    config: ConfigPath = CONFIG,
) -> None:
    """Read older pages back to each blog's first entry, now.

    keywire run does so by itself, between polls. This also tries again what could not be read, and
    says which hours are missing.
    """
    from keywire.commands.backfill import read_back
    from keywire.commands.walk_progress import bar
    from keywire.terminal import console, count

    with bar(console()) as show:
        told = asyncio.run(read_back(load_config(config), target, show))
    for title, history, entries, _ in told:
        typer.echo(f"{title}: {history} ({count(entries, 'entry', 'entries')})")
    if not told:
        typer.echo("No blog is followed yet, or its source is paused; keywire sources lists them.")
    missing = [title for title, _, _, whole in told if not whole]
    if missing:
        complain(f"{len(missing)} of {len(told)} histories cannot be read whole now")
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(sources)
    app.command()(confirm)
    app.command()(pause)
    app.command()(resume)
    app.command()(backfill)
