"""Blocks in the plain form of guardian/dotcom-rendering, read from their markup without a tree.

Nine of ten blocks consist of words only: a header, paragraphs, a footer, each written by one
program. One regular expression matches such a block, in a tenth of the time that its tree takes.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from scraper.markup.html import made_ours, squeeze
from scraper.markup.nested import TEXT, flow
from scraper.platforms.guardian.blog import Blog, Flaw
from scraper.times.instants import instant
from store.entry import TimePrecision
from store.sighting import Sighting, View

_ID: Final = "[0-9a-f]{24}"
# Attributes that match none of the selectors with which a whole page is searched. Those selectors
# match links to other pages of the blog, and the class that old pages give their body.
_ATTRIBUTES: Final = (
    r'(?: (?:class="[^"j]*+(?:j(?!s-l)[^"j]*+)*+"'
    r'|href="(?![^"]*page=with(?![^"]*\#block-))[^"&]*+(?:&amp;[^"&]*+)*+"'
    r"|(?:data-(?:ignore|locale|component|link-name|relativeformat)|title|type|target|rel|lang|dir"
    r'|role|priority|defer[uU]ntil|props)="[^"]*+"))*+'
)
_DRAWN: Final = (
    r'<svg(?: [a-zA-Z:-]++="[^"]*+")*+>(?:<path(?: (?!id=)[a-z-]++="[^"]*+")*+></path>)*+</svg>'
)
_TIME: Final = r'<time [dD]ate[tT]ime="(?P<{}>[0-9TZ:.+-]++)"{}>[^<]*+</time>'
_WRITER: Final = f"<div{_ATTRIBUTES}><span{_ATTRIBUTES}>{TEXT}</span></div>"

PLAIN: Final = re.compile(
    f'<article id="block-(?P<id>{_ID})"{_ATTRIBUTES}><header{_ATTRIBUTES}>'
    f'<div{_ATTRIBUTES}><a{_ATTRIBUTES}><span{_ATTRIBUTES}><gu-island name="RelativeTime"'
    f"{_ATTRIBUTES}>{_TIME.format('published', _ATTRIBUTES)}</gu-island></span>"
    f"<span{_ATTRIBUTES}>{TEXT}</span></a></div>"
    f"(?:<h2{_ATTRIBUTES}>(?P<title>{TEXT})</h2>)?(?P<writers>(?:{_WRITER})*)</header>"
    f"(?P<body>{flow(_ATTRIBUTES)})"
    f'<footer{_ATTRIBUTES}><gu-island name="ShareButton"{_ATTRIBUTES}>'
    f"<a{_ATTRIBUTES}>Share(?:<div{_ATTRIBUTES}></div>{_DRAWN})?</a></gu-island>"
    rf"(?:<div{_ATTRIBUTES}>Updated at[ \xa0]{_TIME.format('updated', _ATTRIBUTES)}</div>)?"
    "</footer></article>"
)
_NAME: Final = re.compile("<span[^<>]*+>([^<]*+)</span>")


def plain_sighting(blog: Blog, found: re.Match[str]) -> Sighting | Flaw:
    """Read a block from its match of `PLAIN`, with the same result as from its tree."""
    block_id, published, title, writers, body, updated = found.group(
        "id", "published", "title", "writers", "body", "updated"
    )
    at = instant(published)
    if at is None:
        return Flaw(f"block {block_id} is left out: it has no time that can be read")
    later = instant(updated) if updated else None
    if updated and later is None:
        return Flaw("a block was updated at a time that cannot be read", form=True)
    html, text = made_ours(body, blog.url)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=at,
        updated=later,
        time_precision=TimePrecision.SECOND,
        title=_words(title) if title else "",
        html=html,
        text=text,
        permalink=blog.permalink(block_id),
        authors=tuple(_names(writers)) if writers else (),
        media=(),
        pinned=None,
    )


def _names(writers: str) -> Iterator[str]:
    yield from filter(None, map(_words, _NAME.findall(writers)))


def _words(markup: str) -> str:
    return squeeze(unescape(markup) if "&" in markup else markup)
