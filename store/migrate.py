"""An older store brought up to date, after a backup: the only place that loads Alembic."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from store.schema import VERSION

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, path: Path | None, version: str) -> None:
    """Bring the schema from `version` to this keywire's, in one transaction.

    An SQLite file is first copied beside itself as `<name>.before-<version>`; a migration that
    fails leaves the store as it was.
    """
    if path is not None:
        _back_up(path, path.with_name(f"{path.name}.before-{version}"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, VERSION)


def _back_up(path: Path, copy: Path) -> None:
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
