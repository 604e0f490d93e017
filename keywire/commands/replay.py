"""The commands that play a live blog: a built-in one, or one of the past."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from keywire.commands.arguments import Origin, Zone
from keywire.commands.context import CONFIG, ConfigPath, load_config
from keywire.process.logs import LogFormat


def demo() -> None:
    """Follow a built-in live blog for a minute, offline."""
    from keywire.demo.show import show

    asyncio.run(show())


def replay(
    what: Annotated[
        list[str],
        typer.Argument(metavar="BLOG|FILE…", help="A blog in the store, or saved pages of one."),
    ],
    config: ConfigPath = CONFIG,
    url: Origin = "",
    timezone: Zone = "",
    *,
    speed: Annotated[
        float, typer.Option("--speed", min=0.01, help="How many times as fast as it was.")
    ] = 1,
    gap: Annotated[str, typer.Option("--gap", help="Silences are cut to this.")] = "1h",
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="The port to serve on; 0 is any free one."),
    ] = 0,
    store: Annotated[
        str, typer.Option("--store", help="The store to fill; without it, a temporary one.")
    ] = "",
    shift: Annotated[bool, typer.Option("--shift", help="Move its times to now.")] = False,
    alerts: Annotated[bool, typer.Option("--alerts", help="Send the alerts that fire.")] = False,
    end: Annotated[bool, typer.Option("--end", help="Exit at the end of the blog.")] = False,
) -> None:
    """Play a past blog as if it were live, at any speed."""
    from dataclasses import replace

    from keywire.process.logs import set_up
    from keywire.process.loop import run as follow
    from keywire.replay import show
    from keywire.sections.units import read_duration

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


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(demo)
    app.command()(replay)
