"""Turn one leaf of a topic into the values that the timeline page shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from sqlalchemy import Connection

from feeds.content import republished
from feeds.links import host, web_url
from feeds.site.options import SiteOptions
from feeds.site.page_addresses import LeafKey
from feeds.site.posts import PostView, view_posts
from feeds.site.responses import Refusal
from feeds.site.views import SELECTIONS, Moment, TopicView, exact_moment, view_topic
from feeds.times import spoken_day
from feeds.xml import line
from store.archive.pagination import (
    BlogName,
    Leaf,
    Placed,
    blog_names,
    leaf_after,
    leaf_as_of,
    leaf_before,
    newest_change,
    newest_leaf,
)
from store.archive.places import Part, blogs_of
from store.catalogue import KeptTopic
from store.topics import Selection

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class PartLink:
    """A link to a selection of the topic or to one publisher; `shown` if the page shows it."""

    label: str
    url: str
    shown: bool


@dataclass(frozen=True, slots=True)
class PostDay:
    """The entries that joined on one day in the site's zone, newest first; `iso` is its date."""

    spoken: str
    iso: str
    url: str
    posts: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class BlogLink:
    """A live blog that entries on the page belong to."""

    title: str
    url: str
    host: str
    state: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One leaf of a topic.

    `publishers` is empty where the topic has only one; `publisher` is the one shown alone, "" for
    all. `newer` and `older` are addresses of leaves, "" at the ends; `top` is the address of the
    newest leaf, `present` of the newest leaf without `as_of`. `stream` is the address of the
    topic's change stream, "" on all but the newest leaf. `as_of` is the moment whose state is
    shown, `look_back` the same as the value of a form's field.
    """

    topic: TopicView
    selection: str
    kind: str
    selections: tuple[PartLink, ...]
    publisher: str
    publishers: tuple[PartLink, ...]
    days: tuple[PostDay, ...]
    blogs: tuple[BlogLink, ...]
    top: str
    present: str
    as_of: Moment
    look_back: str
    newer: str
    older: str
    stream: str


def read_timeline(
    connection: Connection, topic: KeptTopic, key: LeafKey, options: SiteOptions
) -> TimelineView | Refusal:
    """Return the view of one leaf of a followed topic, or a 404 for an unknown publisher."""
    by_publisher = _by_publisher(connection, key.topic)
    if key.publisher and key.publisher not in by_publisher:
        return Refusal(404, f"publisher: {key.topic} has no live blog of {key.publisher}.")
    leaf = _read(connection, key, by_publisher.get(key.publisher))
    seen = tuple(Placed(one.place, republished(one.stored, topic.content)) for one in leaf.entries)
    blogs = blog_names(connection, sorted({one.stored.entry.blog for one in leaf.entries}))
    posts = view_posts(seen, options)
    prefix = options.prefix
    return TimelineView(
        topic=view_topic(topic, options),
        selection="" if key.selection is Selection.ALL else SELECTIONS[key.selection],
        kind=key.selection.value,
        selections=tuple(
            PartLink(label, prefix + key.showing(which).target, which is key.selection)
            for which, label in SELECTIONS.items()
        ),
        publisher=key.publisher,
        publishers=tuple(_view_publishers(by_publisher, key, prefix)),
        days=tuple(_by_day(seen, posts, key, options)),
        blogs=tuple(map(_blog_link, blogs.values())),
        top=prefix + key.showing(key.selection).target,
        present=prefix + key.at_present().target,
        as_of=exact_moment(key.as_of, options.zone),
        look_back=_for_field(key.as_of, options.zone),
        newer=prefix + key.above(seen[0].place).target if leaf.newer and seen else "",
        older=prefix + key.below(leaf.end).target if leaf.older and leaf.end else "",
        stream=_stream(connection, key, options) if key.newest else "",
    )


def _for_field(moment: datetime | None, zone: tzinfo) -> str:
    """Return a moment as the value of a datetime-local field, in `zone`."""
    return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"


def _by_publisher(connection: Connection, topic: str) -> dict[str, tuple[int, ...]]:
    """Return the ids of a topic's live blogs by the host that publishes them."""
    found: dict[str, tuple[int, ...]] = {}
    for blog_id, url in blogs_of(connection, topic).items():
        if at := host(url):
            found[at] = (*found.get(at, ()), blog_id)
    return found


def _view_publishers(hosts: Iterable[str], key: LeafKey, prefix: str) -> Iterator[PartLink]:
    if len(known := sorted(hosts)) > 1:
        yield PartLink("All", prefix + key.of("").target, not key.publisher)
        for at in known:
            yield PartLink(at, prefix + key.of(at).target, key.publisher == at)


def _read(connection: Connection, key: LeafKey, blogs: tuple[int, ...] | None) -> Leaf:
    part = Part(key.topic, key.selection, blogs)
    if key.as_of is not None:
        return leaf_as_of(connection, part, key.as_of, most=ENTRIES, before=key.before)
    if key.before is not None:
        return leaf_before(connection, part, key.before, ENTRIES)
    if key.after is not None:
        return leaf_after(connection, part, key.after, ENTRIES)
    return newest_leaf(connection, part, ENTRIES)


def _stream(connection: Connection, key: LeafKey, options: SiteOptions) -> str:
    after = newest_change(connection, key.topic)
    return f"{options.prefix}/events/stream?topic={key.topic}&after={after}"


def _by_day(
    placed: Sequence[Placed], posts: Sequence[PostView], key: LeafKey, options: SiteOptions
) -> Iterator[PostDay]:
    def day_of(pair: tuple[Placed, PostView]) -> date:
        return pair[0].place.at.astimezone(options.zone).date()

    for day, of_day in groupby(zip(placed, posts, strict=True), key=day_of):
        posts_of_day = tuple(post for _, post in of_day)
        base = options.prefix + key.showing(key.selection).target
        url = f"{base}{'&' if '?' in base else '?'}day={day}"
        yield PostDay(spoken_day(day), day.isoformat(), url, posts_of_day)


def _blog_link(blog: BlogName) -> BlogLink:
    at = host(blog.url) or line(blog.url)
    return BlogLink(line(blog.title) or at, web_url(blog.url), at, blog.state)
