"""Blocks that were read before, cut out of a page before a parser sees it.

A live blog is read again and again, and nearly all of its blocks stand as they stood the last time.
To build their tree anew, only to find them the same, would be most of the work. So a block whose
bytes were seen before is cut out, and so is one in its platform's plain form, which is read without
a tree. What stands in its place has its tag and tells its reader which it was. Nothing else may
come of that than of parsing the page whole: a block is cut only where

- it is closed: it neither leaves anything open nor closes anything around it. It is written in
  the plain form of its platform, whose nesting a regular expression proves; or, parsed alone, it
  has the tags that are written, in their order;
- it holds nothing for which its page is searched;
- nothing around it would change it: what stands in its place is found as it was written.

What was made of a block is kept with what is known of it, and both are forgotten together: a block
that is read anew is cheaper to read in its page than alone.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import NamedTuple, TypeAlias, TypeVar, cast

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.memo import Memo, digest
from scraper.markup.word import Word


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the blocks of a platform's pages are written, and which of them may be cut out.

    `begins` matches the first tag of a block, which has no other beginning than `opens`; `ends` is
    its last one. The two groups of `clock`
    tell when the page was rendered, and no block is another for them. `plain` matches a block
    that is closed by its very form, and holds nothing that is asked for. Of others one stays that
    holds anything that the selector `asked_for` finds: the whole page is searched for that. All
    that is in what `apart` selects is read, so that none is cut out of it.
    """

    opens: Word
    begins: re.Pattern[bytes]
    ends: bytes
    clock: re.Pattern[bytes]
    plain: re.Pattern[str]
    asked_for: str
    apart: tuple[str, ...]


Made = TypeVar("Made")


class _Sight:
    """What is known of a block's bytes: at first only that they were seen."""

    __slots__ = ("made", "made_for", "may_go", "seen")

    def __init__(self) -> None:
        self.seen = False
        self.may_go: bool | None = None
        self.made: object = None
        self.made_for: Hashable = None


class Piece:
    """A block that may be cut out of a page: it stands from `start` to `end` in the markup.

    `plain` is its plain form where it was seen for the first time, and has one.
    """

    __slots__ = ("_block", "_page", "_sight", "end", "plain", "start")

    def __init__(self, sight: _Sight, page: bytes, start: int, end: int) -> None:
        self._sight, self._page = sight, page
        self.start, self.end = start, end
        self.plain: re.Match[str] | None = None
        self._block: LexborNode | None = None

    def alone(self) -> LexborNode:
        """Parse the block alone, which gives what parsing it in its page gives."""
        block = self._block or _alone(self._page[self.start : self.end])
        assert block is not None, "what was cut out is an element"  # noqa: S101
        return block

    def made(self, make: Callable[["Piece"], Made], made_for: Hashable) -> Made:
        """Give what was made of the block last time, or make it anew.

        `made_for` is all that matters beside the block: the blog's address. Only one reader reads
        a platform's blocks, so that what is kept is what it made.
        """
        sight = self._sight
        if sight.made is None or sight.made_for != made_for:
            sight.made, sight.made_for = make(self), made_for
        return cast("Made", sight.made)

    def may_go(self, blocks: Blocks) -> bool:
        """Whether it may be cut. Where its form does not tell, that is examined at second sight."""
        sight = self._sight
        if not sight.seen:
            sight.seen = True
            self.plain = _plain(self._page[self.start : self.end], blocks.plain)
            sight.may_go = True if self.plain else None
            return self.plain is not None
        if sight.may_go is None:
            written = self._page[self.start : self.end]
            block = self._block = _alone(written)
            sight.may_go = block is not None and _is_closed(block, written, blocks.asked_for)
        return sight.may_go


Run: TypeAlias = Sequence[Piece]  # blocks with nothing but white space between them


class Gap(NamedTuple):
    """What is left out of a page's markup, from `start` to `end`, and what stands for it."""

    start: int
    end: int
    stand_in: bytes


def left_of(markup: bytes, gaps: Iterable[Gap]) -> bytes:
    """Give what is left of a page's markup; of gaps that begin in one another the first counts."""
    whole, left, done = memoryview(markup), list[bytes | memoryview](), 0
    for start, end, stand_in in sorted(gaps):
        if start >= done:
            left += (whole[done:start], stand_in)
            done = end
    left.append(whole[done:])
    return b"".join(left)


# No page can write an attribute by this name.
_PLACE = f"data-{token_hex(8)}"
# A text, on which an element that was left open before a block would show.
_STAND_IN = b" " + _PLACE.encode() + b'="%d">.'
# One that nothing closes is passed over whole, so that a text is read once.
_TAG = re.compile(rb'<(/?[a-zA-Z][a-zA-Z0-9-]*+)(?:[^>"]++|"[^"]*+")*+(>?)')
# What a parser reads otherwise where another is open around it (HTML Standard, 13.2.6.4), and what
# is brought into the light on whole pages.
_DEPENDS = "form, table, template"
# In these an element is one of HTML, and stands where it was written.
_HOLDERS = frozenset({"body", "div"})
# Around these none of a block's own may be opened.
_OPEN = frozenset({"a", "button", "form", "nobr", "select", "table", "template"})


# What may stand between two blocks: white space, an advertisement.
_NEAR = 500

_SIGHTS = Memo[_Sight]()


def cut_out(markup: bytes, blocks: Blocks) -> tuple[Sequence[Gap], Sequence[Run]]:
    """Find the blocks of a page's markup that may be cut out of it: the gaps, and what was there.

    Both are in page order, a run of blocks for each gap. Of its first block the first tag stays.
    """
    opens, runs, done = list[int](), list[list[Piece]](), 0
    whole = memoryview(markup)
    for start, opened, end in _places(markup, blocks):
        # Half of a block are its islands, of which nothing is kept.
        sight = _SIGHTS.get(_Sight, _key(whole, start, end, blocks), (end - start) // 2)
        piece = Piece(sight, markup, start, end)
        if not piece.may_go(blocks):
            continue
        if runs and (done == start or markup[done:start].isspace()):
            runs[-1].append(piece)
        else:
            opens.append(opened - 1)
            runs.append([piece])
        done = end
    gaps = [
        Gap(start, run[-1].end, _STAND_IN % number + blocks.ends)
        for number, (start, run) in enumerate(zip(opens, runs, strict=True))
    ]
    return gaps, runs


def run_at(node: LexborNode, runs: Sequence[Run]) -> Run:
    """Give the blocks for which a node stands in, none where it is what it is."""
    place = node.attributes.get(_PLACE) if runs else None
    return runs[int(place)] if place else ()


def stand_as_written(tree: LexborHTMLParser, runs: Sequence[Run], blocks: Blocks) -> bool:
    """Whether all stand-ins are on a page in their order, and nothing around reaches into them."""
    found = tree.css(f"[{_PLACE}]")
    places = [node.attributes[_PLACE] for node in found]
    if places != [str(place) for place in range(len(runs))]:
        return False
    tags = _tags_around(found)
    # Told by their selectors alone: to look for what stands in them takes three times as long.
    if any(node.mem_id in tags for node in tree.css(", ".join(blocks.apart))):
        return False
    holders = {tags[above.mem_id] for node in found if (above := node.parent) is not None}
    return (
        all(map(_is_untouched, found)) and holders <= _HOLDERS and _OPEN.isdisjoint(tags.values())
    )


def _tags_around(nodes: Iterable[LexborNode]) -> dict[int, str]:
    """Give the tags of all elements around some, by the names that the parser has for them."""
    tags = dict[int, str]()
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in tags:
            tags[above.mem_id] = above.tag or ""
            above = above.parent
    return tags


def _is_untouched(node: LexborNode) -> bool:
    within = node.child
    return within is not None and within.is_text_node and within.next is None


def _places(markup: bytes, blocks: Blocks) -> Iterator[tuple[int, int, int]]:
    """Give where each block begins, where its first tag ends, and where the block ends."""
    opens, near = blocks.opens.word, _NEAR + len(blocks.opens.word)
    start = blocks.opens.find(markup)
    while start >= 0:
        done = start + 1
        if begin := blocks.begins.match(markup, start):
            end = markup.find(blocks.ends, begin.end())
            if end < 0:
                return
            done = end + len(blocks.ends)
            yield start, begin.end(), done
        # The next block is mostly next to it.
        start = markup.find(opens, done, done + near)
        start = blocks.opens.find(markup, done) if start < 0 else start


def _key(whole: memoryview, start: int, end: int, blocks: Blocks) -> bytes:
    """Give a key for a block as it is written, without what its clock says."""
    found = blocks.clock.search(whole, start, end)
    if found is None:
        return digest(whole[start:end])
    (now, since), (ago, rest) = found.span(1), found.span(2)
    return digest(whole[start:now], whole[since:ago], whole[rest:end])


def _plain(written: bytes, form: re.Pattern[str]) -> re.Match[str] | None:
    """Find a block's plain form; None where it has another, or what parsers drop or replace."""
    if b"\r" in written or b"\x00" in written:
        return None
    try:
        return form.fullmatch(written.decode())
    except UnicodeDecodeError:
        return None


def _is_closed(block: LexborNode, written: bytes, asked_for: str) -> bool:
    if block.next is not None:
        return False
    if _tags(written) != _tags((block.html or "").encode("utf-8", "replace")):
        return False
    return block.css_first(f"{asked_for}, {_DEPENDS}") is None


def _tags(markup: bytes) -> list[bytes]:
    return [name.lower() for name, end in _TAG.findall(markup) if end]


def _alone(written: bytes) -> LexborNode | None:
    body = LexborHTMLParser(b"<!doctype html>" + written).body
    return body.child if body is not None else None
