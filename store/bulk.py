"""Writing many rows by one statement, compiled once, with values converted column by column.

SQLAlchemy's own way makes two dicts of each row and looks up a type for each value: for an entry
that takes longer than the database takes to write it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import is_
from typing import Any

from sqlalchemy import Boolean, Connection, Delete, Dialect, Insert, Update
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement compiled for one kind of database.

    `takes` has, for each parameter in order, the index of its column and how to convert its values.
    """

    text: str
    takes: tuple[tuple[int, Callable[[Any], Any] | None], ...]

    def parameters(self, rows: Sequence[Row]) -> list[Row]:
        columns = tuple(zip(*rows, strict=True))
        taken = (_turned(turn, columns[at]) if turn else columns[at] for at, turn in self.takes)
        return list(zip(*taken, strict=True))


def _turned(turn: Callable[[Any], Any], column: Row) -> Iterable[Any]:
    """Convert a column's values; one object in every row (time, provenance) is converted once."""
    first = column[0]
    if column[-1] is first and all(map(is_, column, repeat(first))):
        return repeat(turn(first), len(column))
    return map(turn, column)


def _turn_for(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the function that converts values of a type, None if the driver takes them as is."""
    if isinstance(kind, Boolean):
        return None
    return kind.dialect_impl(dialect).bind_processor(dialect)


class Batch:
    """A statement to be run for many rows, tuples with the values of `names` in that order."""

    __slots__ = ("_compiled", "_names", "_statement")

    def __init__(self, statement: Insert | Update | Delete, names: Iterable[str]) -> None:
        self._statement, self._names = statement, tuple(names)
        self._compiled: dict[str, _Compiled] = {}

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run the statement for every row; do nothing if there are no rows."""
        if not rows:
            return
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        connection.exec_driver_sql(compiled.text, compiled.parameters(rows))

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = self._statement.compile(dialect=dialect, column_keys=[*self._names])
        order = statement.positiontup
        if order is None:
            raise TypeError(f"{dialect.name} takes no parameters by position")
        turns = {
            name: _turn_for(parameter.type, dialect) for name, parameter in statement.binds.items()
        }
        return _Compiled(
            text=str(statement),
            takes=tuple((self._names.index(name), turns[name]) for name in order),
        )
