"""Pages rendered by guardian/dotcom-rendering, 2022 to 2026.

Its class names are hashes that change with every edit, so ids, elements and islands are read. Only
the properties of its carousel say which blocks are key events. Its JSON-LD gives every block the
page's own date and headline, and is not read.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from selectolax.lexbor import LexborNode

from scraper.address import absolute, normalise
from scraper.markup.cut import Blocks, Piece
from scraper.markup.document import Document
from scraper.markup.held import Holders
from scraper.markup.html import made_ours, squeeze
from scraper.markup.loose_json import decoded
from scraper.markup.memo import Memo, digest
from scraper.markup.parsed import LeavesOut
from scraper.markup.script_language import language_of
from scraper.markup.word import Word
from scraper.platforms.guardian.blog import (
    BLOCK_ID,
    BLOCKS,
    HEADINGS,
    NAME,
    PAGE_OF,
    Blog,
    Flaw,
    config,
    headline,
    hold_against,
    keywords_in,
    series_in,
    sift,
)
from scraper.platforms.guardian.embedded import FURNITURE, figure_html
from scraper.platforms.guardian.key_events import key_events
from scraper.platforms.guardian.older import linked_older
from scraper.platforms.guardian.plain import PLAIN, plain_sighting
from scraper.times.instants import epoch_ms, instant
from store.entry import Media, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

# A link to another page of the blog, as opposed to a block's permalink.
OTHER_PAGE = 'a[href*="page=with"]:not([href*="#block-"])'

RELATIVE_TIME = 'gu-island[name="RelativeTime"][props]'

# What is searched for on the whole page: a block that contains any of it is not cut out.
ASKED_FOR = (
    *("h1", "main", "nav", "link", "meta", "[id^=block-]:not(article)", "#liveblog-body"),
    *(OTHER_PAGE, "#pinned-post", '[data-gu-name="standfirst"]', '[id^="key-events-carousel"]'),
    *('gu-island[name="KeyEventsCarousel"]', 'gu-island[name="FilterKeyEventsToggle"]'),
    *('gu-island[name="Liveness"]', ".js-liveblog-body"),
)

LEAVES_OUT = LeavesOut(
    blocks=Blocks(
        opens=Word(b'<article id="block-'),
        begins=re.compile(rb'<article id="block-[0-9a-f]{24}"[^<>]*+>'),
        ends=b"</article>",
        # In the island around a block's time: when the page was rendered, and "5m ago".
        clock=re.compile(
            rb'&quot;now&quot;: ?([0-9]+)[^<>"]*+"[^<>]*+><time [^<>]*+>([^<>]*+)</time>'
        ),
        plain=PLAIN,
        asked_for=", ".join(ASKED_FOR),
        apart=("h1", "nav", "title", "#pinned-post", '[data-gu-name="standfirst"]'),
    ),
    # The carousel is on a page twice; the title piece holds all of the site's navigation.
    values=Holders(
        begins=(
            Word(b'<gu-island name="KeyEventsCarousel"'),
            Word(b'<gu-island name="Titlepiece"'),
        ),
        to_value=re.compile(rb'[^"]*+"[^"]*+"(?: (?!props=)[a-zA-Z]++="[^"]*+")*+ props="'),
        attribute="props",
    ),
)

_PINNED = Memo[Sighting | Flaw]()


def read_rendered(blog: Blog, body: LexborNode) -> Snapshot:
    """Read a page: its blocks, its key events and its pinned copy.

    Raises LayoutError if they are in an unknown form.
    """
    document = blog.document
    shown, flaws = sift(blog, rendered_blocks(blog, body))
    listed = key_events(blog)
    pinned = _pinned(blog, body)
    hold_against(blog, shown, listed.sightings)
    if not shown and body.css_first("article, time"):
        raise blog.broken("no block has an id that is known")
    top, bottom = _reach(document, filtered=listed.filtered)
    live, doubts = _liveness(document)
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout=listed.layout,
        title=headline(document),
        language=language_of(document.language, (block.text or "" for block in shown)),
        live=live,
        sightings=(*shown, *pinned, *listed.sightings),
        shows_top=top,
        shows_bottom=bottom,
        older=linked_older(document) if bottom is False else "",
        lists_every_key_event=listed.every,
        page_time=listed.page_time or _relative_now(document, body),
        claimed_url=blog.claimed,
        whole=document.whole,
        unread=bool(flaws),
        warnings=(*flaws, *listed.warnings, *doubts),
        listings=series_in(blog),
        keywords=keywords_in(document),
        leads=_linked_in_standfirst(blog),
    )


def _linked_in_standfirst(blog: Blog) -> tuple[str, ...]:
    """Return the links in the words under the headline; a closed blog's lead to its successor."""
    links = blog.document.tree.css('[data-gu-name="standfirst"] a[href]')
    found = (absolute(link.attributes["href"] or "", blog.url) for link in links)
    return tuple(normalise(url) for url in found if url)


def rendered_blocks(blog: Blog, body: LexborNode) -> Iterator[Sighting | Flaw]:
    """Yield each block in a body; a Flaw if it cannot be read, or for an article without an id."""
    for node in body.css(f"article, {BLOCKS}:not(article)"):
        run, found = blog.document.run_at(node), BLOCK_ID.fullmatch(node.id or "")
        if run:
            yield from (_remembered(blog, piece) for piece in run)
        elif found:
            yield _walked(blog, found[1], node, View.BLOCK)
        elif node.tag == "article" and not _is_inside(node, body):
            yield Flaw("an article in the body has no block's id", form=True)


def _is_inside(node: LexborNode, body: LexborNode) -> bool:
    """Whether a node is inside a block or the pinned copy of one."""
    above = node.parent
    while above is not None and above.mem_id != body.mem_id:
        if above.id == "pinned-post" or BLOCK_ID.fullmatch(above.id or ""):
            return True
        above = above.parent
    return False


def _remembered(blog: Blog, piece: Piece) -> Sighting | Flaw:
    """Read a block that was cut out of the tree, from the cache if it is unchanged."""
    return piece.made(partial(_of, blog), blog.url)


def _of(blog: Blog, piece: Piece) -> Sighting | Flaw:
    if piece.plain is not None:
        return plain_sighting(blog, piece.plain)
    block = piece.alone()
    return _walked(blog, (block.id or "").removeprefix("block-"), block, View.BLOCK)


def _walked(
    blog: Blog, block_id: str, block: LexborNode, view: View, published: datetime | None = None
) -> Sighting | Flaw:
    """Read a block in one walk over its children.

    `published` is used if the block prints no time.
    """
    header = footer = None
    parts = list[str]()
    media = list[Media]()
    for child in block.iter(include_text=True):
        tag = child.tag
        if tag == "header" and header is None:
            header = child
        elif tag == "footer":
            footer = child
        elif tag == "figure":
            html, image = figure_html(child, blog.url)
            parts.append(html)
            media.extend(image)
        elif tag not in FURNITURE:
            parts.append(child.html or "")
    if header is None or footer is None:
        return Flaw(f"block {block_id} has no header or no footer", form=True)
    heading, updated = _header(header), _updated(footer)
    if isinstance(heading, Flaw):
        return heading
    if isinstance(updated, Flaw):
        return updated
    time, title, authors = heading
    at = time or published
    # In 2023 the copy of a pinned block printed "From 49m ago" and a clock, and no instant.
    if at is None and view is not View.PINNED:
        return Flaw(f"block {block_id} is left out: it has no time that can be read")
    html, text = made_ours("".join(parts), blog.url)
    return Sighting(
        view=view,
        block_id=block_id,
        published=at,
        updated=updated,
        time_precision=TimePrecision.SECOND if at else None,
        title=title,
        html=html,
        text=text,
        permalink=blog.permalink(block_id),
        authors=authors,
        media=tuple(media),
        pinned=True if view is View.PINNED else None,
    )


def _header(header: LexborNode) -> tuple[datetime | None, str, tuple[str, ...]] | Flaw:
    """Read a block's header: its time (None if none), its title ("" if none), its contributors."""
    published, title, authors = None, "", list[str]()
    for child in header.iter():
        if child.tag in HEADINGS:
            title = squeeze(child.text())
            continue
        within = _first_of_each(child)
        if (time := within.get("time")) is not None:
            published = published or instant(time.attributes.get("datetime") or "")
        elif words := squeeze(child.text()):
            name = within.get("span")
            if name is None and "a" not in within:
                return Flaw(f"the words {words[:40]!r} in a block's header", form=True)
            authors.extend([squeeze(name.text())] if name and "a" not in within else [])
    return published, title, tuple(authors)


def _first_of_each(node: LexborNode) -> dict[str | None, LexborNode]:
    """Return the first element of each tag name in a node, the node itself included."""
    first = dict[str | None, LexborNode]()
    for within in node.traverse():
        first.setdefault(within.tag, within)
    return first


def _updated(footer: LexborNode) -> datetime | Flaw | None:
    """Read "Updated at" in a block's footer; None if it has none, a Flaw if in another form."""
    words = footer.text()
    if "Updated" not in words and not any(map(str.isdigit, words)):
        return None
    time = footer.css_first("time")
    said = instant(time.attributes.get("datetime") or "") if time else None
    return said or Flaw("a block was updated at a time that cannot be read", form=True)


def _pinned(blog: Blog, body: LexborNode) -> tuple[Sighting, ...]:
    """Read the copy of a pinned block, whose id is only in its link; () if no block is pinned."""
    frame = body.css_first("#pinned-post")
    block = frame.css_first("article") if frame else None
    link = block.css_first("header a[href]") if block else None
    found = BLOCK_ID.search(link.attributes["href"] or "") if link else None
    if frame is None:
        return ()
    if block is None or found is None:
        raise blog.broken("a pinned post without a link to its block")
    above = next((t for t in frame.css("time[datetime]") if not _within(t, "footer")), None)
    time = instant(above.attributes["datetime"] or "") if above else None
    markup = (block.html or "").encode()
    copy = _PINNED.get(
        lambda: _walked(blog, found[1], block, View.PINNED, time),
        (digest(markup), blog.url, time),
        len(markup),
    )
    return sift(blog, (copy,))[0]


def _within(node: LexborNode, tag: str) -> bool:
    above = node.parent
    while above is not None and above.tag != tag:
        above = above.parent
    return above is not None


def _reach(document: Document, *, filtered: bool) -> tuple[bool | None, bool | None]:
    """Whether a page shows the newest block, and whether the oldest; None for unknown.

    The pagination says so ("2 of 5"). A page that is `filtered` for key events says nothing of
    either.
    """
    navigation = document.tree.css_first("nav#liveblog-navigation")
    if filtered or _is_filtered(document, navigation):
        return None, None
    if navigation is None:
        pages = document.tree.css_first(OTHER_PAGE)
        return (True, document.whole or None) if pages is None else (None, None)
    found = PAGE_OF.search(squeeze(navigation.text(separator=" ")))
    if found is None:
        return None, None
    return int(found[1]) == 1, (int(found[1]) == int(found[2])) if document.whole else None


def _is_filtered(document: Document, navigation: LexborNode | None) -> bool:
    if "filterKeyEvents=true" in document.url:
        return True
    toggle = document.tree.css_first('gu-island[name="FilterKeyEventsToggle"]')
    return (
        toggle is not None and '"filterKeyEvents":true' in (toggle.attributes.get("props") or "")
    ) or (navigation is not None and "filterKeyEvents=true" in (navigation.html or ""))


def _liveness(document: Document) -> tuple[bool | None, tuple[str, ...]]:
    """Whether a blog is live, and warnings: only a live one's page has the island Liveness.

    If that is missing and the page's configuration says live, the answer is None, with a warning.
    """
    if document.tree.css_first('gu-island[name="Liveness"]') is not None:
        return True, ()
    if config(document).get("isLive") is True:
        return None, ("the island Liveness is not there, but the page's configuration says live",)
    return False, ()


def _relative_now(document: Document, body: LexborNode) -> datetime | None:
    """Return when a page was rendered (UTC), from any relative time in it: all have the same."""
    island = body.css_first(RELATIVE_TIME)
    if island is None and document.runs:
        island = document.runs[0][0].alone().css_first(RELATIVE_TIME)
    return epoch_ms(decoded(island.attributes["props"]).get("now")) if island else None
