"""Turn an entry and its history into the values that its page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from sqlalchemy import Connection

from feeds.comparison import Changed, Comparison, said
from feeds.content import republished
from feeds.entry_text import Happening, happenings_of, provenance_of, times_of
from feeds.links import host, web_url
from feeds.site.diffs import EntryKey, compare_asked, not_kept
from feeds.site.options import SiteOptions
from feeds.site.posts import PostView, view_whole
from feeds.site.responses import Refusal
from feeds.site.views import Moment, TopicView, exact_moment, moment_of, view_topic
from feeds.times import spoken_time
from feeds.titles import own_title
from feeds.worddiff import Piece
from feeds.xml import line
from store.archive.archived import KeptRevision
from store.archive.entry_history import life_of
from store.archive.pagination import blog_names
from store.catalogue import contents, kept_topic
from store.entry import Media, Provenance, StoredEntry, TimePrecision
from store.topics import given_out

_NAMES: Final = {
    "key_event": "Key event",
    "summary": "Summary",
    "pinned": "Pinned",
    "retracted": "Retracted",
    "authors": "By",
    "credit": "Credit",
    "tags": "Tags",
    "permalink": "Address",
    "language": "Language",
    "updated": "Publisher’s own “updated”",
}


@dataclass(frozen=True, slots=True)
class HappeningView:
    """One event in an entry's history; `revision` is the one that it made, 0 for none."""

    when: Moment
    what: str
    revision: int
    backfill: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; `url` is its link, `was` its value in the older revision."""

    name: str
    value: str
    url: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision: when and where it was first seen.

    `compare` is the address of its comparison with the one before, "" for the first.
    """

    number: int
    seen: Moment
    updated: Moment
    facts: tuple[Fact, ...]
    compare: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """What differs between two revisions; `text` and `json` are addresses of the comparison."""

    old: int
    new: int
    text: str
    json: str
    title: tuple[Piece, ...]
    body: tuple[Piece, ...]
    media: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    """All values that an entry's page shows; `json` is the address of the entry as JSON."""

    post: PostView
    name: str
    when: str
    blog: Fact
    times: tuple[Fact, ...]
    identity: tuple[Fact, ...]
    topics: tuple[TopicView, ...]
    happenings: tuple[HappeningView, ...]
    revisions: tuple[RevisionView, ...]
    comparison: ComparisonView | None
    json: str


def read_page(connection: Connection, key: EntryKey, options: SiteOptions) -> EntryPage | Refusal:
    """Return the values of an entry's page, or a 404 for an unknown entry or revision."""
    life = life_of(connection, key.number)
    if life is None:
        return not_kept(key.number)
    content = given_out(life.topics, contents(connection))
    comparison = None
    if life.stored.revision > 1:
        found = compare_asked(life, key, content)
        if isinstance(found, Refusal):
            return found
        comparison = _view_comparison(found, f"{options.prefix}/entries/{key.number}/diff")
    stored = republished(life.stored, content)
    entry, zone = stored.entry, options.zone
    blog = blog_names(connection, [entry.blog]).get(entry.blog)
    topics = [kept_topic(connection, name) for name in life.topics]
    return EntryPage(
        post=view_whole(stored, options),
        name=own_title(entry),
        when=_when(stored, zone),
        blog=Fact(
            host(entry.blog),
            (line(blog.title) if blog else "") or host(entry.blog),
            web_url(entry.blog),
        ),
        times=tuple(Fact(name, value) for name, value in times_of(life.stored, zone)),
        identity=(
            Fact("Id", line(stored.id)),
            Fact("Publisher’s block", line(entry.block_id)),
            Fact("Number here", str(stored.number)),
        ),
        topics=tuple(view_topic(topic, options) for topic in topics if topic and topic.followed),
        happenings=tuple(_view_happening(one, zone) for one in happenings_of(life)),
        revisions=tuple(_view_revision(one, key.number, options) for one in life.revisions[::-1]),
        comparison=comparison,
        json=f"{options.prefix}/entries/{key.number}.json",
    )


def _when(stored: StoredEntry, zone: tzinfo) -> str:
    """Return when an entry was published, in `zone`; after "about" where it is an estimate."""
    entry = stored.entry
    about = "about " if entry.time_precision is TimePrecision.ESTIMATED else ""
    return about + spoken_time(entry.published, entry.time_precision, zone)


def _view_happening(one: Happening, zone: tzinfo) -> HappeningView:
    return HappeningView(exact_moment(one.at, zone), one.what, one.revision, one.backfill)


def _view_revision(one: KeptRevision, number: int, options: SiteOptions) -> RevisionView:
    page = f"{options.prefix}/entries/{number}"
    before = one.revision - 1
    return RevisionView(
        one.revision,
        exact_moment(one.seen_at, options.zone),
        moment_of(one.updated, options.zone),
        tuple(_view_provenance(one.provenance, options.zone)) if one.provenance else (),
        f"{page}?from={before}&to={one.revision}#changes" if before else "",
    )


def _view_provenance(seen: Provenance, zone: tzinfo) -> Iterator[Fact]:
    for name, value in provenance_of(seen, zone):
        url = web_url(value) if name in {"Seen at", "Wayback Machine"} else ""
        yield Fact(name, "the page about then" if name == "Wayback Machine" else value, url)


def _view_comparison(found: Comparison, address: str) -> ComparisonView:
    asked = f"from={found.old}&to={found.new}"
    return ComparisonView(
        found.old,
        found.new,
        f"{address}.txt?{asked}",
        f"{address}.json?{asked}",
        found.title,
        found.body,
        media=(
            *(_view_media("Gone", one) for one in found.media.gone),
            *(_view_media("New", one) for one in found.media.came),
            *(_view_media("Altered", new) for _, new in found.media.altered),
        ),
        facts=tuple(_view_changed((*found.flags, *found.facts))),
        differs=bool(found),
    )


def _view_media(what: str, one: Media) -> Fact:
    return Fact(f"{what}: {line(one.type)}", line(one.alt) or line(one.url), web_url(one.url))


def _view_changed(changed: Sequence[Changed]) -> list[Fact]:
    return [Fact(_NAMES[one.name], line(said(one.new)), was=line(said(one.old))) for one in changed]
