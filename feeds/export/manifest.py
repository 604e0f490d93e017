"""The manifest of an export: what was asked for, counts, and each file's size and SHA-256."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from feeds.export.edition import Edition
from feeds.feed import instant
from store.archive.archived import Archived
from store.archive.responses import KeptPage
from store.topics import is_key

NAME = "manifest.json"


@dataclass(slots=True)
class Tally:
    """Running counts of exported entries."""

    entries: int = 0
    revisions: int = 0
    retracted: int = 0
    key_events: int = 0

    def count(self, entries: Iterable[Archived]) -> None:
        """Add these entries to the counts."""
        for archived in entries:
            stored = archived.stored
            self.entries += 1
            self.revisions += len(archived.revisions)
            self.retracted += stored.retracted_at is not None
            self.key_events += is_key(stored.entry)


@dataclass(slots=True)
class PageTally:
    """Running counts of exported pages and of their distinct bodies."""

    pages: int = 0
    bodies: int = 0

    def count(self, pages: Iterable[KeptPage]) -> Iterator[KeptPage]:
        """Yield the given pages and count each."""
        seen: set[str] = set()
        for kept in pages:
            seen.add(kept.sha256)
            self.pages += 1
            self.bodies = len(seen)
            yield kept


class Digest:
    """The running size and SHA-256 of one file."""

    def __init__(self, name: str) -> None:
        self.name, self._size, self._hash = name, 0, hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """Add the next bytes of the file."""
        self._size += len(piece)
        self._hash.update(piece)

    def told(self) -> dict[str, Any]:
        """Return the file's object in the manifest."""
        return {"name": self.name, "bytes": self._size, "sha256": self._hash.hexdigest()}


def render_manifest(
    form: str, edition: Edition, tally: Tally | PageTally, files: Sequence[Digest]
) -> bytes:
    """Return the manifest as JSON: the same bytes for the same edition and files."""
    told = {
        "keywire": 1,
        "format": form,
        "topic": edition.topic,
        "title": edition.title,
        "from": edition.first,
        "to": edition.last,
        "zone": edition.zone,
        "as_of": instant(edition.as_of),
        "content": edition.content.value,
        "store": {"epoch": edition.epoch, "seq": edition.seq},
        "counts": asdict(tally),
        "files": [one.told() for one in sorted(files, key=lambda one: one.name)],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


class _Named(msgspec.Struct):
    name: str


class _Manifest(msgspec.Struct):
    files: list[_Named]


def read_names(body: bytes) -> list[str]:
    """Return the names of the files that a manifest lists; [] where `body` is not a manifest."""
    try:
        told = msgspec.json.decode(body, type=_Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []
    return [one.name for one in told.files]
