"""The commands that read one page, without a configuration or a store."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands.arguments import Origin, Target, Zone

if TYPE_CHECKING:
    from scraper.selectors import Selectors
    from store.sighting import Snapshot


Selects = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="NAME=SELECTOR",
        help="Try a source's selectors:, as block=CSS; also time, title, body and id.",
    ),
]


class FeedFormat(StrEnum):
    """The formats that `keywire feed` prints."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"
    JSONL = "jsonl"


class TableFormat(StrEnum):
    """How `keywire preview` prints."""

    TABLE = "table"
    JSON = "json"


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
    """Print one live blog as a feed; needs no configuration."""
    from keywire.clock import clock
    from keywire.commands.oneshot import FORMATS, make_feed

    made = make_feed(_see(target, url, timezone), clock(), key_events=key_events)
    sys.stdout.buffer.write(FORMATS[form.value](made))


def preview(
    target: Target,
    url: Origin = "",
    timezone: Zone = "",
    form: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TABLE,
    select: Selects = None,
) -> None:
    """Show how keywire reads a page, and why."""
    from keywire.commands.preview import preview as look

    if form is TableFormat.JSON:
        import json

        snapshot = _see(target, url, timezone, select)
        typer.echo(json.dumps(look(snapshot), ensure_ascii=False, indent=1))
    else:
        from keywire.clock import clock
        from keywire.commands.oneshot import explain
        from keywire.commands.table import show

        show(*asyncio.run(explain(target, url, timezone, clock, _selectors(select))))


def capture(
    target: Target,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to create.")],
    url: Origin = "",
    timezone: Zone = "",
) -> None:
    """Save a page, and what was read of it, in a folder.

    It is what to report a misread page with, or to test with.
    """
    from keywire.clock import clock
    from keywire.commands.capture import capture as keep
    from keywire.commands.oneshot import fetch_page

    why = keep(asyncio.run(fetch_page(target, url, timezone, clock)), out)
    typer.echo(f"Kept in {out}: the page, meta.json" + ("" if why else ", and expected.json"))
    if why:
        typer.echo(f"It cannot be read: {why}")


def _see(target: str, url: str, timezone: str, select: list[str] | None = None) -> "Snapshot":
    from keywire.clock import clock
    from keywire.commands.oneshot import see

    return asyncio.run(see(target, url, timezone, clock, _selectors(select)))


def _selectors(select: list[str] | None) -> "Selectors | None":
    from scraper.selectors import selectors_of

    if not select:
        return None
    try:
        pairs = (each.partition("=") for each in select)
        return selectors_of({name.strip(): text.strip() for name, _, text in pairs})
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--select") from error


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(feed)
    app.command()(preview)
    app.command()(capture)
