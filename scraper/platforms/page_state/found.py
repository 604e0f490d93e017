"""Finding a live blog in the state of a page whose publisher is not known.

Such states hold many lists: teasers, comments, programmes, other pages' entries. A live blog's list
has objects with ids, past times and words of their own; its times go one way, its entries link to
no other pages, and its publisher calls it, or what holds it, live.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from html import unescape
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from scraper.address import absolute
from scraper.hints.live_words import called_live, called_otherwise
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.loose_json import object_in
from scraper.markup.state import ISLANDS, STREAMED, Refer, plain, referring, state_in
from scraper.platforms.page_state.entry import Fields, string
from scraper.platforms.page_state.fields import fields_in, hyphened
from scraper.times.instants import Moment, moment

Said = Mapping[str, object]

STATES = (
    b"__NEXT_DATA__",
    b"__APOLLO_STATE__",
    b"__INITIAL_STATE__",
    b"__PRELOADED_STATE__",
    b"__NUXT__",
    b"Fusion.globalContent",
    STREAMED,
    ISLANDS,
)

# Names as `hyphened` writes them, whatever the publisher's form: `live-blog-posts`.
LIVE = re.compile(
    r"live-?(?:blog|ticker|story|stories|update|coverage|text|feed|event-?ent|post|ent|rep)"
    r"|(?:^|-)ticker|newsblog|minute-?by-?minute"
)
OTHERS = re.compile(
    r"comment|related|recommend|teaser|most-?read|popular|widget|sidebar|promo|carousel|navigation"
    r"|trending|newsletter|notification|video|podcast|programme|schedule|fixture|result"
)

OF_STORIES = frozenset(
    {"slug", "path", "uri", "href", "canonical", "canonical-url", "full-url", "article-url"}
    | {"section", "category", "categories", "channel", "teaser", "excerpt", "standfirst", "lead"}
)
OF_READERS = frozenset(
    {"user", "username", "user-id", "nickname", "avatar", "reply-to", "parent-id", "likes", "votes"}
)
TYPES = ("__typename", "@type", "type", "kind", "contentType", "articleType")

# A name of `LIVE` in a state, from its second letter on: a key with an object or a list, or a type.
NEEDLES = (b"ive", b"icker", b"ewsblog", b"inute")
SAID = re.compile(
    rb"(?i)(?:ive[-_ ]?(?:blog|ticker|stor|update|coverage|text|feed|event|post|ent|rep)"
    rb"|icker|ewsblog|inute[-_ ]?by)[^\"\\<>]{0,60}\\?\"\s{0,9}(?::\s{0,9}[{\[]|[,}])"
)

AT_LEAST = 3
MOSTLY = 0.8
WORDS = 5
SAMPLE = 12
UNSEEN = frozenset({"script", "style", "noscript", "template"})
# How many characters of an entry's body are looked for in the text of its page.
BEGINNING = 40
# How many lists and objects are looked at; a page of news has some thousands.
MOST = 60_000
SHORT = 100_000  # A number that is no id of a database.
AHEAD = timedelta(minutes=15)
TAGS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a page's live blog, their fields as written, and the name of their list."""

    entries: tuple[Fields, ...]
    name: str


def find(document: Document) -> Found | None:
    """Find the largest list in a page's states that is a live blog's; None where there is none."""
    if document.data is not None or _is_front(document):
        return None
    named = [name for name in STATES if document.holds(name)]
    # A state with a name may also be in a script of plain JSON.
    names = [name for name in named if name != ISLANDS] or named
    if not names:
        return None
    if _speaks_of_live_blogs(document.markup):
        return _largest(document, names, by_the_page=False)
    # Where only the page is called live, its state adds just what the page does not print.
    if not called_live(document) or called_otherwise(document):
        return None
    found = _largest(document, names, by_the_page=True)
    return found if found is not None and not _is_printed(found, document) else None


def _largest(document: Document, names: Sequence[bytes], *, by_the_page: bool) -> Found | None:
    here = document.canonical or document.url
    found = [
        entries
        for name in names
        for entries in _found_in(
            state_in(document, name), here, document.page.fetched_at, by_the_page=by_the_page
        )
    ]
    return max(found, key=lambda each: len(each.entries), default=None)


def _is_printed(found: Found, document: Document) -> bool:
    """Whether a page prints any entry of its state, so that its blocks are to be read instead."""
    printed = squeeze(" ".join(_printed(document)))
    firsts = (squeeze(TAGS.sub(" ", unescape(each.body)))[:BEGINNING] for each in found.entries)
    return any(first in printed for first in firsts if first)


def _speaks_of_live_blogs(markup: bytes) -> bool:
    """Whether a name in a page's scripts is one for live blogs; to walk a state takes longer."""
    for needle in NEEDLES:
        place = markup.find(needle)
        while place >= 0:
            if SAID.match(markup, place):
                return True
            place = markup.find(needle, place + 1)
    return False


def _is_front(document: Document) -> bool:
    claimed = document.canonical or document.meta.get("og:url", "")
    try:
        return bool(claimed) and urlsplit(claimed).path in {"", "/"}
    except ValueError:
        return False


def _printed(document: Document) -> Iterator[str]:
    body = document.tree.body
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in UNSEEN:
            yield node.text_content or ""


def _found_in(state: object, here: str, now: datetime, *, by_the_page: bool) -> Iterator[Found]:
    refer = _ways(state)
    for name, is_live, members in _lists(state, refer):
        called = is_live or _says_live(members[0])
        if called or (by_the_page and not any(map(_is_a_teaser, members))):
            entries = _told_apart(tuple(fields_in(member, refer) for member in members))
            if _is_live_blogs(entries, here, now) and (called or _are_titled(entries)):
                yield Found(entries, hyphened(name))


def _is_a_teaser(said: Said) -> bool:
    """Whether an object is a story's, with a page or section of its own, or a reader's comment."""
    told = {hyphened(name) for name, value in said.items() if value}
    return not told.isdisjoint(OF_STORIES | OF_READERS)


def _are_titled(entries: Sequence[Fields]) -> bool:
    """Whether most entries have headlines, which chats have not."""
    return sum(bool(string(each.title)) for each in entries) >= MOSTLY * len(entries)


def _ways(state: object) -> Refer:
    """Return the way to follow a state's references: into its Apollo cache, or into itself."""
    props = object_in(state, "props")
    page = object_in(props, "pageProps")
    caches = [
        object_in(each, name)
        for each in (state, props, page)
        for name in ("apolloState", "__APOLLO_STATE__", "initialApolloState")
    ]
    cache = next(filter(None, caches), state)
    return referring(cache) if isinstance(cache, dict) else plain


def _lists(state: object, refer: Refer) -> Iterator[tuple[str, bool, list[Said]]]:
    """Yield each list of several objects: its name, whether it is called live, and the objects.

    It is called live if it, or anything that holds it, is. What has the name of something else is
    passed over, with all in it.
    """
    waiting: list[tuple[str, bool, object]] = [("", False, state)]
    for _ in range(MOST):
        if not waiting:
            return
        name, is_live, said = waiting.pop()
        if isinstance(said, dict):
            is_live = is_live or _says_live(said)
            for key, value in said.items():
                if isinstance(value, dict | list) and (called := _called(key)) is not None:
                    waiting.append((key, is_live or called, value))
        elif isinstance(said, list) and said:
            if len(said) >= AT_LEAST and isinstance(said[0], dict):
                members: list[Said] = [each for each in map(refer, said) if isinstance(each, dict)]
                if len(members) == len(said):
                    yield name, is_live, members
            waiting += [(name, is_live, each) for each in said if isinstance(each, dict | list)]


@lru_cache(maxsize=8192)
def _called(name: str) -> bool | None:
    """Whether a name is one for live blogs; None where it is one for something else."""
    written = hyphened(name)
    return None if OTHERS.search(written) else LIVE.search(written) is not None


def _says_live(said: Said) -> bool:
    """Whether the type of an object is that of a live blog, or of a part of one."""
    for name in TYPES:
        value = said.get(name)
        if isinstance(value, str) and _called(value):
            return True
    return False


def _told_apart(entries: tuple[Fields, ...]) -> tuple[Fields, ...]:
    """Remove ids that are positions: small numbers that go up one by one while times go down."""
    ids = [str(each.id) for each in entries]
    if not all(each.isdecimal() and int(each[:9]) < SHORT for each in ids):
        return entries
    times = [told.at for each in entries if (told := moment(each.published))]
    falls = len(times) == len(ids) and times[0] > times[-1]
    grows = all(int(b[:9]) == int(a[:9]) + 1 for a, b in pairwise(ids))
    return tuple(replace(each, id=None) for each in entries) if grows and falls else entries


def _is_live_blogs(entries: Sequence[Fields], here: str, now: datetime) -> bool:
    ids = {each.id for each in entries}
    sample = entries[:: max(1, len(entries) // SAMPLE)]
    return (
        (ids == {None} or (None not in ids and len(ids) == len(entries)))
        and _are_in_order([moment(each.published) for each in entries], now)
        and median(len(TAGS.sub(" ", each.body).split()) for each in sample) >= WORDS
        and sum(_leads_elsewhere(each.permalink, here) for each in sample) < MOSTLY * len(sample)
    )


def _are_in_order(told: Sequence[Moment | None], now: datetime) -> bool:
    """Whether nearly all entries have a time, and the times differ, are past, and go one way."""
    times = [each.at for each in told if each is not None]
    if len(times) < MOSTLY * len(told) or len(set(times)) < AT_LEAST:
        return False
    if max(times) > now + AHEAD:
        return False
    falls = sum(after <= before for before, after in pairwise(times))
    rises = sum(after >= before for before, after in pairwise(times))
    return max(falls, rises) >= MOSTLY * (len(times) - 1)


def _leads_elsewhere(link: object, here: str) -> bool:
    """Whether an entry's address is that of another page: neither the blog's nor below it.

    An address that is called live is not another page's.
    """
    address = absolute(string(link), here) if string(link) else ""
    if not address:
        return False
    try:
        there, home = urlsplit(address).path.rstrip("/"), urlsplit(here).path.rstrip("/")
    except ValueError:
        return True
    return not there.startswith(home) and not LIVE.search(hyphened(there))
