"""What every layout of a Superdesk live blog shares: the blog, its settings, and how reading fails.

Facts are those of the publisher's own renderer (github.com/liveblog/liveblog, server/liveblog:
themes/themes_assets/default and amp, blogs/templates, blogposting_schema, client_modules).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scraper.address import absolute, believed, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.loose_json import object_in, string_in
from scraper.times.instants import moment

NAME = "superdesk"

OPTIONS = re.compile(rb"window\.LB\s{0,9}=\s{0,9}\{")

ORDERS = frozenset({"editorial", "newest_first", "oldest_first"})

# `urn:newsml:<host>:<when it was made>:<uuid>` (superdesk-core, metadata/utils.generate_urn).
MADE_AT = re.compile(
    r"urn:newsml:.{1,200}:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?:[0-9a-f-]+"
)

API_HOST = re.compile(r"""[\{,\n]\s*["']?api_host["']?\s*:\s*["']([^"'\s<>]{1,200})["']""")

LONGEST_OPTIONS = 200_000


@dataclass(frozen=True, slots=True)
class Blog:
    """What reading one page needs: the page, the blog's address, and what its script states.

    `said` and `settings` are the page's `LB.blog` and `LB.settings`, empty where it has none;
    `api_host` is where its API is by its own word. `around_id` is what comes before and after the
    id in the address of a post.
    """

    document: Document
    url: str
    claimed: str
    said: Mapping[str, object]
    settings: Mapping[str, object]
    around_id: tuple[str, str]
    api_host: str = ""

    @property
    def live(self) -> bool | None:
        """Whether the blog is open, by its own word; None where it says neither open nor closed."""
        return {"open": True, "closed": False}.get(string_in(self.said, "blog_status"))

    @property
    def title(self) -> str:
        """The blog's title; themes may leave the heading out."""
        heading = self.document.tree.css_first(".lb-timeline h1")
        return (
            squeeze(string_in(self.said, "title"))
            or (squeeze(heading.text()) if heading else "")
            or self.document.title
        )

    @property
    def begun(self) -> datetime | None:
        """When the blog says it began."""
        told = moment(string_in(self.said, "start_date") or string_in(self.said, "_created"))
        return told.at if told else None

    def permalink(self, block_id: str) -> str | None:
        """Return a post's address as the publisher makes it; None where the page states none."""
        before, after = self.around_id
        return f"{before}{block_id}{after}" if before else None

    def broken(self, reason: str) -> LayoutError:
        """Return the error for a Superdesk live blog that is not in a known form."""
        return broken(self.document, reason)


def broken(document: Document, reason: str) -> LayoutError:
    """Return the error for a page of a Superdesk live blog of which nothing more is known."""
    return LayoutError(
        document.page.url,
        f"a Superdesk live blog in a form that is not known: {reason}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )


def blog_of(document: Document) -> Blog:
    """Return a page's blog: its address, and what the page's script states."""
    said, settings, api_host = _options(document)
    # Not `main_page_url`: it is a setting, and several blogs may be on one page.
    claimed = document.canonical
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    page = absolute(string_in(said, "main_page_url"), "")
    return Blog(document, url, claimed, said, settings, _around_id(page, settings), api_host)


def _around_id(page: str, settings: Mapping[str, object]) -> tuple[str, str]:
    """Return what comes before and after the id in a post's address, ("", "") if not known.

    The form is `<page>?liveblog._id=<id>__<order>`, as blogposting_schema/models.py makes it.
    """
    if not page:
        return "", ""
    mark = string_in(settings, "permalinkDelimiter") or "?"
    mark = "&" if mark == "?" and "?" in page else mark
    order = string_in(settings, "postOrder")
    return f"{page}{mark}liveblog._id=", f"__{order if order in ORDERS else 'editorial'}"


def made_at(block_id: str) -> datetime | None:
    """Return when a post was made, by its id: its best time where its theme prints none."""
    found = MADE_AT.fullmatch(block_id)
    told = moment(found[1]) if found else None
    return told.at if told else None


def _options(document: Document) -> tuple[Mapping[str, object], Mapping[str, object], str]:
    """Read `window.LB`: an object of JavaScript in today's themes, JSON in older ones.

    Returns the blog, its settings and the API's host, each empty where it is not stated.
    """
    found = OPTIONS.search(document.markup)
    if found is None:
        return {}, {}, ""
    end = document.markup.find(b"</script", found.end())
    script = document.markup[found.end() - 1 : end if end >= 0 else None][:LONGEST_OPTIONS]
    text = script.decode("utf-8", "replace")
    whole = _value(text, 0)
    if whole:
        return object_in(whole, "blog"), object_in(whole, "settings"), string_in(whole, "api_host")
    host = API_HOST.search(text)
    return _member(text, "blog"), _member(text, "settings"), host[1] if host else ""


def _member(script: str, name: str) -> Mapping[str, object]:
    found = re.search(rf"""[\{{,\n]\s*["']?{name}["']?\s*:\s*(?=\{{)""", script)
    return _value(script, found.end()) if found else {}


def _value(script: str, place: int) -> Mapping[str, object]:
    try:
        said, _ = json.JSONDecoder().raw_decode(script, place)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
