"""How values are stored in columns: times as whole microseconds, lists and maps as JSON text."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, overload

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

Row64 = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as microseconds since 1970 (the same on every database)."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the function that turns an aware datetime into an integer."""
        return microseconds

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
        coltype: object,  # noqa: ARG002
    ) -> Callable[[int | None], datetime | None]:
        """Return the function that turns the integer back into an aware datetime."""
        return moment_of


@lru_cache(maxsize=4096)  # one poll writes the same few times into many columns
def microseconds(moment: datetime | None) -> int | None:
    """Return an aware datetime as microseconds since 1970, None for None."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@overload
def moment_of(kept: int) -> datetime: ...
@overload
def moment_of(kept: None) -> None: ...
@lru_cache(maxsize=4096)  # entries written by one poll share the datetime object
def moment_of(kept: int | None) -> datetime | None:
    """Return the aware UTC datetime of microseconds since 1970, None for None."""
    return None if kept is None else _EPOCH + kept * _MICROSECOND


class Json(TypeDecorator[Any]):
    """A list or map as compact JSON text."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the function that encodes a value as JSON text."""
        return _encoded

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the function that decodes JSON text."""
        return _decoded


_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


def _encoded(value: Any | None) -> str | None:  # noqa: ANN401 - whatever JSON can say
    return None if value is None else _encode(value).decode()


def _decoded(value: str | None) -> Any | None:  # noqa: ANN401 - likewise
    return None if value is None else _decode(value)
