"""Export as TimelineJS 3 (Knight Lab): one slide per entry, in the edition's zone.

Dates are only as precise as the publisher's, and `display_date` has them in words: TimelineJS
would otherwise make up the missing parts. It inserts headlines and texts into its page as markup,
so plain text is escaped here.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, Final

import msgspec

from feeds.export.edition import Edition, Format, Piece
from feeds.export.wording import anchor, clock_of, day_of, times_edited, when, zone_of
from feeds.feed import bylines, link, taken_down
from feeds.links import web_url
from feeds.site.body_html import prose
from feeds.times import spoken_day
from feeds.titles import own_title
from feeds.wayback import wayback_link
from feeds.xml import line, scrub
from store.archive.archived import Archived
from store.entry import Entry, TimePrecision
from store.topics import is_key

FILE: Final = "timeline.json"
_encode = msgspec.json.Encoder().encode


def render(edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield one JSON object: a title slide, then one event per entry."""
    title = {"text": {"headline": escape(line(edition.title) or edition.topic)}}
    yield FILE, b'{"title":' + _encode(title) + b',"events":['
    between = b"\n"
    for archived in entries:
        yield FILE, between + _encode(_event(archived, edition.zone))
        between = b",\n"
    yield FILE, b"\n]}\n"


def _event(archived: Archived, zone: str) -> dict[str, Any]:
    stored, entry = archived.stored, archived.stored.entry
    headline = escape(own_title(entry))
    event: dict[str, Any] = {
        "start_date": _date(entry, zone),
        "text": {
            "headline": f"Retracted: <del>{headline}</del>" if stored.retracted_at else headline,
            "text": _text(archived, zone),
        },
        "unique_id": anchor(stored),
        "group": "Key events" if is_key(entry) else "Entries",
    }
    return event | ({"media": media} if (media := _media(entry)) else {})


def _date(entry: Entry, zone: str) -> dict[str, Any]:
    day = day_of(entry, zone)
    date: dict[str, Any] = {"year": day.year, "month": day.month, "day": day.day}
    told = clock_of(entry, zone)
    if entry.time_precision in {TimePrecision.SECOND, TimePrecision.MINUTE}:
        local = entry.published.astimezone(zone_of(zone))
        date |= {"hour": local.hour, "minute": local.minute}
        if entry.time_precision is TimePrecision.SECOND:
            date["second"] = local.second
    return date | {"display_date": ", ".join(part for part in (spoken_day(day), told) if part)}


def _text(archived: Archived, zone: str) -> str:
    stored, entry = archived.stored, archived.stored.entry
    blocks = [*prose(entry.html, pictures=False)]
    if not blocks and entry.text.strip():
        blocks = [f"<p>{escape(scrub(entry.text).strip())}</p>"]
    body = "".join(blocks)
    if stored.forgotten is not None:
        return f"<p>{escape(taken_down(stored))}</p>"
    if when_gone := stored.retracted_at:
        body = f"<p>Retracted, noticed {when(when_gone, zone)}.</p><del>{body}</del>"
    notes = [f"By {escape(name)}" for name in bylines(entry)]
    if url := link(entry):
        notes.append(f'<a href="{escape(url)}">{escape(line(archived.blog_title)) or "Source"}</a>')
    if edited := times_edited(archived):
        notes.append("edited once" if edited == 1 else f"edited {edited} times")
    if stored.provenance and (copy := wayback_link(stored.provenance)):
        notes.append(f'<a href="{escape(copy)}">Wayback Machine</a>')
    return f"{body}<p><small>{' · '.join(notes)}</small></p>" if notes else body


def _media(entry: Entry) -> dict[str, str] | None:
    """Return the entry's first picture, which TimelineJS loads from the publisher, or None."""
    for media in entry.media:
        if media.type == "image" and (url := web_url(media.url)):
            told = {"caption": media.alt, "credit": media.credit, "alt": media.alt}
            return {"url": url} | {k: escape(line(v)) for k, v in told.items() if v}
    return None


FORMAT = Format("timelinejs", render)
