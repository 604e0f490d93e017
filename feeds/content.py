"""How much of a publisher's text is given out: the one place where an entry is cut to it."""

from dataclasses import replace
from typing import TypeVar

from feeds.xml import line
from store.archive.archived import KeptRevision
from store.entry import Entry, StoredEntry
from store.topics import Content

EXCERPT = 280  # characters

_Said = TypeVar("_Said", Entry, KeptRevision)


def republished(stored: StoredEntry, content: Content) -> StoredEntry:
    """Return an entry as it may be given out: the very same where all of it may."""
    if content is Content.FULL:
        return stored
    return replace(stored, entry=cut(stored.entry, content))


def cut(said: _Said, content: Content) -> _Said:
    """Return what an entry says, or said in one revision, as far as it may be given out.

    An excerpt has no markup and no pictures; of nothing there remain title, link, names and times.
    """
    if content is Content.FULL:
        return said
    return replace(said, html="", text=cut_text(said.text, content), media=())


def cut_text(text: str, content: Content) -> str:
    """Return a text whole, its first words (at most EXCERPT characters, on one line), or ""."""
    match content:
        case Content.FULL:
            return text
        case Content.EXCERPT:
            return _first_words(line(text))
        case Content.NONE:
            return ""


def _first_words(said: str) -> str:
    if len(said) <= EXCERPT:
        return said
    kept = said[: EXCERPT - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:–—-") + "…"
