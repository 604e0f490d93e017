"""The text that a page shows before any script has run: its words, title and first heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.once import once

MOST = 400  # words; a page with more has content of its own, and is not examined further

_UNSEEN = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"}
)
# Elements around a page's own words, and over them.
_DIALOGS = frozenset({"dialog", "alertdialog"})
_AROUND = frozenset({"header", "nav", "footer", "aside", "form", "dialog"})
_LYING_OVER = re.compile(
    r"(?:^|\s)(?:consent|cookie|gdpr|didomi|onetrust|qc-cmp2|sp_message|usercentrics|cmpbox)",
    re.IGNORECASE,
)
_LONGEST_NAME, _LONGEST_WORD = 300, 40


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible words of a page, folded (see `fold`), and which of them are its `own`.

    A page's own words are outside its header, navigation, footer, forms and dialogs. For a page of
    more than `MOST` words, both have `MOST` + 1 empty words instead.
    """

    words: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with single blanks between them."""
        return " ".join(self.words)

    @property
    def much(self) -> bool:
        """Whether the page has too many words to be a wall or a shell."""
        return len(self.words) > MOST


_MUCH = Visible(words=("",) * (MOST + 1), own=("",) * (MOST + 1))
_BETWEEN = re.compile(r"\s{0,9}[|–—·•»:]\s*|\s{1,9}-\s+")


@once
def visible(document: Document) -> Visible:
    """Return the words that a page shows; empty ones for a page of more than `MOST` words."""
    words, own = list[str](), list[str]()
    for text, is_own in _texts(document.tree.body):
        said = [word[:_LONGEST_WORD] for word in fold(text).split()]
        words += said
        own += said if is_own else ()
        if len(words) > MOST:
            return _MUCH
    return Visible(tuple(words), tuple(own))


def title(document: Document) -> tuple[str, ...]:
    """Return the page's title, folded and split at separators like "|" and "–"."""
    return _parts(document.tree.css_first("head > title, body > title"))


def heading(document: Document, *, anywhere: bool = False) -> tuple[str, ...]:
    """Return a page's first heading (h1 or h2), folded and split at separators like "|".

    Empty if there is none or, unless `anywhere`, if it is in a header, navigation, footer, form or
    dialog.
    """
    node = document.tree.css_first("h1, h2")
    if node is None or (not anywhere and _is_aside(node)):
        return ()
    return _parts(node)


def fold(text: str) -> str:
    """Return text case-folded, with straight apostrophes and single blanks."""
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
    """Return whether an element's words are not the page's own: a header, a form, a dialog.

    The body, and a form around the whole page, do not count.
    """
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
    """Yield a body's visible texts in order, and whether each is the page's own."""
    left = [(body, True)] if body is not None else []
    while left:
        node, own = left.pop()
        if node.next is not None and node is not body:
            left.append((node.next, own))
        if node.tag == "-text":
            yield node.text_content or "", own
        elif node.tag not in _UNSEEN and node.child is not None:
            left.append((node.child, own and not _is_around(node)))
