"""Whether anything is newer than a page that was read, by its platform's own polling answer.

A probe decides one thing: whether the whole page is read now. It never publishes, edits or
removes. What polling answers hold is less than the page says (new blocks alone, a few of them,
some facts left out), and would be one more view to hold against the others; all evidence comes
from the page.
"""

from http import HTTPStatus

from scraper.page import Page
from scraper.read import PLATFORMS

# Bytes; from about here on, the whole page would cost no more.
LARGEST = 300_000


def news(answer: Page, platform: str) -> bool | None:
    """Read the answer from a snapshot's `probe`; `platform` is that snapshot's.

    True: something is newer. False: nothing is. None: the answer is not understood (an error, a
    redirect, an oversize body, another format), and tells nothing. It never raises.
    """
    redirected = bool(answer.final_url) and answer.final_url != answer.url
    if answer.status != HTTPStatus.OK or redirected or len(answer.body) > LARGEST:
        return None
    polling = next((known.polling for known in PLATFORMS if known.name == platform), None)
    return polling.news(answer) if polling else None
