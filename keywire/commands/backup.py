"""The commands that back up a store and restore one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keywire.commands.context import CONFIG, ConfigPath, load_config

if TYPE_CHECKING:
    from store.upkeep.facts import Facts

_ONE = {"sources": "source", "blogs": "blog", "entries": "entry", "changes": "change"}


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    config: ConfigPath = CONFIG,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:
    """Copy the store into one file while keywire runs.

    The copy is checked before it gets its name.
    """
    from keywire.commands.progress import counted
    from store.upkeep.backup import back_up

    with counted("backing up") as watch:
        made = back_up(load_config(config).store, file, force=force, watch=watch)
    typer.echo(f"Backed up to {file}, checked whole: {_contents(made.facts)}, {_size(made.size)}.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that keywire backup wrote.")],
    config: ConfigPath = CONFIG,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing store; an SQLite file is kept.")
    ] = False,
) -> None:
    """Put a backup in the store's place, while no keywire runs.

    Programs that follow the log by a cursor are told to begin anew: its epoch is a new one.
    """
    from keywire.commands.progress import counted
    from store.upkeep.restore import restore as put_back

    with counted("restoring") as watch:
        facts = put_back(file, load_config(config).store, force=force, watch=watch)
    typer.echo(f"Restored {file}: {_contents(facts)}. keywire run goes on from there.")


def _contents(facts: "Facts") -> str:
    counts = (
        f"{many:,} {_ONE[name] if many == 1 else name}" for name, many in facts.counts.items()
    )
    return ", ".join(counts) or f"a store of schema {facts.schema}"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def add_to(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(backup)
    app.command()(restore)
