"""Whether text before an entry's first paragraph, which is no heading element, is its headline."""

import re

LONGEST = 200
# A headline has at least so many words, or so many characters in scripts without blanks; fewer are
# a name, a place, a section, unless they are in bold.
WORDS, SIGNS = 3, 4
NAME = 2
# The most characters and words of a writer's, place's or section's name beside a headline.
LONGEST_NAME, NAMES = 40, 4
ENDED = re.compile(r"[.…。!?:;][\"'”“»’)\]]*$")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SENTENCE = re.compile(r"[.…。،;,:][\"'”“»’)\]]*$")
NO_NAME = re.compile(r"[\d:;!?%…“”„«»\"]|[,.]$")
BY = re.compile(
    r"^(?:[–—-]\s*)?(?:by|von|par|di|por|door|av|af|przez|fotó?|photo|foto)\b", re.IGNORECASE
)


def heads_an_entry(words: str, *, bold: bool) -> bool:
    """Return whether text before a paragraph is its headline: short and no byline.

    Unless it is `bold`, it must also be too long for a name, and no sentence.
    """
    if not 0 < len(words) <= LONGEST or BY.match(words):
        return False
    if bold:
        return True
    return _are_many(words) and SENTENCE.search(words) is None


def is_beside_a_headline(words: str) -> bool:
    """Return whether a line between headline and body is short enough for a name or section."""
    return len(words) <= LONGEST_NAME and len(words.split()) <= NAMES and not ENDED.search(words)


def is_signed(words: str) -> bool:
    """Return whether a line begins like a byline: "By Ada Lindqvist"."""
    return BY.match(words) is not None


def is_the_name_of_a_person(words: str) -> bool:
    """Return whether a line is two or three capitalised words; particles ("de") do not count."""
    parts = [part for part in words.split() if len(part) > NAME or not part.islower()]
    return len(parts) in {NAME, WORDS} and all(
        part[0].isupper() and NO_NAME.search(part) is None for part in parts
    )


def _are_many(words: str) -> bool:
    """Return whether a text has too many words for a name; two only if the second is lower-case."""
    parts = words.split()
    if len(parts) == NAME:
        return parts[1][0].islower() and len(parts[1]) > NAME
    return len(parts) >= WORDS or len(UNSPACED.findall(words)) >= SIGNS
