"""Live blogs by Easy Liveblogs, a plugin for WordPress.

A page prints no entries: a script loads them from the address in `data-endpoint`. But its JSON-LD
has all of them (elb_add_meta_data, since 2.0; with bodies since 2.3), so the page shows the whole
blog. Its `coverageEndTime` is always the newest entry's time plus an hour; `data-status` says
whether the blog is closed.
"""

import re
from dataclasses import replace
from functools import partial

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.jsonld import live_blog
from scraper.markup.loose_json import object_in, string_in
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.easy_liveblogs.answer import is_answer, read_answer
from scraper.platforms.easy_liveblogs.order import settled
from scraper.platforms.easy_liveblogs.status import live
from store.sighting import Sighting, Snapshot

NAME = "easy-liveblogs"

SIGN = b"elb-liveblog"

ENDPOINT = re.compile(r"https?://[^?#\s]{1,500}/wp-json/easy-liveblogs/v1/liveblog/\d{1,18}/?")

BLOG = "#elb-liveblog, .elb-liveblog[data-endpoint]"


ABOUT = About(
    reads=(
        "the WordPress plugin Easy Liveblogs: whole blogs from its pages or its API, and whether "
        "they are closed"
    ),
    gives=Gift.IDS | Gift.UPDATES,
    tested_on=(Tested.OWN_PROGRAM,),
)


def easy_liveblogs(general: Platform) -> Platform:
    """Return the platform for the plugin; `general` reads the structured data of its pages."""
    return Platform(
        name=NAME,
        hosts=(),
        marks=_marks,
        signs=(SIGN,),
        parse=partial(_parse, general),
        about=ABOUT,
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("an answer of the plugin's API",) if is_answer(document.data) else ()
    return ("an element called elb-liveblog",) if _blog(document) is not None else ()


def _blog(document: Document) -> LexborNode | None:
    return document.tree.css_first(BLOG) if document.holds(SIGN) else None


def _parse(general: Platform, document: Document) -> Snapshot:
    blog = _blog(document)
    if document.data is not None or blog is None:
        return read_answer(document, NAME)
    stated = general.parse(document) if general.marks(document) else bare(document, NAME)
    said = live_blog(document)
    listed = said is not None and isinstance(said.get("liveBlogUpdate"), list)
    answers, flag = _answers(document, blog), _flag(blog)
    if not listed or (said and said["liveBlogUpdate"] and not stated.sightings):
        if not answers:
            raise _unlisted(document, blog)
        return replace(bare(document, NAME), layout="embed", live=flag, answers=answers)
    site = string_in(object_in(said, "publisher"), "name")
    return replace(
        stated,
        platform=NAME,
        layout=stated.layout or "json-ld",
        live=flag,
        sightings=settled([_without_site(each, site) for each in stated.sightings]),
        shows_top=True,
        shows_bottom=document.whole or None,
        answers=answers,
    )


def _flag(blog: LexborNode) -> bool | None:
    return live(blog.attributes.get("data-status")) if "data-status" in blog.attributes else None


def _answers(document: Document, blog: LexborNode) -> tuple[str, ...]:
    """Return the URL from which the page's script loads its entries, if it has the known form."""
    endpoint = absolute(blog.attributes.get("data-endpoint") or "", document.url)
    return (endpoint,) if ENDPOINT.fullmatch(endpoint) else ()


def _without_site(update: Sighting, site: str) -> Sighting:
    """Drop an author that is the site itself: only the API names an entry's writer."""
    return replace(update, authors=None) if update.authors == (site,) else update


def _unlisted(document: Document, blog: LexborNode) -> LayoutError:
    endpoint = absolute(blog.attributes.get("data-endpoint") or "", document.url)
    return LayoutError(
        document.page.url,
        "scripts load the entries of this live blog, and its JSON-LD has none that are known",
        f"follow {endpoint} instead" if endpoint else "look for the address its script asks",
    )
