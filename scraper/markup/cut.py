"""Blocks that were read before, cut out of a page's markup before it is parsed.

A live blog is read again and again, and nearly all of its blocks are the same as the last time. To
parse them again, only to find them unchanged, would be most of the work. So a block whose bytes
were seen before is cut out, and so is a block in its platform's plain form, which is read without a
tree. A stand-in with the block's own tag takes its place, and its number tells the reader which
blocks it stands for. The result must be the same as that of parsing the whole page, so that a block
is cut only if

- it is closed: it neither leaves an element open nor closes one around it. Either it is written in
  its platform's plain form, whose nesting a regular expression proves; or, parsed alone, it has
  the same tags in the same order as its markup;
- it holds nothing for which the whole page is searched;
- nothing around it would change it: its stand-in is found in the tree as it was written.

What was read of a block is kept together with what is known of its bytes, and both are forgotten
together: a block that has to be read anew is cheaper to read in its page than alone.
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

    `begins` matches a block's first tag, which always starts with `opens`; `ends` is its last tag.
    The two groups of `clock` hold when the page was rendered: blocks that differ only there count
    as the same. `plain` matches a whole block whose form proves that it is closed and has nothing
    that `asked_for` selects. Any other block is kept in the page if it has an element that
    `asked_for` selects, since the whole page is searched for those. No block is cut out of elements
    that `apart` selects, since all their content is read.
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
    """What is known of a block's bytes.

    `seen`: they were on a page before; `may_go`: they may be cut out, None if not examined yet;
    `made` is what was read of them, for `made_for`.
    """

    __slots__ = ("made", "made_for", "may_go", "seen")

    def __init__(self) -> None:
        self.seen = False
        self.may_go: bool | None = None
        self.made: object = None
        self.made_for: Hashable = None


class Piece:
    """A block that may be cut out of a page: the bytes from `start` to `end` of its markup.

    `plain` is the match of its platform's plain form, if it has that and is seen for the first
    time, else None.
    """

    __slots__ = ("_block", "_page", "_sight", "end", "plain", "start")

    def __init__(self, sight: _Sight, page: bytes, start: int, end: int) -> None:
        self._sight, self._page = sight, page
        self.start, self.end = start, end
        self.plain: re.Match[str] | None = None
        self._block: LexborNode | None = None

    def alone(self) -> LexborNode:
        """Parse the block alone, with the same result as within its page."""
        block = self._block or _alone(self._page[self.start : self.end])
        assert block is not None, "what was cut out is an element"  # noqa: S101
        return block

    def made(self, make: Callable[["Piece"], Made], made_for: Hashable) -> Made:
        """Return what `make` made of the block last time, or call it now.

        `made_for` is what the result depends on beside the block: the blog's address. Only one
        reader reads a platform's blocks, so that what is kept is always the result of its `make`.
        """
        sight = self._sight
        if sight.made is None or sight.made_for != made_for:
            sight.made, sight.made_for = make(self), made_for
        return cast("Made", sight.made)

    def may_go(self, blocks: Blocks) -> bool:
        """Return whether the block may be cut out.

        Not at first sight, unless it is in its plain form; at second sight it is parsed to decide.
        """
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
    """A part of a page's markup that is left out, from `start` to `end`, and its `stand_in`."""

    start: int
    end: int
    stand_in: bytes


def left_of(markup: bytes, gaps: Iterable[Gap]) -> bytes:
    """Return markup with gaps replaced by their stand-ins, but not those that begin in another."""
    whole, left, done = memoryview(markup), list[bytes | memoryview](), 0
    for start, end, stand_in in sorted(gaps):
        if start >= done:
            left += (whole[done:start], stand_in)
            done = end
    left.append(whole[done:])
    return b"".join(left)


# Random, so that no page can contain an attribute of this name.
_PLACE = f"data-{token_hex(8)}"
# The stand-in's text: an element left open before the block would show as an element around it.
_STAND_IN = b" " + _PLACE.encode() + b'="%d">.'
# A tag that is never closed is matched to the end of the text, so that no text is scanned twice.
_TAG = re.compile(rb'<(/?[a-zA-Z][a-zA-Z0-9-]*+)(?:[^>"]++|"[^"]*+")*+(>?)')
# Elements parsed differently within another of their kind (HTML Standard, 13.2.6.4), and templates,
# which are unfolded on whole pages (see `shadow_dom`).
_DEPENDS = "form, table, template"
# Elements whose children are HTML elements and stay where they are written.
_HOLDERS = frozenset({"body", "div"})
# Elements that must not be open around a block.
_OPEN = frozenset({"a", "button", "form", "nobr", "select", "table", "template"})


# Bytes after a block in which the next is searched for first: white space, an advertisement.
_NEAR = 500

_SIGHTS = Memo[_Sight]()


def cut_out(markup: bytes, blocks: Blocks) -> tuple[Sequence[Gap], Sequence[Run]]:
    """Find the blocks that may be cut out of a page's markup; return the gaps and their runs.

    Both are in page order, one run of adjacent blocks for each gap. The first tag of a run's first
    block stays in the page.
    """
    opens, runs, done = list[int](), list[list[Piece]](), 0
    whole = memoryview(markup)
    for start, opened, end in _places(markup, blocks):
        # Half of a block's bytes are its islands, of which nothing is kept.
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
    """Return the run that a node stands in for; an empty one if it is no stand-in."""
    place = node.attributes.get(_PLACE) if runs else None
    return runs[int(place)] if place else ()


def stand_as_written(tree: LexborHTMLParser, runs: Sequence[Run], blocks: Blocks) -> bool:
    """Return whether a tree has all stand-ins, in order, and no element around changes them."""
    found = tree.css(f"[{_PLACE}]")
    places = [node.attributes[_PLACE] for node in found]
    if places != [str(place) for place in range(len(runs))]:
        return False
    tags = _tags_around(found)
    # The elements of `apart` are selected, not the stand-ins in them: three times as fast.
    if any(node.mem_id in tags for node in tree.css(", ".join(blocks.apart))):
        return False
    holders = {tags[above.mem_id] for node in found if (above := node.parent) is not None}
    return (
        all(map(_is_untouched, found)) and holders <= _HOLDERS and _OPEN.isdisjoint(tags.values())
    )


def _tags_around(nodes: Iterable[LexborNode]) -> dict[int, str]:
    """Return the tags of all ancestors of some nodes, by `mem_id`."""
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
    """Yield where each block begins, where its first tag ends, and where the block ends."""
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
    """Return a key for a block's bytes, without the two groups of its clock."""
    found = blocks.clock.search(whole, start, end)
    if found is None:
        return digest(whole[start:end])
    (now, since), (ago, rest) = found.span(1), found.span(2)
    return digest(whole[start:now], whole[since:ago], whole[rest:end])


def _plain(written: bytes, form: re.Pattern[str]) -> re.Match[str] | None:
    """Match a block's plain form; None if it has another, or bytes that parsers drop or replace."""
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
