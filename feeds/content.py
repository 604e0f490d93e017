"""Cut an entry to what a topic's `content` setting lets out: all, an excerpt, or no text."""

from dataclasses import replace
from typing import TypeVar

from feeds.xml import line
from store.archive.archived import KeptRevision
from store.entry import Entry, StoredEntry
from store.topics import Content

EXCERPT = 280  # characters

_Said = TypeVar("_Said", Entry, KeptRevision)


def republished(stored: StoredEntry, content: Content) -> StoredEntry:
    """Return a stored entry cut to `content`: the same object for FULL."""
    if content is Content.FULL:
        return stored
    return replace(stored, entry=cut(stored.entry, content))


def cut(said: _Said, content: Content) -> _Said:
    """Return an entry, or one revision of it, cut to `content`.

    An excerpt has no markup and no media; NONE leaves title, link, names and times.
    """
    if content is Content.FULL:
        return said
    return replace(said, html="", text=cut_text(said.text, content), media=())


def cut_text(text: str, content: Content) -> str:
    """Return all of a text, its first words (at most EXCERPT characters, one line), or ""."""
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
