"""Pages of Live Center's feed: `…/BulletinFeed/<tenant>/<channel>/Initial/`, and older ones.

The first page has its bulletins in `addedOrChanged`, older ones (`EarlierObj/<oldest number>/`) in
`bulletins` or as a bare list (`Earlier/…`). `hasMore` in `result` is whether there are older ones;
a bare list has no such flag. Times are in seconds since 1970.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from html import unescape

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, plain_text, sanitise, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.times.instants import epoch
from store.entry import TimePrecision
from store.sighting import Sighting, Snapshot, View

BULLETIN = frozenset({"id", "created", "content"})

LISTS = ("addedOrChanged", "bulletins")

ADDRESS = re.compile(r"(https?://[^/?#]+/BulletinFeed/[\w-]+/\d+)/(Initial|Earlier|EarlierObj)/")


def is_answer(said: object) -> bool:
    """Whether decoded JSON is a page of the feed; without bulletins, its `result` must say so."""
    listed = _listed(said)
    if not listed:
        result = object_in(said, "result")
        return "hasMore" in result and any(name in result for name in LISTS)
    return all(isinstance(each, dict) and each.keys() >= BULLETIN for each in listed)


def read_answer(document: Document, name: str) -> Snapshot:
    """Read a page of the feed; raise LayoutError if a bulletin has no number or readable time."""
    blank = bare(document, name)
    listed = _listed(document.data)
    shown = [_sighting(b, blank.url, document.page.url) for b in listed if isinstance(b, dict)]
    more = object_in(document.data, "result").get("hasMore")
    found = ADDRESS.match(document.url)
    first = found is not None and found[2] == "Initial"
    oldest = min((int(each.block_id or 0) for each in shown), default=0)
    return replace(
        blank,
        layout="bulletins",
        sightings=tuple(each for each in shown if each.title or each.html),
        shows_top=first if found else None,
        shows_bottom=not more if isinstance(more, bool) else None,
        older=f"{found[1]}/EarlierObj/{oldest}/" if found and more is True and oldest else "",
    )


def _listed(said: object) -> list[object]:
    if isinstance(said, list):
        return said
    result = object_in(said, "result")
    return next((list_in(result, name) for name in LISTS if name in result), [])


def _sighting(said: Mapping[str, object], base: str, url: str) -> Sighting:
    number, created = said.get("id"), _time(said.get("created"))
    if not isinstance(number, int) or isinstance(number, bool) or created is None:
        raise LayoutError(url, "a bulletin of Live Center's feed has no number or no known time")
    updated = _time(said.get("updated"))
    body = ours(string_in(object_in(said, "content"), "html"), base)
    author = _words(string_in(said, "authorName"), base)
    return Sighting(
        view=View.BLOCK,
        block_id=str(number),
        published=created,
        updated=updated if updated and updated > created else None,
        time_precision=TimePrecision.SECOND,
        title=_words(string_in(said, "title"), base),
        html=body.html,
        text=body.text,
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
    )


def _time(value: object) -> datetime | None:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return epoch(number) if number else None


def _words(written: str, base: str) -> str:
    return squeeze(unescape(plain_text(sanitise(written, base))))
