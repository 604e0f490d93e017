"""Walls: pages served instead of the one asked for, such as checks for robots and consent forms.

A vendor's script proves nothing: live blogs have it too. A wall is a page of few words that says
what it is (by its title, first heading, address or headers), or has a mark that only the wall has,
or has hardly any words of its own under what a vendor draws over it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from urllib.parse import urlsplit

import re2

from scraper.address import host
from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.markup.visible import fold, heading, title, visible
from scraper.stand_ins.wall_marks import WALLS, Wall
from store.sighting import Snapshot

_ELEMENTS = ", ".join(selector for each in WALLS for selector in (*each.own, *each.over))
_LITTLE = 40  # own words; a page with no more is a wall if it has an element drawn over it
_SHORT = 150  # own words; a page with no more is a wall by a phrase and a vendor's mark together
_FEW = 6  # first words by which a text is searched for on a page
_SENTENCE = 60  # words; a page with no more is a wall by one phrase alone


def wall(document: Document) -> str:
    """Return in plain words which wall a page is and what a person can do; "" if it is none."""
    if document.data is not None or visible(document).much:
        return ""
    for test in (_calls_itself, _bears_its_own, _lies_over_nothing, _says_so):
        for each in WALLS:
            if test(each, document):
                return _tell(each, document)
    return ""


def hides(document: Document, snapshot: Snapshot) -> bool:
    """Return whether a page's visible text has none of the snapshot's entries.

    Its head or its model may state entries that a wall hides.
    """
    text = visible(document).text
    stated = (_beginning(each.text or each.title or "") for each in snapshot.sightings)
    return not any(words and words in text for words in stated)


def _beginning(text: str) -> str:
    return fold(" ".join(text.split(None, _FEW)[:_FEW]))


def _tell(each: Wall, document: Document) -> str:
    vendor = (
        next((who for name, who in each.headers.items() if name in document.page.headers), "")
        or _sign(each.signs, document)
        or _element({**each.own, **each.over}, document)
        or _sign(each.scripts, document)
    )
    return f"{each.name}{f' ({vendor})' if vendor else ''}; {each.mend}"


def _calls_itself(each: Wall, document: Document) -> bool:
    return (
        not each.headers.keys().isdisjoint(document.page.headers)
        or _leads_to(each, document)
        or _is_one(each.names, _names(document))
    )


@once
def _names(document: Document) -> tuple[str, ...]:
    """Return the parts of a page's title and first heading, to be matched with walls' `names`."""
    return (*title(document), *heading(document))


@once
def _any_heading(document: Document) -> tuple[str, ...]:
    return heading(document, anywhere=True)


def _leads_to(each: Wall, document: Document) -> bool:
    asked, answered = document.page.url, document.url
    if asked == answered:
        return False
    name, path = host(answered), urlsplit(answered).path.casefold()
    elsewhere = name != host(asked) and _is_one(each.hosts, (name,))
    return elsewhere or _is_one(each.paths, (path,))


def _is_one(phrases: str, names: Iterable[str]) -> bool:
    return any(name and _pattern(phrases).fullmatch(name) for name in names)


def _says(phrases: str, text: str) -> bool:
    return _searched(phrases).search(text) is not None


@cache
def _pattern(phrases: str) -> re.Pattern[str]:
    """Compile phrases when they are first needed: that takes longer than reading most pages."""
    return re.compile(_joined(phrases))


@cache
def _searched(phrases: str) -> "re2._Regexp[str]":
    """Compile phrases with RE2, to be searched for anywhere in a page's text."""
    return re2.compile(_joined(phrases))


def _joined(phrases: str) -> str:
    return "|".join(line.strip() for line in phrases.strip().splitlines())


def _bears_its_own(each: Wall, document: Document) -> bool:
    return _has(each.own, document) or any(map(document.holds, each.signs))


def _lies_over_nothing(each: Wall, document: Document) -> bool:
    shown = visible(document)
    little = len(shown.own) <= _LITTLE
    if little and (_has(each.over, document) or _is_one(each.names, _any_heading(document))):
        return True
    said = shown.text if little else " ".join(shown.own) if len(shown.own) <= _SHORT else ""
    if not _says(each.said, said):
        return False
    return _has(each.over, document) or any(map(document.holds, each.scripts))


def _says_so(each: Wall, document: Document) -> bool:
    shown = visible(document)
    return len(shown.words) <= _SENTENCE and _says(each.said, " ".join(shown.own))


def _has(elements: Mapping[str, str], document: Document) -> bool:
    if not elements or not _has_any(document):
        return False
    return any(document.tree.css_first(selector) is not None for selector in elements)


@once
def _has_any(document: Document) -> bool:
    """Return whether a page has an element of any wall; hardly any page has."""
    return document.tree.css_first(_ELEMENTS) is not None


def _element(elements: Mapping[str, str], document: Document) -> str:
    found = (who for each, who in elements.items() if who and document.tree.css_first(each))
    return next(found, "")


def _sign(signs: Mapping[bytes, str], document: Document) -> str:
    return next((who for sign, who in signs.items() if document.holds(sign)), "")
