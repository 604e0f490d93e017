"""Migrating an older store to the current schema, after a backup; the only user of Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from store.schema import VERSION
from store.upkeep.backup import copy_file, replacing, telling

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = 0x6B657977697265  # "keywire", an advisory lock: one process migrates a server's store


def migrate(engine: Engine, path: Path | None, version: str, *, keep_older: bool = True) -> None:
    """Migrate the schema from `version` to this keywire's, in one transaction.

    An SQLite file is first copied beside itself as `<name>.before-<version>`, unless `keep_older`
    is False. A migration that fails or is killed leaves the store as it was. If another process
    has migrated it meanwhile, nothing is done.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if path is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _version(connection) == VERSION:
            return
        if path is not None and keep_older:
            older = path.with_name(f"{path.name}.before-{version}")
            with telling(engine.url, older), replacing(older) as copy:
                copy_file(path, copy)  # no one can write meanwhile: this transaction has the lock
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, VERSION)


def _version(connection: Connection) -> str | None:
    kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if kept is None else str(kept)
