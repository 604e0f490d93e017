"""The result of parsing one fetched page: sightings of blocks, gathered in a snapshot."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from store.entry import Media, TimePrecision


class View(IntEnum):
    """The part of a page that states a block. A higher value is a stronger view."""

    INDEX = 1
    JSON_LD = 2
    MODEL = 3
    PINNED = 4
    BLOCK = 5


class Kind(Enum):
    """The kinds of pages."""

    LIVE_BLOG = "live-blog"
    ARTICLE = "article"
    LISTING = "listing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one view of one block states at one fetch; None for fields that the view does not state.

    Times are UTC. `html` is sanitised with absolute links, `text` its plain text, `block_id`
    None only where the page gives no ids. `answer` is the address of the publisher's API answer
    that has this sighting, "" where the page itself has it.
    """

    view: View
    block_id: str | None
    published: datetime | None = None
    updated: datetime | None = None
    time_precision: TimePrecision | None = None
    title: str | None = None
    html: str | None = None
    text: str | None = None
    permalink: str | None = None
    authors: tuple[str, ...] | None = None
    credit: str | None = None
    media: tuple[Media, ...] | None = None
    tags: tuple[str, ...] | None = None
    language: str | None = None
    key_event: bool | None = None
    summary: bool | None = None
    pinned: bool | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ListedBlog:
    """A live blog that a listing links to. `live` is None where the listing does not state it.

    `sure` is False where the listing only calls it one, so that its own page must be read to know.
    """

    url: str
    title: str
    live: bool | None = None
    published: datetime | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one fetch of one page showed.

    `url` is the blog's canonical URL, as far as it could be believed; `claimed_url` is the one
    that the page states, believed or not ("" if it states none). `sightings` are in page order;
    those of `View.BLOCK` are the blocks that the page itself shows. `shows_top` and
    `shows_bottom` say whether the page reaches to the blog's newest and oldest entry,
    `lists_every_key_event` whether its model is known to name every key event of the blog.
    `page_time` is when the page says it was rendered (UTC). `whole` is False when the markup is
    cut short, `unread` True when something that should be a block could not be read. `published`
    is the page's own best date, for entries without a time. `probe` is the address at which the
    publisher can be asked for anything newer than what this page shows, "" if there is none.

    `deleted` holds the block ids that the publisher itself states as deleted (a tombstone,
    a `delete`, a `deleted: true`); such a block has no sighting beside it. `older` is the address
    of the next page with older entries of this blog, "" where none is known or needed. `answers`
    are the addresses of the publisher's machine-readable answers (API, REST, embeds) that state
    more of this blog than this page does, newest entries first. All these addresses are absolute
    and built from ids on the page that were checked by their form, put behind the page's own
    origin or behind an API host that the platform itself declares; never an address that a page
    could have made up freely. An answer is parsed like any page, by the platform whose marks it
    has, and joined with the page's snapshot by block id.

    A listing has `blogs`, and `cards` counts all that it lists, live blog or not. A live blog names
    in `listings` the series that it belongs to (addresses), in `keywords` what it is about (the
    publisher's own tags), and in `leads` other live blogs that its head or its newest
    entries link to: one of them may be tomorrow's.
    """

    url: str
    kind: Kind
    platform: str
    layout: str = ""
    title: str = ""
    language: str = ""
    live: bool | None = None
    sightings: tuple[Sighting, ...] = ()
    shows_top: bool | None = None
    shows_bottom: bool | None = None
    lists_every_key_event: bool = False
    page_time: datetime | None = None
    published: datetime | None = None
    claimed_url: str = ""
    whole: bool = True
    unread: bool = False
    blogs: tuple[ListedBlog, ...] = ()
    warnings: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    probe: str = ""
    deleted: tuple[str, ...] = ()
    older: str = ""
    answers: tuple[str, ...] = ()
    cards: int = 0
    listings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def complete(self) -> bool | None:
        """Whether the page shows the blog from newest to oldest entry; None where unknown."""
        if self.shows_top is None or self.shows_bottom is None:
            return None
        return self.shows_top and self.shows_bottom
