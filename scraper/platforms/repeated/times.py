"""The instants that a page's elements bear in attributes, by the kind of attribute."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo

from selectolax.lexbor import LexborNode

from scraper.document import Document
from scraper.times import Moment, moment, zone_named
from store.entry import TimePrecision

ATTRIBUTE = re.compile(rb"data-([a-z-]{3,40})\s?=")

# As publishers call the attribute of an instant: data-timestamp, data-posted-date-timestamp …
INSTANT = re.compile(
    r"(?:[a-z]+-)*(?:time|date|datetime|timestamp|published|posted|created)(?:-[a-z]+)*"
)

UPDATED = re.compile(r"updat|modif|edit(?:ed|time|-time)|last-?chang|aktualisiert", re.IGNORECASE)

# Attributes that are looked for; pages of scripts have hundreds that only sound alike.
MOST_NAMES = 8

# What tells one block from another, and how far around its time that may stand.
IDS = frozenset({"id", "data-post-id", "data-entry-id", "data-block-id", "data-id", "data-url"})

LAYERS = 8

FIRST_YEAR = 2000

EXACT = frozenset({TimePrecision.MINUTE, TimePrecision.SECOND})


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that bears an instant; `zoned` as it was told, whatever zone it was read in."""

    node: LexborNode
    told: Moment


def zone_of(document: Document) -> tzinfo | None:
    """Give the zone that a person named for the page's publisher."""
    return zone_named(document.page.timezone)


def marks_by_kind(document: Document) -> Iterator[list[Mark]]:
    """Give a page's marks in page order, kind by kind; when something was updated is no mark."""
    zone = zone_of(document) or UTC
    for name in _names(document.markup):
        found = (_mark(node, name, zone) for node in document.tree.css(f"[{name}]"))
        marks = [mark for mark in found if mark]
        yield marks
        yield list(_firsts(marks))
        classes = dict.fromkeys(mark.node.attributes.get("class") for mark in marks)
        if 1 < len(classes) < MOST_NAMES:
            for each in classes:
                yield [mark for mark in marks if mark.node.attributes.get("class") == each]


def updated_in(block: LexborNode, zone: tzinfo | None) -> Moment | None:
    """Read when a block was updated, where it says so in an attribute, or near to one."""
    for name, value in block.attributes.items():
        if UPDATED.search(name) and (told := moment(value or "", zone or UTC)):
            return told if told.zoned or zone else None
    for node in block.css("time[datetime]"):
        if _says_updated(node):
            told = moment(node.attributes.get("datetime") or "", zone or UTC)
            return told if told and (told.zoned or zone) else None
    return None


def _names(markup: bytes) -> list[str]:
    found = sorted(name.decode() for name in set(ATTRIBUTE.findall(markup)))
    timed = (name for name in found if INSTANT.fullmatch(name) and not UPDATED.search(name))
    names = [f"data-{name}" for name in timed][:MOST_NAMES]
    return ["datetime", *names]


def _mark(node: LexborNode, name: str, zone: tzinfo) -> Mark | None:
    told = moment((node.attributes.get(name) or "").strip(), zone)
    if told is None or told.precision not in EXACT or told.at.year < FIRST_YEAR:
        return None
    return None if name == "datetime" and _says_updated(node) else Mark(node, told)


def _firsts(marks: list[Mark]) -> Iterator[Mark]:
    """Give the first mark in each element that has an id; others in it tell what came later."""
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
    return any(
        UPDATED.search(f"{each.attributes.get('class')} {each.attributes.get('data-testid')}")
        for each in near
    )
