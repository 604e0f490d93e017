from datetime import UTC, datetime, timedelta

import pytest

from scraper.markup.document import open_document
from scraper.page import Page
from scraper.read import read
from scraper.times.ago import age_in, instant_in
from scraper.times.rendered import rendered_at

NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGES = {
    "5m ago": 5 * MINUTE,
    "an hour ago": HOUR,
    "1 month ago": 30 * DAY,
    "• 2 hrs ago": 2 * HOUR,
    "1h ago /": HOUR,
    "just now": timedelta(),
    "vor 5 Minuten": 5 * MINUTE,
    "vor einer Stunde": HOUR,
    "vor 2 Tagen": 2 * DAY,
    "gerade eben": timedelta(),
    "il y a 1 mois": 30 * DAY,
    "il y a 12 min": 12 * MINUTE,
    "hace 3 horas": 3 * HOUR,
    "há 2 minutos": 2 * MINUTE,
    "2 ore fa": 2 * HOUR,
    "10 minuten geleden": 10 * MINUTE,
    "10 minut temu": 10 * MINUTE,
    "3 часа назад": 3 * HOUR,
    "5分前": 5 * MINUTE,
    "3小时前": 3 * HOUR,
    "منذ 5 دقائق": 5 * MINUTE,
    "לפני 5 דקות": 5 * MINUTE,
}
NO_AGES = (
    "5 min",
    "5 min read",
    "in 5 minutes",
    "10:42",
    "5m",
    "vor Ort",
    "",
    "ago",
    "2024",
    "x" * 500,
)


@pytest.mark.parametrize(("text", "age"), AGES.items(), ids=AGES)
def test_a_time_is_told_against_now_in_the_pages_language(text, age):
    assert age_in(text) == age
    assert instant_in(text, NOW) == NOW - age


@pytest.mark.parametrize("text", NO_AGES, ids=lambda text: text[:20])
def test_what_tells_no_age_gives_none(text):
    assert age_in(text) is None
    assert instant_in(text, NOW) is None


def made(changed="", **known):
    head = f'<meta property="article:modified_time" content="{changed}">' if changed else ""
    body = f"<html><head>{head}<title>Fog</title></head><p>Fog.</p></html>".encode()
    return rendered_at(open_document(Page("https://quay.example/fog", body, NOW, **known)))


def test_an_answer_was_made_as_long_ago_as_it_says():
    assert made() == made("2026-11-18T09:00:00Z") == NOW
    assert made(headers={"age": "600"}) == NOW - 10 * MINUTE
    assert made(headers={"age": "soon"}) == NOW


@pytest.mark.parametrize(
    ("saved", "changed", "at"),
    [
        (NOW - 2 * DAY, "", NOW - 2 * DAY),
        (NOW - 2 * DAY, "2026-11-16T15:30:00Z", NOW - 2 * DAY),
        (NOW - HOUR, "2026-08-02T11:00:00+02:00", datetime(2026, 8, 2, 9, tzinfo=UTC)),
        (NOW - 2 * DAY, "2026-11-18T15:30:00Z", NOW - HOUR / 2),
        (NOW - 2 * DAY, "2027-01-01T00:00:00Z", NOW - 2 * DAY),
        (NOW + HOUR, "", NOW),
    ],
    ids=["of its clock", "after the change", "copied", "too early", "ahead of now", "ahead"],
)
def test_a_file_was_saved_when_it_says_or_when_its_page_was_changed(saved, changed, at):
    assert made(changed, saved_at=saved) == at


def test_the_entries_of_a_file_are_as_old_as_they_were_when_it_was_saved():
    rows = "".join(
        f'<article class="live-post" id="post-{90 - n}"><span>{n + 1} hours ago</span>'
        f"<h3>Buoy {n} is lit</h3><p>Somebody rowed out and lit the lamp of {n}.</p></article>"
        for n in range(5)
    )
    body = f'<title>Fog: live</title><h1>Fog: live</h1><div class="live-blog">{rows}</div>'.encode()
    page = Page("https://quay.example/live/fog", body, NOW, saved_at=NOW - 30 * DAY)
    told = [seen.published for seen in read(page).sightings]
    assert told == [NOW - 30 * DAY - n * HOUR for n in range(1, 6)]
