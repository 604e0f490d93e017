"""Many numbers as one parameter, so that a statement's text is the same for any count of them.

SQLAlchemy's own `in_` builds a list of parameters at each run, which takes as long as finding the
rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Numbers(TypeDecorator[Sequence[int]]):
    """Whole numbers: a JSON text for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[int] | None], Any]:
        """Return the function that turns numbers into the database's form."""
        return _as_text if dialect.name == "sqlite" else _as_list


def _as_text(numbers: Sequence[int] | None) -> str:
    return msgspec.json.encode(list(numbers or ())).decode()


def _as_list(numbers: Sequence[int] | None) -> list[int]:
    return list(numbers or ())


class Given(FunctionElement[int]):
    """The numbers of the parameter `name`, as a subquery for the right side of `IN`."""

    type = Integer()
    inherit_cache = True

    def __init__(self, name: str) -> None:
        numbers: BindParameter[Sequence[int]] = bindparam(name, type_=_Numbers())
        super().__init__(numbers)


@compiles(Given, "sqlite")
def _in_sqlite(element: Given, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    numbers = compiler.process(element.clauses, **how)
    return f"(SELECT value FROM json_each({numbers}))"  # noqa: S608 - a parameter's mark


@compiles(Given, "postgresql")
def _in_postgresql(element: Given, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - likewise
    numbers = compiler.process(element.clauses, **how)
    return f"(SELECT unnest(CAST({numbers} AS BIGINT[])))"
