import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from scraper.times.clocks import clock_at, stamp_alone, stamp_at
from scraper.times.dates import day_alone, day_in
from store.decision.identity import derive_ids
from store.entry import TimePrecision
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clock"
URL = "https://www.harbour-post.example/news/regatta-ticker"
FETCHED = datetime(2026, 9, 12, 18, tzinfo=UTC)
CHANGED = '<meta property="article:modified_time" content="2026-09-12T15:00:00+02:00">'
CLOCKS = ("14:40", "13:05", "11:50", "10:15", "9:30", "8:20")
TEXT = "The boats have turned at the buoy, and the wind is as it was, say the crews of both."


def page(inner, head=CHANGED, language="de", url=URL, **options):
    markup = (
        f'<html lang="{language}"><head><title>Regatta ticker</title>{head}</head>'
        f"<body><nav>14:00</nav><main><h1>Regatta</h1>{inner}</main></body></html>"
    )
    return Page(url=url, body=markup.encode(), fetched_at=FETCHED, **options)


def entries(form, clocks=CLOCKS):
    told = enumerate(clocks)
    return "".join(form.format(clock=clock, n=n, text=f"{TEXT} {n}.") for n, clock in told)


def is_live_blog(inner, **options):
    return read(page(inner, **options)).kind is Kind.LIVE_BLOG


def times(snapshot):
    return [sighting.published for sighting in snapshot.sightings]


def at(day, clock):
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)


FORMS = {
    "a heading": "<h2>{clock} Uhr: Boat {n}</h2><p>{text}</p>",
    "a heading with the time in an element": "<h3><span>{clock}</span> Boat {n}</h3><p>{text}</p>",
    "a bold paragraph": "<p><strong>{clock} – Boat {n}</strong></p><p>{text}</p>",
    "signs": "<p><b>+++ {clock} Boat {n} +++</b></p><p>{text}</p>",
    "a bold line": "<p><b>{clock} Uhr: Boat {n}</b><br>{text}</p>",
    "a bold sentence": "<p><b>{clock} Uhr: The next boat is {n}.</b> {text}</p>",
    "a time in a block": "<div><span>{clock}</span><h3>Boat {n}</h3><p>{text}</p></div>",
    "a time in a block's head": (
        "<section><div><i>{clock} Uhr</i></div><div><h4>Boat {n}</h4><p>{text}</p></div></section>"
    ),
    "a time after the headline": "<article><h3>Boat {n}</h3><i>{clock}</i><p>{text}</p></article>",
    "a time and a headline in a row": (
        '<div class="when">{clock}</div><h2>Boat {n}</h2><p>{text}</p>'
    ),
    "a bold headline below": "<h5>{clock}</h5><p><strong>Boat {n}</strong></p><p>{text}</p>",
    "a term": "<dl><dt>{clock}</dt><dd><h3>Boat {n}</h3><p>{text}</p></dd></dl>",
}
UNTITLED = {
    "bold": "<p><strong>{clock} </strong>{text}</p>",
    "nothing": "<p>{clock} – {text}</p>",
    "an item": "<li><span>{clock}</span> {text}</li>",
    "a block": "<div><span>{clock}</span><p>{text}</p></div>",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_entries_are_told_by_the_time_with_which_they_begin(form):
    found = read(page(entries(form)))
    assert (found.platform, found.kind) == ("clock", Kind.LIVE_BLOG)
    assert times(found) == [at(12, clock) for clock in CLOCKS]
    titles = [sighting.title for sighting in found.sightings]
    assert [title.strip(".").split()[-1] for title in titles] == list("012345")
    assert [sighting.text for sighting in found.sightings] == [f"{TEXT} {n}." for n in range(6)]
    assert {sighting.block_id for sighting in found.sightings} == {None}
    assert {sighting.time_precision for sighting in found.sightings} == {TimePrecision.MINUTE}


@pytest.mark.parametrize("form", UNTITLED.values(), ids=UNTITLED)
def test_an_entry_without_a_headline_has_its_text_alone(form):
    found = read(page(entries(form)))
    told = [(sighting.title, sighting.text) for sighting in found.sightings]
    assert told == [("", f"{TEXT} {n}.") for n in range(6)]


def test_a_page_says_by_what_it_was_told():
    said = read(page(entries(FORMS["a heading"]))).why
    assert said == (
        "6 entries in a row that begin with the time of day, newest first, with text between",
    )


WRITTEN = {
    "12.31 Uhr: Boats": (12, 31, "Boats"),
    "9h05 - Bateaux": (9, 5, "Bateaux"),
    "18 h 05 Bateaux": (18, 5, "Bateaux"),
    "18h Bateaux": (18, 0, "Bateaux"),
    "18 Uhr: Boote": (18, 0, "Boote"),
    "+++ 12:41 Boats +++": (12, 41, "Boats"),
    "[12:41] Boats": (12, 41, "Boats"),
    "10.25am Boats": (10, 25, "Boats"),
    "10.25 AM: Boats": (10, 25, "Boats"),
    "12.05 a.m. Boats": (0, 5, "Boats"),
    "12pm Boats": (12, 0, "Boats"),
    "12:41:07 Boats": (12, 41, "Boats"),
    "8:22 p.m. ET": (20, 22, ""),
    "12:41\xa0Uhr": (12, 41, ""),
}
NONE = (
    *("05.12.2022 Boats", "2.36 % more", "7.612,5 points", "1. Day", "3. League", "25:00", "12:75"),
    *(
        "11:30 - 12:00 Boats",
        "11.30 bis 12.15 Uhr",
        "11am to 3pm",
        "14:30/15:00",
        "13pm",
        "3 hours",
    ),
    *("1.50 Euro", "10.000 boats", "12,41", "2026", ""),
)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_time_of_day_is_read_in_every_form_that_publishers_give_it(text):
    hour, minute, rest = WRITTEN[text]
    found = clock_at(text)
    assert (found.minutes, found.rest) == (hour * 60 + minute, rest)


@pytest.mark.parametrize("text", NONE)
def test_dates_numbers_and_spans_of_time_are_no_time_of_day(text):
    assert clock_at(text) is None


def test_a_dash_behind_a_colon_is_said_and_one_behind_a_time_parts():
    assert [clock_at(f"11.03{sign}Noe skjer").rest for sign in (": – ", " – ", " | ", ":")] == [
        "– Noe skjer",
        "Noe skjer",
        "Noe skjer",
        "Noe skjer",
    ]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-14T15:42:10Z", "Etc/UTC"),
        ("2026-03-14T15:42+01:00", "Etc/GMT-1"),
        ("Posted 2026-03-14T15:42:10.120-0600", "Etc/GMT+6"),
        ("2026-03-14T15:42", ""),
    ],
)
def test_a_time_as_machines_print_it_is_a_stamp(text, zone):
    day, clock = stamp_alone(text)
    assert (day, clock.minutes, clock.zone) == ("2026-03-14", 942, zone)


def test_a_zone_in_figures_goes_before_the_one_that_a_person_names():
    told = entries(
        '<div class="u"><code>2026-09-12T{clock}Z</code><p>{text}</p></div>',
        ("14:41", "13:07", "11:52"),
    )
    found = read(page(told, timezone="America/New_York"))
    assert times(found)[0] == datetime(2026, 9, 12, 14, 41, tzinfo=UTC)


def test_a_zone_that_is_no_whole_hour_makes_no_stamp():
    assert stamp_alone("2026-03-14T15:42+05:30") is None


def test_a_zone_that_stands_beside_a_time_is_its_zone():
    assert clock_at("8:22 a.m. ET").zone == "America/New_York"
    clocks = ("10:40 GMT", "9:05 GMT", "8:50 GMT", "7:15 GMT", "6:30 GMT")
    form = "<h2>{clock}: Boat {n}</h2><p>{text}</p>"
    assert times(read(page(entries(form, clocks))))[0] == datetime(2026, 9, 12, 10, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("23.09.2024 • 18:12 Uhr", "23.09.2024"), ("Nov. 18, 2026 6:12 p.m.", "Nov. 18, 2026")],
)
def test_a_stamp_parts_into_date_and_time(stamp, day):
    found, clock = stamp_at(stamp)
    assert (found, clock.minutes) == (day, 18 * 60 + 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Dienstag, 27. August 2024", date(2024, 8, 27)),
        ("Donnerstag, 18. 7.", date(2026, 7, 18)),
        ("Mercredi 1er juillet 2026", date(2026, 7, 1)),
        ("Saturday 12 September", date(2026, 9, 12)),
        ("Nov. 18, 2026", date(2026, 11, 18)),
        ("2026-09-12", date(2026, 9, 12)),
        ("31. Dezember", date(2025, 12, 31)),
        ("12. September: Boats", None),
        ("3. League", None),
        ("31. 2.", None),
        ("12:41", None),
    ],
)
def test_a_text_that_is_a_date_alone_is_a_day(text, day):
    near = date(2026, 3, 1) if day and day.month == 12 else date(2026, 9, 12)
    assert day_alone(text, near) == day


def test_a_date_is_found_among_words():
    assert day_in("Publié le 18 juil. 2024 à 08:01") == date(2024, 7, 18)


# Which day


HEADING = FORMS["a heading"]


def test_the_clock_runs_back_over_midnight():
    clocks = ("14:40", "0:20", "23:50", "21:10", "20:05")
    found = read(page(entries(HEADING, clocks)))
    days = [12, 12, 11, 11, 11]
    assert times(found) == [at(day, c) for day, c in zip(days, clocks, strict=True)]


def test_an_entry_out_of_its_place_is_no_midnight():
    clocks = ("14:40", "13:05", "7:07", "7:05", "7:07", "7:03", "7:00")
    assert times(read(page(entries(HEADING, clocks)))) == [at(12, clock) for clock in clocks]


def test_the_newest_entry_is_never_later_than_the_page():
    clocks = ("23:50", "22:10", "21:00", "20:15", "19:10")
    assert times(read(page(entries(HEADING, clocks))))[0] == at(11, "23:50")


def test_days_above_their_entries_head_them():
    inner = (
        "<h2>Samstag, 12. September</h2>"
        + entries(HEADING, CLOCKS[:4])
        + "<h2>Freitag, 11. September</h2>"
        + entries(HEADING, CLOCKS[:4])
    )
    days = [12] * 4 + [11] * 4
    clocks = CLOCKS[:4] * 2
    assert times(read(page(inner))) == [at(d, c) for d, c in zip(days, clocks, strict=True)]


def test_entries_above_the_first_day_heading_are_of_the_pages_day():
    inner = (
        entries(HEADING, CLOCKS[:4])
        + "<h2>Freitag, 11. September</h2>"
        + entries(HEADING, CLOCKS[:4])
    )
    days = [12] * 4 + [11] * 4
    clocks = CLOCKS[:4] * 2
    assert times(read(page(inner))) == [at(d, c) for d, c in zip(days, clocks, strict=True)]


def test_days_below_their_entries_close_them():
    inner = (
        entries(HEADING, CLOCKS[:4])
        + "<h2>Samstag, 12. September</h2>"
        + entries(HEADING, CLOCKS[:4])
        + "<h2>Freitag, 11. September</h2>"
    )
    days = [12] * 4 + [11] * 4
    clocks = CLOCKS[:4] * 2
    assert times(read(page(inner))) == [at(d, c) for d, c in zip(days, clocks, strict=True)]


def test_the_oldest_may_come_first():
    clocks = ("21:11", "23:52", "0:23", "8:00", "14:41")
    found = read(page(entries(HEADING, clocks)))
    days = [11, 11, 12, 12, 12]
    assert times(found) == [at(day, c) for day, c in zip(days, clocks, strict=True)]


@pytest.mark.parametrize(("changed", "live"), [("", False), ("09:00", False), ("14:50", True)])
def test_few_times_that_rise_are_a_live_blogs_where_its_page_was_changed_after_them(changed, live):
    said = '<meta property="article:modified_time" content="2026-09-12T{}:00+02:00">'
    told = entries(HEADING, ("10:16", "11:52", "14:41"))
    assert is_live_blog(told, head=said.format(changed) if changed else "") == live


def test_a_page_that_is_mended_the_day_after_keeps_its_days():
    issued = '<meta property="article:published_time" content="2026-09-11T08:00:00+02:00">'
    found = read(page(entries(HEADING), head=CHANGED + issued))
    assert times(found) == [at(11, clock) for clock in CLOCKS]


def test_a_page_without_a_date_gives_no_times_and_says_so():
    found = read(page(entries(HEADING), head=""))
    assert set(times(found)) == {None}
    assert found.warnings[-1] == "of 6 entries the page does not tell the day or the time"


# Which zone


def test_a_zone_that_a_person_names_goes_before_the_pages_own():
    found = read(page(entries(HEADING), timezone="Europe/Helsinki"))
    assert times(found)[0] == datetime(2026, 9, 12, 11, 40, tzinfo=UTC)


ZULU = '<meta property="article:modified_time" content="2026-09-12T13:00:00Z">'


def test_a_zone_that_the_country_tells_makes_estimates():
    found = read(page(entries(HEADING), head=ZULU, language="de-AT"))
    assert times(found)[0] == at(12, "14:40")
    assert found.sightings[0].time_precision is TimePrecision.ESTIMATED
    assert "Europe/Vienna" in found.warnings[0]


def test_where_nothing_tells_the_zone_times_are_estimates_in_utc():
    found = read(page(entries(HEADING, ("12:40", *CLOCKS[2:])), head=ZULU, language="en"))
    assert times(found)[0] == datetime(2026, 9, 12, 12, 40, tzinfo=UTC)
    assert found.sightings[0].time_precision is TimePrecision.ESTIMATED


def test_a_page_changed_long_after_it_was_published_estimates_the_days():
    head = CHANGED + '<meta property="article:published_time" content="2026-09-02T15:00:00+02:00">'
    found = read(page(entries(HEADING), head=head))
    assert found.sightings[0].time_precision is TimePrecision.ESTIMATED


# Ids


IDS = {
    "id-doc-1i2tpvkbi{n}": "id-doc-1i2tpvkbi{n}",
    "post-55001{n}": "55001{n}",
    "6579cf928f08e3b7ab1a30c{n}": "6579cf928f08e3b7ab1a30c{n}",
    "{n}": "",
    "update-{n}": "",
    "h-14-40-boat-{n}": "",
    ":R2p65a{n}:": "",
    "boat-2026{n}1": "",
}


@pytest.mark.parametrize("form", IDS)
def test_only_what_a_publisher_minted_is_an_id(form):
    inner = entries(f'<h2 id="{form}">{{clock}} Uhr: Boat {{n}}</h2><p>{{text}}</p>')
    told = [IDS[form].format(n=n) or None for n in range(6)]
    assert [sighting.block_id for sighting in read(page(inner)).sightings] == told


def test_an_id_depends_on_no_other_entry():
    form = '<h2 id="id-doc-1i2tpvkbi{n}">{clock} Uhr: Boat {n}</h2><p>{text}</p>'
    inner = entries(HEADING, ("15:00",)) + entries(form)
    assert read(page(inner)).sightings[1].block_id == "id-doc-1i2tpvkbi0"


def test_entries_without_ids_keep_those_that_were_derived_for_them():
    before = derive_ids(read(page(entries(HEADING))).sightings, {})
    after = derive_ids(read(page(entries(HEADING, ("14:55", *CLOCKS)))).sightings, {})
    assert len({sighting.block_id for sighting in before}) == len(CLOCKS)
    again = derive_ids(read(page(entries(HEADING))).sightings, {})
    assert [s.block_id for s in again] == [s.block_id for s in before]
    assert len({sighting.block_id for sighting in after}) == len(CLOCKS) + 1


# What is no live blog


CARD = "<article><i>{clock}</i><h3><a href='/news/{n}'>Boat {n}</a></h3><p>{text}</p></article>"
NOT_BLOGS = {
    "a list of news": entries("<li><i>{clock}</i> <a href='/news/{n}'>{text}</a></li>"),
    "cards of news": entries(CARD),
    "a programme": entries(HEADING, ("8:00", "12:00", "16:00", "20:15", "22:45")),
    "times in no order": entries(HEADING, ("11:30", "21:00", "11:30", "21:00", "11:00", "22:00")),
    "one time": entries(HEADING, ("8:00",) * 6),
    "spans": entries(HEADING, [f"{n}:00 - {n + 1}:30" for n in range(15, 9, -1)]),
    "a table": entries("<table><tr><td>{clock}</td><td>{text}</td></tr></table>"),
    "headlines without text": entries("<h2>{clock} Boat {n}</h2>"),
    "bold lines without text": entries("<p><b>{clock} The long name of boat {n}</b></p>"),
    "times within sentences": entries("<p>{text} It was <b>{clock} Uhr</b> by then.</p>"),
    "an aside": f"<aside>{entries(HEADING)}</aside>",
    "comments": f'<div id="comments">{entries(HEADING)}</div>',
    "dates": entries(HEADING, [f"0{n}.09.2026" for n in range(6, 0, -1)]),
    "two times": entries(HEADING, CLOCKS[:2]),
    "a day each": "".join(
        f"<h2>{day}. September</h2>" + entries(HEADING, ("11:30", "9:00"))
        for day in (12, 11, 10, 9)
    ),
}


@pytest.mark.parametrize("inner", NOT_BLOGS.values(), ids=NOT_BLOGS)
def test_other_pages_with_times_in_them_are_no_live_blogs(inner):
    found = read(page(inner))
    assert found.kind is not Kind.LIVE_BLOG
    assert not found.sightings


def test_more_is_asked_of_a_page_that_does_not_say_what_it_is():
    few = entries(HEADING, CLOCKS[:3])
    body = page(few).body
    assert is_live_blog(few)
    unsaid = Page(URL.removesuffix("-ticker"), body.replace(b" ticker", b""), FETCHED)
    assert read(unsaid).kind is not Kind.LIVE_BLOG


def test_pages_whose_blocks_tell_instants_are_left_to_others():
    form = '<div><time datetime="2026-09-12T12:0{n}:00Z">{clock}</time><p>{text}</p></div>'
    assert read(page(entries(form))).platform != "clock"


def test_pages_of_publishers_with_readers_of_their_own_are_not_guessed_at():
    inner = entries(HEADING)
    assert read(page(inner, url="https://www.theguardian.com/x/live/y")).platform == ""
    assert read(page(inner, url="https://www.tagesschau.de/x-100.html")).platform == ""


def test_what_stands_beside_the_entries_is_not_looked_at():
    items = entries("<li><span>{clock}</span> {text}</li>", CLOCKS * 3)
    beside = f"<aside><ul>{items}</ul></aside>"
    assert len(read(page(beside + entries(HEADING) + beside)).sightings) == len(CLOCKS)


# Pages that change


def fixture(name):
    folder = FIXTURES / name
    meta = json.loads((folder / "meta.json").read_text())
    return Page(
        url=meta["url"],
        body=(folder / "page.html").read_bytes(),
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
        timezone=meta.get("timezone", ""),
    )


UNMARKED = ("headings", "bold-and-headings", "over-midnight", "days-above", "signs")


@pytest.mark.parametrize("name", UNMARKED)
def test_pages_read_alike_when_their_classes_are_renamed(name):
    before = fixture(f"2026-09-{name}")
    body = re.sub(rb'class="[^"]*"', b'class="x7Gh"', before.body)
    assert read(replace(before, body=body)).sightings == read(before).sightings


@pytest.mark.parametrize("name", [path.name for path in sorted(FIXTURES.iterdir())])
def test_pages_read_alike_when_they_are_wrapped_anew(name):
    before = fixture(name)
    body = before.body.replace(b"<main>", b"<main><div><div>").replace(b"</main>", b"</div></div>")
    assert read(replace(before, body=body)).sightings == read(before).sightings


@pytest.mark.parametrize(
    ("name", "mark"), [("anchors", b"liveblog__datetime"), ("posts", b'"date"')]
)
def test_known_blocks_without_times_are_a_changed_layout(name, mark):
    before = fixture(f"2026-09-{name}")
    with pytest.raises(LayoutError):
        read(replace(before, body=before.body.replace(mark, b'"x7Gh"')))


@pytest.mark.parametrize(
    ("name", "mark"), [("anchors", b"liveblog--anchor"), ("posts", b"post__live-container")]
)
def test_known_publishers_pages_without_their_blocks_are_not_guessed_at(name, mark):
    before = fixture(f"2026-09-{name}")
    found = read(replace(before, body=before.body.replace(mark, b"x7Gh")))
    assert (found.kind, found.sightings) != (Kind.LIVE_BLOG, ())
    assert not found.sightings


def test_known_blocks_read_alike_wherever_their_anchor_stands():
    before = fixture("2026-09-anchors")
    around = re.sub(
        rb'(<div class="liveblog--anchor"[^>]*>)</div>(.*?)(?=<div class="liveblog--a|</main>)',
        rb"\1\2</div>",
        before.body,
        flags=re.DOTALL,
    )
    assert read(replace(before, body=around)).sightings == read(before).sightings


def test_a_block_without_a_time_is_an_entry_without_one():
    before = fixture("2026-09-posts")
    found = read(replace(before, body=before.body.replace(b'<span class="date">12h47</span>', b"")))
    assert times(found)[1] is None
    assert [s.block_id for s in found.sightings] == ["550012", "550011", "550010"]


PIECES = st.sampled_from(
    [
        *(
            "<h2>",
            "</h2>",
            "<p>",
            "</p>",
            "<strong>",
            "<div>",
            "</div>",
            "<li>",
            "<iframe src='x'>",
        ),
        *("12:41 ", "9h05 - ", "0.04 Uhr: ", "23:59 ", "11pm ", "99:99", "Freitag, 31. 2. ", TEXT),
        *("<h2>10:00 x</h2>", "<h2>9:00 y</h2>", "<h2>8:00 z</h2>", "31. Dezember 9999", "1. 1. "),
        *('<div class="liveblog--anchor" id="a">', '<i class="liveblog__datetime">12:41</i>'),
        *('<section class="post__live-container">', '<b class="date">1.1.1900 0:00</b>', "</i>"),
        *('<meta name="date" content="0001-01-01T00:00:00+14:00">', "<time datetime='x'>", "\x00"),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["", "Asia/Tokyo", "No/Zone"]))
def test_nothing_but_scrape_errors_comes_of_junk(markup, zone):
    try:
        found = read(page(markup, head="", timezone=zone))
    except ScrapeError:
        return
    assert all(at is None or at.tzinfo is UTC for at in times(found))


def test_a_bbc_topics_stories_are_no_live_blog():
    story = (
        '<article class="lx-stream-post" id="post_{0}"><h3><a class="lx-stream-post__header-link" '
        'href="/news/world-{0}"><span class="lx-stream-post__header-text">Story {0}</span></a></h3>'
        '<span class="qa-post-auto-meta">1{0}:05 {0} Nov</span><div class="lx-stream-post-body">'
        "<p>What happened in story {0}, told in a sentence.</p></div></article>"
    )
    stories = "".join(map(story.format, (9, 8, 7, 5)))
    url = "https://www.bbc.co.uk/news/topics/cnx753/prisons"
    page = f'<html><head><link rel="canonical" href="{url}"></head><body><h1>Prisons</h1>{stories}'
    fetched = datetime(2020, 11, 10, tzinfo=UTC)
    assert read(Page(url, page.encode(), fetched)).kind is not Kind.LIVE_BLOG
    live = page.replace("lx-stream-post__header-link", "x").replace("topics", "live")
    assert len(read(Page(url, live.encode(), fetched)).sightings) == 4


def test_headings_that_are_anchors_make_no_live_blog_of_an_article():
    parts = "".join(
        f'<h2 id="part-{n}" class="meldung__subhead liveblog--anchor">Part {n}</h2>{TEXT}'
        for n in range(3)
    )
    head = '<meta property="og:type" content="article">'
    for url in ("https://www.tagesschau.de/ausland/x-100.html", "https://www.sport.example/x"):
        found = read(page(parts, head=head, url=url))
        assert (found.kind, found.platform in {"", "article"}) == (Kind.ARTICLE, True)


def test_a_publishers_block_is_an_entry_though_nothing_is_in_it_but_a_teaser_or_a_line_in_bold():
    rows = (
        '<div class="coventry" id="904114"><aside><time>18:37</time></aside>'
        '<div><div class="teaser"><a href="/join"><b>Join our desk</b></a></div></div></div>'
        '<div class="coventry" id="904113"><aside><time>18:30</time></aside><div>'
        "<p><strong>See the film of the day</strong></p><div><script>x()</script></div></div></div>"
    )
    found = read(page(rows, url="https://sportowefakty.wp.pl/zuzel/relacja/1/a-b"))
    assert [(s.block_id, s.title, s.text) for s in found.sightings] == [
        ("904114", "", "Join our desk"),
        ("904113", "", "See the film of the day"),
    ]


def test_a_change_in_the_year_one_is_none():
    head = '<meta property="article:modified_time" content="0001-01-01T00:00:00Z">'
    body = "<p>12. September 2026</p>" + entries("<h3>{clock} Uhr: Boje {n}</h3><p>{text}</p>")
    found = read(page(body, head=head, timezone="America/New_York"))
    assert {at.date() for at in times(found) if at} == {datetime(2026, 9, 12, tzinfo=UTC).date()}
