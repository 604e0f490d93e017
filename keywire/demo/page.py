"""A blog's pages as HTML, in the markup of the Guardian's current layout.

Only the hooks are the Guardian's (ids, islands, attributes); words and pictures are invented. Class
names there carry a meaningless hash, and so they do here. A page is a function of the blog, the
moment it is rendered at and its site.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from keywire.demo.blog import Block, Blog, Kind, Picture
from keywire.demo.markup import (
    EDITION,
    NAME,
    SECTION,
    ago,
    clock,
    configuration,
    full,
    island,
    iso,
    milliseconds,
    script,
    slug,
    time_tag,
)

ELEMENT = "model.dotcomrendering.pageElements."


def render(blog: Blog, now: datetime, site: str, page: str = "") -> str:
    """Render one page of a blog as it is at `now`.

    `site` is scheme, host and port. `page` is "" for the first page, or the value of the query's
    `page`: "with:block-<id>" for the page that shows that block. Raises KeyError if none does.
    """
    blog = with_whole_addresses(blog, site)
    pages = paged(blog)
    number = _number(pages, page)
    url = site + blog.path
    return f"""<!doctype html>
<html lang="en" data-article-theme="News">
<head>
{_head(blog, url, site, pages[number])}
</head>
<body>
<main data-layout="LiveLayout">
<section class="dcr-1m0ld">
<div data-gu-name="title">{_series(blog, site)}</div>
<div data-gu-name="headline"><h1 class="dcr-1h9l2e">{escape(blog.title)}</h1></div>
</section>
<div id="liveblog">
<div data-gu-name="standfirst"><p>{escape(blog.standfirst)}</p></div>
{_last_updated(blog, now, pages[number])}
{_byline(blog)}
{_dateline(blog)}
{_carousel(blog, now, "desktop")}
{_liveness(blog, url, on_first_page=number == 0)}
<div id="maincontent">
<div id="liveblog-body" class="js-liveblog-body dcr-1yq0rk">
{_pinned(blog, now) if number == 0 else ""}
{_carousel(blog, now, "mobile")}
<div id="top-of-blog"></div>
{"".join(_with_slots(draw(blog, block, now) for block in pages[number]))}
</div>
{_navigation(pages, number)}
</div>
</div>
</main>
<footer><p>{NAME} is an invented newspaper.</p></footer>
</body>
</html>
"""


def paged(blog: Blog) -> tuple[tuple[Block, ...], ...]:
    """Return a blog's blocks page by page, the newest first; an empty blog has one empty page."""
    size = blog.page_size
    cuts = range(0, max(len(blog.blocks), 1), size)
    return tuple(blog.blocks[cut : cut + size] for cut in cuts)


def with_whole_addresses(blog: Blog, site: str) -> Blog:
    """Return a blog with the site before the paths of its pictures."""

    def whole(element: str | Picture) -> str | Picture:
        return element if isinstance(element, str) else replace(element, path=site + element.path)

    return replace(
        blog,
        blocks=tuple(replace(b, body=tuple(whole(part) for part in b.body)) for b in blog.blocks),
    )


def _number(pages: Sequence[Sequence[Block]], page: str) -> int:
    if not page:
        return 0
    wanted = page.removeprefix("with:block-")
    for number, blocks in enumerate(pages):
        if any(block.id == wanted for block in blocks):
            return number
    raise KeyError(page)


def _head(blog: Blog, url: str, site: str, shown: Sequence[Block]) -> str:
    published = iso(blog.changed)
    page = {
        "pageId": blog.path.strip("/"),
        "headline": blog.title,
        "contentType": "LiveBlog",
        "isLiveBlog": True,
        "isLive": blog.live,
        "section": SECTION,
        "toneIds": "tone/minutebyminute,tone/news",
        "author": blog.author,
        "series": blog.series,
        "seriesId": f"{SECTION}/series/{slug(blog.series)}" if blog.series else "",
        "webPublicationDate": milliseconds(blog.changed),
        "host": site,
    }
    # As on the Guardian's own pages, every update has the page's times and title.
    linked = {
        "@context": "http://schema.org",
        "@type": "LiveBlogPosting",
        "@id": url,
        "headline": blog.title,
        "datePublished": published,
        "dateModified": published,
        "liveBlogUpdate": [
            {
                "@type": "BlogPosting",
                "@id": block.id,
                "headline": blog.title,
                "datePublished": published,
                "dateModified": published,
            }
            for block in shown
        ],
    }
    return f"""<meta charset="utf-8">
<title>{escape(blog.title)} | {NAME}</title>
<meta name="description" content="{escape(blog.standfirst)}">
<link rel="canonical" href="{escape(url)}">
<meta property="og:url" content="{escape(url)}">
<meta property="og:title" content="{escape(blog.title)}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{NAME}">
<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{published}">
{configuration(site, page)}
<script type="application/ld+json">{script([linked])}</script>"""


def _series(blog: Blog, site: str) -> str:
    if not blog.series:
        return ""
    address = f"{site}/{SECTION}/series/{slug(blog.series)}"
    return f'<a href="{escape(address)}" data-component="series">{escape(blog.series)}</a>'


def _last_updated(blog: Blog, now: datetime, shown: Sequence[Block]) -> str:
    dot = f"<span>{island('PulsingDot', {})}LIVE</span>&nbsp;" if blog.live else ""
    newest = max((block.changed for block in shown), default=None)
    if newest is None:
        return f'<div data-gu-name="lastupdated">{dot}</div>'
    words = f"{newest.astimezone(UTC):%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    return (
        f'<div data-gu-name="lastupdated">{dot}Updated&nbsp;<time datetime="{words}"'
        ' data-relativeformat="med" data-gu-marker="liveblog-last-updated">'
        f"{ago(newest, now)}</time></div>"
    )


def _byline(blog: Blog) -> str:
    if not blog.author:
        return ""
    return (
        '<address data-component="meta-byline" data-gu-name="byline">'
        f'<a rel="author" href="/profile/{slug(blog.author)}">{escape(blog.author)}</a></address>'
    )


def _dateline(blog: Blog) -> str:
    oldest = min((block.published for block in blog.blocks), default=blog.opened)
    return (
        f'<details data-gu-name="dateline"><summary>{full(blog.changed)}</summary>'
        f"First published on {full(oldest)}</details>"
    )


def _carousel(blog: Blog, now: datetime, device: str) -> str:
    """Draw the row of key events. Its props hold all of the blog, with their whole text."""
    listed = sorted(
        (block for block in blog.blocks if block.kind is not Kind.ORDINARY),
        key=lambda block: block.published,
        reverse=True,
    )
    if not listed:
        return ""
    props = {
        "keyEvents": [_model(blog, block) for block in listed],
        "id": f"key-events-carousel-{device}",
        "serverTime": milliseconds(now),
        "renderingTarget": "Web",
    }
    cards = "".join(
        f'<li><a href="{_link(block)}" data-link-name="key event card | {n} of {len(listed)}">'
        f"{time_tag(block.published, clock(block.published))}<div>{escape(_title(block))}</div>"
        "</a></li>"
        for n, block in enumerate(listed)
        if _title(block)
    )
    inside = (
        f'<span id="key-events-carousel-{device}"></span>'
        f'<div id="key-events-carousel"><ul>{cards}</ul></div>'
    )
    return island("KeyEventsCarousel", props, inside)


def _model(blog: Blog, block: Block) -> dict[str, object]:
    """Return a block as the page's own model has it."""
    return {
        "id": block.id,
        "elements": [_element(block, number, element) for number, element in enumerate(block.body)],
        "attributes": {
            "pinned": block.id == blog.pinned,
            "keyEvent": block.kind is Kind.KEY_EVENT,
            "summary": block.kind is Kind.SUMMARY,
        },
        "blockCreatedOn": milliseconds(block.published),
        "blockCreatedOnDisplay": clock(block.published),
        "blockLastUpdated": milliseconds(block.changed),
        "blockLastUpdatedDisplay": clock(block.changed),
        "blockFirstPublished": milliseconds(block.published),
        "blockFirstPublishedDisplay": clock(block.published),
        "blockFirstPublishedDisplayNoTimezone": f"{block.published.astimezone(EDITION):%H.%M}",
        **({"title": _title(block)} if _title(block) else {}),
        "contributors": [{"name": name} for name in block.authors],
        "primaryDateLine": full(blog.changed),
        "secondaryDateLine": f"First published on {full(blog.opened)}",
    }


def _element(block: Block, number: int, element: str | Picture) -> dict[str, object]:
    name = f"{block.id}-{number}"
    if isinstance(element, str):
        return {"_type": f"{ELEMENT}TextBlockElement", "html": element, "elementId": name}
    fields = {"width": str(element.width), "height": str(element.height), "isMaster": "true"}
    image = {"index": 0, "fields": fields, "mediaType": "Image", "url": element.path}
    return {
        "_type": f"{ELEMENT}ImageBlockElement",
        "role": "inline",
        "displayCredit": True,
        "media": {"allImages": [image]},
        "data": {"alt": element.alt, "caption": element.caption, "credit": element.credit},
        "elementId": name,
    }


def _liveness(blog: Blog, url: str, *, on_first_page: bool) -> str:
    if not blog.live:
        return ""
    props = {
        "pageId": blog.path.strip("/"),
        "webTitle": blog.title,
        "webURL": url,
        "onFirstPage": on_first_page,
        "mostRecentBlockId": f"block-{blog.blocks[0].id}" if blog.blocks else "",
        "hasPinnedPost": bool(blog.pinned),
    }
    return island("Liveness", props)


def _pinned(blog: Blog, now: datetime) -> str:
    """Draw the pinned copy: the block again, without its id and without a time of its own."""
    for block in blog.blocks:
        if block.id == blog.pinned:
            when = island("RelativeTime", _relative(block, now), _when(block, now))
            return (
                '<div id="pinned-post" data-gu-marker="pinned-post" data-component="pinned-post">'
                f"<div>From {when}</div>"
                '<div id="collapsible-body"><article class="block dcr-1p5x9q">'
                f'<header><div><a href="{_link(block)}"><span>{clock(block.published)}</span></a>'
                f"</div>{_heading(block)}{_contributors(block)}</header>"
                f"{_body(block)}{_foot(blog, block)}</article></div></div>"
            )
    return ""


def draw(blog: Blog, block: Block, now: datetime) -> str:
    """Draw one block; one without a body is not drawn."""
    if not block.body:
        return ""
    when = island("RelativeTime", _relative(block, now), _when(block, now))
    return (
        f'<article id="block-{block.id}" class="block dcr-1b7qqz">'
        f'<header class="dcr-0"><div><a href="{_link(block)}" data-ignore="global-link-styling">'
        f"<span>{when}</span><span>{clock(block.published)}</span></a></div>"
        f"{_heading(block)}{_contributors(block)}</header>"
        f"{_body(block)}{_foot(blog, block)}</article>\n"
    )


def _heading(block: Block) -> str:
    return f'<h2 class="dcr-1t2kq7">{escape(_title(block))}</h2>' if _title(block) else ""


def _contributors(block: Block) -> str:
    return "".join(f"<div><span>{escape(name)}</span></div>" for name in block.authors)


def _body(block: Block) -> str:
    return "".join(
        element if isinstance(element, str) else _figure(f"{block.id}-{number}", element)
        for number, element in enumerate(block.body)
    )


def _figure(name: str, picture: Picture) -> str:
    return (
        f'<figure id="{name}" data-spacefinder-role="inline"'
        f' data-spacefinder-type="{ELEMENT}ImageBlockElement"><div><picture>'
        f'<img alt="{escape(picture.alt)}" src="{escape(picture.path)}" width="{picture.width}"'
        f' height="{picture.height}" loading="lazy"></picture>'
        '<button type="button"><span>View image in fullscreen</span></button></div>'
        f'<figcaption data-spacefinder-role="inline"><span>{escape(picture.caption)}</span>'
        f" {escape(picture.credit)}</figcaption></figure>"
    )


def _foot(blog: Blog, block: Block) -> str:
    props = {
        "size": "xsmall",
        "pageId": blog.path.strip("/"),
        "hash": f"block-{block.id}",
        "queryParams": {"page": f"with:block-{block.id}"},
        "webTitle": blog.title,
        "context": "LiveBlock",
    }
    share = island("ShareButton", props, f'<a href="mailto:?body={_link(block)}">Share</a>')
    updated = ""
    if block.changed > block.published:
        updated = f"<div>Updated at&nbsp;{time_tag(block.changed, clock(block.changed))}</div>"
    return f"<footer>{share}{updated}</footer>"


def _navigation(pages: Sequence[Sequence[Block]], number: int) -> str:
    if len(pages) == 1:
        return ""
    newer = older = ""
    if number > 0:
        previous = _page_link(pages, number - 1)
        newer = f'<a href="{_page_link(pages, 0)}">Newest</a><a href="{previous}">Previous</a>'
    if number < len(pages) - 1:
        following = _page_link(pages, number + 1)
        older = f'<a href="{following}">Next</a><a href="{_page_link(pages, -1)}">Oldest</a>'
    return (
        '<nav id="liveblog-navigation">'
        f'<section style="grid-area:newer">{newer}</section>'
        f"<section><strong>{number + 1}</strong>&nbsp;of&nbsp;<strong>{len(pages)}</strong>"
        f'</section><section style="grid-area:older">{older}</section></nav>'
    )


def _page_link(pages: Sequence[Sequence[Block]], number: int) -> str:
    first = pages[number][0]
    query = "" if number == 0 else f"page={quote(f'with:block-{first.id}', safe='')}"
    return f"?{query}#liveblog-navigation"


def _with_slots(blocks: Iterable[str]) -> Iterable[str]:
    """Put an advertisement's empty slot after every third block."""
    for number, block in enumerate(blocks):
        yield block
        if number % 3 == 2:  # noqa: PLR2004
            yield f'<aside data-ad-slot="true"><div id="dfp-ad--inline{number}"></div></aside>\n'


def _title(block: Block) -> str:
    """Return the title as it is shown; a summary without one is titled "Summary"."""
    return block.title or ("Summary" if block.kind is Kind.SUMMARY else "")


def _link(block: Block) -> str:
    return f"?page={quote(f'with:block-{block.id}', safe='')}#block-{block.id}"


def _relative(block: Block, now: datetime) -> dict[str, object]:
    then = milliseconds(block.published)
    return {"then": then, "now": milliseconds(now), "editionId": "UK"}


def _when(block: Block, now: datetime) -> str:
    return time_tag(block.published, ago(block.published, now))
