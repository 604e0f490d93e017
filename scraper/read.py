"""From a page to a snapshot: find the platform by its marks on the page, and let it parse."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from scraper.address import absolute, believed, host, normalise
from scraper.article import read_article
from scraper.errors import LayoutError
from scraper.hints.companions import within_bounds
from scraper.hints.key_index import asks_for_index, indexed
from scraper.hints.next_blog import with_leads
from scraper.hints.older import linked
from scraper.markup.document import Document, open_document
from scraper.page import Page
from scraper.platform import Platform
from scraper.platforms.aljazeera.platform import PLATFORM as ALJAZEERA
from scraper.platforms.amp.platform import amp
from scraper.platforms.arena.platform import arena
from scraper.platforms.automattic.platform import automattic
from scraper.platforms.bbc.platform import PLATFORM as BBC
from scraper.platforms.clock.forms import FORMS, form_of
from scraper.platforms.clock.platform import PLATFORM as CLOCK
from scraper.platforms.easy_liveblogs.platform import easy_liveblogs
from scraper.platforms.feed.platform import PLATFORM as FEED
from scraper.platforms.flattened.platform import PLATFORM as FLATTENED
from scraper.platforms.guardian.platform import PLATFORM as GUARDIAN
from scraper.platforms.lb24.platform import lb24
from scraper.platforms.listing.platform import PLATFORM as LISTING
from scraper.platforms.norkon.platform import norkon
from scraper.platforms.npr.platform import PLATFORM as NPR
from scraper.platforms.page_state.platform import PUBLISHERS
from scraper.platforms.page_state.unknown import PLATFORM as PAGE_STATE
from scraper.platforms.plone.platform import PLATFORM as PLONE
from scraper.platforms.repeated.platform import PLATFORM as GENERIC
from scraper.platforms.schema_org.platform import PLATFORM as SCHEMA_ORG
from scraper.platforms.scribblelive.platform import scribblelive
from scraper.platforms.superdesk.platform import PLATFORM as SUPERDESK
from scraper.platforms.tickaroo.platform import tickaroo
from scraper.selected import read_selected
from scraper.stand_ins.copies import copied
from scraper.stand_ins.kinds import kind_of
from scraper.stand_ins.wall_marks import WALLS
from scraper.stand_ins.walls import hides, wall
from scraper.times.future import not_ahead
from store.sighting import Kind, Snapshot

PLATFORMS: tuple[Platform, ...] = (
    GUARDIAN,
    NPR,
    FEED,
    ALJAZEERA,
    SUPERDESK,
    BBC,
    PLONE,
    *PUBLISHERS,
    automattic(SCHEMA_ORG),
    easy_liveblogs(SCHEMA_ORG),
    lb24(SCHEMA_ORG),
    tickaroo(SCHEMA_ORG, GENERIC, CLOCK),
    arena(SCHEMA_ORG),
    norkon(SCHEMA_ORG),
    scribblelive(SCHEMA_ORG),
    amp(SCHEMA_ORG),
    SCHEMA_ORG,
    PAGE_STATE,
    GENERIC,
    CLOCK,
    FLATTENED,
    LISTING,
)
# Platforms that take a page for a live blog by its look alone.
GUESSES = (PAGE_STATE, GENERIC, CLOCK)
_SIGNS = frozenset(
    (
        *(sign for platform in PLATFORMS for sign in platform.signs),
        *(form.sign for form in FORMS),
        *(sign for each in WALLS for sign in (*each.signs, *each.scripts)),
    )
)
_HEAD_ALONE = "json-ld"  # the layout of a page that is read by its JSON-LD alone, not its body


def read(page: Page) -> Snapshot:
    """Read a fetched page.

    Raises UnreadableError for a body that is neither text nor markup, and LayoutError where a
    platform's marks are on the page but none of its layouts fits. A page that no platform knows
    gives a snapshot of kind article, listing or unknown, without sightings; so does a wall or a
    copy that came in the page's place, whatever its head states. `page.selectors` first, then
    `page.as_article`, override the search for a platform.
    """
    if page.selectors is not None:
        return not_ahead(read_selected(open_document(page), page.selectors), page.fetched_at)
    if page.as_article:
        document = open_document(page)
        article = read_article(document)
        return not_ahead(article, page.fetched_at) if article else _unclaimed(document)
    platforms = _likeliest_first(host(page.final_url or page.url))
    document = open_document(page, platforms[0].leaves_out, _SIGNS)
    if document.runs or document.held:
        snapshot = _read_in_part(document, platforms[0])
        if snapshot is not None:
            return snapshot
        document = open_document(page, signs=_SIGNS)
    return _claimed(document, platforms) or _unclaimed(document)


def read_or_article(page: Page) -> Snapshot:
    """Read a fetched page, an ordinary article as one entry; raises what `read` raises."""
    snapshot = read(page)
    if snapshot.kind is not Kind.ARTICLE:
        return snapshot
    article = read(replace(page, as_article=True))
    return article if article.sightings else snapshot


def how_sure(snapshot: Snapshot) -> str:
    """Return in plain words how sure it is that a page was read by the right platform."""
    if not snapshot.platform:
        return "no reader's marks are on the page"
    if any(snapshot.platform == platform.name for platform in GUESSES):
        return "not very, it is a guess by the page's look, which bears nobody's own marks"
    if snapshot.platform == SCHEMA_ORG.name:
        return "fairly, by what the page states for search engines"
    return "very, for only this platform's pages bear these marks"


def _read_in_part(document: Document, platform: Platform) -> Snapshot | None:
    """Read a page parsed without some of its blocks; None if it must be parsed whole instead."""
    if copied(document) or not (marks := platform.marks(document)):
        return None
    try:
        snapshot = _read_by(platform, document, marks)
    except LayoutError:
        return None
    return None if asks_for_index(snapshot) else snapshot


def _claimed(document: Document, platforms: Sequence[Platform]) -> Snapshot | None:
    if copied(document):
        return None
    at_home = platforms[0] if platforms[0].expects(host(document.url)) else None
    for platform in platforms:
        marks = platform.marks(document) if _may_bear(platform, document, at_home) else ()
        if marks:
            try:
                snapshot = _read_by(platform, document, marks)
            except LayoutError:
                if wall(document):
                    return None
                raise
            if snapshot.layout == _HEAD_ALONE and hides(document, snapshot) and wall(document):
                return None
            return snapshot
    return None


def _read_by(platform: Platform, document: Document, marks: tuple[str, ...]) -> Snapshot:
    snapshot = platform.parse(document)
    polling = platform.polling
    probe = polling.address(document, snapshot) if polling else ""
    whole = replace(indexed(document, snapshot), why=marks, probe=probe)
    told = not_ahead(with_leads(document, whole), document.page.fetched_at)
    return within_bounds(linked(document, told), document.url, platform)


@lru_cache(maxsize=512)
def _likeliest_first(name: str) -> tuple[Platform, ...]:
    """Return all platforms, those first that expect pages from the host `name`."""
    return tuple(sorted(PLATFORMS, key=lambda platform: not platform.expects(name)))


def _may_bear(platform: Platform, document: Document, at_home: Platform | None) -> bool:
    """Return whether it is worth looking for a platform's marks on a page.

    `at_home` is the platform that expects the page's host, None if there is none. Where there is
    one, no other platform guesses: if its marks are missing, its layout has changed, and guesses
    would give the entries other block ids, or none.
    """
    if platform in GUESSES and at_home is not None:
        return platform is CLOCK and form_of(document) is not None
    if not platform.signs or document.data is not None or platform is at_home:
        return True
    return document.look.holds_any(platform.signs)


def _unclaimed(document: Document) -> Snapshot:
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    kind, why = kind_of(document)
    return Snapshot(
        url=normalise(claimed if believed(claimed, document.url) else document.url),
        kind=kind,
        platform="",
        title=document.title,
        language=document.language,
        claimed_url=claimed,
        whole=document.whole,
        why=(why,),
    )
