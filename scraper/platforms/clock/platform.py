"""Live blogs whose entries begin with the time of day, and have no other machine-readable mark.

Either a known publisher's blocks are on the page (`forms`), or a page is recognised by its times
alone (`found`). An entry's day and zone come from elsewhere (`days`, `evidence`); an entry whose
day is unknown has no time, and one whose zone is unknown has an estimated time. Such pages do not
say whether they are live, and most do not show how far back they reach.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, partial

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, host, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.once import once
from scraper.markup.visible import fold
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.clock.blocks import block_of
from scraper.platforms.clock.days import Told, days_of, instant
from scraper.platforms.clock.entries import (
    authors_of,
    body_as_block,
    body_of,
    body_of_block,
    ids_of,
)
from scraper.platforms.clock.evidence import Evidence, evidence
from scraper.platforms.clock.forms import Form, form_of, heads_of, is_key, is_known
from scraper.platforms.clock.found import Found, container_of, falls, find, timed
from scraper.platforms.clock.segments import Parted, Segment, part
from scraper.repeated.shape import PLAIN, Shape, shape_of, shape_of_rows
from scraper.times.clocks import IN_FIGURES, Clock, clock_at
from scraper.times.instants import is_struck_twice, zone_named
from scraper.times.zones import Zone
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "clock"
BETWEEN = " |–—-"
SITE = re.compile(r"\s[|–—-]\s")
NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read from a page: its publisher's form, its entries, and its evidence of times."""

    form: Form | None
    found: Found | None
    said: Evidence | None


def marks(document: Document) -> tuple[str, ...]:
    """Return the mark of a page: a known publisher's blocks, or entries in a row with times of day.

    Returns () if it has neither.
    """
    read = _read(document)
    if read.form is not None:
        return (f"blocks in the form of {read.form.name}",)
    if read.found is None:
        return ()
    count = len(read.found.parted.segments)
    order = "newest first" if read.found.falling else "oldest first"
    return (
        f"{count} entries in a row that begin with the time of day, {order}, with text between",
    )


def parse(document: Document) -> Snapshot:
    """Read a live blog by its times of day; raise LayoutError if no time can be read."""
    read = _read(document)
    if read.found is None or read.said is None:
        raise LayoutError(
            document.page.url,
            "the page has the blocks of a live blog, but none of their times can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    said, parted = read.said, read.found.parted
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    sightings = tuple(_sightings(read, parted, url))
    best = said.best
    whole = True if read.form and read.form.whole and document.whole else None
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout=read.form.name if read.form else "headings",
        title=_title(document),
        language=document.language,
        sightings=sightings,
        shows_top=whole,
        shows_bottom=whole,
        published=best.at if best else None,
        claimed_url=claimed,
        whole=document.whole,
        warnings=_warnings(said, sightings),
    )


@once
def _read(document: Document) -> _Read:
    if document.data is not None:
        return _Read(None, None, None)
    form = form_of(document)
    if form is None and is_known(document):
        return _Read(None, None, None)
    ask = cache(partial(evidence, document, form.zone if form else ""))
    if form is None:
        found = find(document, ask)
        return _Read(None, found, ask() if found else None)
    heads = heads_of(document, form)
    clocks = [head.clock.minutes for head in heads if head.clock]
    if not clocks:
        return _Read(form, None, None)
    parted = part(container_of(heads), heads, ask().near)
    return _Read(form, Found(parted, falls(timed(parted)) is not False), ask())


def _sightings(read: _Read, parted: Parted, url: str) -> list[Sighting]:
    found, said = read.found, read.said
    if found is None or said is None:
        return []
    times = _times(parted, said, falling=found.falling)
    named = _named(parted.lists)
    ids = ids_of(parted.segments, marked=read.form is not None and read.form.ids)
    apart = parted.in_blocks and read.form is None
    blocks = [block_of(segment) if apart else None for segment in parted.segments]
    shape = shape_of([block for block in blocks if block])
    row = PLAIN if apart else _shape_of_rows(parted.segments)
    made = list[Sighting]()
    for segment, block, (at, precision), (block_id, anchor) in zip(
        parted.segments, blocks, times, ids, strict=True
    ):
        body = body_as_block(block, url, shape) if block else body_of(segment, url, row)
        if read.form is not None and not body.title and not body.html:
            body = body_of_block(segment, url)
        if not body.title and not body.html:
            continue
        clock = segment.head.clock
        listed = clock is not None and (clock.minutes, fold(body.title)) in named
        made.append(
            Sighting(
                view=View.BLOCK,
                block_id=block_id,
                published=at,
                time_precision=precision,
                title=body.title,
                html=body.html,
                text=body.text,
                permalink=f"{url}#{anchor}" if block_id and anchor else None,
                authors=body.authors or authors_of(segment),
                media=body.media or None,
                key_event=True
                if listed or segment.key or body.key
                else is_key(read.form, segment.head.start),
            )
        )
    return made


def _shape_of_rows(segments: Sequence[Segment]) -> Shape:
    clocks = [segment.head.clock.minutes if segment.head.clock else 0 for segment in segments]
    return shape_of_rows([segment.pieces for segment in segments], clocks)


def _times(
    parted: Parted, said: Evidence, *, falling: bool
) -> list[tuple[datetime | None, TimePrecision | None]]:
    """Return each entry's instant (UTC) and its precision; None for both if its day is unknown."""
    timed = [segment for segment in parted.segments if segment.head.clock]
    told = [
        Told(segment.head.clock.minutes, segment.head.day or segment.day, segment.headings)
        for segment in timed
        if segment.head.clock
    ]
    days = dict(zip(map(id, timed), days_of(told, parted.days, said, falling=falling), strict=True))
    headed = bool(parted.days)
    return [_time(each, days.get(id(each)), said, headed=headed) for each in parted.segments]


def _time(
    segment: Segment, day: date | None, said: Evidence, *, headed: bool
) -> tuple[datetime | None, TimePrecision | None]:
    clock = segment.head.clock
    if clock is None or day is None:
        return None, None
    zone = _printed_zone(clock, day, said.zone)
    sure = bool(clock.zone) or said.zone.sure
    sure = sure and bool(headed or segment.head.day or segment.day or said.one_day)
    sure = sure and not segment.head.supposed
    at = instant(day, clock.minutes, zone or said.zone.zone)
    if at is None:
        return None, None
    if not sure or is_struck_twice(at, zone or said.zone.zone):
        precision = TimePrecision.ESTIMATED
    else:
        precision = TimePrecision.MINUTE if clock.second is None else TimePrecision.SECOND
    return at + timedelta(seconds=clock.second or 0), precision


def _printed_zone(clock: Clock, day: date, of_page: Zone) -> tzinfo | None:
    """Return the zone printed beside a clock, if it differs from the page's own zone; else None.

    Letters count only if no person configured the page's zone, and if that zone does not go by the
    same letters: IST is India's time, and Israel's, and in summer Ireland's. An offset in figures
    always counts.
    """
    sure = clock.zone.startswith(IN_FIGURES)
    zone = zone_named(clock.zone) if sure or not of_page.by_a_person else None
    noon = datetime.combine(day, time(12))
    if zone is None or zone.tzname(noon) == of_page.zone.tzname(noon):
        return None
    return zone


def _named(lists: list[LexborNode]) -> set[tuple[int, str]]:
    """Return the entries in the lists above, as minutes since midnight and case-folded headline.

    An item of such a list is "headline (11.39 Uhr)" (BR24).
    """
    named = set[tuple[int, str]]()
    for item in (item for each in lists for item in each.css("li")):
        title, bracket, end = squeeze(item.text()).rpartition("(")
        clock = clock_at(end.rstrip(") ")) if bracket else None
        if clock is not None and not clock.rest:
            named.add((clock.minutes, fold(title)))
    return named


def _title(document: Document) -> str:
    """Return the `title` element without the site's name at its end; if it has none, the heading.

    A page's `title` element stays the same when its headline changes (Telegraph).
    """
    head = document.tree.css_first("head > title")
    parts = SITE.split(squeeze(head.text())) if head else []
    if len(parts) > 1 and _names_the_site(parts[-1], document):
        return squeeze(head.text() if head else "")[: -len(parts[-1])].rstrip(BETWEEN)
    heading = document.tree.css_first("h1")
    return (squeeze(heading.text()) if heading else "") or document.title


def _names_the_site(words: str, document: Document) -> bool:
    name = NOT_LETTERS.sub("", words.casefold())
    known = (host(document.url), host(document.canonical), document.meta.get("og:site_name", ""))
    return bool(name) and any(name in NOT_LETTERS.sub("", each.casefold()) for each in known)


def _warnings(said: Evidence, sightings: tuple[Sighting, ...]) -> tuple[str, ...]:
    told = list[str]()
    if not said.zone.sure:
        told.append(
            f"the page does not say in which zone its times are; they are read in "
            f"{said.zone.told_by}, and are estimates until timezone: names it"
        )
    zone = said.zone.zone
    times = [sighting.published for sighting in sightings if sighting.published]
    if twice := sum(is_struck_twice(at, zone) for at in times):
        told.append(
            f"of {twice} entries the clock struck the hour twice; "
            "the first is taken, as an estimate"
        )
    undated = sum(sighting.published is None for sighting in sightings)
    if undated:
        told.append(f"of {undated} entries the page does not tell the day or the time")
    return tuple(told)


ABOUT = About(
    reads=(
        'pages without structured data whose entries begin with the time of day ("12.31 Uhr: …", '
        '"9h05 - …", "+++ 12:41 … +++"), with the day of each and the zone that `timezone:` names; '
        "the blocks of tagesschau, Le Monde and the plugin JM Live Blog"
    ),
    gives=Gift.IDS | Gift.KEY_EVENTS,
    tested_on=(Tested.REAL_PAGES,),
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, parse=parse, about=ABOUT)
