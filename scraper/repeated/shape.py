"""What a page's blocks have in common: the places of their titles and writers, and their labels.

An element that occurs once in each block, in the same place above the words and made unlike them,
is not one of the words: it is a title, a name or a section. Text that most blocks repeat is a label
or a button. So titles are found that no markup calls a title, even those of a single word.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice

import msgspec
from selectolax.lexbor import LexborNode

from scraper.hints.run_in_headings import is_signed, is_the_name_of_a_person
from scraper.markup.html import squeeze
from scraper.repeated.blocks import Block, holding, names

# An element's place in its block: tag and classes of each element from the block to it.
Place = tuple[str, ...]

# How many blocks are compared, and how many lines of each.
SAMPLE, LINES = 12, 16
# A prime that scatters times, so that while a page grows the same blocks are compared.
SCATTER, WHEEL = 2_654_435_761, 2**32
FEWEST = 3
# The least share of blocks with a title, where some have none; the largest share of titles that end
# as sentences do, and of blocks with several lines in the place; the least share of persons' names
# among names.
TITLED, ENDED_SHARE, TWICE, PERSONS = 0.25, 0.25, 0.25, 0.6
# How many places above the words may be titles, names and sections.
MOST_ABOVE = 4
FEW_WORDS, REPEATED = 2, 2
LONGEST_TITLE, LONGEST_LABEL = 180, 40
FOLLOWED = 0.8
FIGURES = re.compile(r"\d{3,}")
LETTER = re.compile(r"[^\W\d_]")
ENDED = re.compile(r"[.…。।;,:][\"'”“»’)\]]*$")
WRITER = re.compile(r"byline|author|contributor|writer|autor|reporter", re.IGNORECASE)
TITLE_AND_BREAK = 2
BOLD = frozenset({"b", "strong"})
_INLINE = "a abbr b bdi cite em font i label mark small span strong u"
INLINE = frozenset(_INLINE.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Content of an entry: never its title, a name or a label, however many blocks have the like.
CONTENT = frozenset({"ul", "ol", "blockquote", "figure", "pre", "table"})
WHOLE = CONTENT | HEADINGS | {"p"}
_UNSEEN = "script style template svg nav form noscript button -comment img picture video audio"
UNSEEN = frozenset(_UNSEEN.split())


@dataclass(frozen=True, slots=True)
class Shape:
    """The places of titles and writers' names, None if unknown, and of what else is not words.

    `beside` are the places of other lines above the words, such as a section's name; `labels` are
    texts that most blocks repeat.
    """

    title: Place | None = None
    writer: Place | None = None
    beside: frozenset[Place] = frozenset()
    labels: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether nothing is known that blocks have in common."""
        return self == PLAIN


PLAIN = Shape()


class Line(msgspec.Struct, frozen=True):
    """A separate piece of a block: its place, its element, its words."""

    place: Place
    node: LexborNode
    words: str


def shape_of(blocks: Sequence[Block]) -> Shape:
    """Compare the first lines of a page's blocks; PLAIN where there are fewer than FEWEST."""
    if len(blocks) < FEWEST:
        return PLAIN
    sample = [blocks[n] for n in _sampled([int(each.mark.told.at.timestamp()) for each in blocks])]
    return shape_told(
        [list(islice(lines_of(each.node, [each.mark.node]), LINES)) for each in sample]
    )


def shape_of_rows(rows: Sequence[Sequence[LexborNode]], clocks: Sequence[int]) -> Shape:
    """Compare entries that are rows of elements, each between two times; PLAIN where there are few.

    `clocks` are the entries' times in minutes since midnight.
    """
    if len(rows) < FEWEST:
        return PLAIN
    return shape_told([list(lines_in(rows[n][:LINES])) for n in _sampled(clocks)])


def _sampled(times: Sequence[int]) -> Sequence[int]:
    """Return the indexes of the blocks to compare, chosen by their times and not by their places.

    So the shape of a growing page stays the same: a new block replaces at most one in the sample.
    """
    if len(times) <= SAMPLE:
        return range(len(times))
    return sorted(nsmallest(SAMPLE, range(len(times)), key=lambda n: times[n] * SCATTER % WHEEL))


def lines_in(row: Sequence[LexborNode]) -> Iterator[Line]:
    """Yield the elements of an entry that is a row of elements as its lines, without empty ones."""
    for node in row:
        words = squeeze((node.text_content or "") if node.tag == "-text" else node.text())
        if words:
            yield Line((_made(node),), node, words)


def shape_told(told: Sequence[Sequence[Line]]) -> Shape:
    """Return what the lines of several entries have in common."""
    labels = _labels(told)
    told = [[line for line in lines if line.words not in labels] for lines in told]
    above = list(_above(told))
    people = [each for each in above if _are_people(each)]
    titles = [each for each in above if each not in people and not _are_sections(each)]
    title = max(titles, key=_length, default=None)
    return Shape(
        title[0].place if title else None,
        people[0][0].place if people else None,
        frozenset(each[0].place for each in above if each is not title),
        labels,
    )


def lines_of(block: LexborNode, stamps: Sequence[LexborNode]) -> Iterator[Line]:
    """Yield the lines of a block in page order, without its stamps."""
    yield from _lines(block, (), {node.mem_id for node in stamps}, holding(stamps, block))


def title_in(lines: Sequence[Line], shape: Shape) -> LexborNode | None:
    """Return the element in the place of titles above a block's words; None where there is none."""
    for line in lines:
        if line.place == shape.title:
            return line.node
        if line.node.tag in CONTENT - {"figure"} or (line.node.tag == "p" and _is_said(line)):
            return None
    return None


def _is_said(line: Line) -> bool:
    return len(line.words) > LONGEST_TITLE or ENDED.search(line.words) is not None


def _lines(
    node: LexborNode, place: Place, stamps: Collection[int], stamped: Collection[int]
) -> Iterator[Line]:
    """Yield the lines within an element; those that are `stamped` contain one of the `stamps`."""
    for child in node.iter(include_text=True):
        tag, known = child.tag or "", child.mem_id
        if known in stamps or tag == "time" or _is_unseen(tag, stamped=known in stamped):
            continue
        words = squeeze((child.text_content or "") if tag == "-text" else child.text())
        if not words:
            continue
        here = (*place, _made(child))
        if tag == "-text" or not (known in stamped or _holds_lines(child)):
            yield Line(here, child, words)
        else:
            yield from _lines(child, here, stamps, stamped)


def _is_unseen(tag: str, *, stamped: bool) -> bool:
    """Whether an element has no words of its entry; a button may contain the time (`stamped`)."""
    return tag in UNSEEN and not (stamped and tag == "button")


def _made(node: LexborNode) -> str:
    """Return an element's tag and classes, without numbers of three or more digits."""
    stated = node.attributes if node.tag != "-text" else {}
    return f"{node.tag} {FIGURES.sub('', stated.get('class') or '')}"


def _holds_lines(node: LexborNode) -> bool:
    """Whether an element consists of separate lines, not of words of its own."""
    children = list(node.iter(include_text=True))
    tags = [child.tag for child in children]
    if not BOLD.isdisjoint(tags) and _is_headed(children):
        return True
    if node.tag in INLINE or node.tag in WHOLE:
        return False
    parts = [tag for tag in tags if tag not in {"-text", "-comment"}]
    if not INLINE.issuperset(parts):
        return True
    texts = (child.text_content for child in children if child.tag == "-text")
    return bool(parts) and not any(text and not text.isspace() for text in texts)


def _is_headed(children: Sequence[LexborNode]) -> bool:
    """Whether a line in bold and a break come before words: "<b>Headline</b><br>Words"."""
    said = [c for c in children if c.tag == "br" or (c.tag != "-comment" and squeeze(c.text()))]
    return len(said) > TITLE_AND_BREAK and said[0].tag in BOLD and said[1].tag == "br"


def _labels(told: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the texts that most blocks repeat.

    A person's name has to be in all blocks: otherwise it is that of who writes most.
    """
    said = Counter(
        words
        for lines in told
        for words in {line.words for line in lines if line.node.tag not in CONTENT}
    )
    most = max(FEWEST, len(told) // 2 + 1)
    return frozenset(
        words
        for words, times in said.items()
        if times >= most
        and len(words) <= LONGEST_LABEL
        and not ENDED.search(words)
        and (times == len(told) or not _is_a_name(words))
    )


def _is_a_name(words: str) -> bool:
    return is_signed(words) or is_the_name_of_a_person(words)


def _above(told: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """Yield the lines above the words of blocks, one list for each place, from the top."""
    passed = set[Place]()
    for _ in range(MOST_ABOVE):
        firsts = [next((ln for ln in lines if ln.place not in passed), None) for lines in told]
        places = Counter(line.place for line in firsts if line)
        found = next((p for p, _ in places.most_common() if _is_above(p, told)), None)
        if found is None:
            return
        passed.add(found)
        yield [line for lines in told for line in lines if line.place == found]


def _is_above(place: Place, told: Sequence[Sequence[Line]]) -> bool:
    """Whether a place is once in each block, is followed by other lines, and has no sentences."""
    having = [lines for lines in told if any(line.place == place for line in lines)]
    here = [[n for n, line in enumerate(lines) if line.place == place] for lines in having]
    if len(having) < max(2, TITLED * len(told)):
        return False
    if sum(len(each) > 1 for each in here) > TWICE * len(having):
        return False
    followed = sum(each[0] + 1 < len(lines) for each, lines in zip(here, having, strict=True))
    said = [lines[each[0]].words for each, lines in zip(here, having, strict=True)]
    ended = sum(ENDED.search(words) is not None for words in said)
    return (
        place[-1].partition(" ")[0] not in CONTENT
        and followed >= FOLLOWED * len(having)
        and ended <= ENDED_SHARE * len(said)
        and max(map(len, said)) <= LONGEST_TITLE
    )


def _are_people(lines: Sequence[Line]) -> bool:
    """Whether lines are in an element named for writers, or most of them are persons' names."""
    if WRITER.search(names(lines[0].node)) is not None:
        return True
    if lines[0].node.tag in HEADINGS:
        return False
    return sum(_is_a_name(line.words) for line in lines) >= PERSONS * len(lines)


def _are_sections(lines: Sequence[Line]) -> bool:
    """Whether lines are a few words that recur, such as sections and places, or are numbers."""
    said = {line.words for line in lines}
    if not any(LETTER.search(words) for words in said):
        return True
    few = max(len(words.split()) for words in said) <= FEW_WORDS
    return few and len(lines) > FEWEST and REPEATED * len(said) <= len(lines)


def _length(lines: Sequence[Line]) -> float:
    return sum(len(line.words) for line in lines) / len(lines)
