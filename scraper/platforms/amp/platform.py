"""Live blogs in AMP's `amp-live-list`, joined with the page's structured data.

The list is what the page shows; structured data is the weaker view, but has posts that the list
leaves out (AMP's own sample prints five of twenty, and has bodies only there). Pages whose blocks
another platform recognises by their publisher's marks are left to that platform.

Order of preference for times: what readers see (`amp-timeago`, `time`), then structured data.
`data-sort-time` only sorts a post: The Independent writes into it when a post was begun, hours
before.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.amp.joined import joined, named, without_word
from scraper.platforms.amp.live_list import SIGN, LiveList, Post, live_list
from scraper.times.instants import Moment, zone_named
from store.sighting import Sighting, Snapshot, View

NAME = "amp"

# Part of every mark that stands for structured data, not for blocks on the page.
STATED = "JSON-LD"

# One item with words may be a score that a page refreshes; two are a list.
AT_LEAST = 2


ABOUT = About(
    reads=(
        "AMP's live lists by whoever prints them, joined with the page's structured data; what "
        "bears a tombstone, advertisements and other furniture left out"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.DELETIONS | Gift.OLDER_PAGES,
    tested_on=(Tested.OWN_PROGRAM,),
)


def amp(general: Platform) -> Platform:
    """Return the platform for AMP's live lists; `general` reads their pages' structured data."""
    return Platform(
        name=NAME,
        hosts=(),
        marks=partial(_marks, general),
        signs=(SIGN,),
        parse=partial(_parse, general),
        about=ABOUT,
    )


def _marks(general: Platform, document: Document) -> tuple[str, ...]:
    if not document.holds(SIGN):
        return ()
    stated = general.marks(document)
    if any(STATED not in mark for mark in stated):
        return ()
    shown = _shown(document)
    if shown.size >= AT_LEAST or (shown.size and stated):
        return (f"an AMP live list with {shown.size} posts that have times",)
    if shown.timeless > AT_LEAST:
        return (f"an AMP live list with {shown.timeless} posts whose times cannot be read",)
    return ()


@once
def _shown(document: Document) -> LiveList:
    return live_list(document, bare(document, NAME).url, zone_named(document.page.timezone))


def _stated(general: Platform, document: Document) -> Snapshot | None:
    if not general.marks(document):
        return None
    try:
        return general.parse(document)
    except LayoutError:
        return None


def _parse(general: Platform, document: Document) -> Snapshot:
    """Read a live list, and add the structured data as JSON-LD sightings of the same posts.

    Raises LayoutError if no post of the list has a time that can be read.
    """
    shown = _shown(document)
    if not shown.posts:
        raise LayoutError(
            document.page.url,
            "the page has an AMP live list, but no post in it has a time that can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    blank = _stated(general, document) or bare(document, NAME)
    linked = tuple(replace(each, view=View.JSON_LD) for each in blank.sightings)
    known = {each.block_id: each.published for each in linked if each.published}
    ids, by_id = named([post.id for post in shown.posts], linked)
    blocks = tuple(
        _block(post, name, blank.url, known.get(name))
        for post, name in zip(shown.posts, ids, strict=True)
    )
    if linked and not by_id:
        blocks, linked = joined(
            blocks, [post.sorted and post.sorted.at for post in shown.posts], linked
        )
    deleted = {name for each in shown.deleted for name in (each, without_word(each))}
    return replace(
        blank,
        platform=NAME,
        layout="amp-live-list, json-ld" if linked else "amp-live-list",
        sightings=(*blocks, *(each for each in linked if each.block_id not in deleted)),
        deleted=tuple(sorted(deleted)),
        shows_top=None,
        shows_bottom=None,
        unread=blank.unread or bool(shown.timeless),
        warnings=(*blank.warnings, *_warnings(shown, by_id=by_id)),
    )


def _block(post: Post, name: str, url: str, known: datetime | None) -> Sighting:
    """Return a post's sighting.

    `known` is its time in the structured data, which is preferred to the time that it is sorted by.
    """
    item = post.item
    told = post.shown or (None if known else post.sorted)
    return Sighting(
        view=View.BLOCK,
        block_id=name,
        published=told.at if told else None,
        updated=_later(post.updated, told.at if told else known),
        time_precision=told.precision if told else None,
        title=item.title,
        html=item.body.html,
        text=item.body.text,
        permalink=None if known else f"{url}#{post.id}",
        authors=tuple(dict.fromkeys(item.authors)) or None,
        media=tuple(item.media) or None,
        pinned=True if post.pinned else None,
    )


def _later(updated: Moment | None, published: datetime | None) -> datetime | None:
    if updated is None or published is None or updated.at <= published:
        return None
    return updated.at


def _warnings(shown: LiveList, *, by_id: bool) -> tuple[str, ...]:
    told = list[str]()
    if shown.timeless:
        told.append(f"{shown.timeless} posts have no time that can be read; they are left out")
    alone = [post.sorted for post in shown.posts if post.shown is None and post.sorted]
    if not by_id and not all(each.zoned for each in alone):
        told.append("times name no zone; they are read in the configured one, else in UTC")
    return tuple(told)
