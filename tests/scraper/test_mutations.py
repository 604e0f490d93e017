import random
import re

import pytest
from inventions import INVENTED
from inventions_more import MORE
from mutations import MUTATIONS, cut_short, ids_gone, linked_data_gone, times_gone
from newsrooms import NAMED

from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.merge import blocks
from store.sighting import Kind

STORIES = [story for make in (*NAMED, *INVENTED, *MORE) if (story := make()).kind]
NOT_WORDS = re.compile(r"[\W_]+")
HEAD = 24
# So far from its beginning an entry's own words may stand.
FAR = 200
# So many entries of a page are read, or the page is none that is read.
MOST = 0.9
# What takes entries away, and may leave a last one in part.
TAKING = (cut_short, ids_gone, times_gone, linked_data_gone)


def folded(text):
    return NOT_WORDS.sub("", text or "").casefold()


def entries(markup, story):
    """Give the entries that a page shows; none where it is refused, or is no live blog."""
    page = Page(story.url, markup.encode(), story.fetched_at, timezone=story.zone)
    try:
        snapshot = read(page)
    except ScrapeError:
        return None
    if snapshot.kind is not Kind.LIVE_BLOG or not snapshot.sightings:
        return None
    return [block.sighting for block in blocks(snapshot)]


def wrongs(found, meant, *, whole=True):
    """Name what is silently wrong of entries that were read, held against what they are."""
    told = []
    known = {folded(entry.text)[:HEAD]: entry for entry in meant if entry.text}
    titled = {folded(entry.title): entry for entry in meant if entry.title}
    for entry in found:
        said = folded(entry.text) or folded(entry.title)
        places = {said.find(head): e for head, e in known.items() if 0 <= said.find(head) < FAR}
        match = places[min(places)] if places else titled.get(folded(entry.title))
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


def mutated(story, mutation):
    chance = random.Random(f"{story.name} {mutation.__name__}")
    return mutation(story.html, chance)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_page_that_changed_overnight_is_read_right_or_not_at_all(mutation):
    found = {}
    for story in STORIES:
        meant = entries(story.html, story)
        markup = mutated(story, mutation)
        read_now = entries(markup, story)
        if read_now is not None:
            whole = mutation not in TAKING
            found[story.name] = wrongs(read_now, meant, whole=whole)
    assert not {name: told for name, told in found.items() if told}
    assert len(found) > len(STORIES) // 3


def test_a_wrong_entry_would_be_noticed():
    story, other = STORIES[0], "Something else altogether"
    meant = entries(story.html, story)
    markup = story.html.replace(":34:59", ":35:59")
    for said in (story.entries[2].words, story.entries[2].title):
        markup = markup.replace(said, other)
    assert len(wrongs(entries(markup, story), meant)) == 2
