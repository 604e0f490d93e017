"""The model that guardian/dotcom-rendering renders: `<page>.json?dcr`, or its carousel's part."""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from scraper.address import absolute
from scraper.markup.document import Document
from scraper.markup.html import Ours, figure, made_ours, ours, pixels, squeeze, stand_in
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.memo import Memo, digest
from scraper.markup.script_language import language_of
from scraper.platforms.guardian.blog import (
    BARE_ID,
    NAME,
    Flaw,
    blog_of,
    hold_against,
    permalink,
    sift,
)
from scraper.platforms.guardian.embedded import ATOM, IMAGE, POST, WORDLESS, address_of
from scraper.platforms.guardian.older import stated_older
from scraper.times.instants import epoch_ms
from store.entry import Media, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

FLAGS = frozenset({"keyEvent", "summary"})

_STATED = Memo[Sighting | Flaw]()


def is_model(data: object) -> bool:
    """Whether decoded JSON is the model of a live blog."""
    if not isinstance(data, dict) or not isinstance(data.get("blocks"), list):
        return False
    live_blog = data.get("contentType") == "LiveBlog" or "LiveBlog" in _design(data)
    return live_blog or object_in(data, "pageType").get("isLiveblog") is True


def read_model(document: Document, data: Mapping[str, object]) -> Snapshot:
    """Read `<page>.json?dcr`: its blocks are the page's, its key events those of the whole blog.

    Raises LayoutError if they are in an unknown form.
    """
    page_id = string_in(data, "pageId")
    claimed = string_in(data, "canonicalUrl") or string_in(data, "webURL")
    claimed = claimed or (f"https://www.theguardian.com/{page_id}" if page_id else "")
    blog = blog_of(document, absolute(claimed, document.url))
    views = (("blocks", View.BLOCK), ("keyEvents", View.MODEL))
    sightings, flaws = list[Sighting](), list[str]()
    for name, view in views:
        read, warnings = sift(blog, (stated(blog.url, e, view) for e in list_in(data, name)))
        sightings += read
        flaws += warnings
    hold_against(
        blog,
        [sighting for sighting in sightings if sighting.view is View.BLOCK],
        [sighting for sighting in sightings if sighting.view is View.MODEL],
    )
    pinned = data.get("pinnedPost")
    if isinstance(pinned, dict):
        sightings += sift(blog, (stated(blog.url, pinned, View.PINNED),))[0]
    top, bottom = _model_reach(data, document)
    series = (*_tags(data, "Series"), *_tags(data, "Blog"))
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="dcr-json",
        title=squeeze(string_in(data, "headline") or string_in(data, "webTitle")),
        language=language_of(string_in(data, "lang"), (each.text or "" for each in sightings)),
        live={"LiveBlogDesign": True, "DeadBlogDesign": False}.get(_design(data)),
        sightings=tuple(sightings),
        shows_top=top,
        shows_bottom=bottom,
        older=stated_older(data, document) if bottom is False else "",
        lists_every_key_event=isinstance(data.get("keyEvents"), list),
        claimed_url=blog.claimed,
        unread=bool(flaws),
        warnings=tuple(flaws),
        listings=tuple(filter(None, (absolute(f"/{tag}", blog.url) for tag in series))),
        keywords=tuple(_tags(data, "Keyword")),
    )


def _model_reach(data: Mapping[str, object], document: Document) -> tuple[bool | None, bool | None]:
    if data.get("filterKeyEvents") is True or "filterKeyEvents=true" in document.url:
        return None, None
    pages = object_in(data, "pagination")
    if not pages:
        return True, True
    current, total = pages.get("currentPage"), pages.get("totalPages")
    if not isinstance(current, int) or not isinstance(total, int):
        return None, None
    return current == 1, current == total


def _tags(data: Mapping[str, object], kind: str) -> Iterator[str]:
    for tag in list_in(data, "tags"):
        if isinstance(tag, dict) and tag.get("type") == kind and string_in(tag, "id"):
            yield string_in(tag, "id")


def _design(data: Mapping[str, object]) -> str:
    return string_in(object_in(data, "format"), "design")


def stated_in(entry: bytes, url: str, view: View) -> Sighting | Flaw:
    """Read one block of a blog's model from its JSON, from the cache if it is unchanged."""
    key = digest(entry), url, view
    return _STATED.get(lambda: _decoded(entry, url, view), key, len(entry))


def _decoded(entry: bytes, url: str, view: View) -> Sighting | Flaw:
    try:
        said = msgspec.json.decode(entry)
    except (msgspec.DecodeError, RecursionError):
        return Flaw("a block of the model that cannot be decoded", form=True)
    return stated(url, said, view)


def stated(url: str, entry: object, view: View) -> Sighting | Flaw:
    """Read one decoded block of a blog's model; its times are in milliseconds since 1970.

    `url` is the blog's address. Returns a Flaw if the block cannot be read.
    """
    if not isinstance(entry, dict) or not BARE_ID.fullmatch(string_in(entry, "id")):
        return Flaw("a block of the model has no id")
    block_id = string_in(entry, "id")
    flags, elements = object_in(entry, "attributes"), entry.get("elements")
    if not flags.keys() >= FLAGS or not isinstance(elements, list) or not _are_known(elements):
        return Flaw(f"block {block_id} of the model is in another form", form=True)
    published = epoch_ms(entry.get("blockFirstPublished"))
    if published is None:
        return Flaw(f"block {block_id} of the model is left out: it has no time")
    updated = epoch_ms(entry.get("blockLastUpdated"))
    words, media = _elements(elements, url)
    names = (string_in(each, "name") for each in list_in(entry, "contributors"))
    return Sighting(
        view=view,
        block_id=block_id,
        published=published,
        updated=updated if updated and updated > published else None,
        time_precision=TimePrecision.SECOND,
        title=squeeze(string_in(entry, "title")),
        html=words.html,
        text=words.text,
        permalink=permalink(url, block_id),
        authors=tuple(squeeze(name) for name in names if name),
        media=media,
        key_event=_flag(flags, "keyEvent"),
        summary=_flag(flags, "summary"),
        pinned=view is View.PINNED or _flag(flags, "pinned"),
    )


def _are_known(elements: list[object]) -> bool:
    """Whether all elements have a type, and texts have their html where it is read."""
    return all(
        isinstance(element, dict)
        and isinstance(element.get("_type"), str)
        and (not element["_type"].endswith(".TextBlockElement") or "html" in element)
        for element in elements
    )


def _elements(elements: Iterable[object], base: str) -> tuple[Ours, tuple[Media, ...]]:
    parts, media = list[str](), list[Media]()
    for element in elements:
        if isinstance(element, dict):
            html, image = _element(element)
            parts.append(html)
            media.extend(image)
    return made_ours("".join(parts), base), tuple(media)


def _element(element: Mapping[str, object]) -> tuple[str, tuple[Media, ...]]:
    """Convert one element of the model to html; return it with the picture that it is, if any."""
    kind = string_in(element, "_type").rpartition(".")[2]
    if kind in WORDLESS:
        return "", ()
    if kind == IMAGE:
        return _image(element)
    html = string_in(element, "html")
    if kind == "CodeBlockElement":
        return f"<pre><code>{html}</code></pre>", ()
    if kind == POST:
        html = re.sub(r"<blockquote[^<>]*>", '<blockquote class="twitter-tweet">', html, count=1)
    if html and "<iframe" not in html:
        return html, ()
    address = address_of(element) or _frame_source(html)
    label = string_in(element, "mediaTitle") or string_in(element, "title")
    return ("" if kind.endswith(ATOM) and not address else stand_in(address, label)), ()


def _frame_source(html: str) -> str:
    found = re.search(r'<iframe[^<>]*\ssrc="(https?:[^"<>]*)"', html)
    return found[1] if found else ""


def _image(element: Mapping[str, object]) -> tuple[str, tuple[Media, ...]]:
    images = list_in(object_in(element, "media"), "allImages")
    image = images[0] if images and isinstance(images[0], dict) else {}
    told = object_in(element, "data")
    url = absolute(string_in(image, "url"), "")
    if not url:
        return "", ()
    size = object_in(image, "fields")
    media = Media(
        url=url,
        alt=squeeze(string_in(told, "alt")),
        credit=squeeze(string_in(told, "credit")) if element.get("displayCredit") else "",
        width=pixels(size.get("width")),
        height=pixels(size.get("height")),
    )
    return figure(media, ours(string_in(told, "caption"), "").text), (media,)


def _flag(flags: Mapping[str, object], name: str) -> bool:
    # Absent means false; one of the site's own tests writes the words "true" and "false".
    return flags.get(name) in (True, "true")
