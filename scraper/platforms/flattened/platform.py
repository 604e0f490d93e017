"""Live blogs that someone copied as text, without furniture; titles and quotations stay together.

A copy does not show where one untitled entry ends and the next begins; entries are divided at
titles and after pictures, so that what belongs together is not separated. The copy's one time is
the estimated time of all its entries; their order is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from scraper.errors import LayoutError
from scraper.hints.live_words import LIVE
from scraper.markup.document import Document
from scraper.markup.html import plain_text
from scraper.markup.visible import fold
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.flattened.lines import (
    COUNTED,
    Line,
    Role,
    is_stamp,
    is_telling,
    lines_of,
    raw_lines,
)
from scraper.times.ago import instant_in
from scraper.times.rendered import rendered_at
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "flattened"
# The fewest lines of a live blog's furniture in a copy whose title calls it live.
FURNITURE = 2
TOP = 8
ESTIMATED = (
    "a copy without markup: entries are parted by their titles and pictures, times estimated"
)
SIGNS = (
    *(b"key events only", b"turn on JavaScript to use this", b"Live feed", b"Live reporting"),
    b"Updated at ",
)


@dataclass(slots=True)
class _Entry:
    """One entry while its lines are collected."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)
    pictured: bool = False
    credits: list[str] = field(default_factory=list)


def marks(document: Document) -> tuple[str, ...]:
    """Return the mark of a copied live blog: the furniture left in it; () if it is too little."""
    said = raw_lines(document)
    telling = sum(map(is_telling, said))
    title = next((line for line in said[:TOP] if not is_telling(line)), "")
    if telling < FURNITURE or not LIVE.search(fold(f"{title} {document.title}")):
        return ()
    return (f"text of a live blog, with {telling} lines that only live blogs' pages have",)


def parse(document: Document) -> Snapshot:
    """Read the entries of a copied text; raise LayoutError if there are none."""
    said = raw_lines(document)
    title, *rest = said or [""]
    at = _written(said, rendered_at(document))
    entries = [each for each in _entries(list(lines_of(rest))) if each.lines]
    if not entries:
        raise LayoutError(
            document.page.url,
            "the text has a live blog's furniture, but no entries between",
            "follow the live blog at its own address",
        )
    return Snapshot(
        url=document.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="text",
        title=document.title or title,
        language=document.language,
        sightings=tuple(_sighting(each, at) for each in entries),
        published=at,
        claimed_url=document.canonical,
        whole=document.whole,
        warnings=(ESTIMATED,),
    )


def _written(said: Sequence[str], now: datetime) -> datetime | None:
    stamp = next((line for line in said[:TOP] if is_stamp(line)), "")
    return instant_in(COUNTED.sub("", stamp), now) if stamp else None


def _entries(lines: Sequence[Line]) -> Iterator[_Entry]:
    """Divide lines into entries: a title begins one, as do words after a picture or a foot."""
    entry = _Entry()
    for line in lines:
        if line.role is Role.FOOT:
            if entry.lines:
                yield entry
                entry = _Entry()
            continue
        if line.role is Role.PICTURE:
            entry.credits.append(line.text)
            entry.pictured = True
            continue
        if line.role is Role.TITLE or (entry.pictured and entry.lines and _begins(line)):
            yield entry
            entry = _Entry(title=line.text if line.role is Role.TITLE else "")
        if line.role is not Role.TITLE:
            entry.lines.append(line)
    yield entry


def _begins(line: Line) -> bool:
    """Whether a line may begin an entry; quotations and lists continue one."""
    return line.role is Role.WORDS and not line.text.startswith(("“", '"', "«", "„", "‘"))


def _sighting(entry: _Entry, at: datetime | None) -> Sighting:
    html = "".join(_markup(entry.lines))
    return Sighting(
        view=View.BLOCK,
        block_id=None,
        published=at,
        time_precision=TimePrecision.ESTIMATED if at else None,
        title=entry.title,
        html=html,
        text=plain_text(html),
        credit="; ".join(dict.fromkeys(entry.credits)) or None,
    )


def _markup(lines: Sequence[Line]) -> Iterator[str]:
    listed = False
    for line in lines:
        bullet = line.role is Role.BULLET
        if bullet is not listed:
            yield "<ul>" if bullet else "</ul>"
            listed = bullet
        tag = "li" if bullet else "p"
        yield f"<{tag}>{escape(line.text, quote=False)}</{tag}>"
    if listed:
        yield "</ul>"


ABOUT = About(
    reads="live blogs that were copied as bare text: what their titles and pictures part",
    gives=Gift.NONE,
    tested_on=(Tested.REAL_PAGES,),
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, signs=SIGNS, parse=parse, about=ABOUT)
