import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
URL = "https://www.theguardian.com/world/series/example-harbour-live"
FETCHED = datetime(2026, 8, 20, 4, tzinfo=UTC)
SERIES = (FIXTURES / "2026-08-series" / "page.html").read_text()
FRONT = (FIXTURES / "2026-08-front" / "page.html").read_text()
RSS = (FIXTURES / "2026-08-series-feed" / "page.xml").read_text()
LIVE = "/world/live/2026/aug/20/harbour-day-four"


def seen(text, url=URL):
    body = text if isinstance(text, bytes) else text.encode()
    return read(Page(url=url, body=body, fetched_at=FETCHED))


def paths(snapshot):
    return [blog.url.partition("theguardian.com")[2] for blog in snapshot.blogs]


# Series, tags, fronts


def test_a_blog_is_live_by_its_cards_design_and_not_by_words_or_dots():
    told = {blog.url.rpartition("/")[2]: blog.live for blog in seen(SERIES).blogs}
    assert told == {
        "harbour-day-three": False,
        "harbour-day-four": True,
        "harbour-day-two": False,
    }


def test_what_others_read_is_not_listed():
    assert not any("elsewhere" in path for path in paths(seen(SERIES)))


def test_hashed_names_and_the_words_of_cards_may_change():
    changed = SERIES.replace("card-headline", "dcr-1x").replace("headline-text", "dcr-2y")
    changed = changed.replace("PulsingDot", "Dot").replace("<section", "<div")
    assert seen(changed).blogs == seen(SERIES).blogs


def test_a_title_stands_in_the_card_where_the_link_has_no_label():
    changed = SERIES.replace('aria-label="Third day – as it happened"', "")
    assert seen(changed).blogs == seen(SERIES).blogs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data-format-design", "data-design"),
        ('data-format-design="11"', 'data-format-design="13"'),
        ('data-format-design="12"', 'data-format-design="11"'),
        ("<a href=", "<a data-href="),
    ],
)
def test_a_listing_in_another_form_is_an_alarm_and_not_an_empty_list(old, new):
    with pytest.raises(LayoutError):
        seen(SERIES.replace(old, new))


def test_other_designs_on_everything_are_an_alarm_though_no_link_is_named():
    text = SERIES.replace('"live | group', '"article').replace('"dead | group', '"article')
    text = text.replace('design="11"', 'design="21"').replace('design="12"', 'design="22"')
    with pytest.raises(LayoutError, match="no card that leads to a live blog"):
        seen(text)


def test_a_series_without_a_live_blog_is_a_listing_all_the_same():
    head = SERIES.partition("<section")[0]
    card = '<div data-format-design="0"><a href="/world/2026/aug/1/x" aria-label="X"></a></div>'
    found = seen(f"{head}{card}</main></body></html>")
    assert (found.kind, found.platform, found.blogs) == (Kind.LISTING, "guardian", ())


def test_a_front_without_a_known_layout_is_known_by_its_own_word():
    found = seen(FRONT.replace("FrontLayout", "NewLayout"), "https://www.theguardian.com/uk")
    assert "isFront" in found.why[0]
    assert LIVE in paths(found)


def test_a_blog_that_a_front_shows_twice_is_listed_once_with_all_that_is_told():
    (blog,) = (b for b in seen(FRONT).blogs if b.url.endswith(LIVE))
    assert blog.title == "Fourth day – live"
    assert blog.published == datetime(2026, 8, 20, 3, 50, tzinfo=UTC)


def test_an_article_with_cards_below_it_is_no_listing():
    article = SERIES.replace("TagPageLayout", "StandardLayout").replace('"isFront":true', "")
    assert seen(article).kind is not Kind.LISTING


def test_links_lead_where_the_listing_came_from():
    text = SERIES.replace("https://www.theguardian.com", "")
    found = seen(text, "http://127.0.0.1:8000/world/series/x")
    assert found.blogs[1].url == f"http://127.0.0.1:8000{LIVE}"


# RSS


def test_rss_tells_live_blogs_by_their_address_and_nothing_of_live():
    found = seen(RSS, f"{URL}/rss")
    assert [blog.live for blog in found.blogs] == [None] * 3
    assert found.blogs[0].title == "Fourth day's tides – live"
    assert found.url == f"{URL}/rss"


def test_rss_in_another_place_is_known_by_its_links():
    text = RSS.replace("Guardian", "Keeper").replace("https://www.theguardian.com", "http://[::1]")
    assert seen(text, "http://[::1]/rss").blogs[0].url == f"http://[::1]{LIVE}"


def test_the_rss_of_others_is_none_of_the_guardians():
    item = "<item><title>Live: 1</title><link>https://a.example/1</link></item>"
    found = seen(f"<rss><channel><title>News</title>{item}</channel></rss>")
    assert (found.kind, found.platform, found.blogs) == (Kind.LISTING, "feed", ())


DANGEROUS = {
    "a bomb": "<!DOCTYPE rss ["
    + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    + '<!ENTITY e0 "boom">]>',
    "one long entity": f'<!DOCTYPE rss [<!ENTITY e9 "{"x" * 800}">]>',
    "a file": '<!DOCTYPE rss [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
    "an address": '<!DOCTYPE rss [<!ENTITY e9 SYSTEM "http://127.0.0.1/secret">]>',
    "a document type elsewhere": '<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd">',
    "parameters": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]>',
}


@pytest.mark.parametrize("declared", DANGEROUS.values(), ids=DANGEROUS)
def test_no_entity_is_ever_expanded_or_fetched(declared):
    text = RSS.replace("<rss", f"{declared}<rss", 1).replace("Fourth day", "&e9;" * 1_000)
    began = time.process_time()
    with pytest.raises(ScrapeError):
        seen(text, f"{URL}/rss")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("spoilt", ["</channel>", "</rss>", "<title>", "]]>"])
def test_rss_that_is_no_xml_is_an_alarm(spoilt):
    with pytest.raises(LayoutError, match="RSS"):
        seen(RSS.replace(spoilt, ""), f"{URL}/rss")


def test_an_undeclared_entity_is_an_alarm():
    with pytest.raises(LayoutError, match="RSS"):
        seen(RSS.replace("All tides", "All&nbsp;tides"), f"{URL}/rss")


@pytest.mark.parametrize("text", [SERIES, FRONT, RSS], ids=["series", "front", "rss"])
@settings(max_examples=60)
@given(st.data())
def test_a_listing_with_bytes_changed_and_cut_is_read_or_refused(text, data):
    body = bytearray(text.encode())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[place : place + 2] = data.draw(st.binary(max_size=4))
    try:
        assert seen(bytes(body[: data.draw(st.integers(0, len(body)))])).sightings == ()
    except ScrapeError:
        return
