"""Which entries a topic takes: pure rules over an entry's words and flags.

`any` and `none` are lists of words, phrases and /regular expressions/. Words and phrases match
whole words in any case; expressions match as written (`/…/i` for any case) and run in linear
time, whatever the pattern.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import lru_cache

import re2

from store.entry import Entry

TOPIC_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DOTS = re.compile("[iIİı]")  # re2 does not match these with each other, even ignoring case
_EXPRESSION = re.compile(r"/(.*)/(i?)", re.DOTALL)


class Selection(Enum):
    """The feeds of a topic: everything, key events with summaries, or summaries alone."""

    ALL = "all"
    KEY_EVENTS = "key-events"
    SUMMARIES = "summaries"

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is three times as slow


class Content(Enum):
    """How much of an entry's text a topic's feeds show: all, the first words, or the title only."""

    FULL = "full"
    EXCERPT = "excerpt"
    NONE = "none"


def given_out(names: Iterable[str], contents: Mapping[str, Content]) -> Content:
    """Return how much of an entry in the topics `names` is shown: the widest of their settings.

    `contents` has the setting of every topic, by name. An entry in no topic gets the narrowest
    setting of all topics: an operator who is careful with one topic did not mean to be less so
    with the rest.
    """
    widest_first = [*Content]
    own = [contents[name] for name in names if name in contents]
    if own:
        return min(own, key=widest_first.index)
    return max(contents.values(), key=widest_first.index, default=Content.FULL)


@dataclass(frozen=True, slots=True)
class Match:
    """The conditions on an entry. Keys are ANDed; `any` is an OR; empty keys take every entry."""

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    key_event: bool | None = None


@dataclass(frozen=True, slots=True)
class Retain:
    """How much of a topic is kept: its entries' age, their count, and the revisions of each entry.

    None: no limit.
    """

    days: timedelta | None = None
    count: int | None = None
    revisions: int | None = None


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A named selection of entries: the sources it follows (URLs) and what it matches.

    `was` are names that the topic had before; `content` is how much of an entry its feeds show,
    `retain` how long entries are kept; `keep_pages` says that the fetched pages of its sources
    are kept, too.
    """

    name: str
    title: str
    follow: tuple[str, ...]
    match: Match = field(default_factory=Match)
    was: tuple[str, ...] = ()
    content: Content = Content.FULL
    retain: Retain = Retain()
    keep_pages: bool = False


# Keys: whether an entry is a key event or a summary, and whether it is a summary.
_SELECTIONS = {
    (False, False): (Selection.ALL,),
    (True, False): (Selection.ALL, Selection.KEY_EVENTS),
    (True, True): (Selection.ALL, Selection.KEY_EVENTS, Selection.SUMMARIES),
}


def takes(match: Match, entry: Entry) -> bool:
    """Return whether `entry`, as it is now, satisfies `match`."""
    if match.key_event is not None and is_key(entry) is not match.key_event:
        return False
    if not match.any and not match.none:
        return True
    said = _said(entry)
    if match.any and not _says_any(match.any, said):
        return False
    return not (match.none and _says_any(match.none, said))


def said_by(match: Match, entry: Entry) -> tuple[str, ...]:
    """Return in plain words why an entry satisfies `match`; empty if `match` has no conditions."""
    said = _said(entry)
    found = [f"it says {term}" for term in match.any if _finder(term)(said)]
    if match.key_event is not None:
        which = "summary" if entry.summary and not entry.key_event else "key event"
        found.append(f"it is a {which}" if match.key_event else "it is no key event")
    return tuple(found)


def selections_of(entry: Entry) -> tuple[Selection, ...]:
    """Return the selections of a topic that an entry belongs to, if the topic takes it."""
    return _SELECTIONS[is_key(entry), bool(entry.summary)]


def is_key(entry: Entry) -> bool:
    """Return whether an entry is a key event or a summary (publishers' boxes list both)."""
    return bool(entry.key_event or entry.summary)


def _said(entry: Entry) -> str:
    return "\n".join((entry.title, entry.text, *entry.tags))


def check_term(term: str) -> None:
    """Raise ValueError with the reason if a term is empty or not a valid regular expression."""
    if not term.strip():
        raise ValueError("an empty word matches nothing; leave it out")
    try:
        _finder(term)
    except re2.error as error:
        raise ValueError(f"{term} is no regular expression: {_plain(error)}") from error


def _plain(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode() if isinstance(said, bytes) else str(said)


def _says_any(terms: tuple[str, ...], said: str) -> bool:
    """Return whether a text has one of the terms; one quick search settles most that have none."""
    may_say = _sieve(terms)
    return may_say(said) and any(_finder(term)(said) for term in terms)


@lru_cache(maxsize=1024)
def _sieve(terms: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a test for any of the terms at once; it may pass too much, but misses no match."""
    options = re2.Options()
    options.log_errors = False
    try:
        one_of = re2.compile("|".join(map(_loosely, terms)), options)
    except re2.error:  # each term is valid alone, but not joined: an open \\Q
        return lambda _: True
    return lambda said: one_of.search(said) is not None


def _loosely(term: str) -> str:
    if expression := _EXPRESSION.fullmatch(term):
        return f"(?{'i' if expression[2] else '-i'}:{expression[1]})"
    words = r"[\s\pZ]+".join(re2.escape(word) for word in term.split())
    return f"(?i:{_DOTS.sub('[iIİı]', words)})"


@lru_cache(maxsize=1024)
def _finder(term: str) -> Callable[[str], bool]:
    if expression := _EXPRESSION.fullmatch(term):
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not expression[2]
        compiled = re2.compile(expression[1], options)
        return lambda said: compiled.search(said) is not None
    words = r"\s+".join(re.escape(word) for word in term.split())
    literal = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return lambda said: literal.search(said) is not None
