"""Live blogs by schema.org's LiveBlogPosting, whoever publishes them.

Views. Where the page prints blocks in a known form (its publisher's hooks, microdata, RDFa), they
are the block view, and JSON-LD is the weaker view beside them, with what the page leaves out. Where
only JSON-LD can be read, it is the block view: the program that writes the page writes its list
too, in the page's order, so that an entry missing from between two others can be seen to be gone,
as the rule for retractions asks. Only on the host of a publisher whose blocks are known, but
missing, does it stay the weaker view: its page has probably changed, and a list of cut bodies must
not pass for a morning of edits.

How far a page reaches, and whether a blog is live, is taken from real flags alone:
`coverageEndTime` is a guess that publishers write (Express: tomorrow, every day anew).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import groupby

from scraper.address import absolute, believed, host, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.once import once
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.schema_org.beside import blocks_beside, completed_by_id
from scraper.platforms.schema_org.hooks import FLAGS, HOOKS, Hooks
from scraper.platforms.schema_org.inline import Inline, inline_in
from scraper.platforms.schema_org.joined import fuller, join, without_furniture
from scraper.platforms.schema_org.linked import SIGN_OF_PARTS, SIGNS, Stated, repeats, stated_in
from scraper.platforms.schema_org.printed import hooks_of, printed_blocks
from scraper.platforms.schema_org.stated import (
    Place,
    folded_titles,
    read_updates,
    sightings,
    warnings,
)
from scraper.platforms.schema_org.two_clocks import doubted, of_today
from scraper.platforms.schema_org.update import Update, written_in
from scraper.platforms.schema_org.wording import words
from scraper.times.future import as_local
from scraper.times.instants import moment, zone_named
from scraper.times.zones import Zone, zone_of_page
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "schema-org"

REFUSED = "JSON-LD is not read: it gives every update the same date and headline"

# A time that states its zone in figures, as nearly all do.
ZONED = re.compile(r"T\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)$")

SHORT_NUMBER = re.compile(r"[0-9]{1,18}")

UPCOMING = "its JSON-LD says LiveBlogPosting with a coverage that has not begun"


@dataclass(frozen=True, slots=True)
class _Found:
    """What on a page states a live blog: JSON-LD, its elements, blocks with a publisher's hooks."""

    stated: Stated
    inline: Inline | None
    hooks: Hooks | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """What was read of a page's entries, the layout by which, and warnings."""

    layout: str
    sightings: tuple[Sighting, ...]
    warnings: tuple[str, ...] = ()


def marks(document: Document) -> tuple[str, ...]:
    """Describe the marks of a live blog on a page; () where there are none.

    In JSON-LD a single update is enough.
    """
    found = _found_on(document)
    stated, inline = found.stated, found.inline
    told = list[str]()
    if stated.updates and not repeats(stated.updates):
        count = _count(len(stated.updates), "update")
        told.append(f"JSON-LD {stated.type} with {count}")
    if found.hooks is not None:
        told.append(f"blocks in the form of {found.hooks.name}")
    if inline is not None:
        told.append(f"{_count(len(inline.updates), 'update')} in {inline.syntax.name}")
    if not told and _is_upcoming(stated, document):
        told.append(UPCOMING)
    return tuple(told)


@once
def _found_on(document: Document) -> _Found:
    is_page = document.data is None
    return _Found(
        stated=stated_in(document),
        inline=inline_in(document) if is_page else None,
        hooks=hooks_of(document) if is_page else None,
    )


def parse(document: Document) -> Snapshot:
    """Read a live blog from all that states it on the page; LayoutError if no update is read."""
    found = _found_on(document)
    stated = found.stated
    claimed = document.canonical or absolute(stated.string("url", "@id"), document.url)
    claimed = claimed or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    title = _headline(document, stated, found.inline)
    place = Place(
        url=url,
        titles=folded_titles(title, document.title, words(stated.string("name"))),
        zone=zone_named(document.page.timezone),
        fetched_at=document.page.fetched_at,
        local=_local(document, found),
    )
    live, whole_list = (None, False) if found.hooks is not None else _flagged(document)
    shown = _shown(document, found, place, whole_list=whole_list)
    if not shown.sightings and not _is_upcoming(stated, document):
        raise LayoutError(
            document.page.url,
            "the page says that it is a live blog, but none of its updates can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    begun = moment(stated.string("datePublished", "coverageStartTime"))
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout=shown.layout,
        title=title,
        language=document.language or stated.string("inLanguage"),
        live=live,
        sightings=shown.sightings,
        shows_top=True if whole_list and stated.updates else None,
        shows_bottom=(document.whole or None) if whole_list and stated.updates else None,
        published=begun.at if begun else None,
        claimed_url=claimed,
        whole=document.whole,
        unread=bool(stated.warnings),
        warnings=(*stated.warnings, *shown.warnings),
    )


def _local(document: Document, found: _Found) -> Zone | None:
    """Return the zone for times that state none; None where all do, or the zone is not known."""
    times = [each.published for each in found.stated.updates]
    if found.inline is not None:
        times += [written_in(each).published for each in found.inline.updates]
    doubtful = (each for each in times if isinstance(each, str) and not ZONED.search(each))
    if all(told is None or told.zoned for told in map(moment, doubtful)):
        return None
    zone = zone_of_page(document)
    return None if zone.zone is UTC else zone


def _shown(document: Document, found: _Found, place: Place, *, whole_list: bool) -> _Shown:
    stated, inline, hooks = found.stated, found.inline, found.hooks
    refused = repeats(stated.updates)
    updates = () if refused else read_updates(stated.updates, place)
    doubts = ((REFUSED,) if refused else ()) + warnings(updates, place)
    if hooks is not None:
        return _beside_blocks(document, hooks, updates, place, doubts)
    if inline is not None:
        items = read_updates([written_in(each) for each in inline.updates], place)
        blocks = sightings(items, View.BLOCK, place)
        named, linked = join(blocks, sightings(updates, View.JSON_LD, place))
        layout = f"json-ld, {inline.syntax.name}" if linked else inline.syntax.name
        return _Shown(layout, (*named, *linked), doubts or warnings(items, place))
    linked = sightings(updates, View.JSON_LD, place)
    if not whole_list and (beside := blocks_beside(document, updates, linked, place.url)):
        return _Shown("json-ld, blocks", (*beside[0], *beside[1]), doubts)
    shown, ahead = of_today(sightings(updates, _view_alone(document), place), document)
    shown, disorder = doubted(shown)
    shown = completed_by_id(document, shown, place.url)
    if whole_list:
        shown = _settled(shown)
    if any(update.block_id is None for update in updates):
        shown = fuller(document, shown, place.url)
    return _Shown(
        "json-ld" if document.data is None else "json", shown, (*doubts, *ahead, *disorder)
    )


def _beside_blocks(
    document: Document,
    hooks: Hooks,
    updates: Sequence[Update],
    place: Place,
    doubts: tuple[str, ...],
) -> _Shown:
    """Read the page's blocks by its hooks, with its JSON-LD as a weaker view beside them."""
    printed = printed_blocks(document, hooks, place.url, place.zone)
    if not updates:
        printed = as_local(printed, zone_of_page(document), place.fetched_at)
    blocks, linked = join(printed, sightings(updates, View.JSON_LD, place))
    if not hooks.body:
        blocks = tuple(without_furniture(blocks, linked))
    layout = f"json-ld, {hooks.name}" if linked else hooks.name
    return _Shown(layout, (*_addressed(blocks, linked, place), *linked), doubts)


def _addressed(
    blocks: Sequence[Sighting], linked: Sequence[Sighting], place: Place
) -> tuple[Sighting, ...]:
    """Add permalinks, made from their ids, to blocks for which JSON-LD has none either."""
    known = {update.block_id for update in linked if update.permalink}
    return tuple(
        block
        if block.block_id in known or block.block_id is None or block.permalink
        else replace(block, permalink=f"{place.url}#{block.block_id}")
        for block in blocks
    )


def _settled(shown: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Sort entries of the same second by their numbers, the highest first.

    easy-liveblogs asks its database for the newest first, which leaves the order of equals open.
    """
    settled = list[Sighting]()
    for _, group in groupby(shown, key=lambda sighting: sighting.published):
        equals = list(group)
        if all(SHORT_NUMBER.fullmatch(each.block_id or "") for each in equals):
            equals.sort(key=lambda each: int(each.block_id or 0), reverse=True)
        settled += equals
    return tuple(settled)


def _view_alone(document: Document) -> View:
    name = host(document.url)
    known = (known for hooks in HOOKS for known in hooks.hosts)
    ours = any(name == each or name.endswith(f".{each}") for each in known)
    return View.JSON_LD if ours else View.BLOCK


def _headline(document: Document, stated: Stated, inline: Inline | None) -> str:
    said = words(stated.string("headline", "name", "alternativeHeadline"))
    if said or (inline is not None and inline.headline):
        return said or (inline.headline if inline else "")
    heading = document.tree.css_first("h1")
    return (squeeze(heading.text()) if heading else "") or document.title


def _flagged(document: Document) -> tuple[bool | None, bool]:
    """Read a publishing system's flag: whether the blog is live, whether JSON-LD lists it all."""
    for flag in FLAGS:
        place = document.markup.find(flag.sign) if document.holds(flag.sign) else -1
        found = flag.said.match(document.markup, place) if place >= 0 else None
        if found is not None:
            live = {flag.live: True, flag.ended: False}.get(found[1])
            return live, flag.lists_all
    return None, False


def _is_upcoming(stated: Stated, document: Document) -> bool:
    begins = moment(stated.string("coverageStartTime")) if not stated.updates else None
    return begins is not None and begins.at > document.page.fetched_at


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


ABOUT = About(
    reads=(
        "any publisher's `LiveBlogPosting` as it is embedded for search engines: JSON-LD in its "
        "many shapes, microdata, RDFa; joined by id with the page's own body"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS,
    tested_on=(Tested.REAL_PAGES, Tested.OWN_PROGRAM),
)

PLATFORM = Platform(
    name=NAME,
    hosts=tuple(name for hooks in HOOKS for name in hooks.hosts),
    marks=marks,
    signs=(*SIGNS, SIGN_OF_PARTS, *(hooks.sign for hooks in HOOKS)),
    parse=parse,
    about=ABOUT,
)
