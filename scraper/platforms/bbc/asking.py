"""The address of the stream of newest posts, which the BBC's live pages themselves poll.

A live page's own client asks for its newest posts every 15 seconds, by the stream's id in the
model, from a host that pages do not name (github.com/bbc/simorgh, useLivePagePolling). The stream
is ahead of cached pages. Both sites, simorgh's and the desktop's, show the same posts.
"""

import re

from scraper.address import host
from scraper.markup.document import Document
from scraper.platforms.bbc.model import Model

HOST = "web-cdn.api.bbci.co.uk"

STREAM_ID = re.compile(r"[0-9A-F]{32}")


def newest_posts(model: Model, document: Document) -> tuple[str, ...]:
    """Return the URL of the newest posts, for the first page of a blog that is live; else ().

    Also () for a page that was read from a file: its posts need not be today's.
    """
    stream = model.stream
    paging = stream.page if stream else None
    first = paging is not None and paging.index == 1
    if not first or model.is_live is not True or not host(document.url):
        return ()
    if not STREAM_ID.fullmatch(model.stream_id):
        return ()
    return (f"https://{HOST}/fd/stream?liveTextStreamId={model.stream_id}&type=curated",)
