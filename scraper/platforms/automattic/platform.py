"""Live blogs by Liveblog, Automattic's plugin for WordPress, in all forms that it publishes.

- Since 1.7 a page has no entries until its script has run; since 1.9 its JSON-LD has the entries
  that it shows first: the newest `entries_per_page`, newest first, their words without markup.
- Up to 1.6, and in AMP, entries are printed.
- The API's answers are read as pages too; only they have key events, markup, the number of pages,
  and deletions.

`state` in the settings says whether a blog is live. Where there are no settings (AMP), JSON-LD has
a `coverageEndTime` once the blog is archived, and never before (liveblog.php,
get_liveblog_metadata).
"""

import re
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs, urlsplit

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.jsonld import live_blog
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.automattic.answer import is_answer, is_window, read_answer, read_window
from scraper.platforms.automattic.asking import POLLING, answers_at
from scraper.platforms.automattic.printed import (
    AMP_ENTRIES,
    ENTRIES,
    amp_entries,
    entries,
    key_list,
)
from scraper.platforms.automattic.settings import SIGN, Settings, settings_in
from store.sighting import Sighting, Snapshot, View

NAME = "automattic"

CONTAINER = "#wpcom-liveblog-container"
# Part of each of the plugin's names; one search takes half the time of two.
WORD = b"liveblog"

MORE = ".liveblog-load-more"

PAGES = ".liveblog-pagination-pages"
PAGE_OF = re.compile(r"\D*(\d{1,6})\D+(\d{1,6})\D*")

UPDATES = "liveBlogUpdate"


ABOUT = About(
    reads=(
        "Liveblog, Automattic's plugin for WordPress: its pages since 1.5, its AMP pages, and "
        "its API's answers, which tell key events too"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS | Gift.DELETIONS | Gift.OLDER_PAGES,
    tested_on=(Tested.OWN_PROGRAM, Tested.REAL_ANSWERS),
)


def automattic(general: Platform) -> Platform:
    """Return the platform for the plugin; `general` reads the structured data of its pages."""
    return Platform(
        name=NAME,
        hosts=(),
        marks=_marks,
        signs=(WORD, SIGN),
        parse=partial(_parse, general),
        about=ABOUT,
        polling=POLLING,
        answers=True,
    )


def _marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        known = is_answer(document.data) or is_window(document)
        return ("entries as the plugin's API gives them",) if known else ()
    if not document.holds(WORD):
        return ()
    hooks = {
        CONTAINER: "a container called wpcom-liveblog-container",
        ENTRIES: "entries called liveblog-entry-",
        AMP_ENTRIES: "an AMP live list with entries of the class liveblog-entry",
    }
    told = [words for selector, words in hooks.items() if document.tree.css_first(selector)]
    if settings_in(document) is not None:
        told.append("the settings liveblog_settings")
    return tuple(told)


def _parse(general: Platform, document: Document) -> Snapshot:
    if document.data is not None:
        page = is_answer(document.data)
        return read_answer(document, NAME) if page else read_window(document, NAME)
    settings = settings_in(document)
    if document.tree.css_first(AMP_ENTRIES) is not None:
        return _amp(general, document)
    if document.tree.css_first(ENTRIES) is not None:
        return _printed(document, settings)
    return _stated(general, document, settings)


def _printed(document: Document, settings: Settings | None) -> Snapshot:
    """Read a page of a version up to 1.6.

    An archived blog shows all of its entries, a live one the newest, above a button that loads
    more.
    """
    blank = bare(document, NAME)
    read = entries(document, blank.url)
    live = settings.live if settings else None
    more = False if document.tree.css_first(MORE) is not None else None
    return replace(
        blank,
        layout="printed",
        live=live,
        sightings=(*_known(read, document), *key_list(document, blank.url)),
        shows_top=True,
        shows_bottom=(document.whole or None) if live is False else more,
        unread=None in read,
        warnings=_left_out(read),
    )


def _amp(general: Platform, document: Document) -> Snapshot:
    blank = _stated_or_bare(general, document)
    stated = [replace(each, view=View.JSON_LD) for each in blank.sightings]
    read = amp_entries(document, blank.url, stated)
    pages = document.tree.css_first(PAGES)
    reach = PAGE_OF.fullmatch(pages.text()) if pages is not None else None
    head = live_blog(document)
    return replace(
        blank,
        layout="amp, json-ld" if stated else "amp",
        live="coverageEndTime" not in head if head is not None else None,
        sightings=(*_known(read, document), *stated),
        shows_top=int(reach[1]) == 1 if reach else None,
        shows_bottom=int(reach[1]) == int(reach[2]) if reach else None,
        unread=blank.unread or None in read,
        warnings=(*blank.warnings, *_left_out(read)),
    )


def _stated(general: Platform, document: Document, settings: Settings | None) -> Snapshot:
    """Read a page since 1.7 by its JSON-LD.

    A page without it that a script fills yields no entries but the addresses of the API's answers;
    any other page without it raises LayoutError.
    """
    blank = _stated_or_bare(general, document)
    head = live_blog(document)
    live = settings.live if settings else None
    answers = answers_at(settings.endpoint, document.page.fetched_at) if settings else ()
    if not blank.sightings and (head is None or head.get(UPDATES) != []):
        if not answers or not _is_shell(document):
            raise _unstated(document, settings)
        return replace(bare(document, NAME), layout="embed", live=live, answers=answers)
    many, per_page = len(blank.sightings), settings.per_page if settings else 0
    return replace(
        blank,
        layout=blank.layout or "json-ld",
        live=live if live is not None or head is None else "coverageEndTime" not in head,
        shows_top=_is_first(document),
        shows_bottom=_reaches_bottom(many, per_page) if document.whole else None,
        answers=answers,
    )


def _is_shell(document: Document) -> bool:
    """Whether the entries' container is empty, for a script to fill; a printed page's is not."""
    container = document.tree.css_first(CONTAINER)
    return container is not None and not squeeze(container.text())


def _stated_or_bare(general: Platform, document: Document) -> Snapshot:
    if not general.marks(document):
        return bare(document, NAME)
    return replace(general.parse(document), platform=NAME)


def _is_first(document: Document) -> bool:
    query = parse_qs(urlsplit(document.url).query)
    return query.get("liveblog_page", ["1"]) == ["1"] and "liveblog_id" not in query


def _reaches_bottom(many: int, per_page: int) -> bool | None:
    """Whether a first page includes the blog's oldest entry; None if that cannot be known.

    A full page is followed by others, but for the rare one that ends exactly with its blog. A page
    that is not full may lack entries without words, which JSON-LD leaves out; those are assumed to
    be no more than the entries that it has.
    """
    if not per_page:
        return None
    if many >= per_page:
        return False
    return True if 2 * many <= per_page else None


def _known(read: tuple[Sighting | None, ...], document: Document) -> tuple[Sighting, ...]:
    known = tuple(each for each in read if each is not None)
    if not known:
        raise _broken(document, "no entry on the page has an id, a time and a body that are known")
    return known


def _left_out(read: tuple[Sighting | None, ...]) -> tuple[str, ...]:
    if None not in read:
        return ()
    return (f"{read.count(None)} of {len(read)} entries cannot be read; they are left out",)


def _unstated(document: Document, settings: Settings | None) -> LayoutError:
    if settings is None or not settings.endpoint:
        return _broken(document, "scripts load the entries, and its JSON-LD has none")
    return LayoutError(
        document.page.url,
        "scripts load the entries of this live blog, and its JSON-LD has none",
        f"follow {settings.endpoint.rstrip('/')}/get-entries/1/latest instead",
    )


def _broken(document: Document, what: str) -> LayoutError:
    return LayoutError(
        document.page.url,
        f"a page of the Liveblog plugin is not known: {what}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )
