"""The common name of a newsroom's live blogs from day to day: a part of their titles.

"Harbour storm live: cranes stand still" is followed by "Harbour storm live: the ferry turns back".
The rest of each title is the day's news.
"""

import re

from scraper.hints.live_words import LIVE
from scraper.markup.visible import fold

_BETWEEN = re.compile(r"(?<!\s)\s*[:|–—•]\s*|(?<!\s)\s+-\s+")
_LONGEST = 300
# A name has at least _TELLING words of at least _SHORTEST characters beside the words for "live":
# "live", "cricket live" and "as it happened" fit any day's blog.
_TELLING, _SHORTEST = 2, 3


def run_under_one_name(one: str, other: str) -> bool:
    """Return whether two titles have a part in common that names the running story."""
    return any(map(_is_name, _parts(one) & _parts(other)))


def _parts(title: str) -> set[str]:
    return set(_BETWEEN.split(fold(title[:_LONGEST])))


def _is_name(part: str) -> bool:
    """Return whether a part has two words beside those for "live", or is like "hafen-ticker"."""
    told = [word for word in LIVE.sub(" ", part).split() if len(word) >= _SHORTEST]
    compound = bool(told) and told[0].endswith("-")
    return len(told) >= _TELLING or compound
