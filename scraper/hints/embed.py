"""Pages that embed a live blog of some service: what they state themselves, and where the rest is.

A script fills such a page from an answer of the service, whose address follows from ids on it.
What the page states for search engines is read; the answer is named, to be asked too.
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

    Raises LayoutError where the page embeds several, which no one could tell apart later, or where
    it neither states an entry nor tells which answer does.
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
    # Without ids on both sides nobody could tell that an update is the same.
    if any(each.block_id is None for each in stated.sightings):
        known = ()
    return replace(
        stated,
        platform=name,
        layout=stated.layout or "embed",
        answers=known,
    )
