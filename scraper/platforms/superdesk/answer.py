"""Answers of Superdesk's own API: `/api/client_blogs/<id>/posts`, and `/api/v2/…` of the same.

v1 gives posts as they are stored, also deleted and unpublished ones; v2 gives the published ones in
a short form (client_modules/client_modules.py, convert_posts).
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from scraper.address import absolute, normalise
from scraper.markup.document import Document
from scraper.markup.html import pixels, squeeze, stand_in
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.memo import Memo, digest
from scraper.platforms.superdesk.asking import next_page
from scraper.platforms.superdesk.blog import NAME, broken
from scraper.platforms.superdesk.items import body_of, embedded, picture_of
from scraper.times.instants import moment
from store.entry import Media, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

ADDRESS = re.compile(r"/client_blogs/[0-9a-f]{24}/posts/?$")
# Parameters of a query that only choose a page of the posts, and filter none.
PAGED = frozenset({"max_results", "limit", "page"})
ADVERTISEMENT = "advertisement"

_STATED = Memo[Sighting]()


def is_answer(document: Document) -> bool:
    """Whether a page is a list of posts from the API."""
    posts = list_in(document.data, "_items")
    if not posts and isinstance(object_in(document.data, "_meta").get("total"), int):
        return ADDRESS.search(_path(document.url)) is not None
    return any(_is_post(post) for post in posts)


def read_answer(document: Document) -> Snapshot:
    """Read the published posts of an answer, in its order; LayoutError for an unknown form."""
    url = normalise(document.url)
    posts = list_in(document.data, "_items")
    shown = tuple(_stated(document, post, url) for post in posts if _is_published(document, post))
    top, bottom = _reach(document)
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="api",
        sightings=shown,
        deleted=tuple(filter(None, map(_taken_away, posts))),
        shows_top=top,
        shows_bottom=bottom,
        older=next_page(document.url, _page(document)) if bottom is False else "",
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _is_post(post: object) -> bool:
    return (
        isinstance(post, dict)
        and "published_date" in post
        and ("post_status" in post or post.get("particular_type") == "post")
        and ("groups" in post or "items" in post)
    )


def _is_published(document: Document, post: object) -> bool:
    """Whether readers see a post: no draft, pending contribution, deleted post or advertisement."""
    if not isinstance(post, dict) or not string_in(post, "post_status"):
        raise broken(document, "a post of the API's answer without its status")
    shown = post["post_status"] == "open" and post.get("deleted") is not True
    kinds = [string_in(item, "item_type") for item in _items(document, post)] if shown else []
    return shown and not (kinds and all(kind.startswith(ADVERTISEMENT) for kind in kinds))


def _taken_away(post: object) -> str:
    """Return the id of a post that was deleted, or published and then unpublished; else ""."""
    if not isinstance(post, dict):
        return ""
    unpublished = post.get("post_status") != "open" and bool(string_in(post, "unpublished_date"))
    return string_in(post, "_id") if unpublished or post.get("deleted") is True else ""


def _items(document: Document, post: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    if isinstance(post.get("items"), list):
        given = list_in(post, "items")
    elif isinstance(post.get("groups"), list):
        groups = [group for group in list_in(post, "groups") if string_in(group, "id") == "main"]
        given = [object_in(ref, "item") for group in groups for ref in list_in(group, "refs")]
    else:
        raise broken(document, "a post of the API's answer without its items")
    for item in given:
        if not isinstance(item, dict) or not isinstance(item.get("item_type"), str):
            raise broken(document, "an item of the API's answer in another form")
        yield item


def _stated(document: Document, post: object, base: str) -> Sighting:
    """Read one post; remembered, as nearly all of an answer's are unchanged since the last read."""
    written = msgspec.json.encode(post)
    return _STATED.get(lambda: _read(document, post, base), (digest(written), base), len(written))


def _read(document: Document, post: object, base: str) -> Sighting:
    block_id = string_in(post, "_id")
    told = moment(string_in(post, "published_date"))
    if not block_id or told is None or not told.zoned or not isinstance(post, dict):
        raise broken(document, "a post of the API's answer without id or time")
    # Old servers do not state when the content changed, only when anything did.
    changed = moment(string_in(post, "content_updated_date") or string_in(post, "_updated"))
    items = tuple(_items(document, post))
    body = body_of([_content(item, base) for item in items], base)
    name = _author(post, items)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=told.at,
        updated=changed.at if changed and changed.at > told.at else None,
        time_precision=TimePrecision.SECOND,
        title=body.title,
        html=body.html,
        text=body.text,
        authors=(name,) if name else None,
        media=body.media,
        tags=tuple(tag for tag in list_in(post, "tags") if isinstance(tag, str)) or None,
        key_event=_flag(post, "lb_highlight", "highlight"),
        pinned=_flag(post, "sticky"),
    )


def _flag(post: Mapping[str, object], *names: str) -> bool | None:
    """Read a flag under the first of its names that is there: servers of several ages differ."""
    said = next((post[name] for name in names if name in post), None)
    return said if isinstance(said, bool) else None


def _author(post: Mapping[str, object], items: tuple[Mapping[str, object], ...]) -> str:
    commenter = next((name for item in items if (name := string_in(item, "commenter"))), "")
    people = (post.get("original_creator"), post.get("publisher"))
    names = (string_in(person, "display_name") for person in people)
    return squeeze(commenter or next(filter(None, names), ""))


def _content(item: Mapping[str, object], base: str) -> tuple[str, Media | None]:
    """Return an item's html, and its picture if it is one."""
    html, meta, kind = string_in(item, "text"), object_in(item, "meta"), item["item_type"]
    if kind == "image":
        return _image(html, meta, base)
    if kind == "embed":
        return _embed(html, meta, base), None
    return embedded(html, base) if "<iframe" in html else html, None


def _image(html: str, meta: Mapping[str, object], base: str) -> tuple[str, Media | None]:
    shown = LexborHTMLParser(html).css_first("figure") if "<img" in html else None
    drawn = picture_of(shown, base) if shown else None
    if drawn is None or drawn[1] is None:
        return html, None
    return html, _media(drawn[1], meta)


def _media(drawn: Media, meta: Mapping[str, object]) -> Media:
    best = object_in(object_in(object_in(meta, "media"), "renditions"), "baseImage")
    return Media(
        url=string_in(best, "href") or drawn.url,
        alt=drawn.alt or squeeze(string_in(meta, "caption")),
        credit=squeeze(string_in(meta, "credit")) or drawn.credit,
        width=pixels(best.get("width")) or drawn.width,
        height=pixels(best.get("height")) or drawn.height,
    )


def _embed(html: str, meta: Mapping[str, object], base: str) -> str:
    """Return the html of an embed: its own quoted post, or a link to it under its title."""
    shown = embedded(string_in(meta, "html"), base)
    if "<blockquote" in shown:
        return shown
    address = string_in(meta, "original_url") or string_in(meta, "url")
    label = string_in(meta, "title") or string_in(meta, "provider_name")
    link = stand_in(absolute(address, ""), label)
    return link or shown or embedded(html, base)


def _page(document: Document) -> int:
    page = object_in(document.data, "_meta").get("page")
    return page if isinstance(page, int) else 1


def _reach(document: Document) -> tuple[bool | None, bool | None]:
    """Return whether an answer reaches to the newest and to the oldest post.

    None for both where its address may have filtered posts.
    """
    meta = object_in(document.data, "_meta")
    page, most, total = (meta.get(name) for name in ("page", "max_results", "total"))
    asked = {name for name, _ in parse_qsl(document.url.partition("?")[2])}
    plain = ADDRESS.search(_path(document.url)) is not None and asked <= PAGED
    if not plain or not (
        isinstance(page, int) and isinstance(most, int) and isinstance(total, int)
    ):
        return None, None
    return page == 1, page * most >= total
