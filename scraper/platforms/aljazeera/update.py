"""One update of a live blog, as Al Jazeera's service gives it in full."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser

from scraper.address import with_query
from scraper.markup.html import ours, picture, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.platforms.aljazeera.fields import number
from scraper.times.instants import Moment, moment
from store.entry import Media, TimePrecision
from store.sighting import Sighting, View

# In order of preference: WordPress writes `date` in its site's local time.
DATES = ("date_gmt", "date")

# Tolerance when times are compared: editors write the minute, machines the second of saving, and
# clocks differ.
SLACK = timedelta(minutes=15)


def read_update(
    said: Mapping[str, object], blog: str, fetched_at: datetime, known: datetime | None
) -> Sighting:
    """Read an update of the live blog at the URL `blog`.

    `known` is its publication time in the blog's index, None if the index has none. `link` and
    `postLabel` are in the service's own form: the blog's address, and names such as "Analysis".
    """
    told = published_in(said, fetched_at)
    published = known or (told.at if told else None)
    updated = moment(string_in(said, "modified_gmt"))
    html, text = ours(string_in(said, "content"), blog)
    is_later = (
        updated is not None
        and published is not None
        and published < updated.at <= fetched_at + SLACK
    )
    return Sighting(
        view=View.BLOCK,
        block_id=number(said),
        published=published,
        updated=updated.at if updated and is_later else None,
        time_precision=TimePrecision.SECOND if published else None,
        title=_words(said, "title") if said.get("shouldDisplayTitle") is not False else "",
        html=html,
        text=text,
        permalink=permalink(blog, number(said)),
        authors=_authors(said),
        credit=_words(said, "authorTagline") or None,
        media=_media(string_in(said, "content"), blog),
        tags=tuple(_names(list_in(said, "postLabel"))),
    )


def permalink(blog: str, block_id: str) -> str:
    """Return the address under which the site itself shares an update."""
    return with_query(blog, f"update={block_id}")


def published_in(said: Mapping[str, object], fetched_at: datetime) -> Moment | None:
    """Return when a post was published; None if the service gives no time that can be right.

    The service's times name no zone and are UTC: an update's `date` equals the epoch in its blog's
    index. A time that is more than 15 minutes after the last change (`modified_gmt`) or after the
    fetch was written in some local time, and is ignored.
    """
    told = next(filter(None, (moment(string_in(said, name)) for name in DATES)), None)
    changed = moment(string_in(said, "modified_gmt"))
    latest = min(changed.at, fetched_at) if changed else fetched_at
    return told if told and told.at <= latest + SLACK else None


def _words(said: Mapping[str, object], name: str) -> str:
    return ours(string_in(said, name), "").text


def _authors(said: Mapping[str, object]) -> tuple[str, ...]:
    """Return the displayed authors: users of the site, then names that an editor typed in."""
    users = _names(list_in(said, "author")) if said.get("showAuthor") is not False else ()
    written = _words(said, "writeInAuthor"), _words(object_in(said, "writeInCoAuthor"), "name")
    return tuple(dict.fromkeys(name for name in (*users, *written) if name))


def _names(stated: list[object]) -> Iterator[str]:
    """Yield the names of authors or labels, each of which is an object with a name or a string."""
    for each in stated:
        name = squeeze(each if isinstance(each, str) else string_in(each, "name"))
        if name:
            yield name


def _media(content: str, base: str) -> tuple[Media, ...]:
    if "<img" not in content:
        return ()
    images = LexborHTMLParser(content).css("figure, div:has(> img), p:has(> img)")
    drawn = (picture(node, base) for node in images)
    return tuple({found[0].url: found[0] for found in drawn if found}.values())
