"""Where to ask the plugin's API for what a page leaves out.

`get-entries/<page>/<last known entry>` returns entries page by page; the newest known entry, named
by its id and time, keeps pages from shifting while one walks through them. `entries/<start>/<end>`
returns all that changed in a window of time, deletions included, which no other answer has. The
plugin's own script rounds the ends of a window so that caches are hit (liveblog.js), and so does
this module.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from scraper.address import believed
from scraper.markup.document import Document
from scraper.markup.loose_json import decoded, string_in
from scraper.page import Page
from scraper.platform import Polling
from scraper.platforms.automattic.settings import settings_in
from store.sighting import Snapshot

# The routes of its REST API; the older `admin-ajax` routes answer in another form.
REST = re.compile(r"https?://[^?#\s]{1,500}/wp-json/liveblog/v1/\d{1,18}/?")
PAGE = re.compile(r"(.{1,600}/get-entries/)(\d{1,6})/([\w-]{1,60})/?", re.ASCII)

ROUND = 10
LOOKBACK = timedelta(hours=1)
AHEAD = timedelta(days=1)


def answers_at(endpoint: str, now: datetime) -> tuple[str, ...]:
    """Return the URLs of the first page of entries and of all changes since an hour before `now`.

    Returns () if `endpoint` is not of the plugin's REST API. `now` is rounded to ten seconds.
    """
    if not REST.fullmatch(endpoint):
        return ()
    base = endpoint.rstrip("/")
    since, until = _rounded(now - LOOKBACK), _rounded(now + AHEAD)
    return f"{base}/get-entries/1/latest", f"{base}/entries/{since}/{until}/"


def older_than(url: str, entries: Sequence[Mapping[str, object]], pages: int) -> str:
    """Return the URL of the page of entries after the one at `url`, of `pages` in all.

    Returns "" after the last page, and if `url` is not of that form. `entries` are those at `url`.
    """
    found = PAGE.fullmatch(url)
    if found is None or int(found[2]) >= pages:
        return ""
    known = found[3]
    if known == "latest" and entries:
        known = f"{string_in(entries[0], 'id')}-{entries[0].get('timestamp')}"
    return f"{found[1]}{int(found[2]) + 1}/{known}"


def _address(document: Document, _: Snapshot) -> str:
    settings = settings_in(document) if document.data is None else None
    if settings is None or settings.live is False or not REST.fullmatch(settings.endpoint):
        return ""
    if not believed(settings.endpoint, document.url):
        return ""
    # Without + ROUND, changes made just before the page was read would be taken for news again.
    since = _rounded(document.page.fetched_at) + ROUND
    until = since + int(AHEAD.total_seconds())
    return f"{settings.endpoint.rstrip('/')}/entries/{since}/{until}/"


def _news(answer: Page) -> bool | None:
    entries = decoded(answer.body.decode("utf-8", "replace")).get("entries")
    return bool(entries) if isinstance(entries, list) else None


def _rounded(at: datetime) -> int:
    return int(at.timestamp()) // ROUND * ROUND


POLLING = Polling(address=_address, news=_news)
