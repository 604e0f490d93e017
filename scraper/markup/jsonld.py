"""The JSON-LD of pages: cut out of the markup, decoded, and repaired where that is safe.

A broken block does not affect the others. Repaired are control characters in strings, trailing
commas, escapes that JSON does not have, comment marks around the block, and a block whose every
quote is written `&quot;`; no repair changes what a block says.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

import msgspec

from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.markup.word import Word

# Some frameworks escape the plus sign in attributes.
_OPENED = re.compile(
    rb"<script\s[^<>]*?(?:(ld(?:\+|&#x2b;|&#43;|%2b)json)|application/json)", re.IGNORECASE
)
_KIND, _CLOSED = Word(b"json"), Word(b"</script")
_LONGEST_TAG = 2_000
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
# A string without an end is matched to the end of the text: retried at each quote, the search would
# take the square of its length.
_TOKENS = re.compile(r'("(?:[^"\\]++|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
_NO_ESCAPE = re.compile(r'\\(?:(["\\/bfnrtu])|(.))', re.DOTALL)
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_BEGINNING = re.compile(rb"\s*([^\s])")
_VOCABULARY = re.compile(r"^.*[/:#]", re.DOTALL)
_MENTIONS = b"LiveBlog"
# The properties under which a LiveBlogPosting lists its updates.
NAMES = ("liveBlogUpdate", "blogPosts", "blogPost")
UPDATES = frozenset(NAMES)
_DEEPEST = 40
# A blog of a thousand entries has a tenth of this; to repair more takes seconds.
_MOST_SIGNS = 400_000
# The depth of an object in the graph of an object in a list.
_SHALLOW = 3


@dataclass(frozen=True, slots=True)
class Block:
    """One script: `said` is its decoded JSON, None if it cannot be read."""

    said: object
    speaks_of_live_blogs: bool


class _Script(NamedTuple):
    """One script as it is written; `linked` is whether it is JSON-LD, not plain JSON."""

    linked: bool
    written: memoryview
    speaks_of_live_blogs: bool


def blocks(document: Document, apart: frozenset[str] = frozenset()) -> Iterator[Block]:
    """Yield a page's blocks of JSON-LD in page order; a page that is JSON is one block itself.

    In blocks that mention live blogs, the members of lists under the names in `apart` may be left
    undecoded, as `msgspec.Raw`, and may turn out to be broken.
    """
    if document.data is not None:
        yield Block(document.data, speaks_of_live_blogs=_MENTIONS in document.markup)
        return
    yield from (_block(document, n, apart) for n, script in _scripts(document) if script.linked)


def model_blocks(document: Document, apart: frozenset[str] = frozenset()) -> Iterator[Block]:
    """Yield the scripts of plain JSON that mention live blogs, as some frameworks embed them."""
    if document.data is None:
        for n, script in _scripts(document):
            if not script.linked and script.speaks_of_live_blogs:
                yield _block(document, n, apart)


def objects(
    said: object, apart: frozenset[str] = frozenset(), depth: int = 0
) -> Iterator[dict[str, object]]:
    """Yield every object within decoded JSON, outer before inner, but none under names `apart`."""
    if isinstance(said, dict):
        yield said
        within = [
            value
            for name, value in said.items()
            if isinstance(value, dict | list) and name not in apart
        ]
    else:
        within = said if isinstance(said, list) else []
    if depth <= _DEEPEST:
        for part in within:
            yield from objects(part, apart, depth + 1)


def top_objects(said: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Yield the objects at the top of decoded JSON-LD and in its `@graph`."""
    if isinstance(said, list) and depth <= _DEEPEST:
        for part in said:
            yield from top_objects(part, depth + 1)
    elif isinstance(said, dict):
        yield said
        if isinstance(said.get("@graph"), list | dict):
            yield from top_objects(said["@graph"], depth + 1)


def types(said: dict[str, object]) -> tuple[str, ...]:
    """Return an object's types without their vocabulary: `schema:NewsArticle` → `NewsArticle`."""
    stated = said.get("@type")
    names = stated if isinstance(stated, list) else (stated,)
    return tuple(_VOCABULARY.sub("", name) for name in names if isinstance(name, str))


def live_blog(document: Document, apart: frozenset[str] = UPDATES) -> dict[str, object] | None:
    """Return the first LiveBlogPosting in a page's JSON-LD; None if there is none.

    Its lists under the names in `apart` (its updates) may be left undecoded, as in `blocks`.
    """
    within = (
        said
        for block in blocks(document, apart)
        if block.speaks_of_live_blogs
        for said in objects(block.said, UPDATES)
    )
    return next((said for said in within if "LiveBlogPosting" in types(said)), None)


def _block(document: Document, number: int, apart: frozenset[str]) -> Block:
    """Decode a script once for all callers; none of them may change the result."""
    script, known = _scripts(document)[number][1], _known_blocks(document)
    asked = number, apart if script.speaks_of_live_blogs else frozenset[str]()
    if asked not in known:
        known[asked] = Block(_decoded(script.written, asked[1]), script.speaks_of_live_blogs)
    return known[asked]


@once
def _known_blocks(_: Document) -> dict[tuple[int, frozenset[str]], Block]:
    return {}


@once
def _scripts(document: Document) -> tuple[tuple[int, _Script], ...]:
    """Return a page's JSON and JSON-LD scripts in page order, numbered from 0."""
    return tuple(enumerate(_in_scripts(document.markup)))


def _in_scripts(markup: bytes) -> Iterator[_Script]:
    """Yield the JSON scripts in markup, found by the word `json`, which is rarer than tags."""
    whole, place = memoryview(markup), _KIND.find(markup)
    while place >= 0:
        start = markup.rfind(b"<", max(0, place - _LONGEST_TAG), place)
        opened = markup.find(b">", place, place + _LONGEST_TAG) + 1
        end = markup.find(b"<", place)
        if opened > 0 and start >= 0 and (kind := _OPENED.match(markup, start, opened)):
            closed = _CLOSED.find(markup, opened)
            end = closed if closed >= 0 else len(markup)
            if _BEGINNING.match(markup, opened, end):
                speaks = markup.find(_MENTIONS, opened, end) >= 0
                yield _Script(kind[1] is not None, whole[opened:end], speaks)
        place = _KIND.find(markup, end) if end >= 0 else -1


def _decoded(script: memoryview, apart: frozenset[str]) -> object:
    try:
        return _parted(script, apart) if apart else msgspec.json.decode(script)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _mended(str(script, "utf-8", "replace"))


def _parted(written: memoryview | msgspec.Raw, apart: frozenset[str], depth: int = 0) -> object:
    """Decode JSON-LD; split lists under names `apart`, at its top or in its graph, undecoded."""
    first = _first_sign(written) if depth <= _SHALLOW else b""
    if first == b"[":
        members = msgspec.json.decode(written, type=list[msgspec.Raw])
        return [_parted(member, apart, depth + 1) for member in members]
    if first != b"{":
        return msgspec.json.decode(written)
    said = msgspec.json.decode(written, type=dict[str, msgspec.Raw])
    return {name: _member(name, value, apart, depth) for name, value in said.items()}


def _first_sign(written: memoryview | msgspec.Raw) -> bytes:
    """Return the first character of JSON that is not white space, without copying the whole."""
    found = _BEGINNING.match(memoryview(written))
    return bytes(found[1]) if found else b""


def _member(name: str, written: msgspec.Raw, apart: frozenset[str], depth: int) -> object:
    if name in apart and _first_sign(written) == b"[":
        return msgspec.json.decode(written, type=list[msgspec.Raw])
    return _parted(written, apart, depth + 1) if name == "@graph" else msgspec.json.decode(written)


def _mended(text: str) -> object:
    """Decode JSON after repairs, more at the second try; None if they fail or it is too large."""
    if text.count('"') > _MOST_SIGNS or text.count("[") > _MOST_SIGNS:
        return None
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.lstrip("\ufeff")))
    text = _LONE_SURROGATE.sub(r"\\ufffd", text)
    if '"' not in text:
        text = unescape(text)
    for attempt in (text, _TOKENS.sub(_mended_token, text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _mended_token(found: re.Match[str]) -> str:
    """Return a string without invalid escapes; "" for a comma before a closing bracket."""
    if not found[1]:
        return ""
    return _NO_ESCAPE.sub(lambda escape: escape[0] if escape[1] else escape[2], found[1])
