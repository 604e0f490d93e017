"""Pages of the theme `amp`: posts in an amp-live-list, with ids without punctuation.

`data-sort-time` is when a post was published; for a pinned post it is ten years later, so that it
stays above. `data-update-time` is when anything about the post changed
(themes_assets/amp/templates, template/filters.addten). Deleted posts stay in the page, marked as
tombstones.
"""

from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.platforms.superdesk.blog import NAME, Blog
from scraper.platforms.superdesk.items import body_of, printed_items
from scraper.times.instants import moment
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

LIST = "amp-live-list#amp-live-list-insert-blog"
POST = f"{LIST} [items] > article"
TEN_YEARS = 10


def read_amp(blog: Blog) -> Snapshot:
    """Read an AMP page's posts; LayoutError where they are not in the known form."""
    document = blog.document
    posts = document.tree.css(POST)
    shown = tuple(
        _printed(blog, post)
        for post in posts
        if not _is_deleted(post) and not post.css_first(".lb-advertisement")
    )
    if not posts:
        raise blog.broken("an AMP list without posts that are known")
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="amp",
        title=blog.title,
        language=document.language,
        live=blog.live,
        sightings=shown,
        deleted=tuple(post.id for post in posts if _is_deleted(post) and post.id),
        shows_top=True,
        shows_bottom=_shows_bottom(blog, posts),
        claimed_url=blog.claimed,
        whole=document.whole,
    )


def _shows_bottom(blog: Blog, posts: list[LexborNode]) -> bool | None:
    """Return True where the page is not full, so that nothing is left out; else None.

    Nothing else on the page tells whether older posts are left out.
    """
    frame = blog.document.tree.css_first(LIST)
    most = (frame.attributes.get("data-max-items-per-page") or "") if frame else ""
    others = sum(not _is_pinned(post) for post in posts)
    return True if blog.document.whole and most.isdigit() and others < int(most) else None


def _is_deleted(post: LexborNode) -> bool:
    return "data-tombstone" in post.attributes


def _is_pinned(post: LexborNode) -> bool:
    return "lb-item-pinned" in _classes(post) or post.css_first(".pin-icon") is not None


def _classes(post: LexborNode) -> list[str]:
    return (post.attributes.get("class") or "").split()


def _printed(blog: Blog, post: LexborNode) -> Sighting:
    block_id = post.id or ""
    sorted_at = moment(post.attributes.get("data-sort-time") or "")
    if not block_id or sorted_at is None:
        raise blog.broken("a post of the AMP list without id or time")
    pinned = _is_pinned(post)
    published = _decade_before(sorted_at.at, blog) if pinned else sorted_at.at
    changed = moment(post.attributes.get("data-update-time") or "")
    highlighted = "lb-post--highlighted" in _classes(post)
    if not highlighted and post.css_first(".highlight-icon") is not None:
        raise blog.broken("a post with the sign of a highlight, but not its class")
    items = printed_items(post, blog.url)
    if not items and post.css_first("article > article, p, figure") is not None:
        raise blog.broken(f"post {block_id} has no items that are known")
    name = post.css_first(".lb-author__name")
    words = squeeze(name.text()) if name else ""
    body = body_of(items, blog.url)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        updated=changed.at if changed and changed.at > published else None,
        time_precision=TimePrecision.SECOND,
        title=body.title,
        html=body.html,
        text=body.text,
        permalink=f"{blog.url}#{block_id}",
        authors=(words,) if words else None,
        media=body.media,
        key_event=highlighted,
        pinned=pinned,
    )


def _decade_before(at: datetime, blog: Blog) -> datetime:
    """Subtract the ten years by which pinned posts are sorted ahead; older themes add none."""
    if at <= blog.document.page.fetched_at:
        return at
    day = at.day if (at.month, at.day) != (2, 29) else 28
    return at.replace(year=at.year - TEN_YEARS, day=day)
