"""NPR's standalone live blogs, as written by its newsroom's program (nprapps/liveblog-standalone).

The program writes the whole blog into its page, the newest post first, and removes deleted posts
(its own script removes what the page no longer has), so that a post's absence counts. One post can
be featured: then a copy without id and time is at the top, and the post itself is not among the
others. The feed beside the page has it, with its id.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from scraper.address import absolute, same_site
from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.memo import Memo, digest
from scraper.markup.pictures import pictures_in
from scraper.platform import About, Gift, Platform
from scraper.platforms.npr.embedded import drawn
from scraper.platforms.npr.feed import GENERATOR, is_feed, read_feed
from store.entry import TimePrecision
from store.sighting import Sighting, Snapshot, View

NAME = "npr"

SIGN = b'<main class="liveblog"'

BLOG = "main.liveblog"

POSTS = "main.liveblog > article.post"

FEATURED = "featured"

FEED = 'link[rel="alternate"][type="application/rss+xml"]'

# The program's own zone and formats: "1:22 p.m. ET", "Sep. 12, 2026".
ZONE = ZoneInfo("America/New_York")
CLOCK = re.compile(r"(\d{1,2}):(\d\d) ([ap])\.?m\.?")
DAY = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Classes of scheduled posts and drafts, which pages show only to their writers.
UNSEEN = ("draft", "hidden")

FACT_CHECK = "Fact check"

# Elements of a post by class.
Parts = dict[str, list[LexborNode]]

HOLDERS = frozenset({"div", "span", "a"})

_POSTS = Memo[Sighting]()


def _marks(document: Document) -> tuple[str, ...]:
    if is_feed(document):
        return ("an RSS of NPR's news applications team",)
    if not document.holds(SIGN):
        return ()
    timed = document.tree.css_first(f"{POSTS} .time")
    empty = document.tree.css_first(f"{BLOG} .show-new")
    return ("a main element of NPR's live blog",) if timed or empty else ()


def _parse(document: Document) -> Snapshot:
    if is_feed(document):
        return read_feed(document, NAME)
    blank = bare(document, NAME)
    nodes = document.tree.css(POSTS)
    featured = any(node.id == FEATURED for node in nodes)
    posts = [node for node in nodes if node.id != FEATURED and not _is_unseen(node)]
    shown = tuple(_sighting(document, post, blank.url) for post in posts)
    return replace(
        blank,
        layout="standalone",
        sightings=shown,
        shows_top=None if featured else True,
        shows_bottom=document.whole or None,
        unread=featured,
        answers=tuple(_feed(document)) if featured else (),
    )


def _is_unseen(post: LexborNode) -> bool:
    return any(name in UNSEEN for name in (post.attributes.get("class") or "").split())


def _feed(document: Document) -> Iterator[str]:
    link = document.tree.css_first(FEED)
    address = absolute((link.attributes.get("href") or "") if link else "", document.url)
    if address and same_site(address, document.url):
        yield address


def _sighting(document: Document, post: LexborNode, base: str) -> Sighting:
    """Read one post, from the cache if it is unchanged."""
    markup = (post.html or "").encode()
    return _POSTS.get(lambda: _walked(document, post, base), (digest(markup), base), len(markup))


def _walked(document: Document, post: LexborNode, base: str) -> Sighting:
    parts = _parts(post)
    block_id, published = post.id or "", _published(parts)
    contents = parts.get("contents", [post])[0]
    if not block_id or published is None:
        raise LayoutError(
            document.page.url,
            "a post of NPR's live blog has no id, or no time that is known",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    heading = next((child for child in contents.iter() if child.tag == "h2"), None)
    body = ours("".join(drawn(contents, heading, base)), base)
    author = _words(parts, "author").lstrip("— ").partition(",")[0]
    tags = [node.attributes.get("data-tag") or "" for node in parts.get("tag-marker", ())]
    tags += [FACT_CHECK] if "fact-check" in parts else []
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        time_precision=TimePrecision.MINUTE,
        title=squeeze(heading.text()) if heading is not None else "",
        html=body.html,
        text=body.text,
        permalink=f"{base}#{block_id}",
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
        tags=tuple(filter(None, tags)),
        key_event="major" in parts,
        pinned=False,
    )


def _parts(post: LexborNode) -> Parts:
    """Return the elements of a post by class, those of its body left out."""
    parts: Parts = {}
    for child in post.iter():
        is_head = child.tag == "header" or "contents" not in _note(parts, child)
        for node in child.traverse() if is_head else child.iter():
            if node.tag in HOLDERS and "pillbox" in _note(parts, node):
                for sign in node.iter():
                    _note(parts, sign)
    return parts


def _note(parts: Parts, node: LexborNode) -> list[str]:
    names = (node.attributes.get("class") or "").split()
    for name in names:
        parts.setdefault(name, []).append(node)
    return names


def _published(parts: Parts) -> datetime | None:
    clock, day = CLOCK.search(_words(parts, "time")), DAY.search(_words(parts, "date"))
    if clock is None or day is None or day[1] not in MONTHS:
        return None
    hour = int(clock[1]) % 12 + (12 if clock[3] == "p" else 0)
    month = MONTHS.index(day[1]) + 1
    try:
        at = datetime(int(day[3]), month, int(day[2]), hour, int(clock[2]), tzinfo=ZONE)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _words(parts: Parts, name: str) -> str:
    found = parts.get(name)
    return squeeze(found[0].text()) if found else ""


PLATFORM = Platform(
    name=NAME,
    hosts=("apps.npr.org",),
    marks=_marks,
    signs=(SIGN, GENERATOR),
    parse=_parse,
    about=About(
        reads=(
            "NPR's standalone live blogs, whole on their page: major developments as key events, "
            "fact checks and tags, and the feed beside the page"
        ),
        gives=Gift.IDS | Gift.KEY_EVENTS,
    ),
    answers=True,
)
