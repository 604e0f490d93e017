"""Answers of the plugin's API as pages: `/wp-json/liveblog/v1/<post>/get-entries/<page>/…`.

`entry_time` is when an entry was first published, `timestamp` when it was last changed, both in
seconds since 1970; an edited entry keeps its id and place and has the type `update`
(class-wpcom-liveblog-entry.php, for_json). An entry of the type `delete` has been deleted. Answers
for a window of time (`entries/<start>/<end>`) hold only what changed in it: an entry's absence from
one means nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape

from scraper.address import absolute
from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import plain_text, sanitise, squeeze
from scraper.markup.loose_json import list_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.platforms.automattic.asking import older_than
from scraper.platforms.automattic.entry import KEY_CLASS, body_of, commands_key
from scraper.times.instants import Moment, epoch
from store.entry import TimePrecision
from store.sighting import Sighting, Snapshot, View

DELETED = "delete"

WINDOW = re.compile(r"/entries/\d{9,11}/\d{9,11}/?(?:$|\?)", re.ASCII)

TYPES = frozenset({"new", "update", DELETED})


def is_answer(said: object) -> bool:
    """Whether decoded JSON is a page of entries (`get-entries`)."""
    if not isinstance(said, dict) or not isinstance(said.get("page"), int | str):
        return False
    entries = list_in(said, "entries")
    return "pages" in said and bool(entries) and all(map(_is_entry, entries))


def is_window(document: Document) -> bool:
    """Whether a document is an answer for a window of time (`entries/<start>/<end>`).

    Most such answers have no entries.
    """
    said = document.data
    if not isinstance(said, dict) or not {"entries", "latest_timestamp"} <= said.keys():
        return False
    entries = list_in(said, "entries")
    return WINDOW.search(document.url) is not None and all(map(_is_entry, entries))


def _is_entry(said: object) -> bool:
    if not isinstance(said, dict) or string_in(said, "type") not in TYPES:
        return False
    return "id" in said and "timestamp" in said and bool({"render", "content"} & said.keys())


def read_answer(document: Document, name: str) -> Snapshot:
    """Read a page of entries; raise LayoutError if an entry has no id or no readable time."""
    said = document.data
    entries = [each for each in list_in(said, "entries") if isinstance(each, dict)]
    link = next((string_in(each, "share_link") for each in entries), "")
    blank = bare(document, name, link.partition("#")[0])
    page, pages = (
        _number(said.get(at)) if isinstance(said, dict) else 0 for at in ("page", "pages")
    )
    shown = [each for each in entries if string_in(each, "type") != DELETED]
    return replace(
        blank,
        layout="get-entries",
        sightings=tuple(_sighting(each, blank.url, document.page.url) for each in shown),
        shows_top=page == 1 if page else None,
        shows_bottom=page >= pages if page and pages else None,
        deleted=_deleted(entries),
        older=older_than(document.url, entries, pages),
    )


def read_window(document: Document, name: str) -> Snapshot:
    """Read what changed in a window of time; raise LayoutError as `read_answer` does."""
    entries = [each for each in list_in(document.data, "entries") if isinstance(each, dict)]
    link = next((string_in(each, "share_link") for each in entries), "")
    blank = bare(document, name, link.partition("#")[0])
    shown = [each for each in entries if string_in(each, "type") != DELETED]
    read = (_sighting(each, blank.url, document.page.url) for each in shown)
    return replace(
        blank,
        layout="entries",
        sightings=tuple(replace(seen, view=View.MODEL) for seen in read),
        deleted=_deleted(entries),
    )


def _deleted(entries: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    gone = (each for each in entries if string_in(each, "type") == DELETED)
    return tuple(str(number) for each in gone if (number := _number(each.get("id"))))


def _sighting(said: Mapping[str, object], base: str, url: str) -> Sighting:
    block_id = str(_number(said.get("id")) or "")
    changed, published = _time(said.get("timestamp")), _time(said.get("entry_time"))
    first = published or changed
    if not block_id or first is None:
        raise LayoutError(url, "an entry of the API's answer has no id or no time that is known")
    markup = string_in(said, "render") or string_in(said, "content")
    body = body_of(markup, base)
    link = absolute(string_in(said, "share_link"), base) if string_in(said, "share_link") else ""
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=first.at,
        updated=changed.at if changed and changed.at > first.at else None,
        time_precision=first.precision,
        title="",
        html=body.html,
        text=body.text,
        permalink=link or f"{base}#{block_id}",
        authors=_authors(said),
        media=pictures_in(body.html) or None,
        key_event=_is_key(said, markup),
    )


def _authors(said: Mapping[str, object]) -> tuple[str, ...] | None:
    """Return the authors' names: from a list since 1.9, from a link or a bare name before."""
    if isinstance(said.get("authors"), list):
        names = [squeeze(unescape(string_in(each, "name"))) for each in list_in(said, "authors")]
    else:
        names = [plain_text(sanitise(string_in(said, "author_link"), ""))]
    return tuple(filter(None, names)) or None


def _is_key(said: Mapping[str, object], markup: str) -> bool:
    if isinstance(said.get("key_event"), bool):
        return said["key_event"] is True
    return KEY_CLASS in string_in(said, "css_classes").split() or commands_key(markup)


def _number(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:18])
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _time(value: object) -> Moment | None:
    seconds = _number(value)
    at = epoch(seconds) if seconds else None
    return Moment(at, TimePrecision.SECOND, zoned=True) if at else None
