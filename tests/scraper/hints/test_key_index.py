import pytest
from inventions import indexed as story_with_an_index

from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.sighting import View

STORY = story_with_an_index()
HEADING = "<h2>Key events</h2>"


def keys(html):
    page = Page(STORY.url, html.encode(), STORY.fetched_at)
    return [block.sighting.title for block in blocks(read(page)) if block.sighting.key_event]


def test_a_list_that_links_to_entries_marks_them_as_key_events():
    snapshot = read(Page(STORY.url, STORY.html.encode(), STORY.fetched_at))
    index = [sighting for sighting in snapshot.sightings if sighting.view is View.INDEX]
    assert [sighting.block_id for sighting in index] == [e.id for e in STORY.entries if e.key]
    assert keys(STORY.html) == [e.title for e in STORY.entries if e.key]


@pytest.mark.parametrize(
    "name",
    ["Key points", "Punti chiave", "L’essentiel", "Das Wichtigste in Kürze", "Lo más importante"],
)
def test_it_is_called_so_in_any_language(name):
    assert len(keys(STORY.html.replace(HEADING, f"<p><strong>{name}</strong></p>"))) == 2


def test_entries_without_ids_are_known_by_their_titles():
    html = STORY.html
    for entry in STORY.entries:
        html = html.replace(f' id="{entry.id}"', "")
    assert keys(html) == [e.title for e in STORY.entries if e.key]


@pytest.mark.parametrize("name", ["More on this", "Contents", ""])
def test_another_list_says_nothing_of_them(name):
    assert keys(STORY.html.replace(HEADING, f"<h2>{name}</h2>")) == []


def test_a_list_of_all_entries_is_a_table_of_contents():
    every = "".join(f'<li><a href="#{e.id}">{e.title}</a></li>' for e in STORY.entries)
    start, end = STORY.html.index('<li><a href="#i'), STORY.html.index("</ul></div>")
    assert keys(STORY.html[:start] + every + STORY.html[end:]) == []


def test_links_elsewhere_are_no_index():
    assert keys(STORY.html.replace('href="#i', 'href="/news/i')) == []
