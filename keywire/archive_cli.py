"""The commands that take a topic away and bring one in. Each imports what it needs when it runs."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.logs import complain
from keywire.opened import CONFIG, ConfigPath, load_config, opened

if TYPE_CHECKING:
    from keywire.exporting import Asked


class ExportFormat(StrEnum):
    """What `keywire export` writes."""

    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    TIMELINEJS = "timelinejs"
    ICS = "ics"
    PARQUET = "parquet"


def export(  # noqa: PLR0917 - a command's options are named where they are given
    topic: Annotated[str, typer.Argument(help="The topic's name.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day, included.")] = "",
    zone: Annotated[str, typer.Option("--tz", metavar="ZONE", help="Whose days.")] = "UTC",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="INSTANT", help="As it stood at this moment.")
    ] = "",
    config: ConfigPath = CONFIG,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Into a folder that holds an export already.")
    ] = False,
) -> None:
    """Write all entries of a topic, with their revisions and where they came from, to a folder."""
    from feeds.export.formats import FORMATS  # noqa: PLC0415 - see the module's docstring
    from keywire.bar import counted  # noqa: PLC0415
    from keywire.exporting import export as write  # noqa: PLC0415

    asked = _asked(topic, first, last, zone, as_of)
    with opened(load_config(config)) as database, counted(f"exporting {topic}") as show:
        tally = write(database, asked, FORMATS[form.value], out, show, force=force)
    entries = "1 entry" if tally.entries == 1 else f"{tally.entries:,} entries"
    typer.echo(f"Wrote {entries} with {tally.revisions:,} revisions to {out}")


def _asked(topic: str, first: str, last: str, zone: str, as_of: str) -> "Asked":
    from keywire import exporting  # noqa: PLC0415 - see the module's docstring

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


def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Exports: FILE.jsonl")],
    topic: Annotated[str, typer.Option("--topic", help="The topic that is to hold them.")],
    config: ConfigPath = CONFIG,
) -> None:
    """Bring in what was kept elsewhere: entries with all that they said, as history."""
    from keywire.bar import counted  # noqa: PLC0415 - see the module's docstring
    from keywire.clock import clock  # noqa: PLC0415
    from keywire.importing import Importer, ImportingError  # noqa: PLC0415

    loaded = load_config(config)
    failed = 0
    with opened(loaded, create=True) as database:
        importer = Importer(database, loaded, topic, clock)
        for file in files:
            try:
                with counted(f"importing {file.name}") as show:
                    taken = importer.take(file, show)
            except ImportingError as error:
                complain(str(error))
                failed += 1
            else:
                typer.echo(f"{file}: {taken}")
    if failed:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add these commands to keywire's."""
    app.command()(export)
    app.command(name="import")(take_in)
