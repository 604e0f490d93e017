"""Which entries a topic takes: pure rules over an entry's words and flags.

`any` and `none` are lists of words, phrases and /regular expressions/. Words and phrases match
whole words in any case; expressions match as written (`/…/i` for any case) and run in linear
time, whatever is written in them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import re2

from store.entry import Entry

TOPIC_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_EXPRESSION = re.compile(r"/(.*)/(i?)", re.DOTALL)


class Selection(Enum):
    """The feeds of a topic: everything, key events with summaries, or summaries alone."""

    ALL = "all"
    KEY_EVENTS = "key-events"
    SUMMARIES = "summaries"


@dataclass(frozen=True, slots=True)
class Match:
    """What an entry must say. Keys are ANDed; `any` is an OR; empty keys ask for nothing."""

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    key_event: bool | None = None


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A named selection of entries: the sources it follows (URLs) and what it matches.

    `was` are names that it had before.
    """

    name: str
    title: str
    follow: tuple[str, ...]
    match: Match = field(default_factory=Match)
    was: tuple[str, ...] = ()


# By whether an entry is a key event or a summary, and whether it is a summary.
_SELECTIONS = {
    (False, False): (Selection.ALL,),
    (True, False): (Selection.ALL, Selection.KEY_EVENTS),
    (True, True): (Selection.ALL, Selection.KEY_EVENTS, Selection.SUMMARIES),
}


def takes(match: Match, entry: Entry) -> bool:
    """Say whether `entry` satisfies `match` as it now stands."""
    if match.key_event is not None and is_key(entry) is not match.key_event:
        return False
    if not match.any and not match.none:
        return True
    said = "\n".join((entry.title, entry.text, *entry.tags))
    if match.any and not any(_finder(term)(said) for term in match.any):
        return False
    return not any(_finder(term)(said) for term in match.none)


def selections_of(entry: Entry) -> tuple[Selection, ...]:
    """Return the feeds of a topic that an entry belongs in, if the topic takes it."""
    return _SELECTIONS[is_key(entry), bool(entry.summary)]


def is_key(entry: Entry) -> bool:
    """Say whether an entry is a key event or a summary, as publishers' own boxes have it."""
    return bool(entry.key_event or entry.summary)


def check_term(term: str) -> None:
    """Raise ValueError, saying why, where a term of a rule cannot be matched."""
    if not term.strip():
        raise ValueError("an empty word matches nothing; leave it out")
    try:
        _finder(term)
    except re2.error as error:
        raise ValueError(f"{term} is no regular expression: {_plain(error)}") from error


def _plain(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode() if isinstance(said, bytes) else str(said)


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
