"""The state that frameworks embed in a page for their own scripts, cut out of it and decoded.

Next.js writes it into its own script (`<script id="__NEXT_DATA__" type="application/json">`), since
version 13 as pieces of text that scripts push and that joined are rows of JSON; others assign it to
a name (`window.__APOLLO_STATE__ = {…}`). Apollo Client's cache keeps its objects under their names,
with references in their places: `{"__ref": "Post:1"}`, until Apollo 3
`{"type": "id", "id": "Post:1"}`. Only JSON is read, no state that is a program.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice

import msgspec

from scraper.markup.document import Document
from scraper.markup.loose_json import string_in
from scraper.markup.once import once

Refer = Callable[[object], object]

# What is between a state's name and the state: the rest of its tag, or an assignment.
_OPENS = re.compile(rb"""["']?(?:[^<>]{0,300}>|\]?\s{0,9}=)\s{0,99}(?=[{\[])""")
# Places of the name that are tried: it is also in scripts that look for the state.
_MENTIONS = 8

# Pages whose components each have their state beside them, in a script without a name.
ISLANDS = b"application/json"
_ISLAND = re.compile(rb"<script\s[^<>]{0,300}application/json[^<>]{0,300}>\s{0,99}(?=[{\[])")
_MOST_ISLANDS = 60

STREAMED = b"self.__next_f.push("
_PUSHED = re.compile(rb"self\.__next_f\.push\(\s{0,9}\[\s{0,9}1\s{0,9},\s{0,9}(?=\")")
_ROW = re.compile(r"[0-9a-f]{1,8}:(?=[{\[])")
_TEXT = re.compile(r"[0-9a-f]{1,8}:T([0-9a-f]{1,7}),")


def state_in(document: Document, name: bytes) -> object:
    """Return the decoded state that a page embeds under a name; None if there is no readable one.

    For ISLANDS and STREAMED it is a list of all decoded scripts or rows.
    """
    if not document.holds(name):
        return None
    known = _states(document)
    if name not in known:
        ways = {STREAMED: _streamed, ISLANDS: _islands}
        way = ways.get(name)
        known[name] = way(document.markup) if way else _cut(document.markup, name)
    return known[name]


@once
def _states(_: Document) -> dict[bytes, object]:
    """Return the page's dict of states read so far, by name; empty at first."""
    return {}


def plain(value: object) -> object:
    """Return a value as it is: the Refer for states without references."""
    return value


def referring(cache: Mapping[str, object]) -> Refer:
    """Return a Refer for Apollo's cache: it returns what a value refers to, or the value itself."""
    return partial(_referred, cache)


def _cut(markup: bytes, name: bytes) -> object:
    place = markup.find(name)
    for _ in range(_MENTIONS):
        if place < 0:
            return None
        place += len(name)
        opened = _OPENS.match(markup, place)
        if opened is not None:
            end = markup.find(b"</script", opened.end())
            written = markup[opened.end() : end if end >= 0 else None]
            return _decoded(written.rstrip(b"; \r\n\t"))
        place = markup.find(name, place)
    return None


def _islands(markup: bytes) -> object:
    """Return the decoded scripts of plain JSON on a page; None if there is none."""
    found = list[object]()
    for opened in islice(_ISLAND.finditer(markup), _MOST_ISLANDS):
        end = markup.find(b"</script", opened.end())
        found.append(_decoded(markup[opened.end() : end if end >= 0 else None]))
    return [each for each in found if each is not None] or None


def _streamed(markup: bytes) -> object:
    """Join the pushed pieces and decode those rows that are objects or lists; None if none is.

    Dates are marked with "$D": "$D2026-11-18T15:42:10.000Z". A row of text begins with its length
    in bytes, and may contain what looks like other rows.
    """
    pieces = (_piece(markup, found.end()) for found in _PUSHED.finditer(markup))
    rest, rows = "".join(pieces).replace('"$D', '"'), list[object]()
    place = 0
    while place < len(rest):
        end = rest.find("\n", place)
        end = len(rest) if end < 0 else end
        if text := _TEXT.match(rest, place):
            told = rest[text.end() : text.end() + int(text[1], 16)].encode()[: int(text[1], 16)]
            place = text.end() + len(told.decode("utf-8", "ignore"))
            continue
        if row := _ROW.match(rest, place, end):
            rows.append(_decoded(rest[row.end() : end].encode("utf-8", "replace")))
        place = end + 1
    return rows or None


def _piece(markup: bytes, place: int) -> str:
    end = markup.find(b"</script", place)
    written = markup[place : end if end >= 0 else None].rstrip(b")]; \r\n\t")
    told = _decoded(written)
    return told if isinstance(told, str) else ""


def _decoded(written: bytes) -> object:
    try:
        return msgspec.json.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _first(written.decode("utf-8", "replace"))


def _first(text: str) -> object:
    """Decode the JSON value at the beginning of a text, whatever follows; None if there is none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _referred(cache: Mapping[str, object], value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value.get("type") == "json" and "json" in value:
        return value["json"]
    key = string_in(value, "__ref")
    if not key and (value.get("type") == "id" or "generated" in value):
        key = string_in(value, "id")
    return cache.get(key, value) if key else value
