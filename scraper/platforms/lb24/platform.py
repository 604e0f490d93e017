"""Live blogs of the service 24liveblog, which pages of any site embed.

A script fills the element `LB24_LIVE_CONTENT`; what can be read without it is the JSON-LD that a
broadcaster's plugin for WordPress writes from the service's answers (oszuidwest/zw-liveblog): the
newest 100 entries that have words, at `#liveblog-<nid>`. It writes `coverageEndTime` only once the
service says that the blog is closed; in the JSON-LD of other plugins that is a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.jsonld import live_blog
from scraper.markup.loose_json import list_in, string_in
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.lb24.answer import is_answer, read_answer
from store.sighting import Snapshot

NAME = "24liveblog"

SIGN = b"LB24_LIVE_CONTENT"

BLOG = "#LB24_LIVE_CONTENT"

# Part of the addresses that the plugin gives to entries.
ENTRY = "#liveblog-"

# The most entries that the plugin asks the service for.
MOST = 100

EVENT = re.compile(r"\d{1,24}", re.ASCII)

ANSWER = (
    "https://data.24liveplus.com/v1/retrieve_server/x/event/{eid}/news/"
    "?inverted_order=1&last_nid=&limit=100"
)


ABOUT = About(
    reads=(
        "pages that embed a 24liveblog and state it for search engines, and that service's own "
        "answers"
    ),
    gives=Gift.IDS,
    tested_on=(Tested.OWN_PROGRAM,),
)


def lb24(general: Platform) -> Platform:
    """Return the platform for 24liveblog; `general` reads the structured data of its pages."""
    return Platform(
        name=NAME,
        hosts=(),
        marks=_marks,
        signs=(SIGN,),
        parse=partial(_parse, general),
        about=ABOUT,
        api_hosts=("data.24liveplus.com",),
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("an answer of 24liveblog with news",) if is_answer(document.data) else ()
    if not document.holds(SIGN) or document.tree.css_first(BLOG) is None:
        return ()
    return ("an element that 24liveblog's script fills",)


def _parse(general: Platform, document: Document) -> Snapshot:
    if document.data is not None:
        return read_answer(document, NAME)
    stated = general.parse(document) if general.marks(document) else bare(document, NAME)
    said = live_blog(document, apart=frozenset())
    answers = _answers(document)
    if not stated.sightings and (said is None or said.get("liveBlogUpdate") != []):
        if not answers:
            raise _unstated(document)
        return replace(stated, platform=NAME, layout="embed", answers=answers)
    whole = replace(stated, platform=NAME, layout=stated.layout or "json-ld", answers=answers)
    if said is None or not _is_the_plugins(said):
        return whole
    many = len(stated.sightings)
    alone = len(document.tree.css(BLOG)) == 1
    return replace(
        whole,
        live="coverageEndTime" not in said,
        shows_top=True if alone else None,
        shows_bottom=_reaches_bottom(many) if alone and document.whole else None,
    )


def _is_the_plugins(said: Mapping[str, object]) -> bool:
    """Whether JSON-LD is the plugin's; without entries it is not taken as such.

    The service may then have failed to answer the plugin.
    """
    updates = list_in(said, "liveBlogUpdate")
    return bool(updates) and all(ENTRY in string_in(each, "url") for each in updates)


def _reaches_bottom(many: int) -> bool | None:
    """Whether `many` entries include the oldest; None if that cannot be known.

    The plugin's limit also counts entries without words, which its JSON-LD leaves out.
    """
    if many >= MOST:
        return False
    return True if 2 * many <= MOST else None


def _answers(document: Document) -> tuple[str, ...]:
    """Return the URL of the service's answer for the page's blog; () if it embeds several.

    Entries in the answers of several could not be told apart.
    """
    told = [blog.attributes.get("data-eid") or "" for blog in document.tree.css(BLOG)]
    return (ANSWER.format(eid=told[0]),) if len(told) == 1 and EVENT.fullmatch(told[0]) else ()


def _unstated(document: Document) -> LayoutError:
    return LayoutError(
        document.page.url,
        "24liveblog's script loads the entries of this live blog, no JSON-LD has them, and the "
        "page does not say of which event they are",
    )
