"""The addresses at which Superdesk's API states more of a blog than its page shows.

A page's own script says where the API is (`api_host`) and which blog it shows. The server allows
queries by `_updated`, which every change moves, also deleting, unpublishing, highlighting and
pinning; those do not move the field that the theme's own script asks by, `content_updated_date`.
"""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from scraper.address import absolute
from scraper.markup.loose_json import string_in
from scraper.platforms.superdesk.blog import Blog

BLOG_ID = re.compile(r"[0-9a-f]{24}")
# Older changes are known from an earlier poll; a page does not tell how long ago that was.
LOOKBACK = timedelta(hours=1)
MOST = 100
PAGE = 50


def changes(blog: Blog) -> tuple[str, ...]:
    """Return the address of the posts that changed within LOOKBACK; () where the API is unknown."""
    posts = _posts(blog)
    since = (blog.document.page.fetched_at - LOOKBACK).replace(microsecond=0)
    changed = {"range": {"_updated": {"gt": since.isoformat()}}}
    asked = {"post_filter": {"bool": {"must": [changed]}}, "sort": [{"_updated": "desc"}]}
    query = {"max_results": MOST, "page": 1, "source": msgspec.json.encode(asked).decode()}
    return (f"{posts}?{urlencode(query)}",) if posts else ()


def every_post(blog: Blog) -> str:
    """Return the address of the first page of all posts; "" where the API is unknown."""
    posts = _posts(blog)
    return f"{posts}?{urlencode({'max_results': PAGE, 'page': 1})}" if posts else ""


def next_page(url: str, page: int) -> str:
    """Return the address of the page after `page` of an answer that came from `url`."""
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), "page": str(page + 1)}
    return urlunsplit(parts._replace(query=urlencode(asked), fragment=""))


def _posts(blog: Blog) -> str:
    api = absolute(blog.api_host, blog.document.url)
    blog_id = string_in(blog.said, "_id")
    if not api or "?" in api or "#" in api or not BLOG_ID.fullmatch(blog_id):
        return ""
    return f"{api.rstrip('/')}/api/client_blogs/{blog_id}/posts"
