"""Export as Markdown (CommonMark): a file per day in the edition's zone, with front matter.

The front matter is YAML whose texts are JSON strings. An entry is a section of its day's file; its
earlier revisions, and where and when each was seen, follow it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from feeds.export.edition import Edition, Format, Piece
from feeds.export.markup import address, escaped, markdown, quoted
from feeds.export.wording import anchor, clock_of, day_of, media_beside, when
from feeds.feed import bylines, instant, link, taken_down
from feeds.times import spoken_day
from feeds.titles import own_title
from feeds.wayback import wayback_link
from feeds.xml import line
from store.archive.archived import Archived, KeptRevision
from store.entry import Entry, Provenance

INDEX: Final = "index.md"
_encode = msgspec.json.Encoder().encode


def render(edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield a file per day, then the index of days; a day may be continued after another one."""
    begun: set[date] = set()
    for archived in entries:
        day = day_of(archived.stored.entry, edition.zone)
        name = f"{day.isoformat()}.md"
        if day not in begun:
            begun.add(day)
            yield name, _head(edition, day)
        yield name, _entry(archived, edition.zone).encode()
    yield INDEX, _index(edition, sorted(begun))


def _head(edition: Edition, day: date) -> bytes:
    facts = {
        "title": f"{edition.title}: {spoken_day(day)}",
        "topic": edition.topic,
        "date": day.isoformat(),
        **_asked(edition),
    }
    return _front(facts) + f"# {escaped(edition.title)}: {spoken_day(day)}\n".encode()


def _asked(edition: Edition) -> dict[str, str]:
    as_of = instant(edition.as_of)
    return {"zone": edition.zone} | ({"as_of": as_of} if as_of else {})


def _front(facts: dict[str, str]) -> bytes:
    lines = [f"{name}: ".encode() + _encode(line(fact)) for name, fact in facts.items()]
    return b"---\n" + b"\n".join(lines) + b"\n---\n\n"


def _index(edition: Edition, days: list[date]) -> bytes:
    facts = {"title": edition.title, "topic": edition.topic, **_asked(edition)}
    lines = [f"- [{spoken_day(day)}]({day.isoformat()}.md)" for day in days]
    listed = "\n".join(lines) or "No entries."
    return _front(facts) + f"# {escaped(edition.title)}\n\n{listed}\n".encode()


def _entry(archived: Archived, zone: str) -> str:
    stored, entry = archived.stored, archived.stored.entry
    parts = [f'<a id="{anchor(stored)}"></a>', f"## {_heading(archived, zone)}"]
    if stored.forgotten is not None:
        parts.append(f"*{escaped(taken_down(stored))}*")
    elif stored.retracted_at is not None:
        parts.append(f"*Retracted, noticed {when(stored.retracted_at, zone)}. It said:*")
    body = markdown(entry.html, entry.text)
    if body:
        parts.append(quoted(body) if stored.retracted_at is not None else body)
    parts.append(_facts(archived, zone))
    earlier = [one for one in archived.revisions if one.revision < stored.revision]
    if earlier:
        parts.append("\n".join(f"- {_revision(one, zone)}" for one in earlier))
    return "\n" + "\n\n".join(parts) + "\n"


def _heading(archived: Archived, zone: str) -> str:
    entry = archived.stored.entry
    title = escaped(entry.title)
    if title and archived.stored.retracted_at is not None:
        title = f"~~{title}~~"
    flags = [word for word, flag in _flags(entry).items() if flag]
    told = [clock_of(entry, zone), *flags, title]
    return " · ".join(part for part in told if part) or escaped(own_title(entry))


def _flags(entry: Entry) -> dict[str, bool | None]:
    return {"Key event": entry.key_event, "Summary": entry.summary}


def _facts(archived: Archived, zone: str) -> str:
    """Return one line with an entry's authors, its link, media and revision, and its provenance."""
    stored, entry = archived.stored, archived.stored.entry
    facts = [f"By {escaped(name)}" for name in bylines(entry)]
    if url := address(link(entry)):
        facts.append(f"[{escaped(archived.blog_title) or 'Source'}]({url})")
    facts += [f"[Media {n}]({address(one)})" for n, one in enumerate(media_beside(entry), 1)]
    if stored.revision > 1:
        facts.append(f"revision {stored.revision}, {when(stored.changed_at, zone)}")
    if stored.provenance is not None:
        facts.append(_seen(stored.provenance, zone))
    return "*" + " · ".join(facts) + "*" if facts else ""


def _seen(seen: Provenance, zone: str) -> str:
    told = f"seen {when(seen.fetched_at, zone)}"
    copy = address(wayback_link(seen))
    return f"{told} ([Wayback Machine]({copy}))" if copy else told


def _revision(said: KeptRevision, zone: str) -> str:
    words = " · ".join(part for part in (escaped(said.title), escaped(said.text)) if part)
    seen = _seen(said.provenance, zone) if said.provenance else f"seen {when(said.seen_at, zone)}"
    return f"Revision {said.revision}, {seen}: {words}"


FORMAT = Format("markdown", render)
