"""What all layouts of a Guardian live blog share: the blog, its block ids, and its errors."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, normalise, with_query
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.loose_json import object_in, string_in
from store.sighting import Sighting

NAME = "guardian"

BLOCK_ID = re.compile(r"block-([0-9a-f]{24})")

BARE_ID = re.compile(r"[0-9a-f]{24}")

BLOCKS = '[id^="block-"]'

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

CONFIG = b"window.guardian"

# A list of tag ids, which contain no quotation marks or escapes.
_STRING = re.compile(rb'\s*"([^"\\]{0,4000})"')

PAGE_OF = re.compile(r"(\d{1,6})\s*of\s*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why one block could not be read; `form` is whether its markup is in an unknown form."""

    reason: str
    form: bool = False


@dataclass(frozen=True, slots=True)
class Blog:
    """What all readers of one page's blocks need.

    `url` is the blog's canonical URL, `claimed` the address that the page claims, believed or not.
    """

    document: Document
    url: str
    claimed: str

    def permalink(self, block_id: str) -> str:
        """Return the address of the block with this id."""
        return permalink(self.url, block_id)

    def broken(self, reason: str) -> LayoutError:
        """Return the error for a page that is a Guardian live blog in an unknown form."""
        return LayoutError(
            self.document.page.url,
            f"a Guardian live blog in a form that is not known: {reason}",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )


def permalink(url: str, block_id: str) -> str:
    """Return the address of a block of the blog at `url`, in the form that all layouts have had.

    It is `url` with a query and a fragment; the colon in the query is not percent-encoded.
    """
    return with_query(url, f"page=with:block-{block_id}", f"block-{block_id}")


def blog_of(document: Document, claimed: str) -> Blog:
    """Return the blog of a document; its address is the claimed one if that can be believed.

    If `claimed` is "", the claim is the page id in the page's configuration, else its `og:url`.
    """
    if not claimed:
        page_id = string_in(config(document), "pageId")
        claimed = f"https://www.theguardian.com/{page_id}" if page_id else ""
    claimed = claimed or absolute(document.meta.get("og:url", ""), document.url)
    url = claimed if believed(claimed, document.url) else document.url
    return Blog(document, url=normalise(url), claimed=claimed)


def sift(
    blog: Blog, read: Iterable[Sighting | Flaw]
) -> tuple[tuple[Sighting, ...], tuple[str, ...]]:
    """Separate the sightings from the flaws; return the sightings and the flaws' reasons.

    One program writes all blocks of a page, so LayoutError is raised if one is in an unknown form,
    or if there are blocks and none can be read: the program has changed.
    """
    sightings, flaws = list[Sighting](), list[str]()
    for block in read:
        if not isinstance(block, Flaw):
            sightings.append(block)
        elif block.form:
            raise blog.broken(block.reason)
        else:
            flaws.append(block.reason)
    if flaws and not sightings:
        raise blog.broken(flaws[0])
    return tuple(sightings), tuple(flaws)


def blocks_in(nodes: Iterable[LexborNode]) -> Iterator[tuple[str, LexborNode]]:
    """Yield the block id and the node for each of `nodes` that has the id of a block."""
    for node in nodes:
        found = BLOCK_ID.fullmatch(node.id or "")
        if found:
            yield found[1], node


def config(document: Document) -> Mapping[str, object]:
    """Return `window.guardian`'s `config.page`; {} if it is missing or cannot be decoded."""
    start = document.markup.find(CONFIG)
    brace = document.markup.find(b"{", start) if start >= 0 else -1
    if brace < 0:
        return {}
    script = document.markup[brace : script_end(document, start)].decode("utf-8", "replace")
    try:
        said, _ = json.JSONDecoder().raw_decode(script)
    except (ValueError, RecursionError):
        return {}
    return object_in(object_in(said, "config"), "page")


def series_in(blog: Blog) -> tuple[str, ...]:
    """Return the addresses of the series that a blog belongs to, by its page's configuration."""
    named = (_told(blog.document, b'"seriesId":'), _told(blog.document, b'"blogIds":'))
    ids = [one for told in named for one in told.split(",") if one]
    return tuple(url for one in ids if (url := absolute(f"/{one}", blog.url)))


def keywords_in(document: Document) -> tuple[str, ...]:
    """Return the ids of the keywords that a blog is filed under."""
    return tuple(filter(None, _told(document, b'"keywordIds":').split(",")))


def _told(document: Document, key: bytes) -> str:
    """Return the string at `key` in `window.guardian` without decoding the rest; "" if missing."""
    start = document.markup.find(CONFIG)
    at = document.markup.find(key, start, script_end(document, start)) if start >= 0 else -1
    found = _STRING.match(document.markup, at + len(key)) if at >= 0 else None
    return found[1].decode("utf-8", "replace") if found else ""


def script_end(document: Document, start: int) -> int:
    """Return the offset at which the script ends that contains the offset `start`."""
    end = document.markup.find(b"</script", start)
    return end if end >= 0 else len(document.markup)


def hold_against(blog: Blog, shown: Sequence[Sighting], listed: Sequence[Sighting]) -> None:
    """Raise LayoutError if a page's blocks and its list of key events contradict one another.

    Both were written from one model: if there are key events but no blocks, or not one block has
    the time (or title) of its key event, the form of one of them has changed, and was misread.
    """
    if listed and not shown:
        raise blog.broken("key events, but no block that is known")
    by_id = {block.block_id: block for block in shown}
    pairs = [(by_id[each.block_id], each) for each in listed if each.block_id in by_id]
    if pairs and not any(block.published == each.published for block, each in pairs):
        raise blog.broken("blocks and key events give different times")
    titled = [(block, each) for block, each in pairs if block.title or each.title]
    if titled and not any(block.title == each.title for block, each in titled):
        raise blog.broken("blocks and key events give different titles")


def headline(document: Document) -> str:
    """Return the page's headline; match pages have no `h1`, but a title for sharing."""
    heading = document.tree.css_first("h1")
    return (squeeze(heading.text()) if heading else "") or document.title
