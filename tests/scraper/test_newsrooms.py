import pytest
from inventions import INVENTED
from inventions_dated import DATED
from inventions_fifth import FIFTH
from inventions_fourth import FOURTH
from inventions_more import MORE
from inventions_sixth import SIXTH
from inventions_third import THIRD
from lookalikes import LOOKALIKES
from newsroom_forms import PRINTED
from newsrooms import NAMED
from newsrooms_more import MORE_NAMED
from newsrooms_varied import VARIED

from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.sighting import Kind

_FIRST, _LATER = (*INVENTED, *MORE, *THIRD, *FOURTH), (*FIFTH, *SIXTH, *DATED, *PRINTED)
STORIES = [make() for make in (*NAMED, *MORE_NAMED, *VARIED, *_FIRST, *_LATER)]
BLOGS = [story for story in STORIES if story.kind]
OTHERS = [make() for make in LOOKALIKES] + [story for story in STORIES if not story.kind]


def page_of(story):
    return Page(story.url, story.html.encode(), story.fetched_at, timezone=story.zone)


def told(sighting, asked, *, to_the_minute):
    """Give the fields of an entry that are asked for, as its newsroom knows them."""
    at = sighting.published
    fields = {
        "id": sighting.block_id,
        "title": sighting.title or "",
        "published": at and at.replace(second=0) if to_the_minute else at,
        "key": bool(sighting.key_event),
        "pinned": bool(sighting.pinned),
    }
    return {name: value for name, value in fields.items() if name in asked}


def known(entry, asked, *, to_the_minute):
    at = entry.at.replace(second=0) if to_the_minute else entry.at
    fields = {
        "id": entry.id,
        "title": entry.title,
        "published": at,
        "key": entry.key,
        "pinned": entry.pinned,
    }
    return {name: value for name, value in fields.items() if name in asked}


@pytest.mark.parametrize("story", BLOGS, ids=lambda story: story.name)
def test_a_live_blog_reads_as_its_newsroom_meant_it(story):
    snapshot = read(page_of(story))
    assert snapshot.kind is Kind.LIVE_BLOG
    found = [block.sighting for block in blocks(snapshot)]
    exactly = {"to_the_minute": story.to_the_minute}
    assert [told(s, story.asked, **exactly) for s in found] == [
        known(e, story.asked, **exactly) for e in story.entries
    ]
    said = zip(found, story.entries, strict=True)
    assert all((sighting.text or "").startswith(entry.words[:60]) for sighting, entry in said)


@pytest.mark.parametrize("story", OTHERS, ids=lambda story: story.name)
def test_what_only_looks_like_a_live_blog_is_not_taken_for_one(story):
    try:
        snapshot = read(page_of(story))
    except ScrapeError:
        return
    assert snapshot.kind is not Kind.LIVE_BLOG
    assert snapshot.sightings == ()
