"""The small answer by which a live page's own client learns of newer blocks, asking every 10 s.

`<page>.json?lastUpdate=block-<id>` counts the blocks that were published after one, and holds
their markup (guardian/dotcom-rendering, Liveness.island.tsx; guardian/frontend,
LiveBlogController.renderNewerUpdatesJson). Edits, deletions, promotions and the end of the blog
are never in it, its markup does not tell which block is a key event, and it knows of five new
blocks at most: it tells when to read the page, and is not read in its place.
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
    """The answer's envelope; a newest block, and blocks in its markup, only where some are new."""

    count: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(name="numNewBlocks")
    html: str = ""
    newest: str = msgspec.field(name="mostRecentBlockId", default="")
    # The site's own switch for all its pages that ask (JsonComponent, AutoRefreshSwitch).
    refresh: bool = msgspec.field(name="refreshStatus", default=True)


def address(document: Document, snapshot: Snapshot) -> str:
    """Give where to ask for blocks newer than a page's newest, "" where that cannot be asked.

    The page's client asks another host, which the page names. Here it is always the origin that
    answered: no page sends us elsewhere. Only page one of a live blog shows what is newest.
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
    """Tell whether an answer knows of newer blocks.

    None where it is in another form, contradicts itself, or says that nobody shall ask.
    """
    try:
        said = msgspec.json.decode(answer.body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not said.refresh or (not said.count and (said.newest or BLOCK_ID.search(said.html))):
        return None
    return said.count > 0


def _newest(document: Document, snapshot: Snapshot) -> str:
    """Give the id of a page's newest block: the one that the page names, as its client has it.

    A block without content can be the newest, and is not drawn. Where the page names none, it is
    the block published last; a pinned copy may be of any age.
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
    """Give what a page tells its client: the properties of its island, or the model itself."""
    if isinstance(document.data, dict):
        return document.data
    island = document.tree.css_first('gu-island[name="Liveness"]')
    return decoded(island.attributes.get("props")) if island else {}


POLLING = Polling(address=address, news=news)
