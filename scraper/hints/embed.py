"""Pages that embed a live blog of some service: what they state, and where the entries are.

A script fills such a page from an answer of the service, whose address follows from ids on the
page. The page's structured data is read, and the answer's address named, to be fetched too.
"""

from collections.abc import Sequence
from dataclasses import replace

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.platform import Platform
from store.sighting import Snapshot


def embedding(
    document: Document, name: str, service: str, answers: Sequence[str], general: Platform
) -> Snapshot:
    """Read a page that embeds a live blog; `general` reads the structured data that it may have.

    `name` is the platform's name, `answers` the addresses of the answers that the page loads.
    Raises LayoutError if there are several of them, since their entries could not be told apart
    later, or none and the page states no entry either.
    """
    stated = general.parse(document) if general.marks(document) else bare(document, name)
    known = tuple(dict.fromkeys(answers))
    if len(known) > 1:
        raise LayoutError(
            document.page.url,
            f"the page embeds {len(known)} live blogs of {service}",
            f"follow one of them: {', '.join(known)}",
        )
    if not known and not stated.sightings:
        raise LayoutError(
            document.page.url,
            f"{service}'s script loads the entries of this live blog, and the page does not say "
            "from where",
            "look for the address that its script asks",
        )
    # Entries without block ids could not be matched with those of the answer.
    if any(each.block_id is None for each in stated.sightings):
        known = ()
    return replace(
        stated,
        platform=name,
        layout=stated.layout or "embed",
        answers=known,
    )
