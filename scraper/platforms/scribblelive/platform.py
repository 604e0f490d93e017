"""Live blogs of the former service ScribbleLive, whose answers and pages are kept in archives.

A page has an empty element with the event's number. The service answered only those who had the
publisher's token, so the address of the answer does not follow from the page. The form of answers
is known from public readers: `posts` with `Content`, `CreationDate`, `Creator`, `PostMeta`, and
`streamMeta.IsLive`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from scraper.errors import LayoutError
from scraper.hints.embed import embedding
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.platform import About, Gift, Platform
from scraper.times.instants import Moment, moment
from store.sighting import Sighting, Snapshot, View

NAME = "scribblelive"

SIGN = b"scrbbl-embed"

EMBED = '.scrbbl-embed[data-src^="/event/"]'

POST = frozenset({"Content", "CreationDate"})

# Microsoft's form of dates in JSON.
TICKS = re.compile(r"/Date\((\d{1,15})(?:[+-]\d{4})?\)/")

ABOUT = About(
    reads="live blogs of the former service ScribbleLive, in answers that someone has kept",
    gives=Gift.IDS | Gift.UPDATES,
)


def scribblelive(general: Platform) -> Platform:
    """Return the platform; `general` reads the structured data that its pages may have."""
    return Platform(
        name=NAME,
        hosts=(),
        marks=_marks,
        signs=(SIGN,),
        parse=partial(_parse, general),
        about=ABOUT,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("an answer of ScribbleLive with posts",) if _is_answer(document.data) else ()
    found = document.holds(SIGN) and document.tree.css_first(EMBED) is not None
    return ("an element that ScribbleLive's script filled",) if found else ()


def _is_answer(said: object) -> bool:
    posts = list_in(said, "posts")
    return bool(posts) and all(isinstance(post, dict) and post.keys() >= POST for post in posts)


def _parse(general: Platform, document: Document) -> Snapshot:
    if document.data is None:
        return embedding(document, NAME, "ScribbleLive", (), general)
    blank = bare(document, NAME)
    posts = [post for post in list_in(document.data, "posts") if isinstance(post, dict)]
    shown = [_sighting(post, blank.url, document.page.url) for post in posts]
    live = object_in(document.data, "streamMeta").get("IsLive")
    return replace(
        blank,
        layout="posts",
        live=live if isinstance(live, bool) else None,
        sightings=tuple(each for each in shown if each.html),
    )


def _sighting(post: Mapping[str, object], base: str, url: str) -> Sighting:
    published = _time(string_in(post, "CreationDate"))
    if published is None:
        raise LayoutError(url, "a post of ScribbleLive's answer has no time that is known")
    updated = _time(string_in(post, "LastModifiedDate"))
    number = post.get("Id")
    known = isinstance(number, int | str) and not isinstance(number, bool)
    body = ours(string_in(post, "Content"), base)
    author = _author(post.get("Creator"))
    return Sighting(
        view=View.BLOCK,
        block_id=str(number) if known else None,
        published=published.at,
        updated=updated.at if updated and updated.at > published.at else None,
        time_precision=published.precision,
        html=body.html,
        text=body.text,
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
    )


def _author(said: object) -> str:
    return squeeze(said if isinstance(said, str) else string_in(said, "Name"))


def _time(written: str) -> Moment | None:
    found = TICKS.fullmatch(written)
    return moment(int(found[1])) if found else moment(written)
