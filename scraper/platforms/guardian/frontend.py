"""Pages of guardian/frontend, 2013 to 2021, and the Content API's `body` of those years."""

from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import Ours, ours, squeeze
from scraper.platforms.guardian.blog import (
    BLOCKS,
    NAME,
    Blog,
    Flaw,
    blocks_in,
    config,
    headline,
    hold_against,
    keywords_in,
    series_in,
    sift,
)
from scraper.platforms.guardian.embedded import FURNITURE, figure_html
from scraper.platforms.guardian.key_events import indexed
from scraper.times.instants import instant
from store.entry import Media, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

LEGACY_BODY = ".block-elements"


def read_frontend(blog: Blog) -> Snapshot:
    """Read a page whose blocks have their kind (key event, summary) in their class.

    Raises LayoutError if its blocks are in an unknown form.
    """
    document = blog.document
    nodes = document.tree.css(BLOCKS)
    shown, flaws = sift(blog, (_printed(blog, n, node) for n, node in blocks_in(nodes)))
    if not shown:
        raise blog.broken("no block has an id that is known")
    timeline = document.tree.css_first(".js-live-blog__timeline")
    listed = indexed(blog, timeline) if timeline else ()
    hold_against(blog, shown, listed)
    named = {sighting.block_id for sighting in listed}
    kinds = [block.key_event or block.summary for block in shown if block.block_id in named]
    if kinds and not any(kinds):
        raise blog.broken("no block is what the timeline says it is")
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="frontend",
        title=headline(document),
        language=document.language,
        live=_liveness(document),
        sightings=(*shown, *listed),
        claimed_url=blog.claimed,
        whole=document.whole,
        unread=bool(flaws),
        warnings=flaws,
        listings=series_in(blog),
        keywords=keywords_in(document),
    )


def _liveness(document: Document) -> bool | None:
    if document.tree.css_first(".is-live"):
        return True
    said = config(document).get("isLive")
    return said if isinstance(said, bool) else None


def _printed(blog: Blog, block_id: str, block: LexborNode) -> Sighting | Flaw:
    """Read one block of the old renderer, or return a Flaw if it cannot be read."""
    published = updated = None
    title, body = "", None
    for child in block.iter():
        classes = (child.attributes.get("class") or "").split()
        if "updated-time" in classes:
            updated = _printed_time(child)
        elif "block-time" in classes and published:
            return Flaw(f"block {block_id} has two times", form=True)
        elif "block-time" in classes:
            published = _printed_time(child)
        elif "block-title" in classes:
            title = squeeze(child.text())
        elif "block-elements" in classes:
            body = child
    if body is None:
        return Flaw(f"block {block_id} has no elements", form=True)
    if published is None:
        return Flaw(f"block {block_id} is left out: it has no time that can be read")
    words, media = printed_body(body, blog.url)
    no_byline = "block-elements--no-byline" in (body.attributes.get("class") or "")
    kinds = (block.attributes.get("class") or "").split()
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        updated=updated,
        time_precision=TimePrecision.SECOND,
        title=title,
        html=words.html,
        text=words.text,
        permalink=blog.permalink(block_id),
        authors=() if no_byline else None,
        media=media,
        key_event="is-key-event" in kinds,
        summary="is-summary" in kinds,
    )


def _printed_time(node: LexborNode) -> datetime | None:
    time = node.css_first("time[datetime]")
    return instant(time.attributes["datetime"] or "") if time else None


def printed_body(body: LexborNode, base: str) -> tuple[Ours, tuple[Media, ...]]:
    """Read a block's body in the old renderer's markup: its sanitised words, and its pictures."""
    parts, media = list[str](), list[Media]()
    for child in body.iter(include_text=True):
        if child.tag == "figure":
            html, image = figure_html(child, base)
            parts.append(html)
            media.extend(image)
        elif child.tag not in FURNITURE:
            parts.append(child.html or "")
    return ours("".join(parts), base), tuple(media)
