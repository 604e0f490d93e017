"""A page's list of key events beside its blocks: its carousel, or the list of 2022."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.markup.memo import LONGEST, Memo, digest
from scraper.platforms.guardian.blog import BLOCK_ID, Blog, sift
from scraper.platforms.guardian.model import stated_in
from scraper.times.instants import epoch_ms, instant
from store.entry import TimePrecision
from store.sighting import Sighting, View

# When the page was rendered, in the carousel's properties.
SERVER_TIME = re.compile(rb"&quot;serverTime&quot;:([0-9]{1,15})(?=[,}])")

_LISTED = Memo["tuple[Listed, bool]"]()


@dataclass(frozen=True, slots=True)
class Listed:
    """A page's key events beside its blocks; `every` is whether it lists all those of the blog.

    `page_time` is when the page was rendered (UTC), `filtered` whether it shows key events only.
    """

    sightings: tuple[Sighting, ...]
    layout: str
    every: bool
    page_time: datetime | None = None
    filtered: bool = False
    warnings: tuple[str, ...] = ()


class _Carousel(msgspec.Struct):
    """The carousel's properties, its key events not decoded yet."""

    key_events: list[msgspec.Raw] = msgspec.field(name="keyEvents")
    server_time: object = msgspec.field(name="serverTime", default=None)
    filtered: object = msgspec.field(name="filterKeyEvents", default=None)


def key_events(blog: Blog) -> Listed:
    """Read a page's key events, from its carousel or the list of 2022.

    Raises LayoutError if they are in another form.
    """
    tree = blog.document.tree
    carousel = tree.css_first('gu-island[name="KeyEventsCarousel"]')
    if carousel is not None:
        return _carousel(blog, carousel)
    if (
        tree.css_first('[id^="key-events-carousel"]')
        or b"keyEvents&quot;:[{" in blog.document.markup
    ):
        raise blog.broken("key events without the island KeyEventsCarousel")
    index = tree.css_first("nav#keyevents")
    if index is not None:
        return Listed(indexed(blog, index), "dcr-2022", every=False)
    if tree.css_first("main[data-layout]"):
        return Listed((), "dcr", every=True)
    return Listed((), "dcr-2022", every=False)


def _carousel(blog: Blog, island: LexborNode) -> Listed:
    """Read the carousel, from the cache if only its clock has changed."""
    written = blog.document.written_at(island, "props")
    clock = SERVER_TIME.search(written)
    if clock is None:
        return _listed(blog, island)
    now = epoch_ms(clock[1].decode())

    def read() -> tuple[Listed, bool]:
        listed = _listed(blog, island)
        return listed, listed.page_time == now

    key = digest(written[: clock.start()], written[clock.end() :]), blog.url
    # A quarter is counted as cached, since nothing is kept of most elements in the carousel.
    listed, is_clock = _LISTED.get(read, key, min(len(written) // 4, LONGEST))
    return replace(listed, page_time=now) if is_clock else _listed(blog, island)


def _listed(blog: Blog, island: LexborNode) -> Listed:
    try:
        props = msgspec.json.decode(blog.document.stated_by(island, "props"), type=_Carousel)
    except (msgspec.DecodeError, RecursionError):
        raise blog.broken("a carousel without its key events") from None
    told = (stated_in(bytes(entry), blog.url, View.MODEL) for entry in props.key_events)
    sightings, flaws = sift(blog, told)
    if sightings and not any(s.key_event or s.summary for s in sightings):
        raise blog.broken("key events that are neither key event nor summary")
    return Listed(
        sightings,
        "dcr",
        every=True,
        page_time=epoch_ms(props.server_time),
        filtered=props.filtered is True,
        warnings=flaws,
    )


def indexed(blog: Blog, index: LexborNode) -> tuple[Sighting, ...]:
    """Read a list of key events that consists of links, times and titles only."""
    found = list[Sighting]()
    for link in index.css("a[href]"):
        block = BLOCK_ID.search(link.attributes["href"] or "")
        time = link.css_first("time[datetime]")
        published = instant(time.attributes["datetime"] or "") if time else None
        if block and published:
            spans = link.css("span")
            found.append(
                Sighting(
                    view=View.INDEX,
                    block_id=block[1],
                    published=published,
                    time_precision=TimePrecision.SECOND,
                    title=squeeze(spans[-1].text()) if spans else None,
                    permalink=blog.permalink(block[1]),
                    key_event=True,
                )
            )
    return tuple(found)
