"""Pages that the theme `default`, and themes derived from it, render on the server.

A page shows the pinned posts, then the first page of the others: newest first, or in the editors'
order.
"""

from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.markup.memo import Memo, digest
from scraper.platforms.superdesk.asking import changes, every_post
from scraper.platforms.superdesk.blog import NAME, Blog, made_at
from scraper.platforms.superdesk.items import body_of, printed_items
from scraper.times.instants import moment
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

POST = "article[data-post-sticky], article.lb-post[data-post-id]"
TIMELINE = "[data-timeline-normal]"
MORE = "[data-load-more], .load-more-posts"
# Python's words, as its templates print them.
STICKY = {"True": True, "False": False, "true": True, "false": False, "None": False, "": False}
PINNED_ABOVE = "lb-sticky-top-post"
HIGHLIGHTED = "lb-post--highlighted"
ADVERTISEMENT = "advertisement"

_PRINTED = Memo[Sighting]()


def read_printed(blog: Blog) -> Snapshot:
    """Read a page's posts; LayoutError where they are not in the known form."""
    document = blog.document
    posts = document.tree.css("article[data-post-id]")
    shown = tuple(_printed(blog, post) for post in posts if not _is_advertisement(post))
    if not posts and (document.tree.css_first(POST) or not _is_empty(blog)):
        raise blog.broken("no post that is known")
    more = document.tree.css_first(MORE) is not None
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="theme",
        title=blog.title,
        language=document.language or _language(blog),
        live=blog.live,
        sightings=shown,
        shows_top=True,
        shows_bottom=not more if more or document.whole else None,
        published=blog.begun,
        claimed_url=blog.claimed,
        whole=document.whole,
        older=every_post(blog) if more else "",
        answers=changes(blog),
    )


def _language(blog: Blog) -> str:
    said = blog.settings.get("language")
    return said if isinstance(said, str) else ""


def _is_advertisement(post: LexborNode) -> bool:
    return ADVERTISEMENT in _classes(post)


def _is_empty(blog: Blog) -> bool:
    """Whether a page says that there are no posts yet."""
    message = blog.document.tree.css_first("[data-empty-message]")
    hidden = message is None or "mod--displaynone" in (message.attributes.get("class") or "")
    return not hidden and blog.said.get("total_posts") in (None, 0)


def _printed(blog: Blog, post: LexborNode) -> Sighting:
    """Read one post; remembered, as nearly all of a page's are unchanged since the last read."""
    markup = (post.html or "").encode()
    key = digest(markup), blog.url, blog.around_id
    return _PRINTED.get(lambda: _walked(blog, post), key, len(markup))


def _walked(blog: Blog, post: LexborNode) -> Sighting:
    stated = post.attributes
    block_id = (stated.get("data-post-id") or "").strip()
    pinned = _is_pinned(post)
    if not block_id or pinned is None:
        raise blog.broken("a post without its id, or that does not tell whether it is pinned")
    told = _told(blog, post, ".lb-post-date")
    if told is None and not pinned:
        raise blog.broken(f"post {block_id} has no time")
    published = told or made_at(block_id)
    updated = _told(blog, post, ".lb-post-updated-time")
    if updated is None and post.css_first(".lb-post-updated, [class*=updated] [data-js-timestamp]"):
        raise blog.broken(f"post {block_id} was updated at a time that cannot be read")
    items = printed_items(post, blog.url)
    if not items and _has_words(post):
        raise blog.broken(f"post {block_id} has no items that are known")
    body = body_of(items, blog.url)
    authors, credit = _author(blog, post)
    precision = TimePrecision.SECOND if told else TimePrecision.ESTIMATED
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        updated=updated if updated and published and updated > published else None,
        time_precision=precision if published else None,
        title=body.title,
        html=body.html,
        text=body.text,
        permalink=blog.permalink(block_id),
        authors=authors,
        credit=credit,
        media=body.media,
        key_event=_key_event(blog, post),
        pinned=pinned,
    )


def _is_pinned(post: LexborNode) -> bool | None:
    """Whether a post is pinned, by its attribute or else by a sign on it; None if unclear."""
    said = post.attributes.get("data-post-sticky")
    if said is None:
        return PINNED_ABOVE in _classes(post) or post.css_first(".pin-icon") is not None
    return STICKY.get(said)


def _classes(post: LexborNode) -> list[str]:
    return (post.attributes.get("class") or "").split()


def _told(blog: Blog, post: LexborNode, selector: str) -> datetime | None:
    """Read a time that the page gives its script: `2026-11-18 13:36:45+00:00`; None if absent."""
    node = post.css_first(selector)
    if node is None:
        return None
    told = moment(node.attributes.get("data-js-timestamp") or "")
    if told is None or not told.zoned:
        raise blog.broken("a time that cannot be read")
    return told.at


def _key_event(blog: Blog, post: LexborNode) -> bool | None:
    """Whether a post is highlighted; None if it is pinned above the rest: no theme says it."""
    classes = _classes(post)
    if PINNED_ABOVE in classes:
        return None
    highlighted = HIGHLIGHTED in classes
    if not highlighted and post.css_first(".highlight-icon, [src*='highlighted']") is not None:
        raise blog.broken("a post with the sign of a highlight, but not its class")
    return highlighted


def _author(blog: Blog, post: LexborNode) -> tuple[tuple[str, ...] | None, str | None]:
    """Return who wrote a post, and the blog that it was taken over from; None where not stated."""
    names = post.css(":not(.lb-author--indent) > .lb-author__name")
    box = post.css_first(".lb-author:not(.lb-author--indent)")
    if not names:
        if box is not None and squeeze(box.text()):
            raise blog.broken("an author in another form")
        return None, None
    name = names[0]
    producer = name.css_first(".lb-producer")
    own = (child.text() for child in name.iter(include_text=True) if child.tag == "-text")
    words = squeeze(" ".join(own)) or ("" if producer else squeeze(name.text()))
    return (words,) if words else None, squeeze(producer.text()) if producer else None


def _has_words(post: LexborNode) -> bool:
    body = post.css_first(".items-container")
    return body is None or bool(squeeze(body.text()))
