import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keywire.commands.preview import preview
from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.sighting import Kind

FIXTURE = Path(__file__).parents[1] / "fixtures" / "flattened" / "2026-11-copy" / "page.txt"
TEXT = FIXTURE.read_text()
URL = "https://www.gatherer.example/copies/harbour-storm-live"
FETCHED = datetime(2026, 11, 21, 16, tzinfo=UTC)
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "flattened"
ARTICLE = "\n".join(
    f"Paragraph {n} of an ordinary article says what happened at the harbour on that day, "
    "who saw it and what they said of it when they were asked by the people from the paper."
    for n in range(8)
)


def seen(text, **options):
    return read(Page(URL, text.encode(), FETCHED, **options))


def as_page(text):
    """Print a copy as aggregators do: each paragraph in one element, lists as lists."""
    rows = "".join(
        f"<li>{line.strip()[2:]}</li>" if line.strip().startswith("•") else f"<p>{line}</p>"
        for line in text.splitlines()[1:]
        if line.strip()
    )
    title = TEXT.splitlines()[0]
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{rows}</body></html>"


@pytest.mark.parametrize("text", [TEXT, as_page(TEXT)], ids=["text", "page"])
def test_what_belongs_together_is_one_entry(text):
    snapshot = seen(text)
    assert (snapshot.kind, snapshot.platform) == (Kind.LIVE_BLOG, "flattened")
    ferry, gauge, mayor, welcome = snapshot.sightings
    assert "no timetable" in ferry.text
    assert gauge.text.startswith("The gauge at the old lock")
    assert "back to her coffee" in gauge.text
    assert mayor.title == "Mayor promises a new breakwater before the storms – reports"
    assert mayor.text.endswith("who is to pay for it.")
    assert (welcome.title, welcome.html.count("<li>")) == ("Welcome and what we know …", 3)


PARAGRAPHS = (
    "Harbour storm: the ferry turns back – live",
    "Key events",
    "The noon ferry turned round half a mile out because nobody could see the pier. "
    "It carried forty people to the market, two of them with geese, and the geese "
    "were the first to find the way home when it was moored again at the old quay, as "
    "those who waited there tell everybody who asks them.",
    "Updated at 12.41 GMT",
    "Its captain has gone home, the cooperative says. She is to sail again when the "
    "fog lifts, which the people at the lock expect in the evening, or in the night, "
    "or tomorrow at about the same time.",
    "Share",
    "View image in fullscreen",
    "Mayor promises a new breakwater",
    "Mayor Odile Brandt told reporters that it would be rebuilt before the winter. "
    "She did not say who is to pay for it, nor with what, and went to see the crane, "
    "which had stopped for the third time.",
    "Updated at 11.02 GMT",
)
CLOSED = "\n\n".join(PARAGRAPHS)


def test_what_stands_below_each_entry_parts_them():
    ferry, captain, mayor = seen(CLOSED).sightings
    assert ferry.text.startswith("The noon ferry turned")
    assert ferry.text.endswith("everybody who asks them.")
    assert captain.text.startswith("Its captain has gone home")
    assert captain.text.endswith("about the same time.")
    assert mayor.title == "Mayor promises a new breakwater"
    assert mayor.text.endswith("for the third time.")


def test_an_article_that_was_updated_once_is_no_live_blog():
    once = CLOSED.replace("Updated at 11.02 GMT", "")
    assert seen(once).kind is not Kind.LIVE_BLOG


def test_the_copys_one_time_is_an_estimate_for_all_and_their_order_is_kept():
    snapshot = seen(TEXT)
    assert {s.published for s in snapshot.sightings} == {datetime(2026, 11, 18, 16, tzinfo=UTC)}
    assert {s.time_precision for s in snapshot.sightings} == {TimePrecision.ESTIMATED}
    assert {s.block_id for s in snapshot.sightings} == {None}


def test_a_pictures_credit_is_kept_and_its_caption_is_no_text():
    ferry = seen(TEXT).sightings[0]
    assert ferry.credit == "Photograph: Kim Ngo/Quay Pictures"
    assert "on its way back" not in ferry.text


@pytest.mark.parametrize(
    "line",
    ["Key events", "Show key events only", "JavaScript", "3 days ago", "Read Entire", "Shipping"],
)
def test_furniture_is_in_no_entry(line):
    assert not any(line in f"{s.title} {s.text}" for s in seen(TEXT).sightings)


def test_an_article_in_bare_text_is_an_article_and_no_live_blog():
    assert seen(ARTICLE).kind is Kind.ARTICLE
    assert seen(ARTICLE).sightings == ()
    (entry,) = seen(f"{ARTICLE} AFP\n{{Gatherer.example}}", as_article=True).sightings
    assert entry.credit == "AFP"
    assert entry.text == " ".join(ARTICLE.split())


def test_a_live_blogs_title_alone_makes_none_of_an_article():
    assert seen(f"Harbour storm live: all updates\n{ARTICLE}").kind is Kind.ARTICLE


@pytest.mark.parametrize(
    "text", ["Bad gateway", "Please enable JavaScript to use this feature.\n" * 3]
)
def test_a_short_text_is_a_stand_in(text):
    assert seen(text).kind is Kind.UNKNOWN


@pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no copies in {CORPUS}")
def test_a_real_copy_gives_what_it_proves():
    folder = CORPUS / "guardian-copy-2024-12-02"
    wanted = json.loads((folder / "expected.json").read_text())
    page = Page("https://example.org/live/page", (folder / "page.txt").read_bytes(), FETCHED)
    found = preview(read(page))
    entries = found["entries"]
    assert (found["kind"], found["title"]) == (wanted["kind"], wanted["title"])
    assert [e["title"] for e in entries if e["title"]] == wanted["entries_with_title"]
    assert len(entries) >= wanted["n_entries_at_least"]
    for text in wanted["text_that_begins_an_entry"]:
        assert any(entry["text"].startswith(text) for entry in entries)
    assert any("Herzi Halevi" in e["text"] and "Initiative" in e["text"] for e in entries)
    assert entries[-1]["html"].count("<li>") == 8
    for text in wanted["never_in_any_entry"]:
        assert not any(text in f"{e['title']} {e['text']}" for e in entries)


@pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no copies in {CORPUS}")
def test_a_real_article_in_bare_text_is_one_entry():
    folder = CORPUS / "matzav-2024-12-02"
    wanted = json.loads((folder / "expected.json").read_text())
    body = (folder / "page.txt").read_bytes()
    found = read(Page("https://example.org/article", body, FETCHED, as_article=True))
    assert (found.kind.value, len(found.sightings)) == (wanted["kind"], wanted["n_entries"])
    assert found.sightings[0].credit == wanted["attributed_to"]
    assert not any(text in found.sightings[0].text for text in wanted["never_in_any_entry"])
