"""Pages of publishers, and our own, read whole and in part: what is left out tells nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import ScrapeError
from scraper.markup import parsed
from scraper.page import Page
from scraper.read import read

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
OURS = Path(__file__).parents[2] / "fixtures"
PAGES = [*sorted(OURS.glob("*/*/page.html")), *sorted(CORPUS.glob("*/*/page.html"))]
FETCHED = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://news.example/live/2026/nov/20/day"


def told(body):
    try:
        return read(Page(url=URL, body=body, fetched_at=FETCHED))
    except ScrapeError as error:
        return str(error)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.parent.name}/{p.parent.name}")
def test_a_page_reads_the_same_whole_and_in_part(path, monkeypatch):
    body = path.read_bytes()
    first, again = told(body), told(body)
    monkeypatch.setattr(parsed, "_parsed_in_part", lambda *_: None)
    monkeypatch.setattr(parsed, "_parsed_without_texts", lambda *_: None)
    assert first == again == told(body)


SCRIPT = b"<script>" + b"x" * 100_000 + b"</script>"


def test_most_of_a_page_of_scripts_is_left_out():
    page = Page(URL, b"<!doctype html><body><p>x</p>" + SCRIPT * 3, FETCHED)
    made = parsed.parsed(page, page.body, None)
    assert len(made.elements) < 500
    assert made.markup == page.body
    assert [node.text() for node in made.tree.css("p, script")] == ["x", "", "", ""]


def test_templates_are_brought_into_the_light_though_scripts_are_left_out():
    shadow = b"<div><template shadowrootmode=open><p>x</p></template></div>"
    page = Page(URL, b"<!doctype html><body>" + shadow + SCRIPT * 3, FETCHED)
    assert parsed.parsed(page, page.body, None).tree.css_first("p").text() == "x"
