"""Stores as an older keywire made them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, event, insert

import store.upkeep.migrate
from store.schema import metadata


def make_store(address, schema):
    """Make a store with that schema, with three rows in most tables."""
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(store.upkeep.migrate.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
    with engine.begin() as connection:
        made = MetaData()
        made.reflect(connection)
        for table in made.sorted_tables:
            if table.name in metadata.tables and table.name not in {"log_head", "store_facts"}:
                connection.execute(insert(table), [row(table, n) for n in (1, 2, 3)])
        connection.execute(insert(made.tables["log_head"]).values(id=1, seq=3))
        facts = made.tables["store_facts"]
        connection.execute(insert(facts).values(name="epoch", value="of an older store"))
    engine.dispose()


def row(table, n):
    """Return a value for every column that needs one; keys and references are numbered `n`."""
    return {column.name: value(column, n) for column in table.c if not column.nullable}


def value(column, n):
    keyed = column.primary_key or column.unique or column.foreign_keys or column.name == "guid"
    kind = column.type.python_type
    if kind is str:
        return f"k{n}" if keyed or column.name in {"url", "block_id"} else "[]"
    return kind(n if keyed else 0)
