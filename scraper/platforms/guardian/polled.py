"""The small answer to a live page's client, read as a page: what is newer than some block.

It is asked between full reads, to tell whether a full one is due (`polling`), and tells less than
the page: a few new blocks, and in `timeline` which of them are key events. It proves no absence.
"""

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from scraper.address import normalise
from scraper.markup.document import Document
from scraper.markup.loose_json import string_in
from scraper.platforms.guardian.blog import NAME, blog_of, sift
from scraper.platforms.guardian.key_events import indexed
from scraper.platforms.guardian.rendered import rendered_blocks
from store.sighting import Kind, Snapshot


def is_polled(data: object) -> bool:
    """Whether JSON is that answer: it counts the new blocks, and has their markup."""
    return isinstance(data, dict) and isinstance(data.get("numNewBlocks"), int) and "html" in data


def read_polled(document: Document) -> Snapshot:
    """Read the new blocks of an answer; LayoutError where one is not as it is known."""
    blog = blog_of(document, "")
    page = normalise(blog.url).partition("?")[0].removesuffix(".json")
    blog = replace(blog, url=page if page.startswith("http") else blog.url)
    body = LexborHTMLParser(string_in(document.data, "html")).body
    timeline = LexborHTMLParser(string_in(document.data, "timeline")).body
    shown, flaws = sift(blog, rendered_blocks(blog, body)) if body is not None else ((), ())
    listed = indexed(blog, timeline) if timeline is not None else ()
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="polling",
        live=True if string_in(document.data, "mostRecentBlockId") else None,
        sightings=(*shown, *listed),
        unread=True,
        warnings=flaws,
    )
