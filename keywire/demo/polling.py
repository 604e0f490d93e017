"""The answer to a page's client that asks whether anything is newer than a block."""

from datetime import datetime
from itertools import takewhile

from keywire.demo.blog import Blog
from keywire.demo.markup import script
from keywire.demo.page import draw, with_whole_addresses

# As on the Guardian, whose server looks at no more blocks around the given one.
MOST = 5


def render_news(blog: Blog, now: datetime, site: str, since: str) -> str:
    """Return as JSON how many blocks are above one ("block-<id>"), and those blocks.

    An unknown block has nothing above it: a client that asks about one that was taken away gets no
    news until it reads the page again.
    """
    blog = with_whole_addresses(blog, site)
    above = tuple(takewhile(lambda block: f"block-{block.id}" != since, blog.blocks))
    new = above[:MOST] if len(above) < len(blog.blocks) else ()
    told = {
        "numNewBlocks": len(new),
        "html": "".join(draw(blog, block, now) for block in new),
        **({"mostRecentBlockId": f"block-{new[0].id}"} if new else {}),
        "refreshStatus": True,
    }
    return script(told)
