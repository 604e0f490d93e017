"""When a page was made, from which its "5m ago" counts: not always when it is read."""

from datetime import datetime, timedelta
from typing import Final

from scraper.markup.document import Document
from scraper.times.instants import moment
from scraper.times.zones import changes, zone_of_page

# A file that is younger than its page's last change by more has been copied since it was saved.
SAVED_WITHIN: Final = timedelta(days=1)


def rendered_at(document: Document) -> datetime:
    """Give the UTC instant at which a page was made, as near as that is known.

    An answer is as old as its `Age` says (RFC 9111, 5.1). A file of which nobody noted when it was
    had was saved when its own clock says, unless that is long after the page's last change; then
    it was made no earlier than that change.
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
