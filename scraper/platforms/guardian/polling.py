"""The small answer from which a live page's own client learns of newer blocks, asking every 10 s.

`<page>.json?lastUpdate=block-<id>` has the number of blocks that were published after that one, and
their markup (guardian/dotcom-rendering, Liveness.island.tsx; guardian/frontend,
LiveBlogController.renderNewerUpdatesJson). It never has edits, deletions, promotions or the end of
the blog, its markup does not show which block is a key event, and it has five new blocks at most.
So it only says when to read the page, and does not replace it.
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from scraper.address import host, normalise, with_query
from scraper.markup.document import Document
from scraper.markup.loose_json import decoded, string_in
from scraper.page import Page
from scraper.platform import Polling
from scraper.platforms.guardian.blog import BLOCK_ID
from store.sighting import Snapshot, View


class _Answer(msgspec.Struct):
    """The answer's envelope; `newest`, and blocks in `html`, only if some blocks are new."""

    count: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(name="numNewBlocks")
    html: str = ""
    newest: str = msgspec.field(name="mostRecentBlockId", default="")
    # The site's switch by which it stops all its pages from asking (JsonComponent,
    # AutoRefreshSwitch).
    refresh: bool = msgspec.field(name="refreshStatus", default=True)


def address(document: Document, snapshot: Snapshot) -> str:
    """Return the URL for blocks newer than a page's newest, "" if the page cannot be asked for any.

    The page's client asks another host, which the page names. Here it is always the origin that
    answered, so that no page can make keywire ask another. Only page one of a live blog shows the
    newest block.
    """
    page = normalise(document.url)
    if not (snapshot.live and snapshot.shows_top and host(page)):
        return ""
    parts = urlsplit(page)
    path = parts.path.rstrip("/").removesuffix(".json")
    newest = "" if parts.query else _newest(document, snapshot)
    if not (path and newest):
        return ""
    asked = parts._replace(path=f"{path}.json").geturl()
    return with_query(asked, f"lastUpdate=block-{newest}&isLivePage=true&dcr=true")


def news(answer: Page) -> bool | None:
    """Whether an answer has newer blocks.

    None if it is in another form, contradicts itself, or says that clients must not ask.
    """
    try:
        said = msgspec.json.decode(answer.body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not said.refresh or (not said.count and (said.newest or BLOCK_ID.search(said.html))):
        return None
    return said.count > 0


def _newest(document: Document, snapshot: Snapshot) -> str:
    """Return the id of a page's newest block: the one that the page tells its client; "" if none.

    A block without content can be the newest, and is not shown. If the page names none, it is the
    block published last; pinned copies are not considered, since they may be of any age.
    """
    named = BLOCK_ID.fullmatch(string_in(_client(document), "mostRecentBlockId"))
    if named:
        return named[1]
    published = {
        block.block_id: block.published
        for block in snapshot.sightings
        if block.view is View.BLOCK and block.block_id and block.published
    }
    return max(published, key=published.__getitem__, default="")


def _client(document: Document) -> Mapping[str, object]:
    """Return what a page tells its client: its island's properties, or the model itself; or {}."""
    if isinstance(document.data, dict):
        return document.data
    island = document.tree.css_first('gu-island[name="Liveness"]')
    return decoded(island.attributes.get("props")) if island else {}


POLLING = Polling(address=address, news=news)
