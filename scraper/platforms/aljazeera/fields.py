"""Where the data of Al Jazeera's live blog and its updates is, in an answer and in a page.

An answer has its posts directly under `data` (`article` for a blog, `posts` for an update). A page
holds Apollo Client's cache of answers in `__APOLLO_STATE__`: objects with ids are stored at its top
level, and other objects refer to them (`{"__ref": "Post:1"}`; before Apollo 3 `{"type": "id", "id":
"Post:1"}`). A front page's cache also holds some posts of live blogs, so only posts with the page's
own address are taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from scraper.markup.document import Document
from scraper.markup.jsonld import objects
from scraper.markup.loose_json import object_in, string_in
from scraper.markup.once import once

BLOG, UPDATE = "liveblog", "liveblog-update"

STATE = b"__APOLLO_STATE__"

# How many bytes there may be between the cache's name and its opening brace.
NEAR = 40

Said = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """The live blog of a document ({} if there is none), and its updates that are given in full.

    `cached` is whether they come from a page's Apollo cache rather than from an answer.
    """

    blog: Said
    updates: tuple[Said, ...]
    cached: bool = False


@once
def found_in(document: Document) -> Found:
    """Find the live blog and its updates in a document; both empty if it is not Al Jazeera's."""
    if document.data is not None:
        posts = list(_answered(document.data))
        blog = next(_blogs(posts), {})
        link = string_in(blog, "link") or next((string_in(u, "link") for u in _updates(posts)), "")
        return Found(blog, _of(link, _updates(posts)))
    cache = _cache(document.markup)
    posts = [*objects(cache.get("ROOT_QUERY")), *(s for s in cache.values() if isinstance(s, dict))]
    here = {_path(document.url), _path(document.canonical)}
    ours = (said for said in _blogs(posts) if _path(string_in(said, "link")) in here)
    blog = _resolved(next(ours, {}), cache)
    updates = _of(string_in(blog, "link"), _updates(posts)) if blog else ()
    return Found(blog, tuple(_resolved(said, cache) for said in updates), cached=True)


def number(post: object) -> str:
    """Return the number of a post as a string; `post` is an object with `id`, or the id itself.

    Returns "" for a value of any other type.
    """
    stated = post.get("id") if isinstance(post, dict) else post
    told = stated if isinstance(stated, str | int) and not isinstance(stated, bool) else ""
    return str(told)


def _answered(data: object) -> Iterator[Said]:
    """Yield the posts of one answer, or of a list of answers."""
    for answer in data if isinstance(data, list) else [data]:
        for said in object_in(answer, "data").values():
            posts = said if isinstance(said, list) else [said]
            yield from (post for post in posts if isinstance(post, dict))


def _blogs(posts: Iterable[Said]) -> Iterator[Said]:
    kinds = ((said, said.get("postType")) for said in posts)
    return (said for said, kind in kinds if kind == BLOG or (not kind and "childrenMeta" in said))


def _updates(posts: Iterable[Said]) -> Iterator[Said]:
    return (said for said in posts if said.get("postType") == UPDATE)


def _of(link: str, updates: Iterable[Said]) -> tuple[Said, ...]:
    """Return those of `updates` whose path is that of `link`, without duplicates."""
    ours = (said for said in updates if _path(string_in(said, "link")) == _path(link))
    return tuple({number(said): said for said in ours}.values())


def _path(link: str) -> str:
    try:
        return urlsplit(link).path.rstrip("/")
    except ValueError:
        return link


def _cache(markup: bytes) -> Said:
    """Return the Apollo cache in a page's script, decoded; {} if missing or not decodable."""
    start = markup.find(STATE)
    brace = markup.find(b"{", start, start + len(STATE) + NEAR) if start >= 0 else -1
    end = markup.find(b"</script", brace) if brace >= 0 else -1
    if end < 0:
        return {}
    try:
        said = msgspec.json.decode(markup[brace:end].rstrip(b"; \r\n\t"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _resolved(said: Said, cache: Said) -> Said:
    """Return a post with its references replaced by the authors, labels or times they refer to."""
    return {name: _meant(value, cache) for name, value in said.items()}


def _meant(value: object, cache: Said) -> object:
    if isinstance(value, dict) and value.get("type") == "json":
        value = value.get("json")
    if isinstance(value, list):
        return [_referred(each, cache) for each in value]
    return _referred(value, cache)


def _referred(value: object, cache: Said) -> object:
    key = string_in(value, "__ref")
    if not key and isinstance(value, dict) and "generated" in value:
        key = string_in(value, "id")
    return cache.get(key, value) if key else value
