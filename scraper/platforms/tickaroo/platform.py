"""Live blogs of the service Tickaroo, embedded in pages of many German and other papers.

A page has the element `tickaroo-liveblog`, which Tickaroo's script fills, with the ids of the blog
and of the publisher; publishers on Arc have both ids in the model of a custom embed. Where the
service's own markup was put into the page on the server, an attribute of that element has the
blog's LiveBlogPosting, as the answer does.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from scraper.errors import LayoutError
from scraper.hints.embed import embedding
from scraper.markup.document import Document
from scraper.platform import About, Gift, Platform
from scraper.platforms.tickaroo.stated import initial_in, is_answer, read_stated, stated_in
from store.sighting import Snapshot

NAME = "tickaroo"

SIGN = b"tickaroo"

# The element that the script fills, and the one that it makes of it.
BLOG = "tickaroo-liveblog, #tickaroo-liveblog, .tik4-live__container"

LIVE_BLOG_ID = re.compile(
    rb"""live_?blog_?id(?:["']|&quot;)?\s{0,9}[=:]\s{0,9}(?:["']|&quot;)?([0-9a-f]{24})(?![0-9a-f])""",
    re.IGNORECASE,
)
CLIENT_ID = re.compile(
    rb"""client_?id(?:["']|&quot;)?\s{0,9}[=:]\s{0,9}(?:["']|&quot;)?([0-9a-f]{24})(?![0-9a-f])""",
    re.IGNORECASE,
)
CUSTOM_EMBED = re.compile(
    rb'"id"\s*:\s*"([0-9a-f]{24})"[^{}]{0,400}"config"\s*:\s*\{[^{}]{0,400}'
    rb'"clientId"\s*:\s*"([0-9a-f]{24})"'
)

ANSWER = "https://cdn.tickaroo.com/api/embed/v4/prefetch/liveblog.json?client_id={client}&liveblogId={blog}"

ABOUT = About(
    reads=(
        "live blogs of the service Tickaroo (FAZ, SZ, RND, Stuff and others): pages that embed "
        "them, and the answers that their script prefetches"
    ),
    gives=Gift.UPDATES,
)


def tickaroo(general: Platform, *lookers: Platform) -> Platform:
    """Return the platform; `general` reads the LiveBlogPosting that the service writes.

    `lookers` read what the service printed into a page on the server, whose form is not known.
    """
    return Platform(
        name=NAME,
        hosts=("tickaroo.com",),
        marks=_marks,
        signs=(SIGN,),
        parse=partial(_parse, general, lookers),
        about=ABOUT,
        api_hosts=("cdn.tickaroo.com",),
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("a prefetched answer of Tickaroo",) if is_answer(document.data) else ()
    if not document.holds(SIGN):
        return ()
    if document.tree.css_first(BLOG) is not None:
        return ("an element that Tickaroo's script fills",)
    return ("a custom embed of Tickaroo",) if CUSTOM_EMBED.search(document.markup) else ()


def _parse(general: Platform, lookers: Sequence[Platform], document: Document) -> Snapshot:
    if document.data is not None:
        _hold_against_address(document)
        return read_stated(document, stated_in(document), general, NAME)
    initial = initial_in(document.tree)
    if initial:
        return read_stated(document, initial, general, NAME)
    printed = next((looker for looker in lookers if looker.marks(document)), None)
    if printed is not None and not general.marks(document):
        return replace(printed.parse(document), platform=NAME, layout="printed")
    return embedding(document, NAME, "Tickaroo", _answers(document.markup), general)


def _answers(markup: bytes) -> list[str]:
    blogs = dict.fromkeys(found[1].decode() for found in LIVE_BLOG_ID.finditer(markup))
    clients = dict.fromkeys(found[1].decode() for found in CLIENT_ID.finditer(markup))
    pairs = [(found[1].decode(), found[2].decode()) for found in CUSTOM_EMBED.finditer(markup)]
    if len(clients) == 1 and blogs:
        pairs = [(blog, next(iter(clients))) for blog in blogs]
    return [ANSWER.format(client=client, blog=blog) for blog, client in pairs]


def _hold_against_address(document: Document) -> None:
    """Raise LayoutError where an answer is of another live blog than the one asked for."""
    asked = dict(parse_qsl(_query(document.page.url))).get("liveblogId", "")
    answered = LIVE_BLOG_ID.search(document.markup.replace(b'\\"', b'"'))
    if asked and answered and answered[1].decode() != asked:
        raise LayoutError(
            document.page.url, f"the answer is of another live blog, {answered[1].decode()}"
        )


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""
