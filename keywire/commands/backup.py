"""The commands that keep a store safe. Each imports what it needs when it runs."""

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
    """Copy the store into one file while keywire runs, and check it."""
    from keywire.commands.progress import counted  # noqa: PLC0415 - see the module's docstring
    from store.upkeep.backup import back_up  # noqa: PLC0415

    with counted("backing up") as watch:
        made = back_up(load_config(config).store, file, force=force, watch=watch)
    typer.echo(f"Backed up to {file}, checked whole: {_contents(made.facts)}, {_size(made.size)}.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What keywire backup wrote.")],
    config: ConfigPath = CONFIG,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the store that is there; a file is kept.")
    ] = False,
) -> None:
    """Put a backup in the store's place, while no keywire runs.

    Programs that follow the log by a cursor are told to begin anew: its epoch is a new one.
    """
    from keywire.commands.progress import counted  # noqa: PLC0415 - see the module's docstring
    from store.upkeep.restore import restore as put_back  # noqa: PLC0415

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
    """Add these commands to the program's."""
    app.command()(backup)
    app.command()(restore)
