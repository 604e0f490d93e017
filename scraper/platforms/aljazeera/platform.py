"""Al Jazeera's live blogs, in English (aje) and in Arabic (aja): one service, one format.

A blog's own answer (`ArchipelagoSingleLiveBlogQuery`, `SingleLiveBlogChildrensQuery`) has only the
numbers and times of its updates: an index. Each update's own answer (`LiveBlogUpdateQuery`) has its
title, words and authors. If a post of another type is asked for, the service answers 200 with null
for data: that is an error, not a blog without updates (ajpaulingalls/astro-qwik-poc,
docs/RESEARCH.md, from recorded traffic of April 2026).

The points at the top of a blog (`content`) are a summary of the day, and are not an entry.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import msgspec

from scraper.address import absolute, believed, host, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import ours
from scraper.markup.loose_json import list_in, string_in
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.aljazeera.fields import STATE, Found, Said, found_in, number
from scraper.platforms.aljazeera.update import DATES, permalink, published_in, read_update
from scraper.times.instants import moment
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "aljazeera"

HOSTS = ("aljazeera.com", "aljazeera.net")

HOME = "https://www.aljazeera.com"

NUMBER = re.compile(r"[0-9]{1,18}")

# The service's names of its two sites (`wp-site`), and their languages.
LANGUAGES = {"aje": "en", "aja": "ar"}

IN_DOUBT = "update {}: its time is after its last change or after now, so that it tells no instant"


def marks(document: Document) -> tuple[str, ...]:
    """Return the marks of an Al Jazeera live blog that a document has; () if it has none.

    Also () for a page whose cache has only the index while its JSON-LD has the words: another
    platform reads the JSON-LD.
    """
    if document.data is None and not document.holds(STATE):
        return ()
    found = found_in(document)
    where = " in the page's Apollo state" if found.cached else ""
    told = list[str]()
    if found.blog:
        told.append(f"a liveblog with its children{where}")
    if found.updates:
        told.append(f"posts of the type liveblog-update{where}")
    if found.cached and not found.updates and document.holds(b"liveBlogUpdate"):
        return ()
    return tuple(told)


def parse(document: Document) -> Snapshot:
    """Read an answer of the service, or a page that holds answers in its Apollo cache."""
    found = found_in(document)
    link = string_in(found.blog or found.updates[0], "link")
    base = document.url if host(document.url) else HOME
    claimed = document.canonical or (absolute(link, base) if link else "")
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    indexed = _index(document, found.blog, url)
    shown = _shown(document, found, url, {s.block_id: s.published for s in indexed})
    doubtful = (s.block_id for s in shown if s.published is None)
    begun = published_in(found.blog, document.page.fetched_at)
    live = found.blog.get("isLive")
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="apollo" if found.cached else "graphql",
        title=ours(string_in(found.blog, "title"), "").text,
        language=document.language or _language(document.url),
        live=live if isinstance(live, bool) else None,
        sightings=(*shown, *indexed),
        published=begun.at if begun else None,
        claimed_url=claimed,
        whole=document.whole,
        warnings=tuple(IN_DOUBT.format(block_id) for block_id in doubtful),
        answers=_answers(document, [s.block_id for s in indexed], {s.block_id for s in shown}),
    )


def _answers(
    document: Document, listed: Sequence[str | None], shown: Collection[str | None]
) -> tuple[str, ...]:
    """Return the URLs of the answers for those updates that a blog lists without their content."""
    if not any(_is_at_home(document.url, known) for known in HOSTS):
        return ()
    site = "aja" if _is_at_home(document.url, HOSTS[1]) else "aje"
    origin = urljoin(document.url, "/graphql")
    return tuple(
        f"{origin}?{urlencode(_query(site, block_id))}"
        for block_id in listed
        if block_id and block_id not in shown
    )


def _query(site: str, block_id: str) -> dict[str, str]:
    asked = {
        "postID": int(block_id),
        "postType": "liveblog-update",
        "preview": "",
        "isAmp": False,
    }
    return {
        "wp-site": site,
        "operationName": "LiveBlogUpdateQuery",
        "variables": msgspec.json.encode(asked).decode(),
        "extensions": "{}",
    }


def _is_at_home(url: str, known: str) -> bool:
    name = host(url)
    return name == known or name.endswith(f".{known}")


def _index(document: Document, blog: Said, url: str) -> tuple[Sighting, ...]:
    """Read the numbers and times of a blog's updates, in the blog's own order.

    Raises LayoutError if they are not in the known form.
    """
    if not blog:
        return ()
    listed, told = list_in(blog, "children"), list_in(blog, "childrenMeta")
    if not isinstance(blog.get("children", blog.get("childrenMeta")), list):
        raise _broken(document, "children that are no list")
    times = {number(each): each for each in told if isinstance(each, dict)}
    if times and not any(each.get("publishedTime") for each in times.values()):
        raise _broken(document, "children without a publishedTime")
    numbers = dict.fromkeys(map(number, listed)) or dict.fromkeys(times)
    if not all(map(NUMBER.fullmatch, (*numbers, *times))) or len(times) != len(told):
        raise _broken(document, "a child without a number")
    return tuple(_indexed(document, each, times.get(each, {}), url) for each in numbers)


def _indexed(document: Document, block_id: str, said: Said, url: str) -> Sighting:
    stated = said.get("publishedTime")
    told = moment(stated)
    if stated and (told is None or not told.zoned):
        raise _broken(document, f"a publishedTime that is no epoch: {str(stated)[:40]!r}")
    return Sighting(
        view=View.INDEX,
        block_id=block_id,
        published=told.at if told else None,
        time_precision=TimePrecision.SECOND if told else None,
        permalink=permalink(url, block_id),
    )


def _shown(
    document: Document, found: Found, url: str, known: Mapping[str | None, datetime | None]
) -> tuple[Sighting, ...]:
    """Read the updates that are given in full, in the order in which their blog lists them.

    `known` has the publication time of each listed update. Raises LayoutError if an update has no
    number, content or date.
    """
    for said in found.updates:
        if not NUMBER.fullmatch(number(said)) or not isinstance(said.get("content"), str):
            raise _broken(document, "an update without a number or without content")
        if not any(moment(string_in(said, name)) for name in DATES):
            raise _broken(document, "an update without a date")
    places = {block_id: place for place, block_id in enumerate(known)}
    read = (
        read_update(said, url, document.page.fetched_at, known.get(number(said)))
        for said in found.updates
    )
    return tuple(sorted(read, key=lambda update: places.get(update.block_id, len(places))))


def _language(url: str) -> str:
    """Return the language of the site (`wp-site`) that the service was asked for; "" if unknown."""
    try:
        asked = parse_qs(urlsplit(url).query).get("wp-site", [""])
    except ValueError:
        return ""
    return LANGUAGES.get(asked[0], "")


def _broken(document: Document, reason: str) -> LayoutError:
    return LayoutError(
        document.page.url,
        f"a live blog of Al Jazeera's in a form that is not known: {reason}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )


ABOUT = About(
    reads=(
        "Al Jazeera's live blogs, English and Arabic: its service's answers for a blog and for "
        "an update, and pages that hold them"
    ),
    gives=Gift.IDS | Gift.UPDATES,
    tested_on=(Tested.REAL_ANSWERS,),
)

PLATFORM = Platform(
    name=NAME,
    hosts=HOSTS,
    marks=marks,
    signs=(STATE,),
    parse=parse,
    about=ABOUT,
    answers=True,
)
