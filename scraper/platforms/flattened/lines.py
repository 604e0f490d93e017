"""The lines of a copied live blog, and the role of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from selectolax.lexbor import LexborNode

from scraper.markup.bare_text import paragraphs_of
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.times.ago import age_in

# The line below each entry, which also occurs elsewhere.
FOOT = "share"
# Labels of live blogs' pages that remain in copies (the Guardian's, the BBC's).
FURNITURE = (
    "key events",
    "show key events only",
    "please turn on javascript to use this feature",
    "live feed",
    "from",
    "updated at",
    FOOT,
    "copy link",
    "skip past newsletter promotion",
    "after newsletter promotion",
    "filters beta",
    "filters",
    "close key events panel",
    "live reporting",
    "share this post",
    "view more share options",
    # Labels that are only read out or pressed, and not seen as text (the Guardian's).
    "view image in fullscreen",
    "double quotation mark",
    "download original document",
)
# Those that occur only on live blogs.
TELLING = frozenset(
    {
        "show key events only",
        "please turn on javascript to use this feature",
        "live feed",
        "close key events panel",
        "live reporting",
    }
)
# A line below an entry that was edited.
CHANGED = re.compile(r"updated at \d\d?[.:]\d\d\b.{0,12}", re.IGNORECASE)
# A line above a pinned entry.
PINNED = re.compile(r"from \d{1,3} ?\w{1,7} ago", re.IGNORECASE)
END = re.compile(
    r"(?:read (?:the )?(?:entire|full|whole) (?:article|story)|continue reading.*)", re.IGNORECASE
)
SITE = re.compile(r"\{[^{}]{2,60}\}|(?:[^|]{0,60}\|){2,}[^|]{0,60}")
COUNTED = re.compile(r"(?<!\s)\s+\d{1,6}$")
BULLET = re.compile(r"^[•●▪‣·*–-]\s+")
CREDIT = re.compile(
    r"\b(?:Photographs?|Photo|Composite|Illustration|Graphic|Picture|Image)(?: by)?: ?(.{3,120})$"
)
ENDINGS = (".", "!", "?", ":", ";", ",", "”", '"', "’", ")", "»")
LONGEST_TITLE, SHORTEST_TITLE = 130, 3
BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, blockquote, figcaption"


class Role(Enum):
    """The role of a line in a live blog."""

    TITLE = auto()
    WORDS = auto()
    BULLET = auto()
    PICTURE = auto()
    FOOT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line that belongs to an entry; of a picture only the credit is kept."""

    role: Role
    text: str


def raw_lines(document: Document) -> list[str]:
    """Return the lines of a text, or of the blocks of a page, in order."""
    return paragraphs_of(document) or list(_blocks(document))


def is_telling(line: str) -> bool:
    """Whether a line is furniture that only live blogs have."""
    return line.casefold().strip(" .…") in TELLING or CHANGED.fullmatch(line) is not None


def is_stamp(line: str) -> bool:
    """Whether a line says how long ago the page was written, perhaps with a count of readers."""
    return age_in(COUNTED.sub("", line)) is not None


def lines_of(said: list[str]) -> Iterator[Line]:
    """Yield the lines with their roles, without furniture and what follows the end of the copy."""
    kept = [line for line in said if _is_foot(line) or not _is_furniture(line)]
    for n, line in enumerate(kept):
        after = kept[n + 1] if n + 1 < len(kept) else ""
        if END.fullmatch(line):
            return
        if _is_foot(line):
            yield Line(Role.FOOT, line)
        elif (credit := CREDIT.search(line)) and len(line) < LONGEST_TITLE * 3:
            yield Line(Role.PICTURE, credit[0])
        elif after.startswith(line) and CREDIT.search(after):
            continue
        elif BULLET.match(line):
            yield Line(Role.BULLET, BULLET.sub("", line))
        elif _is_title(line) and after and not (BULLET.match(after) or _is_foot(after)):
            yield Line(Role.TITLE, line)
        else:
            yield Line(Role.WORDS, line)


def _blocks(document: Document) -> Iterator[str]:
    if document.data is not None:
        return
    for node in document.tree.css(BLOCKS):
        if not _is_within(node):
            words = squeeze(node.text(separator=" "))
            if words:
                yield f"• {words}" if node.tag == "li" else words


def _is_within(node: LexborNode) -> bool:
    above = node.parent
    return above is not None and above.tag in {"li", "blockquote", "nav", "footer", "aside"}


def _is_foot(line: str) -> bool:
    """Whether a line is one that is printed below an entry."""
    return line.casefold() == FOOT or CHANGED.fullmatch(line) is not None


def _is_furniture(line: str) -> bool:
    bare = line.casefold().strip(" .…")
    told = is_stamp(line) or PINNED.fullmatch(line) or SITE.fullmatch(line)
    return bare in FURNITURE or bool(told)


def _is_title(line: str) -> bool:
    return (
        len(line) <= LONGEST_TITLE
        and len(line.split()) >= SHORTEST_TITLE
        and not line.endswith(ENDINGS)
        and line[0].isupper()
    )
