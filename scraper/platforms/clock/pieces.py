"""Which pieces of an entry are its headline, and which do not belong to its words."""

from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.hints.run_in_headings import heads_an_entry, is_beside_a_headline
from scraper.markup.html import squeeze
from scraper.platforms.clock.head import BOLD, INLINE

# Elements that may hold a name beside a headline.
NAMING = INLINE - BOLD | {"-text"}

# Elements that may follow a headline which is not a heading element.
PARTED = frozenset({"p", "ul", "ol", "blockquote", "figure", "table"})

LONGEST_HEADLINE = 200


def is_headline(pieces: Sequence[LexborNode]) -> bool:
    """Whether the first piece is a short paragraph in bold, or a line that is a headline.

    False if only pictures and players follow it: it is then the entry itself.
    """
    if not any(squeeze(piece.text()) for piece in pieces[1:]):
        return False
    words = squeeze(pieces[0].text())
    if pieces[0].tag in INLINE or _stands_apart(pieces):
        after = next((each for each in pieces[1:] if not is_blank(each)), None)
        parted = after is not None and (after.tag == "br" or after.tag in PARTED)
        return parted and heads_an_entry(words, bold=_is_bold(pieces[0]))
    if pieces[0].tag != "p":
        return False
    bold = [squeeze(child.text()) for child in pieces[0].iter() if child.tag in BOLD]
    return 0 < len(words) <= LONGEST_HEADLINE and words == " ".join(bold)


def unwrapped(pieces: Sequence[LexborNode]) -> list[LexborNode]:
    """Return the contents of the one element around a whole body, such as old programs' `<font>`.

    Without such an element the pieces are returned as they are.
    """
    found = list(pieces)
    while len(found) == 1 and found[0].tag in NAMING and found[0].css_first("br"):
        found = list(found[0].iter(include_text=True))
    return found


def without_names(pieces: list[LexborNode]) -> list[LexborNode]:
    """Leave out the lines above a body that name its writer or its subject."""
    body = next((n for n, each in enumerate(pieces) if each.tag in PARTED), 0)
    names = {squeeze(each.text()) for each in pieces[:body]}
    above = [each for each in pieces[:body] if not _is_portrait(each, names)]
    if all(each.tag in NAMING and is_beside_a_headline(squeeze(each.text())) for each in above):
        return pieces[body:]
    return pieces


def _is_portrait(node: LexborNode, names: set[str]) -> bool:
    return node.tag == "img" and (node.attributes.get("alt") or "") in names


def _is_bold(node: LexborNode) -> bool:
    inner = node.css_first("strong, b")
    return node.tag in BOLD or (inner is not None and inner.text() == node.text())


def _stands_apart(pieces: Sequence[LexborNode]) -> bool:
    """Whether the first piece is a paragraph or text in another element than the second."""
    one, other = (each.parent.mem_id if each.parent else 0 for each in pieces[:2])
    return pieces[0].tag in {"p", "-text"} and one != other


def is_blank(node: LexborNode) -> bool:
    """Whether a piece is nothing but white space."""
    return node.tag == "-text" and not squeeze(node.text_content or "")
