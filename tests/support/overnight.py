"""Compare what is read of a page that changed overnight with what was read of it before."""

import random
import re

from mutations import (
    a_time_gone,
    cut_short,
    figures_gone,
    ids_gone,
    linked_data_gone,
    scripts_gone,
    times_gone,
)

from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.entry import TimePrecision
from store.sighting import Kind

NOT_WORDS = re.compile(r"[\W_]+")
HEAD = 24
# An entry's own words may begin so far into its text.
FAR = 200
# The distance of two entries that share neither id nor time.
APART = 2
# The least share of a page's entries that must be read.
MOST = 0.9
# Mutations that take entries away, and may leave a last one in part.
TAKING = (
    cut_short,
    ids_gone,
    a_time_gone,
    times_gone,
    figures_gone,
    scripts_gone,
    linked_data_gone,
)


def folded(text):
    return NOT_WORDS.sub("", text or "").casefold()


def entries(markup, story):
    """Return the entries that a page shows; None where it is refused, or is no live blog."""
    page = Page(story.url, markup.encode(), story.fetched_at, timezone=story.zone)
    try:
        snapshot = read(page)
    except ScrapeError:
        return None
    if snapshot.kind is not Kind.LIVE_BLOG or not snapshot.sightings:
        return None
    return [block.sighting for block in blocks(snapshot)]


def mutated(story, mutation):
    return mutation(story.html, random.Random(f"{story.name} {mutation.__name__}"))


def wrongs(found, meant, *, whole=True):
    """Return what is silently wrong in entries that were read, compared with the meant ones."""
    told = []
    heads = [(folded(entry.text)[:HEAD], folded(entry.title), entry) for entry in meant]
    for entry in found:
        match = _meant_by(entry, heads)
        if match is None:
            told.append(f"no entry: {(entry.title or entry.text or '')[:40]!r}")
            continue
        if entry.block_id not in {match.block_id, None}:
            told.append(f"id {entry.block_id} instead of {match.block_id}")
        flagged = entry.published is None or entry.time_precision is TimePrecision.ESTIMATED
        sure = match.time_precision is not TimePrecision.ESTIMATED
        if entry.published != match.published and not flagged and sure:
            told.append(f"{entry.published} instead of {match.published}")
    if told and not whole:
        told = told[:-1] if told[-1].startswith("no entry") else told
    if whole and len(found) < MOST * len(meant):
        told.append(f"{len(found)} of {len(meant)} entries")
    return told


def _meant_by(entry, heads):
    """Return the meant entry with the same words; of several, the one with its id or time."""
    title, text = folded(entry.title), folded(entry.text)
    said = text or title
    alike = []
    for head, called, meant in heads:
        place = said.find(head) if head else -1
        if 0 <= place < FAR or (said and head.startswith(said)):
            alike.append((place, meant))
        elif title == called and title:
            alike.append((FAR, meant))
    if not said:  # none of its words are left
        alike = [(FAR, meant) for *_, meant in heads if _apart(entry, meant) < APART]
    if not alike:
        return None
    return min(alike, key=lambda each: (_apart(entry, each[1]), each[0]))[1]


def _apart(entry, meant):
    same_id = entry.block_id is not None and entry.block_id == meant.block_id
    return APART - same_id - (entry.published == meant.published)
