"""From an entry's part of a page to its title, body, pictures and id."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile

from selectolax.lexbor import LexborNode

from scraper.markup.embeds import with_embeds
from scraper.markup.html import figure, ours, picture, squeeze
from scraper.markup.memo import LONGEST, Memo
from scraper.platforms.clock.head import BOLD, HEADINGS
from scraper.platforms.clock.pieces import is_blank, is_headline, unwrapped, without_names
from scraper.platforms.clock.segments import Segment
from scraper.repeated.block import BETWEEN_NAMES, read_block
from scraper.repeated.blocks import Block
from scraper.repeated.ids import OTHER, bare
from scraper.repeated.shape import Shape, lines_in, title_in
from scraper.times.clocks import AROUND, clock_at, end_of_stamp, words_behind
from store.entry import Media

OPENINGS = re.compile(r"(?:\s|<(?!/)[^<>]*>|<!--.*?-->)*")
HOLLOW = re.compile(r"<(strong|b|em|i|u|span|time|small|font|a|mark)\b[^<>]*>\s*</\1>")
BREAK = re.compile(r"^(?:\s|<br ?/?>)+")
BEHIND = " \t\n\xa0:–—-|•·+,*"
SENTENCE = (".", ":", "!", "?", "–", "…")
# The fewest words in bold before a text that make a headline.
HEADLINE = 3
BY = re.compile(r"^[–—-]?\s*(?:(?:by|von|par|de|di|por)\s+)?", re.IGNORECASE)
# The dashes before a name that is followed by the writer's role: "— Name, role" (NPR).
ROLED = ("—", "–")


NAMES = ("data-post-id", "data-id", "data-entry-id", "data-block-id", "id")
# In old HTML an element's id must not begin with a digit, so "id-" is put before a number.
BEFORE_ID = re.compile(r"^id-(?=\d+$)")
ID = re.compile(r"[\w.-]{4,80}")
PARTS = re.compile(r"[\W_]+")
# A number too large to be a count of the page's entries, or letters mixed with digits.
MINTED = re.compile(r"[A-Za-z]{0,3}[0-9]{4,}|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{6,}")
WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Body:
    """An entry's title and sanitised body; `authors` is None if nobody is named."""

    title: str
    html: str
    text: str
    media: tuple[Media, ...] = ()
    authors: tuple[str, ...] | None = None
    key: bool = False


_BODIES = Memo[Body]()


def body_of(segment: Segment, base: str, shape: Shape) -> Body:
    """Return the body of an entry in a row; `shape` is what the entries of the row have in common.

    `base` is the address that its links are relative to.
    """
    pieces = [piece.html or "" for piece in segment.pieces]
    size = sum(map(len, pieces))
    if size > LONGEST:
        return _made_body(segment, base, shape)
    key = (segment.title, segment.head.node.html, *pieces, base, shape)
    return _BODIES.get(lambda: _made_body(segment, base, shape), key, size)


def body_of_block(segment: Segment, base: str) -> Body:
    """Return a publisher's block without its time as a body without title; it may be a teaser."""
    time = segment.head.node
    beside = (piece for piece in segment.head.start.iter() if not _holds(piece, time))
    made = ours("".join(piece.html or "" for piece in beside), base)
    return Body("", made.html, made.text) if made.text else Body("", "", "")


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    return any(each.mem_id == inner.mem_id for each in outer.css("*"))


def _made_body(segment: Segment, base: str, shape: Shape) -> Body:
    title, first = _head(segment)
    pieces = unwrapped(segment.pieces)
    if not title and not first and (node := title_in(list(lines_in(pieces)), shape)):
        title = squeeze(node.text())
        pieces = [piece for piece in pieces if piece is not node]
    elif not title and not first and is_headline(pieces):
        title = squeeze(pieces.pop(0).text())
        while pieces and (pieces[0].tag == "br" or is_blank(pieces[0])):
            pieces.pop(0)
    elif title and not first:
        pieces = without_names(pieces)
    media = list[Media]()
    markup = "".join((first, *_markup(pieces, base, media)))
    made = with_embeds(markup, base)
    return Body(title, made.html, made.text, tuple(dict.fromkeys(media)))


def body_as_block(block: Block, base: str, shape: Shape) -> Body:
    """Return the body of an entry that is in an element of its own, read by `scraper/repeated`."""
    said = read_block(block, base, shape)
    return Body(said.title, said.body.html, said.body.text, said.media, said.authors, said.key)


def authors_of(segment: Segment) -> tuple[str, ...] | None:
    """Return the names of who signed an entry; None if nobody did."""
    signed = segment.authors
    if signed.startswith(ROLED):
        signed = signed.partition(",")[0]
    names = BETWEEN_NAMES.split(BY.sub("", signed))
    return tuple(dict.fromkeys(name for name in names if name)) or None


def ids_of(segments: Sequence[Segment], *, marked: bool) -> list[tuple[str | None, str]]:
    """Return each entry's block id, None if it has none, and its anchor on the page, "" if none.

    If `marked`, the publisher marks its blocks and any id counts. Otherwise only ids that cannot be
    anything else: ids that count the entries of a page, or are made from headlines, change with
    those. An entry's id does not depend on other entries, except that an id that occurs twice is
    dropped.
    """
    told = [_id(segment, marked=marked) for segment in segments]
    times = Counter(block_id for block_id, _ in told)
    return [each if times[each[0]] == 1 else (None, "") for each in told]


def _id(segment: Segment, *, marked: bool) -> tuple[str | None, str]:
    for element in _identified(segment):
        stated = element.attributes
        for name in (*NAMES, *(each for each in stated if OTHER.fullmatch(each))):
            told = (stated.get(name) or "").strip()
            if told and (marked or _is_minted(told, segment)):
                block_id = BEFORE_ID.sub("", told) if marked else bare(told)
                return block_id, told if name == "id" else ""
    return None, ""


def _identified(segment: Segment) -> Iterator[LexborNode]:
    """Yield the elements that may have an entry's id, from its start and block down to its time."""
    head, block = segment.head, segment.block or segment.head.start
    yield from (head.start, block)
    depth = next((n for n, each in enumerate(head.above) if each.mem_id == block.mem_id), None)
    if depth is not None:
        yield from head.above[depth + 1 :]
    yield head.node


def _is_minted(told: str, segment: Segment) -> bool:
    if ID.fullmatch(told) is None or not any(map(MINTED.fullmatch, PARTS.split(told))):
        return False
    words = WORD.findall(segment.title or segment.head.node.text())
    return not any(word.casefold() in told.casefold() for word in words)


def _head(segment: Segment) -> tuple[str, str]:
    """Return the headline beside an entry's time, and the html with which its body begins there."""
    node, clock = segment.head.node, segment.head.clock
    rest = clock.rest if clock else ""
    if segment.title or not rest:
        return segment.title, ""
    if node.tag == "-text":
        return "", f"<p>{escape(rest)}</p>"
    if node.tag in HEADINGS or node.tag == "dt":
        return rest, ""
    if segment.pieces and rest == squeeze(" ".join(bold.text() for bold in _bold_in(node))):
        return rest, ""
    if segment.head.kind.startswith("heading") and (found := _run_in(node, rest)):
        return found
    return "", _without_clock(node)


def _bold_in(node: LexborNode) -> list[LexborNode]:
    """Return the bold elements behind a time: "Ore 10.32 – <b>Headline</b>"."""
    return [each for each in node.css("b, strong") if clock_at(squeeze(each.text())) is None]


def _run_in(node: LexborNode, rest: str) -> tuple[str, str] | None:
    """Separate a paragraph that begins in bold into headline and body; None without a headline."""
    others = [child for child in node.iter(include_text=True) if child.tag != "-comment"]
    first = next((n for n, child in enumerate(others) if child.tag in BOLD), None)
    if first is None:
        return None
    bold = list(takewhile(_is_bold_or_blank, others[first:]))
    words = squeeze(" ".join(child.text() for child in bold))
    words = words[end_of_stamp(words) or 0 :].lstrip(AROUND).rstrip(BEHIND)
    after = others[first + len(bold) :]
    if all(c.tag in BOLD or not squeeze(c.text()) for c in after):
        return rest, ""
    breaks = next((c.tag == "br" for c in after if c.tag != "-text" or squeeze(c.text())), False)
    if words and (breaks or (words.endswith(SENTENCE) and len(words.split()) >= HEADLINE)):
        return words.removesuffix(":"), "<p>" + BREAK.sub(
            "", "".join(c.html or "" for c in after)
        ) + "</p>"
    return None


def _is_bold_or_blank(node: LexborNode) -> bool:
    return node.tag in BOLD or (node.tag == "-text" and not squeeze(node.text_content or ""))


def _without_clock(node: LexborNode) -> str:
    """Return a paragraph's html without the time of day with which it begins."""
    inner = "".join(child.html or "" for child in node.iter(include_text=True))
    inner = inner.replace("&nbsp;", "\xa0")
    opened = OPENINGS.match(inner)
    start = opened.end() if opened else 0
    end = end_of_stamp(inner, start)
    if end is None:
        return f"<p>{inner}</p>"
    bare = words_behind(inner[end:])
    colon = ":" if ":" in inner[end : len(inner) - len(bare)] else ""
    rest = HOLLOW.sub("", inner[:start] + bare)
    return f"<p>{words_behind(colon + rest)}</p>"


def _markup(pieces: Sequence[LexborNode], base: str, media: list[Media]) -> Iterator[str]:
    for piece in pieces:
        shown = picture(piece, base) if piece.tag == "figure" else None
        if shown is not None:
            media.append(shown[0])
            yield figure(*shown)
        elif piece.tag == "-text":
            yield f"<p>{piece.html}</p>"
        else:
            yield piece.html or ""
