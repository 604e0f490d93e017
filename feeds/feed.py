"""The feed that a renderer gets, and the parts of it that all formats show alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from html import escape

from feeds.links import web_url
from feeds.times import spoken_time
from feeds.titles import Title, own_title, title_of, told_apart
from feeds.xml import line, scrub
from store.entry import Entry, StoredEntry

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


class Retracted(Enum):
    """How a feed shows retracted entries.

    MARK shows them struck through, under their own id. TOMBSTONE lists them as deleted
    (RFC 6721; RSS has no element for it). HIDE does neither.
    """

    MARK = "mark"
    TOMBSTONE = "tombstone"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class History:
    """Where a feed's older entries are (RFC 5005); "" for a document that does not exist.

    `complete`: this document holds every entry of the feed. `archive`: it is an archive document,
    which does not change; `current_url` is then the feed's current document.
    """

    complete: bool = False
    archive: bool = False
    current_url: str = ""
    before_url: str = ""
    after_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed: its names and addresses, when it last changed, and the entries of its window.

    `id` is a permanent IRI, `home_url` the page for people, `self_url` this very document,
    `hub_url` its WebSub hub. `updated` is the stored `changed_at` of the newest change in the
    topic, UTC. `entries` are ordered newest joined first. `expired`: no more entries will come.

    Raises ValueError, naming the entry, where a time has no zone.
    """

    id: str
    title: str
    subtitle: str = ""
    home_url: str = ""
    self_url: str = ""
    updated: datetime
    entries: tuple[StoredEntry, ...] = ()
    language: str = ""
    hub_url: str = ""
    expired: bool = False
    history: History = History()

    def __post_init__(self) -> None:
        if self.updated.tzinfo is None:
            raise ValueError(f"feed {self.id}: `updated` has no time zone")
        for stored in self.entries:
            _check_times(stored)


def shown_titles(
    feed: Feed, retracted: Retracted, titles: Sequence[Title] | None = None
) -> list[str | None]:
    """Return the title of each entry in the feed; None for an entry that the feed does not show.

    `titles` are `title_of` each entry, for callers that have them already.
    """
    if titles is None:
        titles = [title_of(stored.entry) for stored in feed.entries]
    return [
        title
        if stored.retracted_at is None
        else f"Retracted: {title}"
        if retracted is Retracted.MARK
        else None
        for stored, title in zip(feed.entries, told_apart(titles), strict=True)
    ]


def deleted(feed: Feed, retracted: Retracted) -> list[tuple[str, datetime]]:
    """Return (id, time of retraction) of each entry that the feed lists as deleted."""
    if retracted is not Retracted.TOMBSTONE:
        return []
    return [
        (scrub(stored.id), stored.retracted_at)
        for stored in feed.entries
        if stored.retracted_at is not None
    ]


def feed_title(feed: Feed) -> str:
    """Return the feed's title, or its id where it has none: no format allows an empty one."""
    return line(feed.title) or line(feed.id)


def body(stored: StoredEntry) -> str:
    """Return the entry's html; if it was retracted, a note and then the html struck through.

    Without html it is made of the text, else of a link to the entry.

    `del` takes any content that its parent takes (HTML, transparent content model), so whole
    blocks can stand in it.
    """
    entry = stored.entry
    html = scrub(entry.html)
    if not html and (text := scrub(entry.text).strip()):
        html = f"<p>{escape(text)}</p>"
    if stored.forgotten is not None:
        return f"<p><em>{escape(taken_down(stored))}</em></p>"
    if not html and (url := link(entry)):
        html = f'<p><a href="{escape(url)}">{escape(own_title(entry))}</a></p>'
    when = stored.retracted_at
    if when is None:
        return html
    note = f"<p><em>This entry was retracted (noticed {spoken_time(when)}).</em></p>"
    return note + f'<del datetime="{rfc3339(when)}">{html}</del>' if html else note


def taken_down(stored: StoredEntry) -> str:
    """Return one line that says that an entry was taken down here, when (UTC) and why."""
    when = spoken_time(stored.retracted_at or stored.changed_at)
    return f"This entry was taken down ({when}): {line(stored.forgotten or '')}"


def bylines(entry: Entry) -> list[str]:
    """Return the names of an entry's authors, else its credit as printed, else []."""
    names = dict.fromkeys(name for author in entry.authors if (name := line(author)))
    return list(names) or [credit for credit in (line(entry.credit),) if credit]


def link(entry: Entry) -> str:
    """Return the web address of an entry for people: its permalink, else its blog, else ""."""
    return web_url(entry.permalink) or web_url(entry.blog)


def media_urls(entry: Entry, kind: str = "") -> list[str]:
    """Return the web addresses of the entry's media (of one kind, such as "image"), each once."""
    return list(
        dict.fromkeys(
            url
            for media in entry.media
            if media.type.startswith(kind) and (url := web_url(media.url))
        )
    )


def categories(entry: Entry) -> list[tuple[str, str]]:
    """Return term and label of each category: what the publisher flagged, then its tags."""
    flags = ((entry.key_event, "key-event", "Key event"), (entry.summary, "summary", "Summary"))
    labels = {term: label for flag, term, label in flags if flag}
    for tag in entry.tags:
        if term := line(tag):
            labels.setdefault(term, term)
    return list(labels.items())


def language(tag: str) -> str:
    """Return a language tag as it is if it has the form of BCP 47, else ""."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def rfc3339(moment: datetime) -> str:
    """Write a time as RFC 3339 does, in UTC: "2023-12-13T17:25:00Z"."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def instant(moment: datetime | None) -> str | None:
    """Write a time as `rfc3339` does; None stays None."""
    return None if moment is None else rfc3339(moment)


def _check_times(stored: StoredEntry) -> None:
    updated, retracted_at = stored.entry.updated, stored.retracted_at
    if (
        stored.entry.published.tzinfo is None
        or stored.changed_at.tzinfo is None
        or (updated is not None and updated.tzinfo is None)
        or (retracted_at is not None and retracted_at.tzinfo is None)
    ):
        raise ValueError(f"entry {stored.id}: a time has no time zone; all times are UTC")
