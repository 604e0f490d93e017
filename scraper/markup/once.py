"""What is told of a page once, whoever asks: recognising it and reading it ask much the same."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from scraper.markup.document import Document

Told = TypeVar("Told")


def once(tell: Callable[[Document], Told]) -> Callable[[Document], Told]:
    """Let a function of a page look at each page once; nobody may change what it gives."""

    @wraps(tell)
    def told(document: Document) -> Told:
        known = document.told
        if tell not in known:
            known[tell] = tell(document)
        return cast("Told", known[tell])

    return told
