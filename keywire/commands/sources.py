"""The commands about what is followed."""

import asyncio
from typing import Annotated

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config, writing
from keywire.process.logs import complain

SourceName = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its address, or its name in the configuration.")
]


def sources(config: ConfigPath = CONFIG) -> None:
    """Show the state of every source."""
    from keywire.commands.table import show_sources  # noqa: PLC0415 - see the module's docstring

    show_sources(load_config(config))


def confirm(
    blog: Annotated[str, typer.Argument(help="Its address, or that of a source, or its name.")],
    config: ConfigPath = CONFIG,
) -> None:
    """Let a held blog's missing entries be retracted.

    A person has looked, and they are gone.
    """
    from store import by_hand  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        for url in by_hand.held_blogs(connection, loaded.address(blog)) or [blog]:
            by_hand.confirm(connection, url)
            by_hand.hasten(connection, url)
    typer.echo(f"Confirmed: the next poll of {blog} may retract what has gone from its page.")


def pause(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Poll a source no more until it is resumed. All it gave stays."""
    from store import by_hand  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        by_hand.pause(connection, loaded.address(source))
    typer.echo(f"Paused: {source} is not polled until keywire resume {source}.")


def resume(source: SourceName, config: ConfigPath = CONFIG) -> None:
    """Poll a source again, at once.

    One that was paused, is gone, or waits after failures.
    """
    from store import by_hand  # noqa: PLC0415 - see the module's docstring

    loaded = load_config(config)
    with writing(loaded) as connection:
        by_hand.resume(connection, loaded.address(source))
    typer.echo(f"Resumed: {source} is polled as soon as keywire runs.")


def backfill(
    target: Annotated[
        str, typer.Argument(metavar="[BLOG|TOPIC]", help="What to read; else all that is followed.")
    ] = "",
    config: ConfigPath = CONFIG,
) -> None:
    """Read older pages back to each blog's first entry.

    It says which hours are missing.

    keywire run does so by itself; this does it now, and tries again what could not be had.
    """
    from keywire.commands.backfill import read_back  # noqa: PLC0415
    from keywire.commands.progress import bar  # noqa: PLC0415 - see the module's docstring

    with bar() as show:
        told = asyncio.run(read_back(load_config(config), target, show))
    for title, history, entries, _ in told:
        typer.echo(f"{title}: {history} ({entries:,} {'entry' if entries == 1 else 'entries'})")
    missing = [title for title, _, _, whole in told if not whole]
    if missing:
        complain(f"{len(missing)} of {len(told)} histories cannot be read whole now")
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add these commands to keywire's."""
    app.command()(sources)
    app.command()(confirm)
    app.command()(pause)
    app.command()(resume)
    app.command()(backfill)
