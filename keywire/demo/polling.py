"""What a page's own client is told when it asks whether anything is newer than a block."""

from datetime import datetime
from itertools import takewhile

from keywire.demo.blog import Blog
from keywire.demo.markup import script
from keywire.demo.page import draw, with_whole_addresses

# As on the Guardian, whose server looks at no more blocks around the one that it is asked about.
MOST = 5


def render_news(blog: Blog, now: datetime, site: str, since: str) -> str:
    """Render the answer as JSON: how many blocks stand above one ("block-<id>"), and these.

    A block that is not there has nothing above it: whoever asks about one that was taken away
    hears of nothing more, until they read the page.
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
