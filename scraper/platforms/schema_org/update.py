"""One update of structured data: its fields, in whatever form they are, read into our values."""

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from html import escape
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from scraper.address import absolute
from scraper.markup.html import ours, pixels, squeeze
from scraper.markup.loose_json import string_in
from scraper.platforms.schema_org.inline import MARKUP
from scraper.platforms.schema_org.wording import TAG, encodable, unescaped, visible, words
from scraper.times.instants import Moment, moment
from store.entry import Media

# What publishers put before the number or name that is the id.
BEFORE_ID = re.compile(r"(?:liveblogPost|liveblog-|post-)(?=\d)|post-(?=asset:)")

# An `@id` that is not an address (the Guardian's).
BARE_ID = re.compile(r"[A-Za-z0-9][\w.-]{2,99}")

# Superdesk: `?liveblog._id=<id>__<order of the page>`.
AFTER_ID = re.compile(r"__(?:editorial|newest_first|oldest_first)$")

# la Repubblica leaves its editor's placeholders in.
SHORTCODE = re.compile(r"\[\[[^\[\]]{1,500}\]\]")

LONGEST_ID = 200

# The longest body that is remembered, in characters.
LONG = 10_000


class Picture(msgspec.Struct, frozen=True, gc=False):
    """A picture as structured data writes it."""

    url: str
    alt: str = ""
    width: str | float = ""
    height: str | float = ""


class Written(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """The fields of one update as they are written, "" where there is none.

    `told` is its headline and its date where they are plain strings.

    Structs, here and below, are made in a tenth of the time that frozen dataclasses take, and
    hashed once: a page of 400 updates is read every few seconds, and few are new.
    """

    url: str
    own_id: str
    page: str
    identifier: str
    headline: str | None
    body: str | None
    is_markup: bool
    published: str | float
    updated: str | float
    authors: tuple[str, ...]
    image: Picture | None
    told: tuple[str, str]


class Update(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One update read by itself, before it is compared with others; None for what is not stated."""

    block_id: str | None
    address: str
    published: Moment | None
    updated: Moment | None
    headline: str | None
    html: str | None
    text: str
    authors: tuple[str, ...] | None
    image: Picture | None


def written_in(said: Mapping[str, object]) -> Written:
    """Return an update's fields as they are written, in whatever form they are."""
    page = said.get("mainEntityOfPage")
    identifier = said.get("identifier")
    markup = said.get(MARKUP)
    author = said.get("author") or said.get("creator")
    people = author if isinstance(author, list) else (author,)
    stated = said.get("headline") or said.get("name")
    return Written(
        url=_string(said.get("url")),
        own_id=_string(said.get("@id")),
        page=_string(page.get("@id") if isinstance(page, dict) else page),
        identifier=_string(identifier.get("value") if isinstance(identifier, dict) else identifier),
        headline=None if stated is None else _string(stated),
        body=markup if isinstance(markup, str) else _body_in(said),
        is_markup=isinstance(markup, str),
        published=_time_in(said, "datePublished", "dateCreated", "uploadDate"),
        # Superdesk's schema misspells it.
        updated=_time_in(said, "dateModified", "data_modified"),
        authors=tuple(
            [_string(each.get("name") if isinstance(each, dict) else each) for each in people]
        ),
        image=_picture(said.get("image")),
        told=(string_in(said, "headline"), string_in(said, "datePublished")),
    )


def _body_in(said: Mapping[str, object]) -> str | None:
    body = said.get("articleBody")
    if isinstance(body, str):
        return body
    return _string(body) or _string(said.get("text")) or None


def _time_in(said: Mapping[str, object], *names: str) -> str | float:
    for name in names:
        value = said.get(name)
        if isinstance(value, str | float | int) and value:
            return value
    return ""


def _picture(value: object) -> Picture | None:
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        url = _string(first)
        return Picture(url) if url else None
    url = _string(first.get("url") or first.get("contentUrl") or first.get("@id"))
    if not url:
        return None
    width, height = first.get("width"), first.get("height")
    return Picture(
        url,
        _string(first.get("caption")) if "caption" in first else "",
        width if isinstance(width, int | str | float) else "",
        height if isinstance(height, int | str | float) else "",
    )


def update_of(written: Written, blog: str, zone: tzinfo | None) -> Update:
    """Read one update; remembered unless very long, as most of a blog's are unchanged."""
    again = _update if len(written.body or "") <= LONG else _update.__wrapped__
    return again(written, blog, zone)


@lru_cache(maxsize=4096)
def _update(written: Written, blog: str, zone: tzinfo | None) -> Update:
    address, block_id = _identity(written, blog)
    html, text = _body(written, blog)
    read_in = UTC if zone is None else zone
    return Update(
        block_id=block_id,
        address=address,
        published=moment(written.published, read_in),
        updated=moment(written.updated, read_in),
        headline=None if written.headline is None else words(written.headline),
        html=html,
        text=text,
        authors=_authors(written.authors),
        image=written.image,
    )


def _identity(written: Written, blog: str) -> tuple[str, str | None]:
    """Return an update's address, and its id: its address's fragment, parameter or own page.

    Or else its `identifier`, or an `@id` that is not an address; None where there is none.
    """
    home, sharp, fragment = written.url.partition("#")
    if sharp and _is_of_the_web(home) and fragment.isalnum():
        return written.url, BEFORE_ID.sub("", fragment)[:LONGEST_ID]
    address = absolute(written.url, blog) if written.url else ""
    names = (address, written.own_id, written.page)
    for name in names:
        if found := _id_within(name, blog):
            at = address or (absolute(name, blog) if name.startswith(("http", "#", "/")) else "")
            return at, found
    if identifier := squeeze(written.identifier):
        return address, identifier[:LONGEST_ID]
    for name in names:
        if found := _own_page(name, blog):
            return address or absolute(name, blog), found
    bare = BARE_ID.fullmatch(written.own_id)
    return address, BEFORE_ID.sub("", written.own_id) if bare else None


@lru_cache(maxsize=64)
def _is_of_the_web(address: str) -> bool:
    return absolute(address, "") == address


def _id_within(address: str, blog: str) -> str | None:
    """Return the id in an address: its fragment, or the one parameter that the blog's has not."""
    if address.startswith("urn:"):
        return address[:LONGEST_ID]
    try:
        parts = urlsplit(address.strip())
        found = unquote(parts.fragment)
        if not found and parts.query:
            pairs = parse_qsl(urlsplit(blog).query)
            others = [pair for pair in parse_qsl(parts.query) if pair not in pairs]
            found = others[0][1] if len(others) == 1 else ""
    except ValueError:
        return None
    bare = AFTER_ID.sub("", BEFORE_ID.sub("", squeeze(found), count=1))
    return bare[:LONGEST_ID] or None


def _own_page(address: str, blog: str) -> str | None:
    """Return the last part of an address's path if it is an update's own page, else None."""
    try:
        path, home = urlsplit(address).path.rstrip("/"), urlsplit(blog).path.rstrip("/")
    except ValueError:
        return None
    if not address.startswith(("http", "/")) or not path or path in {home, home + "/amp"}:
        return None
    return unquote(path.rpartition("/")[2])[:LONGEST_ID] or None


def _body(written: Written, base: str) -> tuple[str | None, str]:
    """Return a body's sanitised html, None if none is stated, and its plain text.

    It may have been escaped any number of times.
    """
    if written.body is None:
        return None, ""
    if written.is_markup:
        return ours(visible(written.body), base)
    text = unescaped(written.body)
    if "[[" in text:
        text = SHORTCODE.sub(" ", text)
    if "<" in text and TAG.search(text):
        return ours(text, base)
    if text.isprintable():  # one line, and all of it has UTF-8
        line = squeeze(text)
        return f"<p>{escape(line, quote=False)}</p>" if line else "", line
    lines = [squeeze(line) for line in encodable(text).split("\n")]
    html = "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)
    return html, squeeze(" ".join(lines))


@lru_cache(maxsize=1024)
def _authors(written: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the authors' names, without repetitions and web addresses; None if nobody is named."""
    names = map(words, written)
    known = (name for name in names if name and not name.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(known)) or None


def media_of(picture: Picture, base: str) -> Media | None:
    """Return a picture's media; None where its address is not one of the web."""
    url = absolute(picture.url, base)
    if not url:
        return None
    return Media(
        url=url,
        alt=words(picture.alt),
        width=pixels(picture.width),
        height=pixels(picture.height),
    )


def _string(value: object) -> str:
    """Return the string that a value is or holds: `["x"]`, `{"@value": "x"}`, 7; "" for others."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        return _string(value[0]) if isinstance(value[0], str) else ""
    if isinstance(value, dict):
        inner = value.get("@value")
        return inner if isinstance(inner, str) else ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
