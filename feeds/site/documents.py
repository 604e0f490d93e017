"""Documents to serve: bytes, plain and on request gzipped, with validators for each form.

Cache-Control is `no-cache` (RFC 9111 §5.2.2.4): a cache may keep it and must ask each time. A
live blog changes within seconds, and a 304 costs less than a feed that a max-age keeps too long.
"""

import gzip
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from math import inf

from feeds.site.conditions import Conditions, is_known, takes_gzip
from feeds.site.responses import POLICY, PUBLIC, Answer, Header, security

_LAST_MODIFIED = b"last-modified"


def constant_headers(policy: str = POLICY, cached: bytes = b"no-cache") -> tuple[Header, ...]:
    """Return the headers that a document has in every answer, 304s included."""
    vary: Header = (b"vary", b"Accept-Encoding")
    return ((b"cache-control", cached), vary, PUBLIC, *security(policy))


_USUAL = constant_headers()


@dataclass(frozen=True, slots=True)
class Representation:
    """One coding of a document: its strong entity tag, the 200 answer, and the 304 answer."""

    etag: bytes
    full: Answer
    unchanged: Answer


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with a media type and ready answers. `modified` is UTC, in whole seconds.

    `gzipped` is None until a client accepts it: compressing costs more than rendering a change.
    """

    media_type: str
    modified: datetime | None
    modified_seconds: float
    constant: tuple[Header, ...]
    plain: Representation
    gzipped: Representation | None

    @property
    def size(self) -> int:
        """The number of bytes of its plain and gzipped forms."""
        return sum(len(form.full.body) for form in (self.plain, self.gzipped) if form)


def make_document(
    body: bytes,
    media_type: str,
    modified: datetime | None = None,
    *,
    gzipped: bool = False,
    constant: tuple[Header, ...] = _USUAL,
) -> Document:
    """Return the document of `body`, on request with its gzipped form; equal bytes, equal tags."""
    document = Document(
        media_type=media_type,
        modified=modified,
        modified_seconds=-inf if modified is None else modified.timestamp(),
        constant=constant,
        plain=_represent(
            b'"%b"' % sha256(body).hexdigest()[:32].encode(), body, media_type, modified, constant
        ),
        gzipped=None,
    )
    return pack(document) if gzipped else document


def pack(document: Document) -> Document:
    """Return the document with its gzipped form, which is the same for the same bytes.

    It has its own entity tag, as a strong tag identifies bytes (RFC 9110 §8.8.3.3).
    """
    plain = document.plain
    gzipped = _represent(
        plain.etag.removesuffix(b'"') + b'-gzip"',
        gzip.compress(plain.full.body, 6, mtime=0),
        document.media_type,
        document.modified,
        document.constant,
        (b"content-encoding", b"gzip"),
    )
    return replace(document, gzipped=gzipped)


def _represent(
    etag: bytes,
    body: bytes,
    media_type: str,
    modified: datetime | None,
    constant: tuple[Header, ...],
    *coding: Header,
) -> Representation:
    validators: list[Header] = [(b"etag", etag)]
    if modified is not None:
        date = format_datetime(modified.astimezone(UTC), usegmt=True).encode()
        validators.append((_LAST_MODIFIED, date))
    kind = (b"content-type", media_type.encode("ascii"))
    length = (b"content-length", str(len(body)).encode())
    return Representation(
        etag=etag,
        full=Answer(200, (kind, *coding, length, *validators, *constant), body),
        unchanged=Answer(304, (*validators, *constant)),
    )


def respond(document: Document, conditions: Conditions, now: float = inf) -> Answer:
    """Return the document in the coding that the client accepts, or a 304 (RFC 9110 §13.2.2).

    Where the gzipped form was not made, the plain one is sent. `now` is in seconds since 1970. A
    Last-Modified later than `now`, as when a feed changed twice within a second, is left out
    (RFC 9110 §8.8.2.1).
    """
    gzipped = document.gzipped if takes_gzip(conditions.accept_encoding) else None
    representation = gzipped or document.plain
    known = is_known(conditions, representation.etag, document.modified)
    answer = representation.unchanged if known else representation.full
    if document.modified_seconds > now:
        return replace(answer, headers=tuple(h for h in answer.headers if h[0] != _LAST_MODIFIED))
    return answer
