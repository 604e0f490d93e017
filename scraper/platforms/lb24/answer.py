"""The service's answers, read as pages: `…/event/<eid>/news/`, the newest entries first.

Only four fields are read, those from which a broadcaster's plugin makes its pages
(oszuidwest/zw-liveblog, includes/class-zw-liveblog-schema.php): `nid`, `created` in seconds since
1970, `contents` as HTML, `newstitle`. An answer does not say how far back it reaches.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, plain_text, sanitise, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.times.instants import moment
from store.sighting import Sighting, Snapshot, View


def is_answer(said: object) -> bool:
    """Whether decoded JSON is a list of a live blog's entries."""
    news = list_in(object_in(said, "data"), "news")
    return bool(news) and all(
        isinstance(each, dict) and each.keys() >= {"nid", "created", "contents"} for each in news
    )


def read_answer(document: Document, name: str) -> Snapshot:
    """Read an answer; raise LayoutError if an entry has no id or no readable time."""
    blank = bare(document, name)
    news = list_in(object_in(document.data, "data"), "news")
    return replace(
        blank,
        layout="news",
        sightings=tuple(
            _sighting(each, blank.url, document.page.url) for each in news if isinstance(each, dict)
        ),
    )


def _sighting(said: Mapping[str, object], base: str, url: str) -> Sighting:
    nid, published = said.get("nid"), moment(said.get("created"))
    block_id = str(nid) if isinstance(nid, str | int) and not isinstance(nid, bool) else ""
    if not block_id or published is None:
        raise LayoutError(url, "an entry of the service's answer has no id or no known time")
    body = ours(string_in(said, "contents"), base)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published.at,
        time_precision=published.precision,
        title=squeeze(unescape(plain_text(sanitise(string_in(said, "newstitle"), base)))),
        html=body.html,
        text=body.text,
        permalink=f"{base}#liveblog-{block_id}",
        media=pictures_in(body.html) or None,
    )
