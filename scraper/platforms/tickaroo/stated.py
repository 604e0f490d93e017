"""The LiveBlogPosting that Tickaroo writes: in its answers, and in an attribute of its element.

An answer is `{"html": …}`, to which newer ones add `schema`. In `html` the attribute `initialData`
is JSON whose `schemaOrg` is JSON once more. Its updates have no ids, and bodies that often begin
with the headline (a public reader of stuff.co.nz's live blogs).
"""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from selectolax.lexbor import LexborHTMLParser

from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.loose_json import decoded, list_in, object_in, string_in
from scraper.platform import Platform
from store.sighting import Snapshot

Said = Mapping[str, object]

ELEMENT = "tickaroo-liveblog"

UPDATES = "liveBlogUpdate"


def is_answer(said: object) -> bool:
    """Whether JSON is one of the service's answers with a live blog."""
    return isinstance(said, dict) and ELEMENT in string_in(said, "html")


def stated_in(document: Document) -> Said:
    """Return the LiveBlogPosting of an answer; {} where it states none."""
    schema = object_in(document.data, "schema")
    return schema or initial_in(LexborHTMLParser(string_in(document.data, "html")))


def initial_in(tree: LexborHTMLParser) -> Said:
    """Return the LiveBlogPosting in an attribute of the service's element; {} if there is none."""
    for node in tree.css(f"{ELEMENT}[initialdata], [initialdata]"):
        initial = decoded(node.attributes.get("initialdata"))
        stated = object_in(initial, "schemaOrg") or decoded(string_in(initial, "schemaOrg"))
        if stated:
            return stated
    return {}


def read_stated(document: Document, stated: Said, general: Platform, name: str) -> Snapshot:
    """Read a LiveBlogPosting; LayoutError where there is none, or none of its updates is known."""
    own = {**stated, UPDATES: [_parted(each) for each in list_in(stated, UPDATES)]}
    written = replace(document, data=own, markup=msgspec.json.encode(own))
    if not stated or not general.marks(written):
        raise LayoutError(
            document.page.url,
            "Tickaroo's element states no updates that are known",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    snapshot = general.parse(written)
    return replace(
        snapshot,
        platform=name,
        layout="prefetch" if document.data is not None else "initial-data",
        language=snapshot.language or document.language,
    )


def _parted(update: object) -> object:
    """Cut the headline off a body that begins with it."""
    headline = squeeze(string_in(update, "headline"))
    body = string_in(update, "articleBody").strip()
    if not isinstance(update, dict) or not headline or not body.startswith(headline):
        return update
    return {**update, "articleBody": body[len(headline) :].strip()}
