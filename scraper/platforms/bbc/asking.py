"""Where the stream of posts is asked for that the BBC's live pages ask for themselves.

A live page's own client asks for its newest posts every 15 seconds, by the stream's id that the
model names, of a host that pages do not name (github.com/bbc/simorgh, useLivePagePolling). The
stream is ahead of pages that caches keep. Both sites, simorgh's and the desktop's, show the same.
"""

import re

from scraper.address import host
from scraper.markup.document import Document
from scraper.platforms.bbc.model import Model

HOST = "web-cdn.api.bbci.co.uk"

STREAM_ID = re.compile(r"[0-9A-F]{32}")


def newest_posts(model: Model, document: Document) -> tuple[str, ...]:
    """Give the address of the newest posts; none but for the first page of what is live.

    A file's page names none: there is no telling that its posts are those of today.
    """
    stream = model.stream
    paging = stream.page if stream else None
    first = paging is not None and paging.index == 1
    if not first or model.is_live is not True or not host(document.url):
        return ()
    if not STREAM_ID.fullmatch(model.stream_id):
        return ()
    return (f"https://{HOST}/fd/stream?liveTextStreamId={model.stream_id}&type=curated",)
