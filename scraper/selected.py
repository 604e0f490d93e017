"""Reading of a page by the CSS selectors that a person configured, and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.platforms.clock.days import Told, days_of, instant
from scraper.platforms.clock.evidence import Evidence, evidence
from scraper.repeated.block import read_block
from scraper.repeated.blocks import Block
from scraper.repeated.times import Mark
from scraper.selectors import Selectors, element_in, value_in
from scraper.stand_ins.walls import wall
from scraper.times.ago import instant_in
from scraper.times.clocks import stamp_alone
from scraper.times.dates import day_alone
from scraper.times.instants import Moment, moment
from scraper.times.rendered import rendered_at
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "selectors"
LONGEST_ID = 200
# Elements that may hold a block's time where no selector for it is configured.
INSTANTS = "time[datetime], [datetime], [data-timestamp], [data-time]"


_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Timed:
    """When a block was written: an instant, or a time of day whose day is not known yet.

    `node` is the element with the time, or the block itself if there is none.
    """

    node: LexborNode
    told: Moment | None = None
    clock: Told | None = None


def read_selected(document: Document, selectors: Selectors) -> Snapshot:
    """Read the blocks that the selectors find, in page order.

    Raises LayoutError where they find no block, or none with a title or html.
    """
    nodes = document.tree.css(selectors.block) if document.data is None else []
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    sightings = _sightings(document, nodes, selectors, url)
    if not sightings:
        raise LayoutError(
            document.page.url,
            wall(document) or f"the page has no entries by its selectors ({selectors})",
            "look at the page, and mend selectors: in the configuration",
        )
    heading = document.tree.css_first("h1")
    undated = sum(sighting.published is None for sighting in sightings)
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="configured",
        title=(squeeze(heading.text()) if heading else "") or document.title,
        language=document.language,
        sightings=sightings,
        claimed_url=claimed,
        whole=document.whole,
        why=(f"{len(sightings)} entries by the selectors of its source: {selectors}",),
        warnings=(f"{undated} entries have no time by their selector",) if undated else (),
    )


def _sightings(
    document: Document, nodes: Sequence[LexborNode], selectors: Selectors, url: str
) -> tuple[Sighting, ...]:
    said = evidence(document, "")
    made = rendered_at(document)
    timed = [_time_in(node, selectors, said, made) for node in nodes]
    moments = _with_days(timed, said)
    read = (
        _sighting(node, each.node, told, selectors, url)
        for node, each, told in zip(nodes, timed, moments, strict=True)
    )
    return tuple(sighting for sighting in read if sighting.title or sighting.html)


def _sighting(
    block: LexborNode, timed: LexborNode, told: Moment | None, selectors: Selectors, url: str
) -> Sighting:
    chain = _chain(block, timed)
    mark = Mark(timed, told or Moment(_NEVER, TimePrecision.ESTIMATED, zoned=False))
    printed = read_block(Block(block, mark, chain), url)
    seen = Sighting(
        view=View.BLOCK,
        block_id=_id_in(block, selectors),
        published=told.at if told else None,
        time_precision=told.precision if told else None,
        title=printed.title,
        html=printed.body.html,
        text=printed.body.text,
        permalink=printed.link or None,
        authors=printed.authors,
        media=printed.media,
        key_event=printed.key or None,
        pinned=printed.pinned or None,
    )
    if selectors.title:
        seen = replace(seen, title=squeeze(value_in(block, selectors.title)))
    if selectors.body:
        body = element_in(block, selectors.body)
        made = ours((body.inner_html or "") if body else "", url)
        seen = replace(seen, html=made.html, text=made.text)
    return seen


def _id_in(block: LexborNode, selectors: Selectors) -> str | None:
    told = value_in(block, selectors.id or "@id").strip()
    return told.rpartition("#")[2][:LONGEST_ID] or None


def _chain(block: LexborNode, inner: LexborNode) -> tuple[LexborNode, ...]:
    chain, node = [inner], inner
    while node.mem_id != block.mem_id and node.parent is not None:
        node = node.parent
        chain.append(node)
    return tuple(reversed(chain))


def _time_in(block: LexborNode, selectors: Selectors, said: Evidence, now: datetime) -> _Timed:
    node = element_in(block, selectors.time) if selectors.time else block.css_first(INSTANTS)
    if node is None:
        return _Timed(block)
    stated = node.attributes
    values = [value_in(block, selectors.time)] if selectors.time else []
    values += [stated.get(name) or "" for name in ("datetime", "data-timestamp", "data-time")]
    zone = said.zone
    for value in values:
        told = moment(value.strip(), zone.zone) if value else None
        if told is not None:
            sure = told.zoned or zone.sure
            precise = told.precision if sure else TimePrecision.ESTIMATED
            return _Timed(node, told._replace(precision=precise))
    words = squeeze(node.text())
    if (at := instant_in(words, now)) is not None:
        return _Timed(node, Moment(at, TimePrecision.ESTIMATED, zoned=True))
    stamp = stamp_alone(words)
    day = day_alone(stamp[0], said.near) if stamp and stamp[0] else None
    return _Timed(node, clock=Told(stamp[1].minutes, day) if stamp else None)


def _with_days(timed: Sequence[_Timed], said: Evidence) -> list[Moment | None]:
    """Return each block's instant, None if unknown; for a bare time of day, its day is inferred."""
    clocks = [each.clock for each in timed if each.clock]
    rising = sum(b.minutes > a.minutes for a, b in pairwise(clocks))
    falling = 2 * rising <= len(clocks)
    days = iter(days_of(clocks, [], said, falling=falling) if clocks else [])
    precise = TimePrecision.MINUTE if said.zone.sure else TimePrecision.ESTIMATED
    moments = list[Moment | None]()
    for each in timed:
        told, clock = each.told, each.clock
        if clock is not None and (day := next(days)) is not None:
            at = instant(day, clock.minutes, said.zone.zone)
            told = Moment(at, precise, zoned=False) if at else None
        moments.append(told)
    return moments
