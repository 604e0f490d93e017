"""The fields of an entry in an unknown publisher's object, by the names that are usual for them."""

import re
from collections.abc import Mapping, Sequence

from scraper.markup.loose_json import list_in
from scraper.markup.state import Refer
from scraper.platforms.page_state.bodies import ans
from scraper.platforms.page_state.entry import Fields, id_in

Said = Mapping[str, object]

HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s:.]+")

# Names as `hyphened` writes them, whatever the publisher's form: `publish-date`.
IDS = (
    "id",
    "-id",
    "uuid",
    "guid",
    "post-id",
    "item-id",
    "entry-id",
    "block-id",
    "update-id",
    "uid",
    "-key",
    "key",
)
PUBLISHED = (
    "published", "published-at", "publish-date", "published-date", "date-published",
    "first-published", "first-published-at", "publication-date", "pub-date", "created",
    "created-at", "creation-date", "created-date", "date-created", "timestamp", "time", "date",
    "datetime", "display-date", "published-time", "publish-time",
)  # fmt: skip
UPDATED = (
    "updated", "updated-at", "update-date", "updated-date", "modified", "modified-at",
    "date-modified", "modified-date", "last-modified", "last-updated",
)  # fmt: skip
TITLES = ("title", "headline", "heading", "header", "kicker-title", "post-title")
BODIES = (
    "html", "body-html", "content-html", "body", "content", "text", "article-body", "message",
    "description", "blocks", "content-elements", "elements",
)  # fmt: skip
AUTHORS = ("author", "authors", "byline", "creator", "created-by")
LINKS = ("permalink", "url", "link", "href")
KEYS = ("key-event", "is-key-event", "highlight", "highlighted", "is-highlight")
WRAPPERS = ("node", "attributes", "fields")
NAMES = ("name", "display-name", "full-name")

DEEPEST = 12


def hyphened(name: str) -> str:
    """Write a name in lower case, with hyphens between its words."""
    return HUMPS.sub("-", name).lower()


def fields_in(said: Said, refer: Refer) -> Fields:
    """Return an entry's fields, found by the names that publishers usually give them."""
    said = _unwrapped(said, refer)
    named = {hyphened(name): value for name, value in said.items()}
    take = {name: refer(value) for name, value in named.items()}
    people = _one(take, AUTHORS)
    authors = people if isinstance(people, list) else [people]
    return Fields(
        id=next((found for name in IDS if (found := id_in(named.get(name)))), None),
        published=_one(take, PUBLISHED),
        updated=_one(take, UPDATED),
        title=_one(take, TITLES),
        body=_body(said, take, refer),
        authors=tuple(_name(refer(each)) for each in authors),
        permalink=_one(take, LINKS),
        key_event=_one(take, KEYS),
    )


def _unwrapped(said: Said, refer: Refer) -> Said:
    """Return an object joined with what it holds under a wrapper's name (GraphQL, JSON:API)."""
    for name in WRAPPERS:
        within = refer(said.get(name))
        if isinstance(within, dict):
            said = {**said, **within}
    return said


def _one(said: Said, names: Sequence[str]) -> object:
    return next((said[name] for name in names if said.get(name) not in (None, "", [])), None)


def _name(said: object) -> object:
    if not isinstance(said, dict):
        return said
    return _one({hyphened(name): value for name, value in said.items()}, NAMES)


def _body(said: Said, take: Said, refer: Refer) -> str:
    if list_in(said, "content_elements"):
        return ans(said, refer)
    written = (_markup(take.get(name), refer) for name in BODIES)
    return next(filter(None, written), "")


def _markup(said: object, refer: Refer, depth: int = 0) -> str:
    """Return a body that is markup, or join the parts that it consists of; "" if it is neither."""
    if isinstance(said, str):
        return said
    if depth > DEEPEST:
        return ""
    if isinstance(said, list):
        parts = (_markup(refer(each), refer, depth + 1) for each in said)
        return "".join(part if "<" in part else f"<p>{part}</p>" for part in parts if part)
    if isinstance(said, dict):
        named = {hyphened(name): value for name, value in said.items()}
        within = (_markup(refer(named.get(name)), refer, depth + 1) for name in (*BODIES, "value"))
        return next(filter(None, within), "")
    return ""
