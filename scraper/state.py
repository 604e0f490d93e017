"""The state that frameworks embed in a page for their own scripts, cut out of it and decoded.

Next.js writes it into a script of its own (`<script id="__NEXT_DATA__" type="application/json">`),
others assign it to a name (`window.__APOLLO_STATE__ = {…}`). Apollo Client's cache has its objects
apart, under their names, and references in their places: `{"__ref": "Post:1"}`, until Apollo 3
`{"type": "id", "id": "Post:1"}`. Only what is JSON is read; a state that is a program is none.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from weakref import WeakKeyDictionary

import msgspec

from scraper.document import Document
from scraper.said import string_in

Refer = Callable[[object], object]

# Between a state's name and the state: the rest of its tag, or an assignment.
_OPENS = re.compile(rb"""["']?(?:[^<>]{0,300}>|\]?\s{0,9}=)\s{0,99}(?=[{\[])""")
# The name stands also in scripts that look for it.
_MENTIONS = 8

_STATES: WeakKeyDictionary[Document, dict[bytes, object]] = WeakKeyDictionary()


def state_in(document: Document, name: bytes) -> object:
    """Give the state that a page embeds under a name, None where it has none that can be read."""
    if name not in document.markup:
        return None
    known = _STATES.setdefault(document, {})
    if name not in known:
        known[name] = _cut(document.markup, name)
    return known[name]


def plain(value: object) -> object:
    """Give a value as it is: the way to follow references where there are none."""
    return value


def referring(cache: Mapping[str, object]) -> Refer:
    """Make the way to follow Apollo's references: what a value refers to, or the value itself."""
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


def _decoded(written: bytes) -> object:
    try:
        return msgspec.json.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _first(written.decode("utf-8", "replace"))


def _first(text: str) -> object:
    """Decode the first value of a script that goes on after it."""
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
