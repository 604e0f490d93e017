"""The commands that export a topic and import history."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config, opened
from keywire.process.logs import complain

if TYPE_CHECKING:
    from keywire.captures.files import CaptureOptions
    from keywire.commands.exporting import Asked


class ExportFormat(StrEnum):
    """The formats that `keywire export` writes."""

    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    TIMELINEJS = "timelinejs"
    ICS = "ics"
    PARQUET = "parquet"
    WARC = "warc"


def export(  # noqa: PLR0917 - a command's options are named where they are given
    topic: Annotated[str, typer.Argument(help="The topic's name.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="The format to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to create.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day, included.")] = "",
    zone: Annotated[
        str, typer.Option("--tz", metavar="ZONE", help="The time zone of the days.")
    ] = "UTC",
    as_of: Annotated[
        str,
        typer.Option("--as-of", metavar="INSTANT", help="The topic as it stood at this moment."),
    ] = "",
    config: ConfigPath = CONFIG,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Write into a folder that holds an export already.")
    ] = False,
) -> None:
    """Export a topic to a folder, with all its revisions."""
    from feeds.export.formats import FORMATS
    from keywire.commands.exporting import export as write
    from keywire.commands.progress import counted
    from keywire.terminal import count

    asked = _asked(topic, first, last, zone, as_of)
    if form is ExportFormat.WARC:
        _export_pages(asked, out, config, force=force)
        return
    with opened(load_config(config)) as database, counted(f"exporting {topic}") as show:
        tally = write(database, asked, FORMATS[form.value], out, show, force=force)
    entries = count(tally.entries, "entry", "entries")
    typer.echo(f"Wrote {entries} with {count(tally.revisions, 'revision')} to {out}")


def _export_pages(asked: "Asked", out: Path, config: Path, *, force: bool) -> None:
    from keywire.commands.exporting_pages import export_pages
    from keywire.commands.progress import counted
    from keywire.terminal import count

    with opened(load_config(config)) as database, counted(f"exporting {asked.topic}") as show:
        tally = export_pages(database, asked, out, show, force=force)
    bodies = count(tally.bodies, "distinct body", "distinct bodies")
    typer.echo(f"Wrote {count(tally.pages, 'page')} with {bodies} to {out}")


def _asked(topic: str, first: str, last: str, zone: str, as_of: str) -> "Asked":
    from keywire.commands import exporting

    try:
        where = exporting.read_zone(zone)
        asked = exporting.Asked(
            topic=topic,
            zone=where,
            first=exporting.read_day(first) if first else None,
            last=exporting.read_day(last) if last else None,
            as_of=exporting.read_moment(as_of, where) if as_of else None,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if asked.first and asked.last and asked.last < asked.first:
        raise typer.BadParameter("--to is before --from")
    return asked


def take_in(  # noqa: PLR0917 - as above
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|URL…", help="Exports, saved pages, folders of them, WARCs, lists."
        ),
    ],
    topic: Annotated[str, typer.Option("--topic", help="The topic that will hold the entries.")],
    config: ConfigPath = CONFIG,
    url: Annotated[
        str, typer.Option("--url", help="The address that a saved page came from.")
    ] = "",
    captured: Annotated[
        str, typer.Option("--captured", metavar="INSTANT", help="When a page was saved.")
    ] = "",
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="The publisher's zone.")
    ] = "",
) -> None:
    """Import exports, and saved pages as history.

    Captures of one page become revisions, in the order of their times. It alerts nobody.
    """
    from keywire.commands.importing import Bringing

    loaded = load_config(config)
    options = _capture_options(url, captured, timezone)
    with opened(loaded, create=True) as database:
        bringing = Bringing(database, loaded, topic, options, typer.echo, complain)
        failed = bringing.bring_in(targets)
    if failed:
        raise typer.Exit(1)


def _capture_options(url: str, captured: str, timezone: str) -> "CaptureOptions":
    from keywire.captures.files import CaptureOptions
    from keywire.commands.exporting import read_moment, read_zone

    try:
        zone = read_zone(timezone or "UTC")
        return CaptureOptions(url, read_moment(captured, zone) if captured else None, timezone)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(export)
    app.command(name="import")(take_in)
