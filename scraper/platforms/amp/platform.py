"""Live blogs in AMP's `amp-live-list`, with what the page's structured data knows beside it.

The list is the page; structured data is the weaker view, which knows posts that the list leaves
out (AMP's own sample prints five of twenty, and only there their bodies). Pages whose blocks are
read by their publisher's own marks are left to whoever reads them.

Times: what readers see goes first (`amp-timeago`, `time`), then structured data. `data-sort-time`
only gives a post its place: The Independent writes into it when a post was begun, hours before.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from weakref import WeakKeyDictionary

from scraper.bare import bare
from scraper.document import Document
from scraper.errors import LayoutError
from scraper.platform import Platform
from scraper.platforms.amp.joined import joined, without_word
from scraper.platforms.amp.live_list import SIGN, LiveList, Post, live_list
from scraper.times import Moment, zone_named
from store.sighting import Sighting, Snapshot, View

NAME = "amp"

# The layout of a page of whose blocks nothing is read but what its structured data says.
STATED_ALONE = "json-ld"

# One item with words may be a score that a page renews; two are a list.
AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """A page's live list, and what is stated beside it; `is_others` where others read its blocks.

    Recognising a page and parsing it ask the same of it.
    """

    shown: LiveList
    stated: Snapshot | None
    is_others: bool = False


_FOUND: WeakKeyDictionary[Document, _Found] = WeakKeyDictionary()


def amp(general: Platform) -> Platform:
    """Make the platform of AMP's live lists; `general` reads the structured data beside them."""
    return Platform(
        name=NAME, hosts=(), marks=partial(_marks, general), parse=partial(_parse, general)
    )


def _marks(general: Platform, document: Document) -> tuple[str, ...]:
    if SIGN not in document.markup:
        return ()
    found = _found_on(general, document)
    if found.is_others:
        return ()
    shown = found.shown
    if shown.size >= AT_LEAST or (shown.size and found.stated):
        return (f"an AMP live list with {shown.size} posts that have times",)
    if shown.timeless > AT_LEAST:
        return (f"an AMP live list with {shown.timeless} posts whose times cannot be read",)
    return ()


def _found_on(general: Platform, document: Document) -> _Found:
    found = _FOUND.get(document)
    if found is None:
        stated = _stated(general, document)
        if stated is not None and stated.layout != STATED_ALONE:
            found = _Found(LiveList(), stated, is_others=True)
        else:
            blank = stated or bare(document, NAME)
            zone = zone_named(document.page.timezone)
            found = _Found(live_list(document, blank.url, zone), stated)
        _FOUND[document] = found
    return found


def _stated(general: Platform, document: Document) -> Snapshot | None:
    if not general.marks(document):
        return None
    try:
        return general.parse(document)
    except LayoutError:
        return None


def _parse(general: Platform, document: Document) -> Snapshot:
    """Read a live list, and structured data as what is known of its posts from elsewhere."""
    found = _found_on(general, document)
    shown = found.shown
    if not shown.posts:
        raise LayoutError(
            document.page.url,
            "the page has an AMP live list, but no post in it has a time that can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    blank = found.stated or bare(document, NAME)
    stated = [replace(each, view=View.JSON_LD) for each in blank.sightings]
    blocks, linked = joined(
        [_block(post, post.shown or post.sorted) for post in shown.posts], stated
    )
    known = {each.block_id: each.published for each in linked if each.published}
    deleted = {name for each in shown.deleted for name in (each, without_word(each))}
    return replace(
        blank,
        platform=NAME,
        layout="amp-live-list, json-ld" if linked else "amp-live-list",
        sightings=(
            *(
                _addressed(block, post, known, blank.url)
                for block, post in zip(blocks, shown.posts, strict=True)
            ),
            *(each for each in linked if each.block_id not in deleted),
        ),
        shows_top=None,
        shows_bottom=None,
        unread=blank.unread or bool(shown.timeless),
        warnings=(*blank.warnings, *_warnings(shown, known)),
    )


def _block(post: Post, told: Moment | None) -> Sighting:
    item = post.item
    return Sighting(
        view=View.BLOCK,
        block_id=post.id,
        published=told.at if told else None,
        updated=_later(post.updated, told.at if told else None),
        time_precision=told.precision if told else None,
        title=item.title,
        html=item.body.html,
        text=item.body.text,
        authors=tuple(dict.fromkeys(item.authors)) or None,
        media=tuple(item.media) or None,
        pinned=True if post.pinned else None,
    )


def _addressed(
    block: Sighting, post: Post, known: dict[str | None, datetime], url: str
) -> Sighting:
    """Leave a block's place in the list out where its time is known, and give it an address."""
    if post.shown is None and (published := known.get(block.block_id)) is not None:
        block = replace(
            block,
            published=None,
            time_precision=None,
            updated=_later(post.updated, published),
        )
    return block if block.block_id in known else replace(block, permalink=f"{url}#{post.id}")


def _later(updated: Moment | None, published: datetime | None) -> datetime | None:
    if updated is None or published is None or updated.at <= published:
        return None
    return updated.at


def _warnings(shown: LiveList, known: dict[str | None, datetime]) -> tuple[str, ...]:
    told = list[str]()
    if shown.timeless:
        told.append(f"{shown.timeless} posts have no time that can be read; they are left out")
    alone = [post for post in shown.posts if post.shown is None and post.sorted is not None]
    if not known and any(post.sorted and not post.sorted.zoned for post in alone):
        told.append("times name no zone; they are read in the configured one, else in UTC")
    return tuple(told)
