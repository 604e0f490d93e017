from datetime import UTC, datetime

import pytest

from scraper.markup.document import open_document
from scraper.markup.jsonld import live_blog
from scraper.page import Page

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)


def told(markup):
    page = Page(url="https://paper.example/live", body=markup.encode(), fetched_at=NOW)
    return live_blog(open_document(page))


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ('{"@type": "LiveBlogPosting", "name": "A"}', "A"),
        ('{"@graph": [{"@type": "Article"}, {"@type": ["LiveBlogPosting"], "name": "B"}]}', "B"),
        ('[{"@type": "schema:LiveBlogPosting", "name": "C"}, {"@type": "LiveBlogPosting"}]', "C"),
    ],
)
def test_a_live_blog_is_found_in_any_place_of_json_ld(script, name):
    markup = f'<p>Words</p><script type="application/ld+json">{script}</script>'
    assert told(markup)["name"] == name


def test_a_page_without_one_has_none():
    mention = '<script type="application/ld+json">{"about": "LiveBlogPosting"}</script>'
    assert told(f"<p>Words</p>{mention}") is None
