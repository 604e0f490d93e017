"""Turn topics, entries and sources into values that the page templates show as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby

from feeds.feed import language, link, rfc3339
from feeds.links import host, web_url
from feeds.site.addresses import FeedKey, Format
from feeds.site.feed_documents import feed_name
from feeds.site.options import SiteOptions
from feeds.times import day_of, exact_time, short_day, spoken_time
from feeds.titles import own_title
from feeds.xml import line
from store.catalogue import KeptTopic
from store.entry import Entry, StoredEntry, TimePrecision
from store.source import Source, SourceState
from store.survey import FollowedSource
from store.topics import Selection

SELECTIONS = {
    Selection.ALL: "Everything",
    Selection.KEY_EVENTS: "Key events",
    Selection.SUMMARIES: "Summaries",
}
_FORMATS = {Format.ATOM: "Atom", Format.RSS: "RSS", Format.JSON: "JSON"}
_STATES = {
    SourceState.NEW: ("New", "It has not been read yet."),
    SourceState.OK: ("Fine", ""),
    SourceState.BROKEN: ("Broken", "Its feeds stay as they were until it can be read again."),
    SourceState.HELD: ("Held", "No entry is retracted until a person runs keywire confirm."),
    SourceState.PAUSED: ("Paused", "It is not read until a person runs keywire resume."),
    SourceState.GONE: ("Gone", "It is not read any more; its entries are kept."),
}
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for people, and in RFC 3339 for machines; each is "" where it is not known."""

    spoken: str = ""
    iso: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """The address of one feed; `label` is the name of its format, `title` the feed's title."""

    label: str
    title: str
    url: str
    media_type: str


@dataclass(frozen=True, slots=True)
class FeedRow:
    """The feeds of one selection of a topic, in all formats."""

    label: str
    links: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its feeds."""

    name: str
    title: str
    url: str
    rows: tuple[FeedRow, ...]
    updated: Moment


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry in a list: `page` is its page on this site, `url` the publisher's."""

    time: Moment
    page: str
    title: str
    url: str
    blog: str
    language: str
    key_event: bool
    summary: bool
    retracted: str


@dataclass(frozen=True, slots=True)
class DayView:
    """The entries published on one day in the site's zone, newest first."""

    day: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class BlogView:
    """A blog of a source, with its state, count of entries and known history."""

    title: str
    url: str
    state: str
    entries: str
    history: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source: its state, what that means, its polls, traffic and blogs."""

    name: str
    address: str
    url: str
    state: str
    word: str
    reason: str
    meaning: str
    read_as: str
    last_poll: Moment
    next_poll: Moment
    because: str
    traffic: str
    delay: str
    robots: str
    last_change: Moment
    last_status: str
    warnings: tuple[str, ...]
    blogs: tuple[BlogView, ...]


def view_topic(topic: KeptTopic, options: SiteOptions) -> TopicView:
    """Return the view of a topic with its feeds."""
    title = line(topic.title) or topic.name
    return TopicView(
        name=topic.name,
        title=title,
        url=f"{options.prefix}/topics/{topic.name}",
        rows=tuple(
            FeedRow(
                SELECTIONS[selection],
                tuple(_feed_link(topic.name, title, selection, form, options) for form in Format),
            )
            for selection in Selection
        ),
        updated=moment_of(topic.updated, options.zone),
    )


def _feed_link(
    name: str, title: str, selection: Selection, form: Format, options: SiteOptions
) -> FeedLink:
    return FeedLink(
        label=_FORMATS[form],
        title=f"{feed_name(title, selection)} ({_FORMATS[form]})",
        url=options.link(FeedKey(name, selection, form).target),
        media_type=form.media_type.partition(";")[0],
    )


def view_days(
    entries: Sequence[StoredEntry], followed: Sequence[FollowedSource], options: SiteOptions
) -> tuple[DayView, ...]:
    """Return the views of entries, given newest published first, grouped by day."""
    titles = {blog.url: line(blog.title) for one in followed for blog in one.blogs}
    return tuple(
        DayView(day, tuple(_view_entry(stored, titles, options) for stored in of_day))
        for day, of_day in groupby(entries, key=lambda stored: _day(stored.entry, options.zone))
    )


def _day(entry: Entry, zone: tzinfo) -> str:
    return short_day(day_of(entry.published, entry.time_precision, zone))


def _view_entry(
    stored: StoredEntry, blog_titles: Mapping[str, str], options: SiteOptions
) -> EntryView:
    entry = stored.entry
    return EntryView(
        time=clock_time(entry, options.zone),
        page=f"{options.prefix}/entries/{stored.number}",
        title=own_title(entry),
        url=link(entry),
        blog=blog_titles.get(entry.blog) or host(entry.blog) or line(entry.blog),
        language=language(entry.language),
        key_event=bool(entry.key_event),
        summary=bool(entry.summary),
        retracted=_retracted(stored),
    )


def _retracted(stored: StoredEntry) -> str:
    """Return who took an entry away, in words; "" where it was not taken away."""
    if stored.forgotten is not None:
        return "taken down here"
    return "retracted by its publisher" if stored.retracted_at is not None else ""


def clock_time(entry: Entry, zone: tzinfo) -> Moment:
    """Return an entry's time, `spoken` as the time of day in `zone`: "" where it is not known."""
    told = ""
    if entry.time_precision is not TimePrecision.DAY:
        about = "about " if entry.time_precision is TimePrecision.ESTIMATED else ""
        told = f"{about}{entry.published.astimezone(zone):%H:%M}"
    return Moment(told, rfc3339(entry.published))


def view_source(followed: FollowedSource, options: SiteOptions) -> SourceView:
    """Return the view of a followed source."""
    source, zone = followed.source, options.zone
    word, meaning = _STATES[source.state]
    titles = list(dict.fromkeys(title for blog in followed.blogs if (title := line(blog.title))))
    address = line(source.url)
    return SourceView(
        name=titles[0] if titles else _short(address),
        address=address,
        url=web_url(source.url),
        state=source.state.value,
        word=word,
        reason=_sentence(line(source.reason)),
        meaning=meaning,
        read_as=", ".join(filter(None, (line(source.kind), line(source.platform)))),
        last_poll=moment_of(source.last_poll, zone),
        next_poll=moment_of(source.next_poll, zone),
        because=line(source.pace),
        traffic=_traffic(source),
        delay="" if source.delay is None else _span(source.delay),
        robots=_sentence(line(source.robots)),
        last_change=moment_of(source.last_change, zone),
        last_status="" if source.last_status is None else str(source.last_status),
        warnings=tuple(line(warning) for warning in source.warnings),
        blogs=tuple(
            BlogView(
                title=line(blog.title) or _short(line(blog.url)),
                url=web_url(blog.url),
                state=blog.state,
                entries=f"{blog.entries:,} {'entry' if blog.entries == 1 else 'entries'}",
                history=line(blog.history),
            )
            for blog in followed.blogs
        ),
    )


def _traffic(source: Source) -> str:
    """Return what following a source costs: `1,204 requests, 3.1 MB, 96 % of polls unchanged`."""
    told = []
    if source.requests:  # older versions did not count them
        requests = f"{source.requests:,} {'request' if source.requests == 1 else 'requests'}"
        told += [requests, _size(source.received)]
    if source.polls > source.failures:  # at least one poll was answered
        share = f"{source.unchanged / source.polls:.0%}".replace("%", " %")
        told.append(f"{share} of polls unchanged")
    return ", ".join(told)


def _size(received: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if received >= size:
            return f"{received / size:.3g} {unit}"
    return f"{received} bytes"


def _span(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.0f} h"


def say_why_empty(followed: Sequence[FollowedSource], options: SiteOptions) -> str:
    """Return one line on why there are no entries yet, and when the next poll is."""
    if not followed:
        return "No entries yet: nothing is followed."
    states = {one.source.state for one in followed}
    if states <= {SourceState.PAUSED, SourceState.GONE}:
        return "No entries yet: every source is paused or gone."
    first = min((one.source.next_poll for one in followed if one.source.next_poll), default=None)
    begins = moment_of(first, options.zone).spoken
    when = f"at {begins}" if begins else "is about to begin"
    if states & {SourceState.BROKEN, SourceState.HELD}:
        return f"No entries yet: see below what is wrong with the sources. Next poll {when}."
    return f"No entries yet: first poll {when}."


def moment_of(moment: datetime | None, zone: tzinfo) -> Moment:
    """Return a time in `zone`, to the minute; an empty Moment for None."""
    return Moment() if moment is None else Moment(spoken_time(moment, zone=zone), rfc3339(moment))


def exact_moment(moment: datetime | None, zone: tzinfo) -> Moment:
    """Return a time in `zone`, to the second; an empty Moment for None."""
    return Moment() if moment is None else Moment(exact_time(moment, zone=zone), rfc3339(moment))


def _short(address: str) -> str:
    return address.partition("://")[2].removeprefix("www.") or address


def _sentence(reason: str) -> str:
    if not reason:
        return ""
    reason = reason[0].upper() + reason[1:]
    return reason if reason[-1] in ".!?…" else f"{reason}."
