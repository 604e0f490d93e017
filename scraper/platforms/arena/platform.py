"""Live blogs of the service Arena, which pages embed by an element or a script with two ids.

At `…/liveblog/<publisher>/<event>/ldjson` the service returns scripts of JSON-LD for the page to
print (its own WordPress plugin does so); without `ldjson` it returns its own JSON. The service's
chats have other marks, and are not live blogs.
"""

import re
from collections.abc import Iterator
from functools import partial

from scraper.hints.embed import embedding
from scraper.markup.document import Document
from scraper.platform import About, Gift, Platform
from scraper.platforms.arena.answer import is_answer, read_answer
from store.sighting import Snapshot

NAME = "arena"

SIGNS = (b"arena-live", b"arenalib.js")

BLOG = ".arena-liveblog[data-event], #arena-live[data-event]"

SCRIPT = 'script[src*="arena.im/public/js/arenalib.js"]'

IDS = re.compile(r"[?&]p=([\w-]{1,80})&(?:amp;)?e=([\w-]{1,80})(?:&|$)")

NAMED = re.compile(r"[\w-]{1,80}")

ANSWER = "https://cached-api.arena.im/v1/liveblog/{publisher}/{event}/ldjson"

ABOUT = About(
    reads="live blogs of the service Arena: pages that embed them, and the service's answers",
    gives=Gift.IDS | Gift.UPDATES,
)


def arena(general: Platform) -> Platform:
    """Return the platform for Arena; `general` reads the JSON-LD that pages print."""
    return Platform(
        name=NAME,
        hosts=("arena.im",),
        marks=_marks,
        signs=SIGNS,
        parse=partial(_parse, general),
        about=ABOUT,
        api_hosts=("cached-api.arena.im",),
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("an answer of Arena with posts",) if is_answer(document.data) else ()
    if not any(document.holds(sign) for sign in SIGNS):
        return ()
    found = document.tree.css_first(f"{BLOG}, {SCRIPT}")
    return ("an element or a script of Arena's live blog",) if found is not None else ()


def _parse(general: Platform, document: Document) -> Snapshot:
    if document.data is not None:
        return read_answer(document, NAME)
    answers = [
        ANSWER.format(publisher=publisher, event=event) for publisher, event in _ids(document)
    ]
    return embedding(document, NAME, "Arena", answers, general)


def _ids(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.tree.css(f"{BLOG}, {SCRIPT}"):
        stated = node.attributes
        found = IDS.search(stated.get("src") or "")
        publisher, event = stated.get("data-publisher") or "", stated.get("data-event") or ""
        if found:
            yield found[1], found[2]
        elif NAMED.fullmatch(publisher) and NAMED.fullmatch(event):
            yield publisher, event
