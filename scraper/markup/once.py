"""Results kept for each page: recognising a page and reading it need much the same of it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from scraper.markup.document import Document

Told = TypeVar("Told")


def once(tell: Callable[[Document], Told]) -> Callable[[Document], Told]:
    """Decorate a function of a page to run once for each; no caller may change its result."""

    @wraps(tell)
    def told(document: Document) -> Told:
        known = document.told
        if tell not in known:
            known[tell] = tell(document)
        return cast("Told", known[tell])

    return told
