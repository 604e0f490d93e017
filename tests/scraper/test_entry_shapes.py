"""Pages of newsrooms whose entries are more than paragraphs."""

import pytest
from entry_shapes import SHAPES, WORDS_FIRST
from newsrooms import NAMED
from newsrooms_more import MORE_NAMED
from newsrooms_varied import VARIED
from stories import Entry

from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.sighting import Kind

MAKERS = (*NAMED, *MORE_NAMED, *VARIED)
HEAD = 40


def wrongs(story, shape):
    """Name what of a page's entries is not as its newsroom meant it."""
    snapshot = read(Page(story.url, story.html.encode(), story.fetched_at, timezone=story.zone))
    found = [block.sighting for block in blocks(snapshot)]
    if snapshot.kind is not Kind.LIVE_BLOG or len(found) != len(story.entries):
        return [f"{len(found)} of {len(story.entries)} entries"]
    pairs = zip(found, story.entries, strict=True)
    return [wrong for seen, meant in pairs for wrong in _of_one(seen, meant, story, shape)]


def _of_one(seen, meant, story, shape):
    at = seen.published
    if story.to_the_minute and at:
        at, meant_at = at.replace(second=0), meant.at.replace(second=0)
    else:
        meant_at = meant.at
    place = (seen.text or "").find(meant.words[:HEAD])
    if place < 0 or (place and shape in WORDS_FIRST):
        yield f"text {seen.text!r}"
    if "title" in story.asked and (seen.title or "") != meant.title:
        yield f"title {seen.title!r}"
    if "published" in story.asked and at != meant_at:
        yield f"published {seen.published}"
    if "id" in story.asked and seen.block_id != meant.id:
        yield f"id {seen.block_id}"


def read_in(shape, make, monkeypatch):
    monkeypatch.setattr(Entry, "html", property(shape))
    story = make()
    return wrongs(story, shape) if story.kind else []


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_entries_of_another_shape_are_read_all_the_same(make, monkeypatch):
    shape = SHAPES[MAKERS.index(make) % len(SHAPES)]
    assert read_in(shape, make, monkeypatch) == []


@pytest.mark.torture("13 shapes of each newsroom's entries")
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_entries_of_every_shape_are_read_all_the_same(shape, monkeypatch):
    told = {make.__name__: read_in(shape, make, monkeypatch) for make in MAKERS}
    assert {name: wrong for name, wrong in told.items() if wrong} == {}


def test_entries_without_their_words_would_have_been_noticed(monkeypatch):
    made = [read_in(lambda _: "<p>Other words.</p>", make, monkeypatch) for make in MAKERS]
    assert sum(map(bool, made)) > len(MAKERS) // 2
