"""The commands about one entry: show, compare, forget."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config, reading

if TYPE_CHECKING:
    from store.archive.entry_history import Life


class Printed(StrEnum):
    """How these commands print."""

    TEXT = "text"
    JSON = "json"


EntryName = Annotated[
    str, typer.Argument(metavar="ENTRY", help="The entry's number, tag: id, or address.")
]
Printing = Annotated[Printed, typer.Option("--format", help="The format to print.")]


def show(entry: EntryName, config: ConfigPath = CONFIG, form: Printing = Printed.TEXT) -> None:
    """Show an entry, its revisions, and where they were seen."""
    from feeds.entry_text import write_life
    from feeds.site.entries import tell_life

    life = _read(entry, config)
    _print(tell_life(life) if form is Printed.JSON else write_life(life))


def diff(
    entry: EntryName,
    old: Annotated[int | None, typer.Argument(metavar="A", help="From this revision.")] = None,
    new: Annotated[int | None, typer.Argument(metavar="B", help="To this one.")] = None,
    config: ConfigPath = CONFIG,
    form: Printing = Printed.TEXT,
) -> None:
    """Compare two revisions of an entry word by word.

    A and B, or the last one and that before.
    """
    from feeds.comparison import tell_comparison, write_comparison
    from feeds.entry_states import compare_revisions
    from store.errors import UnknownError

    life = _read(entry, config)
    last = life.stored.revision
    newer = last if new is None else new
    found = compare_revisions(life, max(newer - 1, 1) if old is None else old, newer)
    if found is None:
        kept = "revision 1 alone" if last == 1 else f"the revisions 1 to {last}"
        raise UnknownError(f"entry {life.stored.number} has {kept}")
    _print(tell_comparison(found) if form is Printed.JSON else write_comparison(found))


def forget(
    entry: EntryName,
    reason: Annotated[str, typer.Option("--reason", help="Why; shown in the entry's place.")],
    config: ConfigPath = CONFIG,
) -> None:
    """Take an entry down: erase all that it ever said.

    A retraction with the reason is left. It cannot be undone, and the entry does not come back
    though its publisher still shows it.
    """
    from keywire.clock import clock
    from keywire.commands.forgetting import take_down

    if not reason.strip():
        raise typer.BadParameter("say why: it is shown in the entry's place", param_hint="--reason")
    for told in take_down(load_config(config), entry, reason.strip(), clock()):
        typer.echo(told)


def _read(entry: str, config: "ConfigPath") -> "Life":
    from store.archive.entry_history import find_entry, whole_life

    with reading(load_config(config)) as connection:
        return whole_life(connection, find_entry(connection, entry))


def _print(told: object) -> None:
    if isinstance(told, str):
        typer.echo(told)
        return
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(told), indent=2))


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(show)
    app.command()(diff)
    app.command()(forget)
