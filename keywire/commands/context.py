"""What commands open: the configuration, and its store for reading or writing."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from keywire.config import Config
    from store.database import Database

CONFIG = Path("config.yaml")
ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.")]


def load_config(path: Path) -> "Config":
    """Read the configuration; its secrets are kept out of the log and messages from now on."""
    from keywire.config import load
    from keywire.process.logs import hide

    loaded = load(path)
    hide(loaded.secrets)
    return loaded


@contextmanager
def opened(config: "Config", *, create: bool = False) -> "Iterator[Database]":
    """Open the configured store; it must exist unless `create`."""
    from store.database import open_database

    database = open_database(config.store, create=create)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def reading(config: "Config") -> "Iterator[Connection]":
    """Open the configured store, which must exist, for one consistent read."""
    with opened(config) as database, database.read() as connection:
        yield connection


@contextmanager
def writing(config: "Config") -> "Iterator[Connection]":
    """Open the configured store, which must exist, for one transaction."""
    with opened(config) as database, database.write() as connection:
        yield connection
