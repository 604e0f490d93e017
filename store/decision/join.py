"""Joining the snapshots of one poll: of the page, and of the publisher's API answers beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from store.sighting import Sighting, Snapshot, View

# The layout of a page that has its entries only as JSON-LD, for search engines.
HEAD_ALONE = "json-ld"


def join(page: Snapshot, answers: Sequence[Snapshot]) -> Snapshot:
    """Join the snapshot of a page with those of its API answers that could be read.

    The page's sightings come first. Its blocks are the stronger view, and the answers a model of
    them (`View.MODEL`). Where the page prints no blocks (its layout is JSON-LD alone, or an
    index), scripts fill it from the answers: then the answers have the blocks and decide how far
    the page reaches, and the page's own sightings are a weaker view. That holds whether or not an
    answer could be read, so that each view is compared with its like at the next poll.

    A block that any of them states as deleted is, even if another, perhaps an older copy, shows it.
    """
    if not page.answers:
        return page
    printed = any(seen.view is View.BLOCK for seen in page.sightings)
    filled = page.layout == HEAD_ALONE or not printed
    every = (page, *answers)
    deleted = tuple(dict.fromkeys(chain.from_iterable(each.deleted for each in every)))
    own = _at_most(View.JSON_LD if filled else View.BLOCK, page.sightings)
    stated = chain.from_iterable(answer.sightings for answer in answers)
    theirs = _at_most(View.BLOCK if filled else View.MODEL, stated)
    warnings = dict.fromkeys(chain.from_iterable(each.warnings for each in every))
    joined = replace(
        page,
        title=next((each.title for each in every if each.title), ""),
        language=next((each.language for each in every if each.language), ""),
        live=next((each.live for each in every if each.live is not None), None),
        published=next((each.published for each in every if each.published), None),
        sightings=tuple(s for s in (*own, *theirs) if s.block_id not in deleted),
        deleted=deleted,
        older=next((each.older for each in every if each.older), ""),
        unread=any(each.unread for each in every),
        warnings=tuple(warnings),
    )
    return _filled(joined, answers) if filled else joined


def _filled(page: Snapshot, answers: Sequence[Snapshot]) -> Snapshot:
    """Set how far a page reaches by the first answer with blocks; add the answers' layouts."""
    of_blocks = [a for a in answers if any(s.view is View.BLOCK for s in a.sightings)]
    layouts = dict.fromkeys(filter(None, (page.layout, *(a.layout for a in of_blocks))))
    return replace(
        page,
        layout=", ".join(layouts),
        shows_top=of_blocks[0].shows_top if of_blocks else page.shows_top,
        shows_bottom=of_blocks[0].shows_bottom if of_blocks else page.shows_bottom,
    )


def _at_most(view: View, sightings: Iterable[Sighting]) -> list[Sighting]:
    return [s if s.view <= view else replace(s, view=view) for s in sightings]
