"""Which other platforms' marks a page has, or nearly has, and why those did not read it."""

from scraper.errors import ScrapeError
from scraper.markup.document import Document, open_document
from scraper.page import Page
from scraper.platforms.clock.found import doubts as doubts_of_clocks
from scraper.read import GUESSES, PLATFORMS
from scraper.repeated.found import doubts as doubts_of_blocks
from store.sighting import Kind, Snapshot


def passed_over(page: Page, snapshot: Snapshot) -> tuple[str, ...]:
    """Return, in plain words, which other platforms' marks are on a page, and why they lost.

    `snapshot` is what was read of the page. If it is no live blog, the reasons why the guesses by
    the page's look did not take it for one are added.
    """
    document = open_document(page)
    told = [
        f"{platform.name} ({'; '.join(marks)}): {_why(platform.name, snapshot)}"
        for platform in PLATFORMS
        if platform.name != snapshot.platform and (marks := _marks(platform.name, document))
    ]
    if snapshot.kind is not Kind.LIVE_BLOG and document.data is None:
        told += [*doubts_of_blocks(document), *doubts_of_clocks(document)]
    return tuple(told)


def _marks(name: str, document: Document) -> tuple[str, ...]:
    platform = next(each for each in PLATFORMS if each.name == name)
    try:
        return platform.marks(document)
    except ScrapeError:
        return ()


def _why(name: str, snapshot: Snapshot) -> str:
    if any(name == guess.name for guess in GUESSES):
        return "a guess by the page's look, which is taken only where nothing surer is"
    if snapshot.platform:
        return f"{snapshot.platform} goes before it"
    return "what stands in the page's place was told first"
