"""The small answer to a live page's client, read as a page: what is newer than a given block.

It is asked for between full reads to decide whether a full read is due (`polling`). It has less
than the page: a few new blocks, and in `timeline` which of them are key events. That an entry is
missing from it means nothing.
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
    """Whether decoded JSON is that answer: the number of new blocks, and their markup."""
    return isinstance(data, dict) and isinstance(data.get("numNewBlocks"), int) and "html" in data


def read_polled(document: Document) -> Snapshot:
    """Read the new blocks of an answer; raise LayoutError if one is not in a known form."""
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
