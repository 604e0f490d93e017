"""A page's own blocks joined to the updates in its structured data.

By id where both have one. Where only one side has, by the minute and the first words: the minute
without the hour, since a page's clock may be in another zone than its structured data. An update
without words is matched by its instant.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import ours
from scraper.platforms.schema_org.wording import folded, visible
from scraper.times.instants import moment
from store.decision.merge import merge
from store.sighting import Sighting

HEAD = 30
ZONE_STEP = timedelta(minutes=15)
WIDEST_ZONE = timedelta(hours=14)
MINUTE = timedelta(minutes=1)
# How many elements a block may reach outwards from its time.
LAYERS = 6
# How many elements with the time of one update are tried.
FEW = 3

Pair = tuple[tuple[Sighting, ...], tuple[Sighting, ...]]


def join(blocks: Sequence[Sighting], linked: Sequence[Sighting]) -> Pair:
    """Match blocks with updates; return both, with common ids and the blocks' true times.

    Where neither side has ids, a block and its update become one sighting: the block, completed.
    """
    matches = _matches(blocks, linked)
    if not any(update.block_id for update in linked):
        named = [
            replace(update, block_id=blocks[matches[n]].block_id) if n in matches else update
            for n, update in enumerate(linked)
        ]
        return _with_true_clock(_merged(blocks, named, matches), named, matches)
    by_block = {block: update for update, block in matches.items()}
    joined = [
        replace(block, block_id=linked[by_block[n]].block_id) if n in by_block else block
        for n, block in enumerate(blocks)
    ]
    return _with_true_clock(joined, list(linked), matches)


def without_furniture(blocks: Sequence[Sighting], linked: Sequence[Sighting]) -> list[Sighting]:
    """Take the update's body for blocks in which words of the page precede the body."""
    bodies = {update.block_id: update for update in linked if update.block_id and update.text}
    cleaned = list[Sighting]()
    for block in blocks:
        update = bodies.get(block.block_id or "")
        head = folded(update.text or "")[:HEAD] if update else ""
        if update and head and head in folded(block.text or "")[HEAD // 10 :]:
            cleaned.append(replace(block, html=update.html, text=update.text))
        else:
            cleaned.append(block)
    return cleaned


def fuller(document: Document, updates: Sequence[Sighting], base: str) -> tuple[Sighting, ...]:
    """Complete bodies that structured data cuts, from the blocks around the times of the updates.

    Times of India cuts headline and body at 96 characters and gives its blocks no id, but each has
    a `time` of its own, to the second.
    """
    around: dict[object, list[LexborNode]] = {}
    within = Counter[int]()
    for node in document.tree.css("time[datetime]"):
        told = moment(node.attributes.get("datetime") or "")
        within.update(above.mem_id for above in _above(node))
        if told is not None and told.zoned:
            around.setdefault(told.at, []).append(node)
    return tuple(
        _fuller(update, around.get(update.published, [])[:FEW], within, base) for update in updates
    )


def _fuller(
    update: Sighting, times: Sequence[LexborNode], within: Mapping[int, int], base: str
) -> Sighting:
    said = folded(update.text or "")
    for time in times:
        for html in _bodies_around(time, within):
            body, text = ours(visible(html), base)
            if said and len(text) > len(update.text or "") and folded(text).startswith(said):
                return replace(update, html=body, text=text)
    return update


def _bodies_around(time: LexborNode, within: Mapping[int, int]) -> Iterator[str]:
    """Yield the markup after a time, from its next siblings outwards to the end of its block.

    `within` counts the times in each element, by memory id; an element with several times holds
    several blocks.
    """
    inner = time
    for above in _above(time):
        if within[above.mem_id] > 1:
            return
        after, seen = list[str](), False
        for child in above.iter(include_text=True):
            if seen:
                after.append(child.html or "")
            seen = seen or child.mem_id == inner.mem_id
        yield "".join(after)
        inner = above


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(LAYERS):
        if above is None:
            return
        yield above
        above = above.parent


def _matches(blocks: Sequence[Sighting], linked: Sequence[Sighting]) -> dict[int, int]:
    """Return which update is which block: the block's index by the update's index."""
    places = {block.block_id: n for n, block in enumerate(blocks) if block.block_id is not None}
    found = {n: places[u.block_id] for n, u in enumerate(linked) if u.block_id in places}
    if found:
        return found
    waiting: dict[tuple[object, str], deque[int]] = {}
    for n, block in enumerate(blocks):
        for key in (*_keys(block), *_instant(block)):
            waiting.setdefault(key, deque()).append(n)
    taken = set[int]()
    for n, update in enumerate(linked):
        for key in tuple(_keys(update)) or _instant(update):
            queue = waiting.get(key, deque())
            while queue and queue[0] in taken:
                queue.popleft()
            if queue and n not in found:
                found[n] = queue.popleft()
                taken.add(found[n])
    return found


def _keys(sighting: Sighting) -> Iterator[tuple[object, str]]:
    minute = sighting.published.minute if sighting.published else None
    for text in (sighting.title, sighting.text):
        if head := folded(text or "")[:HEAD]:
            yield minute, head


def _instant(sighting: Sighting) -> tuple[tuple[object, str], ...]:
    return ((sighting.published, ""),) if sighting.published else ()


def _merged(
    blocks: Sequence[Sighting], linked: list[Sighting], matches: dict[int, int]
) -> list[Sighting]:
    """Complete the blocks without id by their updates, which are deleted from `linked`."""
    merged = list(blocks)
    for n in sorted(matches, reverse=True):
        block = matches[n]
        if blocks[block].block_id is None:
            merged[block] = merge((blocks[block], linked[n]))
            del linked[n]
    return merged


def _with_true_clock(
    blocks: Sequence[Sighting], linked: list[Sighting], matches: dict[int, int]
) -> Pair:
    """Correct a page's clock if it differs from its structured data by one and the same offset.

    la Repubblica prints Rome's time with a `Z`, easy-liveblogs an epoch of the local clock. The
    times of matched blocks are dropped, those of others moved.
    """
    if len(linked) <= max(matches, default=-1):
        return tuple(blocks), tuple(linked)
    pairs = [(blocks[b].published, linked[n].published) for n, b in matches.items()]
    apart = {
        one.replace(second=0, microsecond=0) - other.replace(second=0, microsecond=0)
        for one, other in pairs
        if one is not None and other is not None
    }
    shift = apart.pop() if len(apart) == 1 and len(pairs) > 1 else timedelta()
    if not shift or shift % ZONE_STEP or abs(shift) > WIDEST_ZONE:
        return tuple(blocks), tuple(linked)
    joined = set(matches.values())
    corrected = [
        replace(block, published=None, time_precision=None)
        if n in joined
        else replace(block, published=block.published and block.published - shift)
        for n, block in enumerate(blocks)
    ]
    return tuple(corrected), tuple(linked)
