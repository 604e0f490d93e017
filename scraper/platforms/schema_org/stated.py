"""One update as structured data states it, and what only all updates together tell of it.

Publishers fill schema.org's fields by habit: the headline may be the page's, or the start of the
body, or the same everywhere; the authors may be the blog's; the picture may be the page's; the
number in the address may be a position. None of that is the update's own, and it is left out.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from html import escape, unescape
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.address import absolute
from scraper.html import figure, pixels, plain_text, sanitise, squeeze
from scraper.platforms.schema_org.inline import MARKUP
from scraper.said import string_in
from scraper.times import Moment, moment
from store.entry import Media
from store.sighting import Sighting, View

# What publishers put before the number or name that is the id.
BEFORE_ID = re.compile(r"(?:liveblogPost|liveblog-|post-)(?=\d)|post-(?=asset:)")

# Superdesk: `?liveblog._id=<id>__<order of the page>`.
AFTER_ID = re.compile(r"__(?:editorial|newest_first|oldest_first)$")

NUMBERED = re.compile(r"(\D*)(\d{1,6})")

CLOCK = re.compile(r"^\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:\([A-Z]{2,5}\)|[A-Z]{3,4}\b)?\s*[-–:|]?\s*")

ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*$")

# la Repubblica leaves its editor's placeholders in, others zero-width blanks.
SHORTCODE = re.compile(r"\[\[[^\[\]]{1,500}\]\]")

INVISIBLE = re.compile(r"[\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")

NOT_WORDS = re.compile(r"[\W_]+")

TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")

# As often as anything has been found escaped, and once more.
LAYERS = 4

LONGEST_ID = 200

# A publisher's clock may be a little ahead of ours, and posts are written in advance.
AHEAD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Update:
    """One update before it is held against the others; None is what it does not state."""

    block_id: str | None
    address: str
    published: Moment | None
    updated: Moment | None
    headline: str | None
    html: str | None
    text: str
    authors: tuple[str, ...] | None
    image: Media | None


@dataclass(frozen=True, slots=True)
class Place:
    """What is needed to read updates: the blog's address, its titles, and its zone if known."""

    url: str
    titles: frozenset[str]
    zone: tzinfo | None
    fetched_at: datetime


def read_updates(said: Sequence[Mapping[str, object]], place: Place) -> tuple[Update, ...]:
    """Read each update by itself, those with one id once."""
    pairs = frozenset(parse_qsl(urlsplit(place.url).query))
    zone = place.zone
    updates = [_update(each, place, pairs, zone) for each in said]
    if zone is not None and _is_false_z(updates, place):
        updates = [_update(_without_zone(each), place, pairs, zone) for each in said]
    return _numbered(_once(updates), place)


def repeats(updates: Sequence[Update]) -> bool:
    """Whether all updates have one date and headline: the blog's, so that nothing is told.

    The Guardian's JSON-LD is so.
    """
    if len(updates) < 2:  # noqa: PLR2004 - one is all that there is
        return False
    first = updates[0]
    return bool(first.headline and first.published) and all(
        update.headline == first.headline and update.published == first.published
        for update in updates
    )


def sightings(updates: Sequence[Update], view: View, place: Place) -> tuple[Sighting, ...]:
    """Turn updates into sightings of one view, in their order, without what is not their own."""
    alike = _is_alike([_folded(update.headline or "") for update in updates])
    shared = _is_alike([update.authors for update in updates])
    images = Counter(update.image.url for update in updates if update.image)
    made = list[Sighting]()
    for update in updates:
        own = update.image if update.image and images[update.image.url] == 1 else None
        # One writer may have written everything; several are the blog's.
        several = shared and len(update.authors or ()) > 1
        html = update.html
        if not html and own is not None:
            html = figure(own, "")
        made.append(
            Sighting(
                view=view,
                block_id=update.block_id,
                published=update.published.at if update.published else None,
                updated=_later(update.updated, update.published),
                time_precision=update.published.precision if update.published else None,
                title="" if alike else _title(update, place.titles),
                html=html,
                text=update.text if html is not None else None,
                permalink=update.address or None,
                authors=None if several else update.authors,
                media=(own,) if own else None,
            )
        )
    return tuple(made)


def warnings(updates: Sequence[Update], place: Place) -> tuple[str, ...]:
    """Tell, in plain words, what of the updates' times was assumed."""
    told = [update.published for update in updates]
    found = list[str]()
    if any(each is not None and not each.zoned for each in told):
        zone = str(place.zone) if place.zone is not None else "UTC, since none is configured"
        found.append(f"times name no zone; they are read in {zone}")
    if any(each is None for each in told):
        count = sum(each is None for each in told)
        found.append(f"{count} of {len(told)} updates have no time that can be read")
    return tuple(found)


def folded_titles(*titles: str) -> frozenset[str]:
    """Fold the titles of a page, to hold headlines against them."""
    return frozenset(filter(None, map(_folded, titles)))


def words(value: object) -> str:
    """Give the words of a string that may be escaped any number of times and hold markup."""
    text = _unescaped(_string(value))
    return squeeze(TAG.sub(" ", text)) if "<" in text else squeeze(text)


# --- one update ---


def _update(
    said: Mapping[str, object],
    place: Place,
    pairs: frozenset[tuple[str, str]],
    zone: tzinfo | None,
) -> Update:
    address, block_id = _identity(said, place.url, pairs)
    stated = said.get("headline") or said.get("name")
    html, text = _body(said, place.url)
    read_in = {} if zone is None else {"zone": zone}
    created = said.get("datePublished") or said.get("dateCreated") or said.get("uploadDate")
    return Update(
        block_id=block_id,
        address=address,
        published=moment(created, **read_in),
        updated=moment(said.get("dateModified") or said.get("data_modified"), **read_in),
        headline=words(stated) if stated is not None else None,
        html=html,
        text=text,
        authors=_authors(said.get("author") or said.get("creator")),
        image=_image(said.get("image"), place.url),
    )


def _identity(
    said: Mapping[str, object], blog: str, pairs: frozenset[tuple[str, str]]
) -> tuple[str, str | None]:
    """Find an update's address, and its id: the fragment, the parameter or the page of its own."""
    address = absolute(string_in(said, "url"), blog) if said.get("url") else ""
    page = said.get("mainEntityOfPage")
    own_page = string_in(page, "@id") if isinstance(page, dict) else _string(page)
    names = [address, string_in(said, "@id"), own_page]
    for name in names:
        if found := _id_within(name, pairs):
            at = address or (absolute(name, blog) if name.startswith(("http", "#", "/")) else "")
            return at, found
    if identifier := _identifier(said.get("identifier")):
        return address, identifier
    for name in names:
        if found := _own_page(name, blog):
            return address or absolute(name, blog), found
    return address, None


def _id_within(address: str, pairs: frozenset[tuple[str, str]]) -> str | None:
    """Read the id off an address: its fragment, or the one parameter that the blog's has not."""
    if address.startswith("urn:"):
        return address[:LONGEST_ID]
    try:
        parts = urlsplit(address.strip())
        found = unquote(parts.fragment)
        if not found and parts.query:
            others = [pair for pair in parse_qsl(parts.query) if pair not in pairs]
            found = others[0][1] if len(others) == 1 else ""
    except ValueError:
        return None
    bare = AFTER_ID.sub("", BEFORE_ID.sub("", squeeze(found), count=1))
    return bare[:LONGEST_ID] or None


def _identifier(value: object) -> str | None:
    text = squeeze(string_in(value, "value") if isinstance(value, dict) else _string(value))
    return text[:LONGEST_ID] or None


def _own_page(address: str, blog: str) -> str | None:
    """Take the last part of the path where an update has a page of its own."""
    try:
        path, home = urlsplit(address).path.rstrip("/"), urlsplit(blog).path.rstrip("/")
    except ValueError:
        return None
    if not address.startswith(("http", "/")) or not path or path in {home, home + "/amp"}:
        return None
    return unquote(path.rpartition("/")[2])[:LONGEST_ID] or None


def _body(said: Mapping[str, object], base: str) -> tuple[str | None, str]:
    if isinstance(markup := said.get(MARKUP), str):
        html = sanitise(markup, base)
        return html, plain_text(html)
    raw = next(
        (body for name in ("articleBody", "text") if (body := _string(said.get(name)))), None
    )
    if raw is None:
        stated = "articleBody" in said and isinstance(said["articleBody"], str)
        return ("" if stated else None), ""
    return _body_of(raw, base)


@lru_cache(maxsize=4096)
def _body_of(raw: str, base: str) -> tuple[str, str]:
    """Make a body ours, however often it was escaped; a blog's old updates are read but once."""
    text = _unescaped(raw)
    if "[[" in text:
        text = SHORTCODE.sub(" ", text)
    if TAG.search(text):
        html = sanitise(text, base)
        return html, plain_text(html)
    lines = [squeeze(line) for line in text.split("\n")]
    html = "".join(f"<p>{escape(_encodable(line), quote=False)}</p>" for line in lines if line)
    return html, squeeze(" ".join(lines))


def _unescaped(text: str) -> str:
    for _ in range(LAYERS):
        if "&" not in text:
            break
        plain = unescape(text)
        if plain == text:
            break
        text = plain
    return INVISIBLE.sub("", text)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _authors(value: object) -> tuple[str, ...] | None:
    """Name the authors, who are a list, one object, or a plain string; None if nobody is named."""
    people = value if isinstance(value, list) else [value]
    names = [words(string_in(each, "name") or _named(each)) for each in people]
    known = (name for name in names if name and not name.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(known)) or None


def _named(person: object) -> str:
    if isinstance(person, dict):
        return _string(person.get("name"))
    return _string(person)


def _image(value: object, base: str) -> Media | None:
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        url = string_in(first, "url") or string_in(first, "contentUrl") or string_in(first, "@id")
    else:
        url = _string(first)
    url = absolute(url, base) if url else ""
    if not url:
        return None
    stated = first if isinstance(first, dict) else {}
    return Media(
        url=url,
        alt=words(stated.get("caption")),
        credit=words(stated.get("creditText")),
        width=pixels(stated.get("width")),
        height=pixels(stated.get("height")),
    )


def _string(value: object) -> str:
    """Give the string that a value is, or holds: `["x"]`, `{"@value": "x"}`, 7."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        return _string(value[0]) if isinstance(value[0], str) else ""
    if isinstance(value, dict):
        return string_in(value, "@value")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


# --- all updates together ---


def _once(updates: Sequence[Update]) -> list[Update]:
    """Merge statements of one id (canonical and AMP); an id that most updates share is none."""
    counted = Counter(update.block_id for update in updates if update.block_id)
    common = {block_id for block_id, times in counted.items() if 2 < times > len(updates) / 2}
    if len(counted) == 1 and len(updates) > 1:
        different = {update.text for update in updates}
        common |= set(counted) if len(different) > 1 else set()
    kept = dict[str | int, Update]()
    for number, update in enumerate(updates):
        if update.block_id is None or update.block_id in common:
            kept[number] = replace(update, block_id=None)
        elif (before := kept.get(update.block_id)) is None:
            kept[update.block_id] = update
        elif not before.text and update.text:
            kept[update.block_id] = replace(before, html=update.html, text=update.text)
    return list(kept.values())


def _numbered(updates: list[Update], place: Place) -> tuple[Update, ...]:
    """Take away ids that are positions counted from the newest update: `#post1` is always new."""
    if not are_positions(updates):
        return tuple(updates)
    return tuple(replace(update, block_id=None, address=place.url) for update in updates)


def are_positions(updates: Sequence[Update]) -> bool:
    """Whether ids go up one by one while times go down.

    Numbers given once go up with time; only a count from the newest goes the other way. A lone
    `post1` may be either, and is taken for a position: a wrong id would be worse than none.
    """
    found = [NUMBERED.fullmatch(update.block_id or "") for update in updates]
    if not found or any(match is None for match in found):
        return False
    names = [(match[1], int(match[2])) for match in found if match]
    if len(updates) == 1:
        return names[0] in {("post", 1), ("update", 1), ("", 1)}
    times = [update.published.at for update in updates if update.published]
    if len(times) != len(updates) or len({name for name, _ in names}) != 1:
        return False
    together = sorted(zip(times, (number for _, number in names), strict=True), key=lambda t: t[1])
    numbers = [number for _, number in together]
    steps = all(later == former + 1 for former, later in zip(numbers, numbers[1:], strict=False))
    falls = all(b[0] <= a[0] for a, b in zip(together, together[1:], strict=False))
    return steps and falls and together[0][0] > together[-1][0]


def _is_false_z(updates: Sequence[Update], place: Place) -> bool:
    """Whether times that claim UTC are local ones: the newest lies ahead of the page itself."""
    told = [update.published for update in updates if update.published]
    return (
        bool(told)
        and all(each.zoned for each in told)
        and max(each.at for each in told) > place.fetched_at + AHEAD
    )


def _without_zone(said: Mapping[str, object]) -> dict[str, object]:
    """Take the Z off an update's times, so that they are read in the publisher's zone."""
    dates = ("datePublished", "dateCreated", "dateModified")
    bare = {name: said[name] for name in dates if isinstance(said.get(name), str)}
    cut = {name: re.sub(r"(?:Z|\+00:?00)$", "", str(value)) for name, value in bare.items()}
    return {**said, **cut}


def _is_alike(values: Sequence[object]) -> bool:
    """Whether several updates all say one thing, and something."""
    return len(values) > 1 and bool(values[0]) and all(value == values[0] for value in values)


def _title(update: Update, titles: frozenset[str]) -> str | None:
    """Give the headline where it is one: not the page's, nor the beginning of the body."""
    if update.headline is None:
        return ""
    head = _folded(CLOCK.sub("", ELLIPSIS.sub("", update.headline)))
    if not head or _folded(update.headline) in titles or head in titles:
        return ""
    start = _folded(CLOCK.sub("", update.text[: 2 * len(update.headline) + 80]))
    return "" if start.startswith(head) else update.headline


def _folded(text: str) -> str:
    return NOT_WORDS.sub("", text).casefold()


def _later(updated: Moment | None, published: Moment | None) -> datetime | None:
    if updated is None or (published is not None and updated.at <= published.at):
        return None
    return updated.at
