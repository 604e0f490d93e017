"""Arena's own JSON, read as a page: `/v1/liveblog/<publisher>/<event>`, the newest posts first.

Public readers of this JSON use `eventInfo.name`, `posts[].message.title|text` and
`createdAt|updatedAt` in milliseconds. None shows which field is a post's id: the first of `IDS`
that is present is used.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, plain_text, sanitise, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.times.instants import moment
from store.sighting import Sighting, Snapshot, View

IDS = ("_id", "key", "id")


def is_answer(said: object) -> bool:
    """Whether decoded JSON is an answer of the service: an event and its posts."""
    return (
        isinstance(said, dict)
        and isinstance(said.get("eventInfo"), dict)
        and isinstance(said.get("posts"), list)
        and all(isinstance(post, dict) for post in said["posts"])
    )


def read_answer(document: Document, name: str) -> Snapshot:
    """Read an answer; raise LayoutError if it is of another blog or a post has no known time."""
    event = object_in(document.data, "eventInfo")
    slug = string_in(event, "slug")
    if slug and "/liveblog/" in document.page.url and slug not in document.page.url.split("/"):
        raise LayoutError(document.page.url, f"the answer is of another live blog, {slug}")
    blank = bare(document, name)
    posts = [post for post in list_in(document.data, "posts") if isinstance(post, dict)]
    shown = [_sighting(post, blank.url, document.page.url) for post in posts]
    return replace(
        blank,
        layout="posts",
        title=_words(string_in(event, "name"), blank.url),
        sightings=tuple(each for each in shown if each.title or each.html),
        shows_top=True,
    )


def _sighting(post: Mapping[str, object], base: str, url: str) -> Sighting:
    published, updated = moment(post.get("createdAt")), moment(post.get("updatedAt"))
    if published is None:
        raise LayoutError(url, "a post of Arena's answer has no time that is known")
    message = object_in(post, "message")
    body = ours(string_in(message, "text"), base)
    author = squeeze(string_in(object_in(post, "sender"), "displayName"))
    pinned = post.get("pinned")
    return Sighting(
        view=View.BLOCK,
        block_id=next((found for name in IDS if (found := string_in(post, name))), None),
        published=published.at,
        updated=updated.at if updated and updated.at > published.at else None,
        time_precision=published.precision,
        title=_words(string_in(message, "title"), base),
        html=body.html,
        text=body.text,
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
        pinned=pinned if isinstance(pinned, bool) else None,
    )


def _words(written: str, base: str) -> str:
    return squeeze(unescape(plain_text(sanitise(written, base))))
