"""The identity of a block: its digest, its permanent id, and a derived id where it has none.

Identity comes from the publisher's block id alone. Where a page gives no ids, one is derived at
first sight from the published minute and the first words, and later sightings are matched to it
by time and similarity, so that an edited or retitled block stays itself.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from urllib.parse import quote, urlsplit

from store.entry import Entry, TimePrecision
from store.sighting import Sighting

DIGEST_VERSION = "1"
_SIGNED_MEDIA = re.compile(r'(\ssrc="[^"?]*)\?[^"]*')
_WORD = re.compile(r"\w+")
_DERIVED = re.compile(r"(?:\d{8}T\d{4}|undated)-[0-9a-f]{12}(?:-\d+)?")
_FIRST_WORDS = 12
_ALIKE = 0.6
_SAME_BLOCK = timedelta(minutes=2)


def address_of(url: str) -> str:
    """Return the part of a blog's URL that identifies it: host without www and port, and path."""
    parts = urlsplit(url)
    host = (parts.hostname or "unknown").removeprefix("www.")
    return host + quote(parts.path.rstrip("/"), safe="/-._~!$&'()*+,;=:@%")


def mint(blog: str, block_id: str, published: datetime) -> str:
    """Return the permanent `tag:` URI of an entry (RFC 4151).

    `tag:<host without www and port>,<year first published>:<blog path>/<block id>`: scheme, query
    and fragment of the blog's URL do not enter it.
    """
    host, slash, path = address_of(blog).partition("/")
    block = quote(block_id, safe="-._~!$()*+,;=:@")
    return f"tag:{host},{published.year}:{slash}{path}/{block}"


def digest(sighting: Sighting) -> str:
    """Return a digest of the content that one view states for a block.

    Times, flags, pinning and the signatures in pictures' addresses (their queries) do not enter
    it. Neither do empty or unstated fields, so that a field added later changes no stored digest.
    """
    html = sighting.html if sighting.html is not None else sighting.text
    if html and 'src="' in html:
        html = _SIGNED_MEDIA.sub(r"\1", html)
    stated = (
        ("title", sighting.title),
        ("html", html),
        ("authors", "\x1f".join(sighting.authors or ())),
        ("credit", sighting.credit),
        (
            "media",
            "\x1f".join(m.url.partition("?")[0] + "\x1e" + m.alt for m in sighting.media or ()),
        ),
    )
    content = "\x1d".join(f"{name}\x1c{value}" for name, value in stated if value)
    hashed = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16)
    return f"{DIGEST_VERSION}:{hashed.hexdigest()}"


def words(title: str, text: str) -> list[str]:
    """Return the case-folded words of a block, for comparing what different views state."""
    return _WORD.findall(f"{title} {text}".casefold())


def derive_ids(sightings: Iterable[Sighting], known: Mapping[str, Entry]) -> tuple[Sighting, ...]:
    """Give each sighting without a block id the id of the known entry that it is, or a new one.

    `known` maps block ids of the blog to its entries. A sighting is a known entry when their
    published times are at most two minutes apart and their words are alike; an estimated time
    ("2h ago") moves with every poll and is not compared. Each entry is matched to at most one
    sighting of a view. A new id has the published minute and a hash of the first words, with an
    ordinal where two blocks share both. A block that was first seen without an id keeps its
    derived id even if the publisher gives it one later.
    """
    taken: set[tuple[int, str]] = set()
    identified = []
    ours = {block_id: entry for block_id, entry in known.items() if is_derived(block_id)}
    for sighting in sightings:
        block_id = sighting.block_id
        if block_id is None:
            block_id = _match(sighting, known, taken) or _derive(sighting, known, taken)
        elif ours and block_id not in known:
            block_id = _match(sighting, ours, taken) or block_id
        taken.add((sighting.view, block_id))
        named = block_id == sighting.block_id
        identified.append(sighting if named else replace(sighting, block_id=block_id))
    return tuple(identified)


def is_derived(block_id: str) -> bool:
    """Return whether a block id was derived by keywire, for the publisher gave none."""
    return _DERIVED.fullmatch(block_id) is not None


def _match(
    sighting: Sighting, known: Mapping[str, Entry], taken: set[tuple[int, str]]
) -> str | None:
    said = words(sighting.title or "", sighting.text or "")
    first = _first_id(sighting)
    if first in known and _is_empty(known[first]) and (sighting.view, first) not in taken:
        return first
    best, best_likeness = None, _ALIKE
    for block_id, entry in known.items():
        if (sighting.view, block_id) in taken or not _same_time(sighting, entry):
            continue
        likeness = _likeness(said, words(entry.title, entry.text))
        if likeness > best_likeness:
            best, best_likeness = block_id, likeness
    return best


def _same_time(sighting: Sighting, entry: Entry) -> bool:
    if sighting.published is None or sighting.time_precision is TimePrecision.ESTIMATED:
        return True
    return abs(sighting.published - entry.published) <= _SAME_BLOCK


def _likeness(one: list[str], other: list[str]) -> float:
    head = 4 * _FIRST_WORDS
    return SequenceMatcher(None, one[:head], other[:head], autojunk=False).ratio()


def _derive(sighting: Sighting, known: Mapping[str, Entry], taken: set[tuple[int, str]]) -> str:
    first = derived = _first_id(sighting)
    ordinal = 1
    while derived in known or (sighting.view, derived) in taken:
        ordinal += 1
        derived = f"{first}-{ordinal}"
    return derived


def _first_id(sighting: Sighting) -> str:
    """Return the derived id of a block before an ordinal is added."""
    minute = f"{sighting.published:%Y%m%dT%H%M}" if sighting.published else "undated"
    said = " ".join(words(sighting.title or "", sighting.text or "")[:_FIRST_WORDS])
    hashed = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return f"{minute}-{hashed}"


def _is_empty(entry: Entry) -> bool:
    """Return whether an entry's content is gone (it was forgotten), so that only its id is left."""
    return not (entry.title or entry.text or entry.html)
