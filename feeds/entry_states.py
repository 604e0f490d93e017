"""Compare two revisions of an entry, each with the flags that the entry had then."""

from feeds.comparison import Comparison, State, compare, lines_of
from feeds.content import cut
from feeds.feed import instant
from store.archive.archived import KeptRevision
from store.archive.entry_history import Life
from store.topics import Content


def compare_revisions(
    life: Life, old: int, new: int, content: Content = Content.FULL
) -> Comparison | None:
    """Compare two revisions by number, cut to `content`; None where either is not stored."""
    kept = {one.revision: one for one in life.revisions}
    if old not in kept or new not in kept:
        return None
    return compare(*(_state(life, cut(kept[which], content)) for which in (old, new)))


def _state(life: Life, one: KeptRevision) -> State:
    flags = life.flags(one.revision)
    return State(
        one.revision,
        one.title,
        lines_of(one.html, one.text),
        media=one.media,
        authors=one.authors,
        credit=one.credit,
        tags=one.tags,
        permalink=one.permalink,
        language=one.language,
        updated=instant(one.updated) or "",
        key_event=flags.key_event,
        summary=flags.summary,
        pinned=flags.pinned,
        retracted=flags.retracted,
    )
