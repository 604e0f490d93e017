"""What only all updates of a page together show, and the sightings that are made of them.

Publishers fill schema.org's fields by habit: the headline may be the page's, or the start of the
body, or the same everywhere; the authors may be the blog's; the picture may be the page's; the
number in the address may be a position. Such values are not the update's own, and are left out.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from msgspec.structs import replace

from scraper.markup.html import figure
from scraper.platforms.schema_org.update import (
    LONG,
    Update,
    Written,
    media_of,
    update_of,
)
from scraper.platforms.schema_org.wording import folded
from scraper.times.clocks import clock_at
from scraper.times.instants import Moment
from scraper.times.zones import Zone
from store.entry import TimePrecision
from store.sighting import Sighting, View

NUMBERED = re.compile(r"(\D*)(\d{1,6})")

CLOCK = re.compile(
    r"^\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:\([A-Z]{2,5}\)|[A-Z]{3,4}\b)?\s*[-–:|]?\s*"
)

ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*$")

FALSE_Z = re.compile(r"(?:Z|[+]00:?00)$")

SENTENCE_ENDS = frozenset(".!?:;")
# In minutes: zones are whole hours apart, and some half an hour.
HALF_AN_HOUR = 30

# How often one update is stated at most: as canonical and as AMP.
FEW = 2


# A publisher's clock may be a little ahead of ours, and posts are written in advance.
AHEAD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """What reading updates needs: the blog's address, its titles, its zone if known.

    `zone` is what a person named; `local` is the page's own zone, for times without one.
    """

    url: str
    titles: frozenset[str]
    zone: tzinfo | None
    fetched_at: datetime
    local: Zone | None = None


def read_updates(written: Sequence[Written], place: Place) -> tuple[Update, ...]:
    """Read updates: those with the same id become one, those that state nothing are left out."""
    zone = place.local.zone if place.zone is None and place.local is not None else place.zone
    updates = [update_of(each, place.url, zone) for each in written]
    if place.local is not None and not place.local.sure:
        updates = [_estimated(each) for each in updates]
    if place.zone is not None and _is_false_z(updates, place):
        updates = [update_of(_without_zone(each), place.url, place.zone) for each in written]
    return _numbered(_once([each for each in updates if _states_anything(each)]), place)


def _estimated(update: Update) -> Update:
    """Mark a time without a zone as an estimate, as the zone that it was read in is a guess."""
    told = update.published
    if told is None or told.zoned:
        return update
    return replace(update, published=told._replace(precision=TimePrecision.ESTIMATED))


def _states_anything(update: Update) -> bool:
    """Whether an update states an id, a time, a headline, words or a picture."""
    stated = (update.block_id, update.published, update.headline, update.text, update.image)
    return any(stated)


def sightings(updates: Sequence[Update], view: View, place: Place) -> tuple[Sighting, ...]:
    """Return the updates' sightings in one view, in their order, without what is not their own."""
    titles = _titles(updates, place.titles)
    # One writer may have written everything; several on each update are the blog's authors.
    several = (
        _is_alike([update.authors for update in updates]) and len(updates[0].authors or ()) > 1
    )
    shown = Counter(update.image.url for update in updates if update.image)
    return tuple(
        (_sighting if len(update.text) <= LONG else _sighting.__wrapped__)(
            update,
            view,
            title,
            place.url,
            no_authors=several,
            no_image=update.image is None or shown[update.image.url] > 1,
        )
        for update, title in zip(updates, titles, strict=True)
    )


@lru_cache(maxsize=4096)
def _sighting(
    update: Update, view: View, title: str, base: str, *, no_authors: bool, no_image: bool
) -> Sighting:
    published = update.published
    image = None if no_image or update.image is None else media_of(update.image, base)
    html = update.html or (figure(image, "") if image is not None else update.html)
    return Sighting(
        view=view,
        block_id=update.block_id,
        published=published.at if published else None,
        updated=_later(update.updated, published),
        time_precision=published.precision if published else None,
        title=title,
        html=html,
        text=update.text if html is not None else None,
        permalink=update.address or None,
        authors=None if no_authors else update.authors,
        media=(image,) if image else None,
    )


def warnings(updates: Sequence[Update], place: Place) -> tuple[str, ...]:
    """Return warnings, in plain words, of what was assumed of the updates' times."""
    told = [update.published for update in updates]
    found = list[str]()
    if any(each is not None and not each.zoned for each in told):
        local = place.local.told_by if place.local is not None else "UTC, since none is configured"
        zone = str(place.zone) if place.zone is not None else local
        found.append(f"times name no zone; they are read in {zone}")
    if any(each is None for each in told):
        count = sum(each is None for each in told)
        found.append(f"{count} of {len(told)} updates have no time that can be read")
    return tuple(found)


def folded_titles(*titles: str) -> frozenset[str]:
    """Fold the titles of a page, to compare headlines with them."""
    return frozenset(filter(None, map(folded, titles)))


def _once(updates: Sequence[Update]) -> list[Update]:
    """Merge updates with the same id (canonical and AMP); an id of most updates is dropped."""
    counted = Counter(update.block_id for update in updates if update.block_id)
    common = {block_id for block_id, times in counted.items() if FEW < times > len(updates) / 2}
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
    """Drop ids that are positions counted from the newest update, which is always `#post1`."""
    if not are_positions(updates):
        return tuple(updates)
    return tuple(replace(update, block_id=None, address=place.url) for update in updates)


def are_positions(updates: Sequence[Update]) -> bool:
    """Whether ids go up one by one while times go down.

    Permanent numbers go up with time; only a count from the newest goes the other way. A single
    `post1` may be either, and is taken for a position: a wrong id would be worse than none.
    """
    first = _numbers(updates[:2])
    if len(updates) < 2:  # noqa: PLR2004 - a lone one
        return first in ([("post", 1)], [("update", 1)], [("", 1)])
    if not first or abs(first[0][1] - first[1][1]) != 1:
        return False
    names = _numbers(updates)
    if not names:
        return False
    times = [update.published.at for update in updates if update.published]
    if len(times) != len(updates) or len({name for name, _ in names}) != 1:
        return False
    together = sorted(zip(times, (number for _, number in names), strict=True), key=lambda t: t[1])
    numbers = [number for _, number in together]
    steps = all(later == former + 1 for former, later in itertools.pairwise(numbers))
    falls = all(b[0] <= a[0] for a, b in itertools.pairwise(together))
    return steps and falls and together[0][0] > together[-1][0]


def _numbers(updates: Sequence[Update]) -> list[tuple[str, int]]:
    """Split ids into words and numbers; [] where one of them does not end in a number."""
    found = [NUMBERED.fullmatch(update.block_id or "") for update in updates]
    return [(match[1], int(match[2])) for match in found if match] if all(found) else []


def _is_false_z(updates: Sequence[Update], place: Place) -> bool:
    """Whether times that claim UTC are local ones: the newest lies after the fetch of the page."""
    told = [update.published for update in updates if update.published]
    return (
        bool(told)
        and all(each.zoned for each in told)
        and max(each.at for each in told) > place.fetched_at + AHEAD
    )


def _without_zone(written: Written) -> Written:
    """Cut the Z off an update's times, so that they are read in the publisher's zone."""
    published, updated = (
        FALSE_Z.sub("", time) if isinstance(time, str) else time
        for time in (written.published, written.updated)
    )
    return replace(written, published=published, updated=updated)


def _is_alike(values: Sequence[object]) -> bool:
    """Whether there are several values, all the same and not empty."""
    return len(values) > 1 and bool(values[0]) and all(value == values[0] for value in values)


def _titles(updates: Sequence[Update], page: frozenset[str]) -> list[str]:
    """Return each update's headline where it really is one, else "".

    It is not where it is the page's own, or the same on all updates, or only a cut of the body. A
    whole sentence that the body begins with as well is a headline, unless most headlines of the
    page are the beginnings of bodies.
    """
    if _is_alike([update.headline for update in updates]):
        return [""] * len(updates)
    heads = [_head(update.headline) for update in updates]
    repeats = [_begins_with(u.text, head) for u, head in zip(updates, heads, strict=True)]
    worded = sum(bool(update.headline and update.text) for update in updates)
    habit = 2 * sum(repeats) > worded
    titles = list[str]()
    for update, head, repeated in zip(updates, heads, repeats, strict=True):
        cut = repeated and (habit or _is_cut(update))
        none = not head or cut or head in page
        titles.append("" if none else _without_its_clock(update))
    return titles


def _without_its_clock(update: Update) -> str:
    """Return a headline without a clock at its start that is the update's own, in any zone."""
    headline, published = update.headline or "", update.published
    clock = clock_at(headline) if headline[:1].isdigit() and published else None
    if clock is None or published is None or not clock.rest:
        return headline
    return headline if (clock.minutes - published.at.minute) % HALF_AN_HOUR else clock.rest


@lru_cache(maxsize=4096)
def _head(headline: str | None) -> str:
    """Fold a headline without the clock before it and the dots where it was cut."""
    if not headline:
        return ""
    bare = CLOCK.sub("", headline) if headline[0].isdigit() else headline
    return folded(ELLIPSIS.sub("", bare) if headline.endswith(("…", "...")) else bare)


@lru_cache(maxsize=4096)
def _begins_with(text: str, head: str) -> bool:
    if not head or not text:
        return False
    first = text[0]
    if first.isdigit():
        text = CLOCK.sub("", text[: 2 * len(head) + 80])
    elif first.isalpha() and first.casefold()[0] != head[0]:
        return False
    return folded(text[: 2 * len(head) + 80]).startswith(head)


def _is_cut(update: Update) -> bool:
    """Whether a headline that the body begins with breaks off, or is all that the body says.

    One with a full stop of its own, where the body has none, was written as a headline.
    """
    headline = update.headline or ""
    place = update.text.find(headline)
    if place < 0:
        return headline[-1:] not in {"!", "?", "."} or headline.endswith("...")
    rest = update.text[place + len(headline) :]
    return len(rest) < 2 or rest[0] not in SENTENCE_ENDS  # noqa: PLR2004 - its stop


def _later(updated: Moment | None, published: Moment | None) -> datetime | None:
    if updated is None or (published is not None and updated.at <= published.at):
        return None
    return updated.at
