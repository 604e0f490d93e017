"""Whether words that stand before an entry's first paragraph, without being a heading, head it."""

import re

LONGEST = 200
# So many words make a headline, or so many signs where no blanks stand between words; fewer are
# a name, a place, a section, unless they are in bold.
WORDS, SIGNS = 3, 4
NAME = 2
# A writer's name, or a section's, beside a headline.
LONGEST_NAME, NAMES = 40, 4
ENDED = re.compile(r"[.…。!?:;][\"'”“»’)\]]*$")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SENTENCE = re.compile(r"[.…。،;,:][\"'”“»’)\]]*$")
NO_NAME = re.compile(r"[\d:;!?%…“”„«»\"]|[,.]$")
BY = re.compile(
    r"^(?:[–—-]\s*)?(?:by|von|par|di|por|door|av|af|przez|fotó?|photo|foto)\b", re.IGNORECASE
)


def heads_an_entry(words: str, *, bold: bool) -> bool:
    """Whether words before a paragraph are its headline: short, no sentence, nobody's name."""
    if not 0 < len(words) <= LONGEST or BY.match(words):
        return False
    if bold:
        return True
    return _are_many(words) and SENTENCE.search(words) is None


def is_beside_a_headline(words: str) -> bool:
    """Whether a line of words above a body, beside its headline, is a name, a place, a section."""
    return len(words) <= LONGEST_NAME and len(words.split()) <= NAMES and not ENDED.search(words)


def is_signed(words: str) -> bool:
    """Whether a line begins with the word for whose it is: "By Ada Lindqvist"."""
    return BY.match(words) is not None


def is_the_name_of_a_person(words: str) -> bool:
    """Whether a line is two or three words with capitals, small words between them aside."""
    parts = [part for part in words.split() if len(part) > NAME or not part.islower()]
    return len(parts) in {NAME, WORDS} and all(
        part[0].isupper() and NO_NAME.search(part) is None for part in parts
    )


def _are_many(words: str) -> bool:
    """Whether words are too many for a name; of a name both begin with a capital."""
    parts = words.split()
    if len(parts) == NAME:
        return parts[1][0].islower() and len(parts[1]) > NAME
    return len(parts) >= WORDS or len(UNSPACED.findall(words)) >= SIGNS
