"""When keywire was last alive and able to write to its store."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from store.column_types import microseconds
from store.schema import store_facts

_NAME = "alive_at"


def beat(connection: Connection, now: datetime) -> None:
    """Write that keywire is alive at `now` (UTC); the write itself proves that the store works."""
    value = str(microseconds(now))
    changed = connection.execute(
        update(store_facts).where(store_facts.c.name == _NAME).values(value=value)
    )
    if changed.rowcount == 0:
        connection.execute(insert(store_facts).values(name=_NAME, value=value))
