"""The Guardian's AMP pages, which were served until September 2025."""

from selectolax.lexbor import LexborNode

from scraper.markup.html import ours, squeeze
from scraper.platforms.guardian.blog import (
    BARE_ID,
    HEADINGS,
    NAME,
    PAGE_OF,
    Blog,
    Flaw,
    headline,
    sift,
)
from scraper.platforms.guardian.embedded import figure_html, post
from scraper.times.instants import epoch_ms
from store.entry import Media, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

AMP_LIST = "amp-live-list#live-blog-entries-main"


def read_amp(blog: Blog) -> Snapshot:
    """Read an AMP page, which shows neither updates nor key events nor whether the blog is live.

    Raises LayoutError if its blocks are in an unknown form.
    """
    document = blog.document
    nodes = document.tree.css(f"{AMP_LIST} [items] > [id]")
    blocks = (_amp(blog, node) for node in nodes if BARE_ID.fullmatch(node.id or ""))
    shown, flaws = sift(blog, blocks)
    if not shown:
        raise blog.broken("an AMP list without a block that is known")
    after = document.tree.css_first(f"{AMP_LIST} + div")
    found = PAGE_OF.search(squeeze(after.text(separator=" "))) if after else None
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="amp",
        title=headline(document),
        language=document.language,
        sightings=shown,
        shows_top=int(found[1]) == 1 if found else None,
        shows_bottom=found[1] == found[2] if found else None,
        claimed_url=blog.claimed,
        whole=document.whole,
        unread=bool(flaws),
        warnings=flaws,
    )


def _amp(blog: Blog, block: LexborNode) -> Sighting | Flaw:
    block_id = block.id or ""
    published = epoch_ms(block.attributes.get("data-sort-time"))
    if published is None:
        return Flaw(f"block {block_id} has no time that can be read")
    title, parts, media = "", list[str](), list[Media]()
    for child in block.iter():
        if child.tag in HEADINGS:
            title = title or squeeze(child.text())
        elif child.tag == "figure":
            html, image = figure_html(child, blog.url)
            parts.append(html)
            media.extend(image)
        elif child.tag == "span":
            parts.append(child.inner_html or "")
        elif (child.tag or "").startswith("amp-"):
            quoted = child.css_first("blockquote")
            parts.append(post(quoted) if quoted else "")
        elif child.tag != "a" and not _is_amp_furniture(squeeze(child.text())):
            return Flaw(f"something unknown in block {block_id}", form=True)
    html, text = ours("".join(parts), blog.url)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        time_precision=TimePrecision.SECOND,
        title=title,
        html=html,
        text=text,
        permalink=blog.permalink(block_id),
        media=tuple(media),
    )


def _is_amp_furniture(words: str) -> bool:
    return not words or words.startswith("Updated at")
