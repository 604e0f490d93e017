"""What a page says to its reader before any script has run: its words, title and first heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.once import once

MOST = 400  # words; more are not looked at, for such a page says something of its own

_UNSEEN = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"}
)
# What surrounds the words for which people come, and what lies over them.
_DIALOGS = frozenset({"dialog", "alertdialog"})
_AROUND = frozenset({"header", "nav", "footer", "aside", "form", "dialog"})
_LYING_OVER = re.compile(
    r"(?:^|\s)(?:consent|cookie|gdpr|didomi|onetrust|qc-cmp2|sp_message|usercentrics|cmpbox)",
    re.IGNORECASE,
)
_LONGEST_NAME, _LONGEST_WORD = 300, 40


@dataclass(frozen=True, slots=True)
class Visible:
    """The words of a page, folded, at most `MOST` and one more, and which of them are its `own`.

    A page's own words stand outside of its header, navigation, footer, forms and dialogs.
    """

    words: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with single blanks between them."""
        return " ".join(self.words)

    @property
    def much(self) -> bool:
        """Whether the page says more than any page does that stands in another's place."""
        return len(self.words) > MOST


_MUCH = Visible(words=("",) * (MOST + 1), own=("",) * (MOST + 1))
_BETWEEN = re.compile(r"\s{0,9}[|–—·•»:]\s*|\s{1,9}-\s+")


@once
def visible(document: Document) -> Visible:
    """Read the words that a page shows; those of a page that says much are not told."""
    words, own = list[str](), list[str]()
    for text, is_own in _texts(document.tree.body):
        said = [word[:_LONGEST_WORD] for word in fold(text).split()]
        words += said
        own += said if is_own else ()
        if len(words) > MOST:
            return _MUCH
    return Visible(tuple(words), tuple(own))


def title(document: Document) -> tuple[str, ...]:
    """Give the parts of the title in a page's head, folded."""
    return _parts(document.tree.css_first("head > title, body > title"))


def heading(document: Document, *, anywhere: bool = False) -> tuple[str, ...]:
    """Give the parts of a page's first heading, folded; none where that is not its own.

    `anywhere`: a heading in a form or dialog counts too.
    """
    node = document.tree.css_first("h1, h2")
    if node is None or (not anywhere and _is_aside(node)):
        return ()
    return _parts(node)


def fold(text: str) -> str:
    """Put text into small letters, with straight apostrophes and single blanks."""
    return squeeze(text.replace("’", "'")).casefold()


def _parts(node: LexborNode | None) -> tuple[str, ...]:
    if node is None:
        return ()
    parts = _BETWEEN.split(fold(node.text())[:_LONGEST_NAME])
    return tuple(part.strip(" .!…") for part in parts)


def _is_aside(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if _is_around(above):
            return True
        above = above.parent
    return False


def _is_around(node: LexborNode) -> bool:
    """Whether an element holds what is not the page's own; body, and a form around all, do not."""
    if node.tag == "body" or (node.tag == "form" and node.parent and node.parent.tag == "body"):
        return False
    if node.tag in _AROUND:
        return True
    stated = node.attributes
    return (
        stated.get("role") in _DIALOGS
        or "aria-modal" in stated
        or _LYING_OVER.search(f"{stated.get('id')} {stated.get('class')}") is not None
    )


def _texts(body: LexborNode | None) -> Iterator[tuple[str, bool]]:
    """Give a body's texts in order, and whether each is the page's own."""
    left = [(body, True)] if body is not None else []
    while left:
        node, own = left.pop()
        if node.next is not None and node is not body:
            left.append((node.next, own))
        if node.tag == "-text":
            yield node.text_content or "", own
        elif node.tag not in _UNSEEN and node.child is not None:
            left.append((node.child, own and not _is_around(node)))
