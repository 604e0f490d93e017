"""The live lists of an AMP page, and which of them is a live blog.

An `amp-live-list` holds a blog's posts, but also scores, buttons and advertisements that a page
refreshes. Posts have words and plausible times: furniture has `data-sort-time="1"` (PopSugar). An
item with `data-tombstone` has been deleted, the only explicit mark of a deletion on web pages;
publishers empty such an item or leave its words in, and readers do not see it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.platforms.amp.item import Item, read_item
from scraper.times.instants import Moment

SIGN = b"<amp-live-list"

LISTS = "amp-live-list > [items]"

# No post is older than the web, and a publisher's clock may be a little ahead of ours.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=1)

# A pinned item has a time far in the future (Superdesk: ten years), so that it sorts to the top.
PINNED_AHEAD = timedelta(days=1)

FEW_WORDS = 3


class Post(NamedTuple):
    """An item that is a post: `shown` is the time that readers see, `sorted` that of its place."""

    id: str
    item: Item
    shown: Moment | None
    sorted: Moment | None
    updated: Moment | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class LiveList:
    """The posts of one live list.

    `deleted` has the ids of items with a tombstone, `timeless` counts the items that have words but
    no time.
    """

    posts: tuple[Post, ...] = ()
    deleted: frozenset[str] = frozenset()
    timeless: int = 0

    @property
    def size(self) -> int:
        """The number of items, those that have been deleted included."""
        return len(self.posts) + len(self.deleted)


def live_list(document: Document, base: str, zone: tzinfo | None) -> LiveList:
    """Return the live list with the most posts on a page; an empty LiveList if there is none."""
    if not document.holds(SIGN):
        return LiveList()
    found = [_read(node, base, zone, document.page.fetched_at) for node in document.tree.css(LISTS)]
    return max(found, key=lambda each: (each.size, each.timeless), default=LiveList())


def _read(items: LexborNode, base: str, zone: tzinfo | None, now: datetime) -> LiveList:
    posts, deleted, timeless = list[Post](), set[str](), 0
    for node in items.iter():
        stated = node.attributes
        item_id = (stated.get("id") or "").strip()
        if not item_id:
            continue
        if "data-tombstone" in stated:
            deleted.add(item_id)
            continue
        item = read_item(node, base, zone)
        if not _says_something(item):
            continue
        post = _post(item_id, item, now)
        if post is not None:
            posts.append(post)
        elif not (stated.get("data-sort-time") or "").strip().isdigit():
            timeless += 1
    return LiveList(tuple(posts), frozenset(deleted), timeless)


def _says_something(item: Item) -> bool:
    if item.advertises and not item.title and len(item.body.text.split()) <= FEW_WORDS:
        return False
    return bool(item.title or item.body.html)


def _post(item_id: str, item: Item, now: datetime) -> Post | None:
    placed = item.placed
    pinned = placed is not None and placed.at > now + PINNED_AHEAD
    shown = next((told for told in item.told if _is_likely(told, now)), None)
    if shown is None and not pinned and not _is_likely(placed, now):
        return None
    return Post(
        id=item_id,
        item=item,
        shown=shown,
        sorted=placed if _is_likely(placed, now) else None,
        updated=item.updated if _is_likely(item.updated, now) else None,
        pinned=pinned,
    )


def _is_likely(told: Moment | None, now: datetime) -> bool:
    return told is not None and EARLIEST <= told.at <= now + AHEAD
