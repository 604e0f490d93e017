"""When a page was rendered, from which its "5m ago" counts: not always when it was fetched."""

from datetime import datetime, timedelta
from typing import Final

from scraper.markup.document import Document
from scraper.times.instants import moment
from scraper.times.zones import changes, zone_of_page

# A file whose time is later than this after its page's last change was copied since.
SAVED_WITHIN: Final = timedelta(days=1)


def rendered_at(document: Document) -> datetime:
    """Return the UTC instant at which a page was rendered, as near as it is known.

    An answer is as old as its `Age` says (RFC 9111, 5.1). A file without a noted time of fetching
    was saved at the file's own time, unless that is before the page's last change or long after it:
    then the page was rendered at that change.
    """
    page = document.page
    if page.saved_at is None:
        age = page.headers.get("age", "")
        aged = timedelta(seconds=int(age[:9])) if age.isascii() and age.isdigit() else timedelta()
        return page.fetched_at - aged
    saved = min(page.saved_at, page.fetched_at)
    changed = _last_change(document, page.fetched_at)
    return saved if changed is None or changed <= saved <= changed + SAVED_WITHIN else changed


def _last_change(document: Document, now: datetime) -> datetime | None:
    zone = zone_of_page(document).zone
    told = (moment(each, zone) for each in changes(document))
    return max((each.at for each in told if each is not None and each.at <= now), default=None)
