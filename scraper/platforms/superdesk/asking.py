"""Where Superdesk's API is asked for more of a blog than its page shows.

A page's own script says where the API is (`api_host`) and of which blog it is. The server allows
queries by `_updated`, which every change moves, deleting, unpublishing, highlighting and pinning
too; what the theme's own script asks for (`content_updated_date`) leaves those out.
"""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from scraper.address import absolute
from scraper.markup.loose_json import string_in
from scraper.platforms.superdesk.blog import Blog

BLOG_ID = re.compile(r"[0-9a-f]{24}")
# What happened before an earlier poll is known; how long ago that was, a page does not tell.
LOOKBACK = timedelta(hours=1)
MOST = 100
PAGE = 50


def changes(blog: Blog) -> tuple[str, ...]:
    """Give the address of what changed lately; none where the page does not tell enough."""
    posts = _posts(blog)
    since = (blog.document.page.fetched_at - LOOKBACK).replace(microsecond=0)
    changed = {"range": {"_updated": {"gt": since.isoformat()}}}
    asked = {"post_filter": {"bool": {"must": [changed]}}, "sort": [{"_updated": "desc"}]}
    query = {"max_results": MOST, "page": 1, "source": msgspec.json.encode(asked).decode()}
    return (f"{posts}?{urlencode(query)}",) if posts else ()


def every_post(blog: Blog) -> str:
    """Give the address of the first page of all posts."""
    posts = _posts(blog)
    return f"{posts}?{urlencode({'max_results': PAGE, 'page': 1})}" if posts else ""


def next_page(url: str, page: int) -> str:
    """Give the address of the page after `page` of an answer that came from `url`."""
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), "page": str(page + 1)}
    return urlunsplit(parts._replace(query=urlencode(asked), fragment=""))


def _posts(blog: Blog) -> str:
    api = absolute(blog.api_host, blog.document.url)
    blog_id = string_in(blog.said, "_id")
    if not api or "?" in api or "#" in api or not BLOG_ID.fullmatch(blog_id):
        return ""
    return f"{api.rstrip('/')}/api/client_blogs/{blog_id}/posts"
