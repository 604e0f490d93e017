"""Whether a page has news since it was read, by the small answer its platform's script polls.

A probe decides one thing: whether the whole page is read now. It never publishes, edits or
retracts an entry. Polling answers hold less than the page (only new blocks, a few of them, some
facts left out), and would be one more view to reconcile with the others; all evidence comes from
the page.
"""

from http import HTTPStatus

from scraper.page import Page
from scraper.read import PLATFORMS

# Bytes; a larger answer costs about as much as the whole page.
LARGEST = 300_000


def news(answer: Page, platform: str) -> bool | None:
    """Return whether the answer from a snapshot's `probe` address says that the page has news.

    `platform` is that snapshot's. None if the answer is not understood (an error, a redirect, a
    body over LARGEST bytes, another format). Never raises.
    """
    redirected = bool(answer.final_url) and answer.final_url != answer.url
    if answer.status != HTTPStatus.OK or redirected or len(answer.body) > LARGEST:
        return None
    polling = next((known.polling for known in PLATFORMS if known.name == platform), None)
    return polling.news(answer) if polling else None
