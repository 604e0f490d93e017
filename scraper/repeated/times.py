"""The instants in attributes of a page's elements, or printed relative to now, kind by kind."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.elements import elements_of
from scraper.markup.word import form
from scraper.times.ago import instant_in
from scraper.times.datelines import UPDATED as SAID_UPDATED
from scraper.times.instants import Moment, moment
from scraper.times.rendered import rendered_at
from scraper.times.zones import zone_of_page
from store.entry import TimePrecision

ATTRIBUTE = re.compile(rb"data-([a-z-]{3,40})\s?=")

# Names of attributes that hold an instant: data-timestamp, data-posted-date-timestamp …
INSTANT = re.compile(
    r"(?:[a-z]+-)*(?:time|date|datetime|timestamp|published|posted|created)(?:-[a-z]+)*"
)

# Values that look like an instant, whatever the attribute: ISO, epochs, YYYYMMDDhhmmss.
VALUE = form(
    rb"=\s?[\"']?(?:20\d\d-[01]\d-[0-3]\d(?:T|\s|%20)[0-2]\d:?[0-5]\d"
    rb"|1\d{9}(?:\d{3})?(?:\.\d{1,9})?[\"'\s>]|20\d{12}[\"'\s>])"
)
# A date with its year and a time of day, spelled out for readers who point at "3 hours ago".
SPELLED = re.compile(
    rb"""=\s?"(?=[^"<>]{0,40}\d\d?(?:[:.h]\d\d|\s?[apAP]\.?[mM]))"""
    rb"""[^"<>]{0,40}(?:19|20)\d\d[^"<>]{0,24}\""""
)
# Attributes that may hold such a date, and whose value names a year: few do.
WITH_YEAR = form(
    rb"""\s(title|aria-label|data-[a-z-]{3,40})\s?(=)\s?"[^"<>]*(?:19|20)\d\d[^"<>]*\""""
)
NAME = re.compile(rb"(?:^|[\s\"'])([a-zA-Z][\w:-]{1,40})\s?$")
LONGEST_NAME = 48

# Attributes whose value is something else, whatever it looks like.
NO_TIME = re.compile(
    r"content|href|src|srcset|value|style|class|name|alt|id|(?:.*-)?(?:id|uid|key|src|url|href|version"
    r"|end|expires?|expiry|deadline|start|begin)",
    re.IGNORECASE,
)

UPDATED = re.compile(r"updat|modif|edit(?:ed|time|-time)|last-?chang|aktualisiert", re.IGNORECASE)

# Microdata of postings that are not marked as updates of a live blog.
PROPERTIES = "[itemprop~=datePublished][content], [itemprop~=dateCreated][content]"

# In a class, "update" alone may also be the name of a block.
SAYS_UPDATED = re.compile(
    r"updated|update_?-?(?:time|date|stamp)|last_?-?updat|modif|edit(?:ed|time|-time)|last-?chang"
    r"|aktualisiert",
    re.IGNORECASE,
)

# How many attributes are tried; pages of scripts have hundreds with names alike.
MOST_NAMES = 8

# An attribute that occurs less often on a page is not that of a list.
FEWEST = 3

# A page with more marks is a list of something else.
MOST_MARKS = 5_000

# The texts of elements, any of which may say how long ago something was.
AGO = re.compile(rb">([^<>]{2,80}+)<")
DIGIT_OR_WORD = re.compile(rb"\d|now|jetzt|instant|adesso|ahora|agora")

# Attributes that tell blocks apart, and how far outwards from a time they are looked for.
IDS = frozenset({"id", "data-post-id", "data-entry-id", "data-block-id", "data-id", "data-url"})

LAYERS = 8

FIRST_YEAR = 2000

# The letters of a zone at the end of a time. IST is India's time, Israel's and Ireland's.
LETTERS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}$")

EXACT = frozenset({TimePrecision.MINUTE, TimePrecision.SECOND})


class Mark(msgspec.Struct, frozen=True):
    """An element and the instant that it states; `told.zoned` is False where a zone was assumed."""

    node: LexborNode
    told: Moment


def marks_by_kind(document: Document) -> Iterator[list[Mark]]:
    """Yield lists of a page's marks in page order, without the times of updates.

    One list for each attribute that holds instants; then narrower ones: the first mark of each
    element that has an id, and the marks of each class. A time without a zone, or with letters that
    several zones share, is read in the page's zone, which is looked for only then.
    """
    for name in _names(elements_of(document)):
        selector = PROPERTIES if name == "content" else f"[{name}]"
        found = (_mark(node, name, document) for node in document.tree.css(selector))
        marks = [mark for mark in found if mark]
        yield marks
        firsts = list(_firsts(marks))
        if len(firsts) < len(marks):
            yield firsts
        classes = dict.fromkeys(mark.node.attributes.get("class") for mark in marks)
        if 1 < len(classes) < MOST_NAMES:
            for each in classes:
                yield [mark for mark in marks if mark.node.attributes.get("class") == each]


def relative_marks(document: Document) -> list[Mark]:
    """Return a mark for each element that prints just how long ago something was: an estimate."""
    now = rendered_at(document)
    texts = (
        found[1] for found in AGO.finditer(elements_of(document)) if DIGIT_OR_WORD.search(found[1])
    )
    counted = Counter(texts)
    told = (n for text, n in counted.items() if instant_in(text.decode("utf-8", "replace"), now))
    if sum(told) < FEWEST:
        return []
    body = document.tree.body
    marks = list[Mark]()
    for node in body.traverse(include_text=True) if body is not None else ():
        words = node.text_content if node.tag == "-text" else ""
        at = instant_in(words, now) if words and len(words) < LONGEST_NAME else None
        if at is not None and node.parent is not None:
            marks.append(Mark(node.parent, Moment(at, TimePrecision.ESTIMATED, zoned=True)))
            if len(marks) == MOST_MARKS:
                break
    return marks


def updated_in(block: LexborNode, document: Document) -> Moment | None:
    """Return when a block was updated, by an attribute or a marked `time`; None if not stated."""
    for name, value in block.attributes.items():
        if UPDATED.search(name) and (told := _told((value or "").strip(), document)):
            return told
    for node in block.css("time[datetime]"):
        if _says_updated(node):
            return _told((node.attributes.get("datetime") or "").strip(), document)
    return None


def _names(markup: bytes) -> list[str]:
    """Return the attributes that hold instants: `datetime`, and others by their names or values."""
    called = (name.decode() for name in sorted(set(ATTRIBUTE.findall(markup))))
    names = [f"data-{name}" for name in called if INSTANT.fullmatch(name)]
    counted = Counter[str]()
    for found in VALUE.finditer(markup):
        before = NAME.search(markup, max(0, found.start() - LONGEST_NAME), found.start())
        if before is not None:
            counted[before[1].decode().lower()] += 1
    for found in WITH_YEAR.finditer(markup):
        if SPELLED.match(markup, found.start(2)):
            counted[found[1].decode()] += 1
    looking = [name for name, times in counted.most_common() if times >= FEWEST]
    names += [name for name in looking if name not in names and not NO_TIME.fullmatch(name)]
    timed = [name for name in names if name != "datetime" and not UPDATED.search(name)]
    return ["datetime", *timed[:MOST_NAMES], *(["content"] if b"itemprop" in markup else [])]


def _mark(node: LexborNode, name: str, document: Document) -> Mark | None:
    said = (node.attributes.get(name) or "").strip()
    told = _told(said, document)
    if told is None or told.precision not in EXACT or told.at.year < FIRST_YEAR:
        return None
    return None if name == "datetime" and _says_updated(node) else Mark(node, told)


def _told(said: str, document: Document) -> Moment | None:
    """Read a time; without a zone, or with letters of several, it is read in the page's zone."""
    told = moment(said)
    if told is not None and (not told.zoned or LETTERS.search(said)):
        return moment(said, zone_of_page(document).zone)
    return told


def _firsts(marks: list[Mark]) -> Iterator[Mark]:
    """Yield the first mark in each element that has an id; others in it are of later changes."""
    seen = set[int]()
    for mark in marks:
        around: LexborNode | None = mark.node
        for _ in range(LAYERS):
            if around is None or not IDS.isdisjoint(around.attributes):
                break
            around = around.parent
        if around is not None and around.mem_id not in seen:
            seen.add(around.mem_id)
            yield mark


def _says_updated(node: LexborNode) -> bool:
    near = (node, node.parent) if node.parent is not None else (node,)
    before = node.prev
    words = (before.text_content if before.tag == "-text" else before.text()) if before else ""
    if words and len(words) <= LONGEST_NAME and SAID_UPDATED.search(words):
        return True
    return any(
        SAYS_UPDATED.search(f"{each.attributes.get('class')} {each.attributes.get('data-testid')}")
        for each in near
    )
