"""Where the next older page of a Guardian live blog is, as its pages and its model say.

A page is named by a block that it holds (`?page=with:block-<id>`), for its borders move as the
blog grows; it is always asked for as the newest page that was read says.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.address import absolute, host
from scraper.markup.document import Document
from scraper.markup.loose_json import object_in, string_in

NAVIGATION = "nav#liveblog-navigation"
# "2 of 5", after links to what is newer and before those to what is older.
POSITION = re.compile(r"[>;\s]of[<&\s]")
LINK = re.compile(r'href="\?page=with(?::|%3A)block-([0-9a-f]{24})')
PAGE = re.compile(r"\?page=(with:block-[0-9a-f]{24})")


def linked_older(document: Document) -> str:
    """Give the first link to what is older in a page's navigation, "" where it has none."""
    navigation = document.tree.css_first(NAVIGATION)
    markup = (navigation.html or "") if navigation is not None else ""
    position = POSITION.search(markup)
    link = LINK.search(markup, position.end()) if position else None
    return absolute(f"?page=with:block-{link[1]}", document.url) if link else ""


def stated_older(data: Mapping[str, object], document: Document) -> str:
    """Give the older page of a model as the model's own address asks for it."""
    page = PAGE.fullmatch(string_in(object_in(data, "pagination"), "older"))
    if page is None or not host(document.url):
        return ""
    parts = urlsplit(document.url)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    query = urlencode([*asked, ("page", page[1])], safe=":")
    return urlunsplit(parts._replace(query=query, fragment=""))
