"""Turn entries with their bodies into the values that page templates show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from feeds.feed import bylines, language, link, taken_down
from feeds.links import host
from feeds.site.body_html import cut, fair_share, prose
from feeds.site.options import SiteOptions
from feeds.site.views import Moment, clock_time, moment_of
from feeds.times import day_of, short_day
from feeds.titles import first_sentence
from feeds.xml import line
from store.archive.pagination import Placed
from store.archive.places import Place
from store.entry import Entry, StoredEntry

# Characters of html for all bodies on a page. A page of 50 entries is to load on the way: about
# 100 kB in all. Where the bodies would be more, the longest are cut, with links to their pages.
ROOM = 60_000
# Characters of html for one body, so that no entry hides the others; a long summary has half.
LONGEST = 10_000
_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PostView:
    """An entry with its body, html from `body_html`; `cut`: the body is not shown in full.

    `day` is the day of publication, "" where the heading above has the same; `since` is when the
    entry joined the topic, if that was a minute or more later; `name` is its first sentence if it
    has no title.
    """

    number: int
    url: str
    time: Moment
    day: str
    since: Moment
    title: str
    name: str
    body: str
    cut: bool
    language: str
    key_event: bool
    summary: bool
    retracted: Moment
    forgotten: str
    byline: str
    source: str
    source_url: str
    edits: int


def view_posts(placed: Sequence[Placed], options: SiteOptions) -> list[PostView]:
    """Return the views of a page's entries, in order, their bodies cut to fit the page."""
    bodies = [body_of(one.stored, options) for one in placed]
    share = min(fair_share([sum(map(len, blocks)) for blocks in bodies], ROOM), LONGEST)
    return [
        _view(one, blocks, cut(blocks, share), options)
        for one, blocks in zip(placed, bodies, strict=True)
    ]


def view_whole(stored: StoredEntry, options: SiteOptions) -> PostView:
    """Return the view of one entry with its whole body."""
    placed = Placed(Place(stored.entry.published, 0, stored.number), stored)
    blocks = body_of(stored, options)
    return _view(placed, blocks, blocks, options)


def body_of(stored: StoredEntry, options: SiteOptions) -> tuple[str, ...]:
    """Return the blocks of an entry's body as html; of its text where it has no html."""
    entry = stored.entry
    if entry.html:
        return prose(entry.html, pictures=options.pictures)
    return tuple(block for text in entry.text.splitlines() for block in prose(_escaped(text)))


def entry_path(number: int, options: SiteOptions) -> str:
    """Return the path of an entry's page."""
    return f"{options.prefix}/entries/{number}"


def _view(
    placed: Placed,
    whole: Sequence[str],
    shown: Sequence[str],
    options: SiteOptions,
) -> PostView:
    stored, entry, zone = placed.stored, placed.stored.entry, options.zone
    late = placed.place.at - entry.published >= _LATE
    title = line(entry.title)
    return PostView(
        number=stored.number,
        url=entry_path(stored.number, options),
        time=clock_time(entry, zone),
        day=_other_day(entry, placed.place.at.astimezone(zone).date(), zone),
        since=moment_of(placed.place.at if late else None, zone),
        title=title,
        name="" if title else first_sentence(entry.text),
        body="".join(shown),
        cut=tuple(shown) != tuple(whole),
        language=language(entry.language),
        key_event=bool(entry.key_event),
        summary=bool(entry.summary),
        retracted=moment_of(stored.retracted_at, zone),
        forgotten=taken_down(stored) if stored.forgotten is not None else "",
        byline=", ".join(bylines(entry)),
        source=host(entry.blog) or line(entry.blog),
        source_url=link(entry),
        edits=stored.revision - 1,
    )


def _other_day(entry: Entry, day: date, zone: tzinfo) -> str:
    """Return an entry's day of publication in `zone`, "" where that is `day`."""
    published = day_of(entry.published, entry.time_precision, zone)
    return "" if published == day else short_day(published)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
