"""One entry of a model, turned into its sighting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import unescape

from scraper.address import absolute, same_site
from scraper.markup.html import ours, plain_text, sanitise, squeeze
from scraper.markup.pictures import pictures_in
from scraper.times.instants import Moment, moment
from store.sighting import Sighting, View


@dataclass(frozen=True, slots=True)
class Place:
    """What reading entries needs: the blog's address, its zone, and when its page was fetched."""

    url: str
    zone: tzinfo
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an entry as its model has them, of whatever type; `body` is markup."""

    id: object
    published: object
    updated: object
    title: object
    body: str
    authors: tuple[object, ...] = ()
    permalink: object = None
    key_event: object = None


def id_in(value: object) -> str | None:
    """Return an id that is a string or an integer as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:200] or None


def sighted(said: Fields, place: Place) -> Sighting | None:
    """Return an entry's sighting; None where it has neither a title nor a body."""
    published = moment(said.published, place.zone)
    title, body = _words(said.title, place), ours(said.body, place.url)
    if not title and not body.html:
        return None
    names = dict.fromkeys(_words(name, place) for name in said.authors)
    return Sighting(
        view=View.BLOCK,
        block_id=id_in(said.id),
        published=published.at if published else None,
        updated=_later(moment(said.updated, place.zone), published),
        time_precision=published.precision if published else None,
        title=title,
        html=body.html,
        text=body.text,
        permalink=_permalink(said.permalink, place),
        authors=tuple(filter(None, names)) or None,
        media=pictures_in(body.html) or None,
        key_event=said.key_event if isinstance(said.key_event, bool) else None,
    )


def string(said: Mapping[str, object] | object) -> str:
    """Return a value that is a string, "" for any other."""
    return said if isinstance(said, str) else ""


def _words(value: object, place: Place) -> str:
    written = string(value)
    plain = plain_text(sanitise(written, place.url)) if "<" in written else unescape(written)
    return squeeze(plain)


def _later(updated: Moment | None, published: Moment | None) -> datetime | None:
    if updated is None or (published is not None and updated.at <= published.at):
        return None
    return updated.at


def _permalink(value: object, place: Place) -> str | None:
    link = absolute(string(value), place.url) if string(value) else ""
    return link if link and same_site(link, place.url) else None
