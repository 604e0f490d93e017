"""A page that grows tells of new entries, and of no edits of those that it had."""

from dataclasses import replace
from datetime import timedelta

import pytest
from entry_shapes import SHAPES, told
from newsroom_forms import FORMS, printed
from stories import Entry

from scraper.page import Page
from scraper.read import read
from store.changes import diff
from store.decision.history import BlogHistory, ChangeType, Outcome
from store.entry import Provenance
from store.sighting import Kind

COUNT = 16
SIZES = (3, 4, 5, 6, 8, 11, 12, 13, 14, COUNT)
SOON = timedelta(minutes=5)
# Clocks stand in their titles, so that an entry without a title is of another form; or a time
# within an entry stands as its own does, once there are two.
UNSTEADY = {
    *("word-before-clock", "title-dash-word-clock", "bold-behind-clock"),
    *("paragraphs-in-quotes", "titles-of-a-row"),
}
UNTITLED, SHORT, NINE = 4, 5, 9
# A page that says "yesterday" says no more than that.
WITHIN_A_DAY = 3


def as_newsrooms_write(told):
    """Take some titles away, and cut some bodies short."""
    for n, entry in enumerate(reversed(told)):
        title = "" if n % UNTITLED == UNTITLED - 1 else entry.title
        words = " ".join(entry.words.split()[:NINE]) + "." if n % SHORT == 1 else entry.words
        yield replace(entry, title=title, words=words)


def shaped(entry):
    """Print an entry in one of many shapes, the same one whenever it is printed."""
    return (told, *SHAPES)[entry.at.minute % (1 + len(SHAPES))](entry)


@pytest.fixture(autouse=True)
def entries_of_many_shapes(monkeypatch):
    monkeypatch.setattr(Entry, "html", property(shaped))


def grown(form):
    """Give a page at each of its sizes, oldest entries first."""
    for size in SIZES:

        def oldest(entries, size=size):
            return tuple(as_newsrooms_write(entries))[:size][::-1]

        story = printed(replace(form, count=COUNT, step=min(form.step, WITHIN_A_DAY)), oldest)
        yield replace(story, fetched_at=story.entries[0].at + SOON)


def edits_told(stories):
    """Poll a page at each of its sizes; give what is told to be edited, and what is known last."""
    history, edits = None, []
    for story in stories:
        snapshot = read(Page(story.url, story.html.encode(), story.fetched_at, timezone=story.zone))
        if snapshot.kind is not Kind.LIVE_BLOG:
            continue
        seen = Provenance(
            story.url, story.fetched_at, platform=snapshot.platform, layout=snapshot.layout
        )
        outcome = diff(
            history or BlogHistory(snapshot.url), snapshot, story.fetched_at, provenance=seen
        )
        assert isinstance(outcome, Outcome), outcome
        history = outcome.after
        edits += [change for change in outcome.changes if change.type is ChangeType.UPDATED]
    return edits, history


STEADY = [form for form in FORMS if form.name not in UNSTEADY]


@pytest.mark.parametrize("form", STEADY, ids=lambda form: form.name)
def test_a_page_that_grows_tells_of_no_edits(form):
    edits, history = edits_told(grown(form))
    assert [change.changes for change in edits] == []
    assert len(history.entries) == COUNT


@pytest.mark.parametrize("form", STEADY[:4], ids=lambda form: form.name)
def test_what_is_edited_while_a_page_grows_is_told(form):
    *before, last = grown(form)
    end = last.entries[-1].words[-9:]
    above, _, below = last.html.rpartition(end)
    mended = replace(last, html=f"{above}{end} This was mended.{below}")
    edits, _ = edits_told([*before, mended])
    assert len(edits) == 1
