"""The name under which a newsroom's live blogs run from day to day: a part of their titles.

"Harbour storm live: cranes stand still" is followed by "Harbour storm live: the ferry turns back".
What stands beside that name is the day's news.
"""

import re

from scraper.hints.live_words import LIVE
from scraper.markup.visible import fold

_BETWEEN = re.compile(r"(?<!\s)\s*[:|–—•]\s*|(?<!\s)\s+-\s+")
_LONGEST = 300
# A name has so many words that tell something: "live", "cricket live" and "as it happened" tell
# of any day's blog.
_TELLING, _SHORTEST = 2, 3


def run_under_one_name(one: str, other: str) -> bool:
    """Whether two titles have a part in common that names what both are of."""
    return any(map(_is_name, _parts(one) & _parts(other)))


def _parts(title: str) -> set[str]:
    return set(_BETWEEN.split(fold(title[:_LONGEST])))


def _is_name(part: str) -> bool:
    """Whether a part tells more than that it is live; a compound ("hafen-ticker") is one word."""
    told = [word for word in LIVE.sub(" ", part).split() if len(word) >= _SHORTEST]
    compound = bool(told) and told[0].endswith("-")
    return len(told) >= _TELLING or compound
