"""Export as one self-contained HTML page that loads nothing and works without JavaScript.

It uses the site's style sheet. Pictures are links to their publishers. Search is a script in the
page; the toggle for key events is a checkbox and a style rule.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from feeds.export.edition import Edition, Format, Piece
from feeds.export.wording import (
    anchor,
    as_told,
    clock_of,
    day_of,
    media_beside,
    times_edited,
    when,
)
from feeds.feed import bylines, language, link, taken_down
from feeds.site.body_html import prose
from feeds.times import spoken_day
from feeds.wayback import wayback_link
from feeds.xml import line, scrub
from store.archive.archived import Archived, KeptRevision
from store.entry import Entry, Provenance, TimePrecision
from store.topics import is_key

FILE: Final = "index.html"
_FOLDER: Final = Path(__file__).parent
_SITE: Final = _FOLDER.parent / "site" / "static" / "keywire.css"
_OWN: Final = _FOLDER / "page.css"
_SCRIPT: Final = _FOLDER / "page.js"


def render(edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield the page from its head to its foot, one entry at a time, in sections by day."""
    yield FILE, _head(edition).encode()
    days: list[date] = []
    for archived in entries:
        day = day_of(archived.stored.entry, edition.zone)
        opening = ""
        if not days or day != days[-1]:
            again = f"-{len(days)}" if day in days else ""
            opening = ("</section>\n" if days else "") + _opening(day, again)
            days.append(day)
        yield FILE, (opening + _post(archived, edition.zone)).encode()
    yield FILE, _foot(days).encode()


def _head(edition: Edition) -> str:
    style, script = _assets()
    title = escape(line(edition.title) or edition.topic)
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
<body>
<a class="skip" href="#timeline">To the entries</a>
<main>
<div class="head">
<h1 dir="auto">{title}</h1>
<p class="lead">{_lead(edition)}</p>
</div>
<div class="sieve">
<p class="sift" hidden><label for="words">Search</label> <input id="words" type="search" \
autocomplete="off" spellcheck="false"> <span id="found" role="status"></span></p>
<p><input id="keys" type="checkbox"> <label for="keys">Key events and summaries only</label></p>
</div>
<div class="timeline" id="timeline">
"""


def _lead(edition: Edition) -> str:
    """Return one line that names the page's days, its `as_of` moment and its time zone, escaped."""
    first, last = edition.first, edition.last
    days = {
        (True, True): f"{_spoken(first)} to {_spoken(last)}",
        (True, False): f"From {_spoken(first)}",
        (False, True): f"To {_spoken(last)}",
        (False, False): "All entries",
    }[first is not None, last is not None]
    if first is not None and first == last:
        days = _spoken(first)
    zone = "Times are UTC." if edition.zone == "UTC" else f"Times are those of {edition.zone}."
    stood = f", as they stood on {when(edition.as_of, edition.zone)}" if edition.as_of else ""
    return escape(f"{days}{stood}. {zone}")


def _spoken(day: date | None) -> str:
    return spoken_day(day) if day else ""


def _opening(day: date, again: str) -> str:
    name = f"d{day.isoformat()}{again}"
    return f"""<section class="daily" aria-labelledby="{name}">
<h2 class="day" id="{name}"><time datetime="{day.isoformat()}">{spoken_day(day)}</time></h2>
"""


def _post(archived: Archived, zone: str) -> str:
    stored, entry = archived.stored, archived.stored.entry
    name, gone = anchor(stored), stored.retracted_at is not None
    kinds = "post" + " is-key" * is_key(entry) + " is-retracted" * gone
    tongue = f' lang="{escape(said)}"' if (said := language(entry.language)) else ""
    return f"""<article class="{kinds}" id="{name}">
<p class="when"><a href="#{name}">{_time(entry, zone)}</a></p>
<div class="what">
{_marks(archived, zone)}{_title(entry, tongue, gone=gone)}{_body(entry, tongue, gone=gone)}\
{_meta(archived)}{_past(archived, zone)}</div>
</article>
"""


def _time(entry: Entry, zone: str) -> str:
    told = clock_of(entry, zone) or "no time given"
    if entry.time_precision in {TimePrecision.SECOND, TimePrecision.MINUTE}:
        return f'<time datetime="{as_told(entry)}">{told}</time>'
    return told


def _marks(archived: Archived, zone: str) -> str:
    stored, entry = archived.stored, archived.stored.entry
    marks = []
    if stored.forgotten is not None:
        marks.append(f'<span class="note">{escape(taken_down(stored))}</span>')
    elif stored.retracted_at is not None:
        marks.append(
            '<span class="mark">Retracted</span> '
            f'<span class="note">noticed {when(stored.retracted_at, zone)}</span>'
        )
    flags = ((entry.key_event, "Key event"), (entry.summary, "Summary"))
    marks += [f'<span class="mark">{word}</span>' for flag, word in flags if flag]
    return f'<p class="marked">{" ".join(marks)}</p>\n' if marks else ""


def _title(entry: Entry, tongue: str, *, gone: bool) -> str:
    title = escape(line(entry.title))
    if not title:
        return ""
    return f'<h3 dir="auto"{tongue}>{f"<del>{title}</del>" if gone else title}</h3>\n'


def _body(said: Entry | KeptRevision, tongue: str, *, gone: bool = False) -> str:
    blocks = [*prose(said.html, pictures=False)]
    if not blocks and (text := scrub(said.text).strip()):
        blocks = [f"<p>{escape(text)}</p>"]
    name = "del" if gone else "div"
    return f'<{name} class="body" dir="auto"{tongue}>{"".join(blocks)}</{name}>\n' if blocks else ""


def _meta(archived: Archived) -> str:
    stored, entry = archived.stored, archived.stored.entry
    told = [escape(name) for name in bylines(entry)]
    if url := link(entry):
        named = escape(line(archived.blog_title)) or "Source"
        told.append(f'<a href="{escape(url)}" rel="noreferrer" dir="auto">{named}</a>')
    told += [
        f'<a href="{escape(one)}" rel="noreferrer">Media {n}</a>'
        for n, one in enumerate(media_beside(entry), 1)
    ]
    if stored.provenance is not None and (copy := wayback_link(stored.provenance)):
        told.append(f'<a href="{escape(copy)}" rel="noreferrer">Wayback Machine</a>')
    return f'<p class="meta">{" · ".join(told)}</p>\n' if told else ""


def _past(archived: Archived, zone: str) -> str:
    """Return an entry's number of edits and its earlier revisions, each with when it was seen."""
    edited = times_edited(archived)
    earlier = [one for one in archived.revisions if one.revision < archived.stored.revision]
    if not edited:
        return ""
    said = "edited once" if edited == 1 else f"edited {edited} times"
    if not earlier:
        return f'<p class="meta">{said}</p>\n'
    told = "\n".join(_revision(one, zone) for one in earlier)
    return f"<details><summary>{said}: what it said before</summary>\n{told}</details>\n"


def _revision(said: KeptRevision, zone: str) -> str:
    title = escape(line(said.title))
    seen = f"seen {when(said.seen_at, zone)}"
    copy = _copy(said.provenance)
    return (
        f'<div class="past"><p class="meta">Revision {said.revision}, {seen}{copy}</p>\n'
        + (f'<p dir="auto"><b>{title}</b></p>\n' if title else "")
        + _body(said, "")
        + "</div>\n"
    )


def _copy(seen: Provenance | None) -> str:
    url = wayback_link(seen) if seen else ""
    return f' · <a href="{escape(url)}" rel="noreferrer">Wayback Machine</a>' if url else ""


def _foot(days: list[date]) -> str:
    _, script = _assets()
    rest = "</section>\n" if days else '<p class="empty">No entries.</p>\n'
    unique = sorted({*days})
    listed = "".join(
        f'<li><a href="#d{day.isoformat()}">{spoken_day(day)}</a></li>\n' for day in unique
    )
    nav = (
        '<nav class="bottom" aria-labelledby="days-heading">\n<h2 id="days-heading">Days</h2>\n'
        f'<ul class="plain">\n{listed}</ul>\n</nav>\n'
        if len(unique) > 1
        else ""
    )
    return f"{rest}</div>\n{nav}</main>\n<script>{script}</script>\n</body>\n</html>\n"


@lru_cache(maxsize=1)
def _assets() -> tuple[str, str]:
    """Return the text of the page's style sheets and of its script."""
    style = _SITE.read_text(encoding="utf-8") + _OWN.read_text(encoding="utf-8")
    return style, _SCRIPT.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


FORMAT = Format("html", render)
