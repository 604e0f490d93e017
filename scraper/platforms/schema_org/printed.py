"""Reading the blocks that a page prints itself, by its publisher's hooks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from selectolax.lexbor import LexborNode

from scraper.hints.labels import headline
from scraper.markup.document import Document
from scraper.markup.html import Ours, figure, ours, picture, squeeze
from scraper.markup.memo import Memo, digest
from scraper.markup.once import once
from scraper.platforms.schema_org.hooks import HOOKS, Hooks
from scraper.platforms.schema_org.wording import visible
from scraper.times.instants import Moment, moment
from store.entry import Media
from store.sighting import Sighting, View

FURNITURE = frozenset(
    {"script", "style", "template", "button", "nav", "svg", "form", "amp-ad", "-comment", "time"}
    | {"amp-timeago"}
)

_PRINTED = Memo[Sighting]()

# One block with a publisher's marks may be a leftover; two are a list.
AT_LEAST = 2


def hooks_of(document: Document) -> Hooks | None:
    """Return the hooks of the publisher whose blocks are on a page; None where there are none."""
    for hooks in HOOKS:
        if document.may_print(hooks.sign) and len(_nodes(document, hooks)) >= AT_LEAST:
            return hooks
    return None


def printed_blocks(
    document: Document, hooks: Hooks, base: str, zone: tzinfo | None
) -> tuple[Sighting, ...]:
    """Read a page's blocks in page order; those without title and body are left out."""
    keys, nodes = _key_events(document, hooks), _nodes(document, hooks)
    clock = _clock(nodes, hooks, zone)
    read = (_read_before(node, clock, base, zone, keys) for node in nodes)
    return tuple(sighting for sighting in read if sighting.title or sighting.html)


def _clock(nodes: Sequence[LexborNode], hooks: Hooks, zone: tzinfo | None) -> Hooks:
    """Keep only the first place for times that most blocks have: two clocks must not be mixed."""
    if len(hooks.published) == 1:
        return hooks
    for place in hooks.published:
        known = sum(_time(node, (place,), zone) is not None for node in nodes)
        if 2 * known > len(nodes):
            return replace(hooks, published=(place,))
    return hooks


@once
def _known_nodes(_: Document) -> dict[str, list[LexborNode]]:
    """Return a dict for a page's blocks by selector: both recognising and reading a page ask it."""
    return {}


def _nodes(document: Document, hooks: Hooks) -> list[LexborNode]:
    known = _known_nodes(document)
    if hooks.block not in known:
        found = document.tree.css(hooks.block)
        known[hooks.block] = [node for node in found if hooks.id.fullmatch(_id(node, hooks))]
    return known[hooks.block]


def _id(node: LexborNode, hooks: Hooks) -> str:
    return (node.attributes.get(hooks.id_in) or "").strip()


def _key_events(document: Document, hooks: Hooks) -> frozenset[str] | None:
    """Return the ids of the key events that a page lists; None where it lists none."""
    if not hooks.key_list:
        return None
    links = document.tree.css(hooks.key_list)
    named = frozenset((link.attributes.get("href") or "").rpartition("#")[2] for link in links)
    return named or None


def _read_before(
    block: LexborNode, hooks: Hooks, base: str, zone: tzinfo | None, keys: frozenset[str] | None
) -> Sighting:
    """Read a block; remembered, as nearly all of a page's are unchanged since the last read."""
    markup = (block.html or "").encode("utf-8", "replace")
    key = digest(markup), hooks.name, hooks.published, base, zone, keys
    return _PRINTED.get(lambda: _printed(block, hooks, base, zone, keys), key, len(markup))


def _printed(
    block: LexborNode, hooks: Hooks, base: str, zone: tzinfo | None, keys: frozenset[str] | None
) -> Sighting:
    found = hooks.id.fullmatch(_id(block, hooks))
    block_id = found[1] if found else None
    published = _time(block, hooks.published, zone)
    updated = _time(block, hooks.updated, zone)
    heading = block.css_first(hooks.title) if hooks.title else None
    writer = block.css_first(hooks.author) if hooks.author else None
    apart = [node for node in (heading, writer) if node is not None]
    body, media = _body(block, hooks, base, [*apart, *_furniture(block, hooks)])
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published.at if published else None,
        updated=_later(updated, published),
        time_precision=published.precision if published else None,
        title=_title(heading),
        html=body.html or None,
        text=body.text if body.html else None,
        authors=_authors(writer, hooks),
        media=media or None,
        key_event=_key_event(block, block_id, hooks, keys),
        pinned=_is(block, hooks.pinned),
    )


def _time(
    block: LexborNode, places: Sequence[tuple[str, str]], zone: tzinfo | None
) -> Moment | None:
    """Read the first readable time; one that states no zone counts only if `zone` is known."""
    for selector, attribute in places:
        node = block.css_first(selector) if selector else block
        written = node.attributes.get(attribute) if node is not None else None
        told = moment(written or "", zone) if zone is not None else moment(written or "")
        if told is not None and (told.zoned or zone is not None):
            return told
    return None


def _later(updated: Moment | None, published: Moment | None) -> datetime | None:
    if updated is None or (published is not None and updated.at <= published.at):
        return None
    return updated.at


def _title(heading: LexborNode | None) -> str | None:
    """Return the title: "" where there is no heading, None where only scripts fill it."""
    if heading is None:
        return ""
    return headline(heading) or None


def _furniture(block: LexborNode, hooks: Hooks) -> list[LexborNode]:
    """Return a block's times and its elements of `skip`, where the block itself is the body."""
    if hooks.body:
        return []
    selectors = [selector for selector, _ in hooks.published if selector]
    selectors += [f".{name}" for name in sorted(hooks.skip)]
    return block.css(", ".join(selectors)) if selectors else []


def _authors(writer: LexborNode | None, hooks: Hooks) -> tuple[str, ...] | None:
    name = squeeze(writer.text()) if writer is not None else ""
    return (name,) if name and name not in hooks.no_author else None


def _key_event(
    block: LexborNode, block_id: str | None, hooks: Hooks, keys: frozenset[str] | None
) -> bool | None:
    if hooks.key is not None:
        return _is(block, hooks.key)
    return block_id in keys if keys is not None else None


def _is(block: LexborNode, mark: tuple[str, str] | None) -> bool | None:
    return block.attributes.get(mark[0]) == mark[1] if mark is not None else None


def _body(
    block: LexborNode, hooks: Hooks, base: str, apart: Sequence[LexborNode]
) -> tuple[Ours, tuple[Media, ...]]:
    """Return a block's body and its pictures, without the elements that are `apart`."""
    body = block.css_first(hooks.body) if hooks.body else block
    if body is None:
        return Ours("", ""), ()
    dropped = {node.mem_id for node in apart}
    opened = {above.mem_id for node in apart for above in _above(node, body)}
    parts, media = list[str](), list[Media]()
    for node in _content(body, dropped, opened, hooks.skip):
        drawn = _picture(node, hooks, base)
        if drawn is None:
            parts.append(node.html or "")
        else:
            parts.append(figure(*drawn))
            media.append(drawn[0])
    # AMP's images become plain images.
    html = visible("".join(parts)).replace("<amp-img", "<img")
    return ours(html, base), tuple(media)


def _above(node: LexborNode, top: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None and above.mem_id != top.mem_id:
        yield above
        above = above.parent


def _content(
    node: LexborNode, dropped: set[int], opened: set[int], skip: frozenset[str]
) -> Iterator[LexborNode]:
    for child in node.iter(include_text=True):
        if child.mem_id in dropped or child.tag in FURNITURE:
            continue
        classes = (child.attributes.get("class") or "") if child.tag != "-text" else ""
        if skip and not skip.isdisjoint(classes.split()):
            continue
        if child.mem_id in opened:
            yield from _content(child, dropped, opened, skip)
        else:
            yield child


def _picture(node: LexborNode, hooks: Hooks, base: str) -> tuple[Media, str] | None:
    if node.tag == "-text":
        return None
    classes = (node.attributes.get("class") or "").split()
    if node.tag != "figure" and hooks.pictures.isdisjoint(classes):
        return None
    return picture(node, base, hooks.caption)
