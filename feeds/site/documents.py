"""A document as it is served: its bytes, plain and gzipped, with validators for each.

Cache-Control is `no-cache` (RFC 9111 §5.2.2.4): a cache may keep it and must ask each time. A
live blog moves within seconds, and an honest 304 costs less than a wrong max-age.
"""

import gzip
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from math import inf

from feeds.site.answers import PUBLIC, SECURITY, Answer, Header
from feeds.site.conditions import Conditions, is_known, takes_gzip

_LAST_MODIFIED = b"last-modified"
_ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-cache"),
    (b"vary", b"Accept-Encoding"),
    PUBLIC,
    *SECURITY,
)


@dataclass(frozen=True, slots=True)
class Representation:
    """One coding of a document: its strong entity tag, the answer in full, and its 304."""

    etag: bytes
    full: Answer
    unchanged: Answer


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with a media type, made ready to be served. `modified` is UTC, in whole seconds."""

    plain: Representation
    gzipped: Representation
    modified: datetime | None
    modified_seconds: float
    size: int


def make_document(body: bytes, media_type: str, modified: datetime | None = None) -> Document:
    """Make a document of its bytes: the same bytes have the same tags and the same gzip.

    The gzipped form has a tag of its own, for a strong one names bytes (RFC 9110 §8.8.3.3).
    """
    digest = sha256(body).hexdigest()[:32].encode()
    packed = gzip.compress(body, 6, mtime=0)
    headers: list[Header] = [(b"content-type", media_type.encode("ascii"))]
    validators: list[Header] = []
    if modified is not None:
        date = format_datetime(modified.astimezone(UTC), usegmt=True).encode()
        validators = [(_LAST_MODIFIED, date)]
    return Document(
        plain=_represent(b'"%b"' % digest, body, headers, validators),
        gzipped=_represent(
            b'"%b-gzip"' % digest, packed, [*headers, (b"content-encoding", b"gzip")], validators
        ),
        modified=modified,
        modified_seconds=-inf if modified is None else modified.timestamp(),
        size=len(body) + len(packed),
    )


def _represent(
    etag: bytes, body: bytes, headers: list[Header], validators: list[Header]
) -> Representation:
    constant = ((b"etag", etag), *validators, *_ALWAYS)
    length = (b"content-length", str(len(body)).encode())
    return Representation(
        etag=etag,
        full=Answer(200, (*headers, length, *constant), body),
        unchanged=Answer(304, constant),
    )


def respond(document: Document, conditions: Conditions, now: float = inf) -> Answer:
    """Choose the coding and decide between the document and a 304 (RFC 9110 §13.2.2).

    `now` is in seconds since 1970. A Last-Modified that lies ahead of it, as it does where a
    feed moved twice within a second, is left out (RFC 9110 §8.8.2.1).
    """
    gzipped = takes_gzip(conditions.accept_encoding)
    representation = document.gzipped if gzipped else document.plain
    known = is_known(conditions, representation.etag, document.modified)
    answer = representation.unchanged if known else representation.full
    if document.modified_seconds > now:
        return replace(answer, headers=tuple(h for h in answer.headers if h[0] != _LAST_MODIFIED))
    return answer
