"""Export the fetched pages as WARC 1.1 (ISO 28500:2017), each record gzipped alone (annex D).

| record | content |
| --- | --- |
| warcinfo | what the file contains |
| response | an answer: status, stored headers, and the body without its content coding |
| resource | the body of a page with no known web address, under the name of its file |
| revisit | the head of an answer whose body equals that of an earlier one, which it refers to |
| metadata | with each of these: the requested address, the body's size and SHA-256 |

Record ids are derived from the content, so that the same pages give the same bytes.
"""

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from feeds.export.edition import Edition, Piece
from store.archive.responses import FetchedPage, KeptPage

NAME: Final = "warc"
FILE: Final = "pages.warc.gz"
_LEVEL: Final = 6
_WEB: Final = ("https://", "http://")
_BEGINNING: Final = 512  # bytes in which html is recognised by a "<"
_SAME: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_FIELDS: Final = "application/warc-fields"
_HTTP: Final = "application/http;msgtype=response"


@dataclass(frozen=True, slots=True)
class _Told:
    """A record in the file: its id, and the address and date by which a revisit refers to it."""

    record: str
    url: str
    date: str


def render(edition: Edition, pages: Iterable[KeptPage]) -> Iterator[Piece]:
    """Yield one WARC file of `pages`, in their order."""
    yield FILE, _packed(_about(edition))
    told: dict[str, _Told] = {}
    for kept in pages:
        if kept.page.url.startswith(_WEB):
            record, answer = _answer(kept, told.get(kept.sha256))
            told.setdefault(kept.sha256, record)
        else:
            record, answer = _resource(kept)
        yield FILE, _packed(answer)
        yield FILE, _packed(_metadata(kept, record))


def _about(edition: Edition) -> bytes:
    said = {
        "software": "keywire",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": edition.topic,
        "description": f"pages that keywire read for: {edition.title}",
    }
    first = edition.first.isoformat() if edition.first else "1970-01-01"
    heads = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": _named("warcinfo", edition.topic),
        "WARC-Filename": FILE,
        "WARC-Date": f"{first}T00:00:00Z",
        "Content-Type": _FIELDS,
    }
    return _record(heads, _fields(said))


def _resource(kept: KeptPage) -> tuple[_Told, bytes]:
    page, date = kept.page, _date(kept.page.fetched_at)
    record = _Told(_named("resource", page.url, date, kept.sha256), page.url, date)
    heads = {
        "WARC-Type": "resource",
        "WARC-Record-ID": record.record,
        "WARC-Target-URI": page.url,
        "WARC-Date": date,
        "WARC-Payload-Digest": _digest(page.body),
        "Content-Type": "text/html" if b"<" in page.body[:_BEGINNING] else "text/plain",
    }
    return record, _record(heads, page.body)


def _answer(kept: KeptPage, known: _Told | None) -> tuple[_Told, bytes]:
    page = kept.page
    kind = "response" if known is None else "revisit"
    date = _date(page.fetched_at)
    record = _Told(_named(kind, page.url, date, kept.sha256), page.url, date)
    heads = {
        "WARC-Type": kind,
        "WARC-Record-ID": record.record,
        "WARC-Target-URI": page.url,
        "WARC-Date": date,
        "WARC-Payload-Digest": _digest(page.body),
        "Content-Type": _HTTP,
    }
    if known is None:
        return record, _record(heads, _head(page) + page.body)
    heads |= {
        "WARC-Profile": _SAME,
        "WARC-Refers-To": known.record,
        "WARC-Refers-To-Target-URI": known.url,
        "WARC-Refers-To-Date": known.date,
    }
    return record, _record(heads, _head(page))


def _metadata(kept: KeptPage, of: _Told) -> bytes:
    page = kept.page
    said = {"sha256": kept.sha256, "size": str(len(page.body)), "contentCoding": "undone"}
    if page.asked:
        said |= {"via": page.asked}
    heads = {
        "WARC-Type": "metadata",
        "WARC-Record-ID": _named("metadata", of.record),
        "WARC-Target-URI": page.url,
        "WARC-Date": of.date,
        "WARC-Concurrent-To": of.record,
        "Content-Type": _FIELDS,
    }
    return _record(heads, _fields(said))


def _head(page: FetchedPage) -> bytes:
    """Return an answer's head: its stored headers, and the length of the body as stored.

    A response record must have a status: 200 for a saved page whose status is not known.
    """
    status = page.status or HTTPStatus.OK
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    said = {**page.headers, "content-length": str(len(page.body))}
    lines = (f"HTTP/1.1 {int(status)} {reason}", *_lines(said), "", "")
    return "\r\n".join(lines).encode("latin-1", "replace")


def _record(heads: Mapping[str, str], block: bytes) -> bytes:
    whole = {**heads, "WARC-Block-Digest": _digest(block), "Content-Length": str(len(block))}
    return ("\r\n".join(("WARC/1.1", *_lines(whole), "", ""))).encode() + block + b"\r\n\r\n"


def _fields(said: Mapping[str, str]) -> bytes:
    return ("\r\n".join(_lines(said)) + "\r\n").encode()


def _lines(said: Mapping[str, str]) -> Iterator[str]:
    """Return a `name: value` line per field, with line ends in values replaced by spaces."""
    return (f"{name}: {' '.join(value.split())}" for name, value in said.items())


def _packed(record: bytes) -> bytes:
    return gzip.compress(record, _LEVEL, mtime=0)


def _date(moment: datetime) -> str:
    """Return a WARC-Date (§5.4) in UTC, with fractions of a second where there are any."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _digest(payload: bytes) -> str:
    """Return the digest that web archives use, SHA-1 in base 32; nothing here relies on it."""
    hashed = hashlib.sha1(payload, usedforsecurity=False).digest()
    return f"sha1:{b32encode(hashed).decode()}"


def _named(*said: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(said))}>"
