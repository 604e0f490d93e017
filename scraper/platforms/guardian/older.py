"""The address of the next older page of a Guardian live blog, from a page or its model.

A page is named by a block that it contains (`?page=with:block-<id>`), since its borders move as the
blog grows; so the address is always taken from the most recently read newest page.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.address import absolute, host
from scraper.markup.document import Document
from scraper.markup.loose_json import object_in, string_in

NAVIGATION = "nav#liveblog-navigation"
# "2 of 5", between the links to newer pages and those to older pages.
POSITION = re.compile(r"[>;\s]of[<&\s]")
LINK = re.compile(r'href="\?page=with(?::|%3A)block-([0-9a-f]{24})')
PAGE = re.compile(r"\?page=(with:block-[0-9a-f]{24})")


def linked_older(document: Document) -> str:
    """Return the first link to an older page in a page's navigation, "" if there is none."""
    navigation = document.tree.css_first(NAVIGATION)
    markup = (navigation.html or "") if navigation is not None else ""
    position = POSITION.search(markup)
    link = LINK.search(markup, position.end()) if position else None
    return absolute(f"?page=with:block-{link[1]}", document.url) if link else ""


def stated_older(data: Mapping[str, object], document: Document) -> str:
    """Return the address of the next older model, in the form of this one's own address, or ""."""
    page = PAGE.fullmatch(string_in(object_in(data, "pagination"), "older"))
    if page is None or not host(document.url):
        return ""
    parts = urlsplit(document.url)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    query = urlencode([*asked, ("page", page[1])], safe=":")
    return urlunsplit(parts._replace(query=query, fragment=""))
