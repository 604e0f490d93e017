import builtins
from datetime import UTC, datetime

import pytest
from stories import entries, page

from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.sighting import Kind

URL = "https://www.quay.example/news/cranes"
FETCHED = datetime(2026, 11, 18, 16, tzinfo=UTC)
HEAD = (
    '<meta property="article:published_time" content="2026-11-18T09:00:00+01:00">'
    '<meta property="article:modified_time" content="2026-11-18T11:30:00+01:00">'
    '<meta name="author" content="Ada Lindqvist">'
)
WORDS = [entry.words for entry in entries(8)]
ARTICLE = page(
    "Why cranes stop",
    "<article><h1>Why cranes stop</h1>" + "".join(f"<p>{w}</p>" for w in WORDS) + "</article>",
    head=HEAD,
    url=URL,
)


def seen(markup=ARTICLE):
    return read(Page(URL, markup.encode(), FETCHED, as_article=True))


@pytest.fixture
def without_trafilatura(monkeypatch):
    """Do what Python does where a package is not installed."""
    known = builtins.__import__

    def missing(name, *arguments, **more):
        if name.partition(".")[0] == "trafilatura":
            raise ImportError(name)
        return known(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", missing)


def test_an_article_is_one_entry():
    snapshot = seen()
    assert (snapshot.kind, snapshot.platform) == (Kind.ARTICLE, "article")
    assert snapshot.layout == "trafilatura"
    (entry,) = snapshot.sightings
    assert (entry.block_id, entry.title, entry.permalink) == ("article", "Why cranes stop", URL)
    assert entry.published == datetime(2026, 11, 18, 8, tzinfo=UTC)
    assert entry.updated == datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
    assert entry.time_precision is TimePrecision.SECOND
    assert entry.authors == ("Ada Lindqvist",)
    assert entry.text.startswith(WORDS[0])
    assert all(words in entry.text for words in WORDS)
    assert "Most read" not in entry.text


@pytest.mark.usefixtures("without_trafilatura")
def test_without_the_extra_its_text_is_what_its_paragraphs_say():
    snapshot = seen()
    assert snapshot.layout == "paragraphs"
    assert "keywire[article]" in snapshot.warnings[0]
    assert snapshot.sightings[0].text == " ".join(WORDS)


@pytest.mark.parametrize(
    "markup",
    {
        "a wall": "<html><head><title>Before you continue</title></head><body><h1>We value your "
        "privacy</h1><p>We and our partners store cookies. Accept all or manage settings.</p>"
        "<button>Accept all</button></body></html>",
        "a front": ARTICLE.replace(f'href="{URL}"', 'href="https://www.quay.example/"'),
        "nothing": "<html><body></body></html>",
        "a line": page("Cranes", "<h1>Cranes</h1><p>Soon.</p>", url=URL),
    }.values(),
)
def test_what_stands_in_its_place_is_no_article(markup):
    assert seen(markup).sightings == ()


def test_polls_that_do_not_ask_for_articles_read_none():
    assert read(Page(URL, ARTICLE.encode(), FETCHED)).sightings == ()
