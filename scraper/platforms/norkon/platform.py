"""Live blogs of the service Live Center by Norkon.

A page embeds a channel by a frame, by an element, or by a call of the service's script. Each names
the channel's number, and nearly each the publisher's key. Some pages print the newest ten posts.
The service's feed has every post, page by page (public readers of Times of Malta, Sky Sports, The
New Zealand Herald and Berlingske).
"""

import re
from collections.abc import Iterator
from functools import partial

from scraper.hints.embed import embedding
from scraper.markup.document import Document
from scraper.platform import About, Gift, Platform
from scraper.platforms.norkon.answer import is_answer, read_answer
from scraper.platforms.norkon.printed import POST, read_printed
from store.sighting import Snapshot

NAME = "norkon"

SIGNS = (b"norkon", b"ncpost", b"NcPosts")

BLOG = f".live-center-embed[data-src], [data-norkon-channel-id], {POST}"

FRAME = re.compile(rb"livecenter\.norkon\.net/frame/([\w-]{1,60})/(\d{1,12})(?:/|[\"'&?])")

CALL = re.compile(rb"""setJsonContent\(\s*["']([\w-]{1,60})["']\s*,\s*(\d{1,12})\s*\)""")

START = re.compile(rb"NcPosts\.start\(\{([^{}]{0,2000})\}")

CHANNEL = re.compile(rb"""channelId\s*:\s*["']?(\d{1,12})\b""")

TENANT = re.compile(rb"""tenantKey\s*:\s*["']([\w-]{1,60})["']""")

# Publishers whose pages name only the channel, and their keys.
TENANTS = (("skysports.com", "sky-sports-prod"),)

ANSWER = "https://livecentercdn.norkon.net/BulletinFeed/{tenant}/{channel}/Initial/"

ABOUT = About(
    reads=(
        "live blogs of the service Live Center by Norkon: pages that embed a channel, and the "
        "pages of its feed of bulletins"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.OLDER_PAGES,
)


def norkon(general: Platform) -> Platform:
    """Return the platform for Live Center; `general` reads structured data on its pages."""
    return Platform(
        name=NAME,
        hosts=("norkon.net",),
        marks=_marks,
        signs=SIGNS,
        parse=partial(_parse, general),
        about=ABOUT,
        api_hosts=("livecentercdn.norkon.net",),
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        return ("bulletins of Live Center's feed",) if is_answer(document.data) else ()
    if not any(document.holds(sign) for sign in SIGNS):
        return ()
    if document.tree.css_first(BLOG) is not None:
        return ("an element of Live Center",)
    return ("a call of Live Center's script",) if next(_channels(document), None) else ()


def _parse(general: Platform, document: Document) -> Snapshot:
    if document.data is not None:
        return read_answer(document, NAME)
    answers = [ANSWER.format(tenant=t, channel=c) for t, c in _channels(document)]
    if document.tree.css_first(POST) is not None:
        return read_printed(document, NAME, tuple(dict.fromkeys(answers)))
    return embedding(document, NAME, "Live Center", answers, general)


def _channels(document: Document) -> Iterator[tuple[str, str]]:
    for form in (FRAME, CALL):
        for found in form.finditer(document.markup):
            yield found[1].decode(), found[2].decode()
    for call in START.finditer(document.markup):
        channel, tenant = CHANNEL.search(call[1]), TENANT.search(call[1])
        if channel and tenant:
            yield tenant[1].decode(), channel[1].decode()
    node = document.tree.css_first("[data-norkon-channel-id]")
    number = (node.attributes.get("data-norkon-channel-id") or "") if node is not None else ""
    if number.isascii() and number.isdigit():
        yield from ((t, number) for name, t in TENANTS if name in document.url)
