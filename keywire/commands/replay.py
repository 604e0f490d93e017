"""The commands that play a live blog: a built-in one, or one of the past."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from keywire.commands.arguments import Origin, Zone
from keywire.commands.context import CONFIG, ConfigPath, load_config
from keywire.process.logs import LogFormat


def demo() -> None:
    """Watch a built-in live blog grow into a feed, within a minute."""
    from keywire.demo.show import show  # noqa: PLC0415 - see the module's docstring

    asyncio.run(show())


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
    """Play a past blog as if it were live, at any speed."""
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


def add_to(app: typer.Typer) -> None:
    """Add these commands to keywire's."""
    app.command()(demo)
    app.command()(replay)
