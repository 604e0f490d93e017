"""Read a request's headers on content coding and validators, for gzip and 304 answers.

RFC 9110 §12.5.3 (Accept-Encoding), §13.1.2 (If-None-Match), §13.1.3 (If-Modified-Since).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_LONGEST_REMEMBERED = 128


@dataclass(slots=True)
class Conditions:
    """The headers that decide between a plain, a gzipped and a 304 answer; None if not sent."""

    accept_encoding: bytes | None = None
    if_none_match: bytes | None = None
    if_modified_since: bytes | None = None


def read_conditions(headers: Iterable[tuple[bytes, bytes]]) -> Conditions:
    """Return these headers of an ASGI scope; a list sent in several lines is joined."""
    found = Conditions()
    for name, value in headers:
        if name == b"accept-encoding":
            found.accept_encoding = _joined(found.accept_encoding, value)
        elif name == b"if-none-match":
            found.if_none_match = _joined(found.if_none_match, value)
        elif name == b"if-modified-since":
            found.if_modified_since = _joined(found.if_modified_since, value)
    return found


def _joined(before: bytes | None, value: bytes) -> bytes:
    return value if before is None else before + b", " + value


def takes_gzip(accept_encoding: bytes | None) -> bool:
    """Return whether gzip is accepted with at least the weight of the identity coding."""
    if accept_encoding is None:
        return False
    if len(accept_encoding) > _LONGEST_REMEMBERED:
        return _prefers_gzip(accept_encoding)
    return _remembered(accept_encoding)


def _prefers_gzip(accept_encoding: bytes) -> bool:
    weights = dict(_weights(accept_encoding.decode("latin-1").lower()))
    gzip = max(
        (weights[name] for name in ("gzip", "x-gzip") if name in weights),
        default=weights.get("*", 0.0),
    )
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


_remembered = lru_cache(maxsize=256)(_prefers_gzip)


def _weights(accept_encoding: str) -> Iterable[tuple[str, float]]:
    for member in accept_encoding.split(","):
        coding, *parameters = (part.strip() for part in member.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                value = value.strip()
                weight = float(value) if _WEIGHT.fullmatch(value) else 0.0
        if coding:
            yield coding, weight


def is_known(conditions: Conditions, etag: bytes, modified: datetime | None) -> bool:
    """Return whether the client has the representation with this strong `etag`, for a 304.

    Where If-None-Match is sent it decides alone; tags are compared weakly.
    """
    if (tags := conditions.if_none_match) is not None:
        return tags == etag or tags.strip() == b"*" or etag in _ENTITY_TAG.findall(tags)
    if (date := conditions.if_modified_since) is not None and modified is not None:
        since = _read_date(date) if len(date) <= _LONGEST_REMEMBERED else None
        return since is not None and modified <= since
    return False


@lru_cache(maxsize=256)
def _read_date(date: bytes) -> datetime | None:
    """Return an HTTP-date (RFC 9110 §5.6.7), always in GMT; None for any other text."""
    try:
        told = parsedate_to_datetime(date.decode("latin-1"))
    except (ValueError, TypeError, OverflowError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told
