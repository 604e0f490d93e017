"""The repeated blocks of a page as sightings, with warnings of what was assumed of their times."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.repeated.block import Printed, read_block
from scraper.repeated.blocks import Block
from scraper.repeated.clocks import true_times
from scraper.repeated.found import Found, find
from scraper.repeated.shape import shape_of
from scraper.repeated.times import updated_in
from scraper.times.instants import Moment, is_struck_twice
from scraper.times.zones import Zone, zone_of_page
from store.entry import TimePrecision
from store.sighting import Sighting, View

NO_ZONE = (
    "times name no zone; they are read in {}, and are estimates until timezone: names the zone"
)

FALSE_ZONE = "times claim to be UTC, and are the local times of {}, in which they are read"

AGO = "the page tells only how long ago its entries were written; their times are estimates"

TWICE = "of {} entries the clock struck the hour twice; the first is taken, as an estimate"

NO_ID = "{} blocks without an id are left out, as copies of others"


@dataclass(frozen=True, slots=True)
class PrintedBlocks:
    """A page's sightings in page order, the attribute of their ids, and warnings of assumptions."""

    sightings: tuple[Sighting, ...]
    id_in: str
    warnings: tuple[str, ...]


@once
def found_on(document: Document) -> Found | None:
    """Find the block that a page repeats, once per page; None where it has none."""
    return find(document)


def printed_blocks(document: Document, found: Found, url: str) -> PrintedBlocks:
    """Read a page's blocks into sightings; `url` is the blog's.

    Left out are blocks without title and body, and blocks without an id among others that have one:
    copies, or not entries.
    """
    times, shifted = true_times(found.blocks, document)
    ids = found.ids or (None,) * len(found.blocks)
    shape = shape_of(found.blocks)
    rows = [
        (block, block_id, told, read_block(block, url, shape))
        for block, block_id, told in zip(found.blocks, ids, times, strict=True)
        if block_id or not found.ids
    ]
    links = Counter(printed.link for *_, printed in rows)
    keyed = any(printed.key for *_, printed in rows)
    stuck = any(printed.pinned for *_, printed in rows)
    sightings = tuple(
        replace(
            _sighting(block, told, printed, document),
            block_id=block_id,
            permalink=(printed.link if links[printed.link] == 1 else "")
            or _fragment(url, block, block_id),
            key_event=printed.key if keyed else None,
            pinned=printed.pinned if stuck else None,
        )
        for block, block_id, told, printed in rows
        if printed.title or printed.body.html
    )
    return PrintedBlocks(sightings, found.id_in, _warnings(found, times, document, shifted=shifted))


def _sighting(block: Block, told: Moment, printed: Printed, document: Document) -> Sighting:
    exact = told.zoned or _is_sure(told, zone_of_page(document))
    updated = _shifted(updated_in(block.node, document), block, told)
    return Sighting(
        view=View.BLOCK,
        block_id=None,
        published=told.at,
        updated=updated if updated and updated > told.at else None,
        time_precision=told.precision if exact else TimePrecision.ESTIMATED,
        title=printed.title,
        html=printed.body.html,
        text=printed.body.text,
        authors=printed.authors,
        media=printed.media,
    )


def _is_sure(told: Moment, zone: Zone) -> bool:
    """Whether a time without a zone can be only one instant."""
    return zone.sure and not is_struck_twice(told.at, zone.zone)


def _shifted(updated: Moment | None, block: Block, told: Moment) -> datetime | None:
    """Correct the time of an update by as much as the time of its block was corrected."""
    return updated.at + (told.at - block.mark.told.at) if updated else None


def _fragment(url: str, block: Block, block_id: str | None) -> str:
    """Return the blog's address with a block's fragment: the id of an element, or of the block.

    Without such an id, or a block id, it is the blog's address itself.
    """
    stated = (node.attributes.get("id") for node in block.chain)
    anchor = next(filter(None, stated), None) or block_id
    return f"{url}#{anchor}" if anchor and block_id else url


def _warnings(
    found: Found,
    times: Sequence[Moment],
    document: Document,
    *,
    shifted: timedelta,
) -> tuple[str, ...]:
    told = list[str]()
    if None in found.ids:
        told.append(NO_ID.format(found.ids.count(None)))
    if shifted:
        told.append(FALSE_ZONE.format(zone_of_page(document).told_by))
    bare = [each for each in times if not each.zoned]
    if twice := sum(is_struck_twice(each.at, zone_of_page(document).zone) for each in bare):
        told.append(TWICE.format(twice))
    if all(each.precision is TimePrecision.ESTIMATED for each in times):
        told.append(AGO)
    elif bare and not zone_of_page(document).sure:
        told.append(NO_ZONE.format(zone_of_page(document).told_by))
    return tuple(told)
