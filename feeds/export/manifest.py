"""The manifest beside an export: what was asked for, what there is, and each file's SHA-256."""

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
    """Counts entries as they pass, so that they need not be held."""

    entries: int = 0
    revisions: int = 0
    retracted: int = 0
    key_events: int = 0

    def count(self, entries: Iterable[Archived]) -> None:
        """Take in some entries."""
        for archived in entries:
            stored = archived.stored
            self.entries += 1
            self.revisions += len(archived.revisions)
            self.retracted += stored.retracted_at is not None
            self.key_events += is_key(stored.entry)


@dataclass(slots=True)
class PageTally:
    """Counts pages as they pass, and how many distinct bodies they had."""

    pages: int = 0
    bodies: int = 0

    def count(self, pages: Iterable[KeptPage]) -> Iterator[KeptPage]:
        """Give the pages on, each counted."""
        seen: set[str] = set()
        for kept in pages:
            seen.add(kept.sha256)
            self.pages += 1
            self.bodies = len(seen)
            yield kept


class Digest:
    """What one file is, as it grows."""

    def __init__(self, name: str) -> None:
        self.name, self._size, self._hash = name, 0, hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """Take in what comes next in the file."""
        self._size += len(piece)
        self._hash.update(piece)

    def told(self) -> dict[str, Any]:
        """Return the file's line in the manifest."""
        return {"name": self.name, "bytes": self._size, "sha256": self._hash.hexdigest()}


def render_manifest(
    form: str, edition: Edition, tally: Tally | PageTally, files: Sequence[Digest]
) -> bytes:
    """Write the manifest: the same bytes for the same edition."""
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
    """Return the names of the files that a manifest lists; none where it is no manifest."""
    try:
        told = msgspec.json.decode(body, type=_Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []
    return [one.name for one in told.files]
