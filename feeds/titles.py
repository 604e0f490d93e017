"""Titles as feeds show them: every entry has one, and equal titles within a blog get their time.

A title depends on the entry itself and on one fact of the feed's window: whether another entry
of the same blog in it has the same title, in which case both get their time. That is decided
over the whole window, retracted entries included, whatever the feed does with retractions, so
that every format and every `?retracted=` of one feed shows the same titles. So an entry's title
can change at two moments only: when the first entry of the same title joins the window, and when
the last one leaves it (a window cut short by `?limit=` is another window). `changed_at` does not
move then, as the entry has not changed. Equal titles of one minute stay alike; their ids differ.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from feeds.times import spoken_time
from feeds.xml import line
from store.entry import Entry

LONGEST = 100  # characters of a title made from an entry's text

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s(?![a-z]))|[。！？]+[」』”’]*")
# "Dr. No", "U.S. troops", "am 13. Dezember": full stops that end no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"'“‘.-])"
    r"(?:[^\W\d_]|\d{1,2}|Mrs?|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Sgt|Rev|Jr|Sr|vs|Nr|Mt)\.",
)


@dataclass(frozen=True, slots=True)
class Title:
    """An entry's title in a feed: `own`, or `timed` where another entry has the same title.

    `bearer` is a key: equal for entries of one blog whose titles differ in case at most.
    """

    own: str
    timed: str
    bearer: str


def title_of(entry: Entry) -> Title:
    """Return an entry's title, which depends on the entry alone."""
    own = own_title(entry)
    time = spoken_time(entry.published, entry.time_precision)
    timed = own if own == time else f"{own} ({time})"
    return Title(own, timed, bearer=f"{own.casefold()}\n{entry.blog}")


def told_apart(titles: Sequence[Title]) -> list[str]:
    """Return the titles of a feed's whole window, with the time where two would be the same."""
    count = Counter([title.bearer for title in titles])
    return [title.timed if count[title.bearer] > 1 else title.own for title in titles]


def own_title(entry: Entry) -> str:
    """Return an entry's title, else its first sentence, its media's alt text, or its time."""
    return (
        line(entry.title)
        or first_sentence(entry.text)
        or next((title for media in entry.media if (title := first_sentence(media.alt))), "")
        or spoken_time(entry.published, entry.time_precision)
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of the first line that is not blank, at most 100 characters.

    A longer one is cut at a word and ends in "…".
    """
    start = line(text.lstrip()[: 8 * LONGEST].partition("\n")[0])
    for end in _SENTENCE_END.finditer(start[: LONGEST + 2]):
        if end.end() <= LONGEST and not _abbreviates(start, end):
            return start[: end.end()]
    return start if len(start) <= LONGEST else _cut(start)


def _abbreviates(start: str, end: re.Match[str]) -> bool:
    if end[0] != ".":
        return False
    word = start.rfind(" ", 0, end.start()) + 1
    return _ABBREVIATION.search(start, max(word - 1, 0), end.end()) is not None


def _cut(start: str) -> str:
    kept = start[:LONGEST]
    words = kept.rpartition(" ")[0] or kept[:-1]
    return (words.rstrip(" ,;:–—-") or kept[:-1]) + "…"
