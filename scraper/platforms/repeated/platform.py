"""Live blogs that no other reader knows: blocks with an id and an instant, called live.

Nothing tells how far such a page reaches, or whether it is live. What a block's class or attributes
call pinned or a key event is one, and where none of a page's blocks is called so, nothing is told.
"""

from collections import Counter
from dataclasses import replace
from weakref import WeakKeyDictionary

from scraper.address import absolute, believed, normalise
from scraper.document import Document
from scraper.errors import LayoutError
from scraper.html import squeeze
from scraper.platform import About, Gift, Platform
from scraper.platforms.repeated.block import Printed, read_block
from scraper.platforms.repeated.found import AHEAD, Block, Found, find
from scraper.platforms.repeated.times import updated_in, zone_of
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "generic"

NO_ZONE = "times name no zone; they are read in UTC, since none is configured, and are estimates"

LATE = "{} times lie ahead of now, so that they tell no instant; a configured zone may help"

NO_ID = "{} blocks without an id are left out, as copies of others"

# Recognising a page and parsing it ask the same of it.
_FOUND: WeakKeyDictionary[Document, tuple[Found | None]] = WeakKeyDictionary()


def marks(document: Document) -> tuple[str, ...]:
    """Name the block that a page repeats, where it is a live blog's."""
    found = _found_on(document)
    if found is None:
        return ()
    count, by = len(found.blocks), found.id_in
    return (f"{count} blocks alike, called live, with times of their own and told apart by {by}",)


def parse(document: Document) -> Snapshot:
    """Read a page's repeated blocks."""
    found = _found_on(document)
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    sightings = _sightings(document, found, url) if found else ()
    if found is None or not sightings:
        raise LayoutError(
            document.page.url,
            "the page repeats a live blog's block, but none can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    heading = document.tree.css_first("h1")
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout=found.id_in,
        title=(squeeze(heading.text()) if heading else "") or document.title,
        language=document.language,
        sightings=sightings,
        claimed_url=claimed,
        whole=document.whole,
        warnings=_warnings(document, found, sightings),
    )


def _found_on(document: Document) -> Found | None:
    found = _FOUND.get(document)
    if found is None:
        found = _FOUND[document] = (find(document),)
    return found[0]


def _sightings(document: Document, found: Found, url: str) -> tuple[Sighting, ...]:
    """Read the blocks that are told apart; a copy of one, or what is no entry, has no id."""
    ids = found.ids or (None,) * len(found.blocks)
    pairs = [(b, i) for b, i in zip(found.blocks, ids, strict=True) if i or not found.ids]
    read = [(block, block_id, read_block(block, url)) for block, block_id in pairs]
    links = Counter(printed.link for _, _, printed in read)
    keyed = any(printed.key for _, _, printed in read)
    stuck = any(printed.pinned for _, _, printed in read)
    return tuple(
        replace(
            _sighting(document, block, printed),
            block_id=block_id,
            permalink=(printed.link if links[printed.link] == 1 else "")
            or _fragment(url, block, block_id),
            key_event=printed.key if keyed else None,
            pinned=printed.pinned if stuck else None,
        )
        for block, block_id, printed in read
        if printed.title or printed.body.html
    )


def _sighting(document: Document, block: Block, printed: Printed) -> Sighting:
    zone = zone_of(document)
    told = block.mark.told
    late = told.at > document.page.fetched_at + AHEAD
    exact = told.zoned or zone is not None
    updated = updated_in(block.node, zone)
    return Sighting(
        view=View.BLOCK,
        block_id=None,
        published=None if late else told.at,
        updated=updated.at if updated and updated.at > told.at else None,
        time_precision=None if late else told.precision if exact else TimePrecision.ESTIMATED,
        title=printed.title,
        html=printed.body.html,
        text=printed.body.text,
        authors=printed.authors,
        media=printed.media,
    )


def _fragment(url: str, block: Block, block_id: str | None) -> str:
    """Make a block's address of the id of its element, or of its own."""
    stated = (node.attributes.get("id") for node in block.chain)
    anchor = next(filter(None, stated), None) or block_id
    return f"{url}#{anchor}" if anchor and block_id else url


def _warnings(document: Document, found: Found, sightings: tuple[Sighting, ...]) -> tuple[str, ...]:
    late = sum(sighting.published is None for sighting in sightings)
    told = [LATE.format(late)] if late else []
    if None in found.ids:
        told.append(NO_ID.format(found.ids.count(None)))
    if zone_of(document) is None and not all(block.mark.told.zoned for block in found.blocks):
        told.append(NO_ZONE)
    return tuple(told)


ABOUT = About(
    reads=(
        "live blogs of publishers that no other reader knows, such as The Times of Israel and "
        "The New York Times: blocks with an id and an exact time that their page calls live"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS,
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, parse=parse, about=ABOUT)
