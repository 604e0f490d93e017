"""The posts that some pages of Live Center print: the newest ten, each with its number.

Their times are meant for readers, unless there is a `datetime`; the feed has them to the second.
"""

from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.pictures import pictures_in
from scraper.times.instants import moment
from store.sighting import Sighting, Snapshot, View

POST = ".ncpost-container[data-ncpost-id]"


def read_printed(document: Document, name: str, answers: tuple[str, ...]) -> Snapshot:
    """Read a page's posts; raise LayoutError if no post has a title or a body that can be read.

    `answers` are the addresses of the feeds that the page embeds; they are kept if there is just
    one.
    """
    blank = bare(document, name)
    posts = [_sighting(post, blank.url) for post in document.tree.css(POST)]
    shown = tuple(post for post in posts if post.title or post.html)
    if not shown:
        raise LayoutError(
            document.page.url,
            "posts of Live Center in a form that is not known",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    return replace(
        blank,
        layout="posts",
        sightings=shown,
        answers=answers if len(answers) == 1 else (),
    )


def _sighting(post: LexborNode, base: str) -> Sighting:
    content, time = post.css_first(".ncpost-content"), post.css_first("time[datetime]")
    told = moment(time.attributes.get("datetime") or "") if time is not None else None
    body = ours((content.inner_html or "") if content is not None else "", base)
    author = _words(post, ".ncpost-byline")
    zoned = told if told is not None and told.zoned else None
    return Sighting(
        view=View.BLOCK,
        block_id=squeeze(post.attributes.get("data-ncpost-id") or "") or None,
        published=zoned.at if zoned else None,
        time_precision=zoned.precision if zoned else None,
        title=_words(post, ".ncpost-title"),
        html=body.html,
        text=body.text,
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
    )


def _words(post: LexborNode, selector: str) -> str:
    node = post.css_first(selector)
    return squeeze(node.text()) if node is not None else ""
