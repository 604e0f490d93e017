from datetime import UTC, datetime

import pytest

from scraper.errors import LayoutError
from scraper.page import Page
from scraper.read import read
from scraper.selectors import Selectors, check_selector, parted, selectors_of
from store.entry import TimePrecision
from store.sighting import Kind

URL = "https://www.odd.example/page"
FETCHED = datetime(2026, 11, 18, 16, tzinfo=UTC)
ROW = (
    '<tr class="row" data-key="k{n}"><td>{n}</td><td class="t" data-when="2026-11-18T15:0{n}:00Z">'
    "15.0{n}</td><td><u>Crane {n}</u><div class=b><p>It moved.</p></div><i>Share</i></td></tr>"
)
PAGE = "<h1>Cranes</h1><table>" + "".join(ROW.format(n=n) for n in (3, 2, 1)) + "</table>"
ALL = Selectors("tr.row", "td.t@data-when", "u", ".b", "@data-key")


def seen(selectors=ALL, page=PAGE, **options):
    return read(Page(URL, page.encode(), FETCHED, selectors=selectors, **options))


def test_a_person_says_what_the_entries_are():
    snapshot = seen()
    assert (snapshot.kind, snapshot.platform) == (Kind.LIVE_BLOG, "selectors")
    assert "tr.row" in snapshot.why[0]
    told = [(s.block_id, s.title, s.text, s.published.minute) for s in snapshot.sightings]
    assert told == [(f"k{n}", f"Crane {n}", "It moved.", n) for n in (3, 2, 1)]
    assert {s.time_precision for s in snapshot.sightings} == {TimePrecision.SECOND}


def test_only_the_block_has_to_be_said():
    rows = PAGE.replace("data-when", "datetime").replace("data-key", "id").replace("u>", "h3>")
    told = [
        (s.block_id, s.title, s.published.minute) for s in seen(Selectors("tr.row"), rows).sightings
    ]
    assert told == [(f"k{n}", f"Crane {n}", n) for n in (3, 2, 1)]


def test_a_time_may_be_a_clock_of_the_pages_day():
    head = '<meta property="article:modified_time" content="2026-11-18T16:10:00+01:00">'
    snapshot = seen(Selectors("tr.row", "td.t"), head + PAGE, timezone="Europe/Berlin")
    assert [s.published.hour for s in snapshot.sightings] == [14, 14, 14]
    assert {s.time_precision for s in snapshot.sightings} == {TimePrecision.MINUTE}


def test_they_override_what_keywire_would_see_by_itself():
    blog = "".join(
        f'<article class="live-post" id="p{n}"><time datetime="2026-11-18T1{n}:07:00Z"></time>'
        f"<p>All about the number {n}, in a few words.</p></article>"
        for n in (4, 3, 2, 1)
    )
    blog = f"<main>{blog}</main>"
    assert seen(None, blog).platform == "generic"
    assert seen(page=blog + PAGE).platform == "selectors"
    assert len(seen(page=blog + PAGE).sightings) == 3


def test_a_page_without_them_is_a_fault_that_names_them():
    with pytest.raises(LayoutError, match=r"by its selectors \(block tr\.row"):
        seen(page="<h1>Cranes</h1><p>Nothing here any more.</p>")


@pytest.mark.parametrize("text", ["a[", "p:foo", "", " ", "time@", "p >> q"])
def test_what_is_no_selector_is_told(text):
    with pytest.raises(ValueError, match="no CSS selector"):
        check_selector(text)


def test_an_attribute_stands_behind_an_at():
    assert parted("time@datetime") == ("time", "datetime")
    assert parted("@data-id") == ("", "data-id")
    assert parted("a[href*='@b']") == ("a[href*='@b']", "")


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ({"time": "time"}, "block is missing"),
        ({"block": "@id"}, "an element"),
        ({"block": "p", "author": "b"}, "no selector 'author'"),
    ],
)
def test_selectors_are_checked_together(said, mend):
    with pytest.raises(ValueError, match=mend):
        selectors_of(said)
