"""Local times that claim to be UTC, corrected by the clocks that blocks print.

Publishers write the local time and call it UTC (a false "Z"), or count it from 1970. The printed
clock shows this where the zone is known from a person; so does a time that lies ahead of now.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.repeated.blocks import Block
from scraper.times.clocks import clock_at
from scraper.times.instants import Moment
from scraper.times.zones import Zone, zone_of_page
from store.entry import TimePrecision

# A publisher's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=15)
# How many clocks are compared, and the share of them that has to agree.
SAMPLE, AGREE = 12, 0.8
NONE = timedelta()


def true_times(blocks: Sequence[Block], document: Document) -> tuple[list[Moment], timedelta]:
    """Return the blocks' instants, corrected where they are local times that claim to be UTC.

    The second value is by how much the first of them was moved; zero where none was.
    """
    told = [block.mark.told for block in blocks]
    exact = [each for each in told if each.precision is not TimePrecision.ESTIMATED]
    if not exact or not all(each.zoned for each in exact):
        return told, NONE
    latest = document.page.fetched_at + AHEAD
    ahead = max(each.at for each in told) > latest
    if not ahead and not (_is_named_by_a_person(document) and _prints_them(blocks)):
        return told, NONE
    zone = zone_of_page(document)
    local = [each._replace(at=_in_zone(each.at, zone)) for each in told]
    moved = local[0].at - told[0].at
    if not moved or max(each.at for each in local) > latest:
        return told, NONE
    return [each._replace(zoned=zone.sure) for each in local], moved


def _is_named_by_a_person(document: Document) -> bool:
    """Whether a person configured the page's zone; if not, the page's own is not looked for."""
    return bool(document.page.timezone) and zone_of_page(document).by_a_person


def _in_zone(at: datetime, zone: Zone) -> datetime:
    return at.replace(tzinfo=zone.zone).astimezone(UTC)


def _prints_them(blocks: Sequence[Block]) -> bool:
    """Whether the clocks beside the instants show the time of day that the instants have in UTC."""
    sample = blocks[:: max(1, len(blocks) // SAMPLE)]
    pairs = [(clock_at(squeeze(block.mark.node.text())), block.mark.told.at) for block in sample]
    shown = [(clock.minutes, at) for clock, at in pairs if clock is not None]
    same = sum(minutes == at.hour * 60 + at.minute for minutes, at in shown)
    return len(shown) >= 2 and same >= AGREE * len(shown)  # noqa: PLR2004 - one is chance
