from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from scraper.markup.document import open_document
from scraper.page import Page
from scraper.times.datelines import datelines

DAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def lines_of(said, language="en"):
    markup = f'<html lang="{language}"><body><p>3 March 2020</p><h1>Storm</h1>{said}</body></html>'
    return datelines(open_document(Page("https://quay.example/live", markup.encode(), NOW)))


@pytest.mark.parametrize(
    ("said", "minutes", "changed"),
    [
        ("<p>Published Nov. 18, 2026</p>", None, False),
        ("<div>18 nov 2026 - 15:40</div>", 940, False),
        ("<span>Stand: 18.11.2026, 02:20 Uhr</span>", 140, True),
        ("<p>Aktualizováno 18. 11. 2026 15:34</p>", 934, True),
        ("<p>Mis à jour le 18/11/2026 à 7h05</p>", 425, True),
        ("<p>2026年11月18日 15時32分更新</p>", 932, True),
        ("<small>Laatste update: 18 november 2026, 15.32</small>", 932, True),
    ],
)
def test_a_line_below_the_heading_tells_the_day_and_whether_it_is_of_a_change(
    said, minutes, changed
):
    (line,) = lines_of(said, "nl")
    assert (line.day, line.clock and line.clock.minutes, line.changed) == (DAY, minutes, changed)


def test_the_letters_of_a_zone_beside_a_date_are_kept():
    (line,) = lines_of("<p>Wednesday, November 18, 2026 (EST)</p>")
    assert line.letters == "EST"
    assert line.at(ZoneInfo("UTC")) is None


def test_of_two_figures_the_month_comes_first_where_the_page_is_in_english_and_that_is_closer():
    (english,), (italian,) = lines_of("<p>11/05/2026</p>"), lines_of("<p>11/05/2026</p>", "it")
    assert (english.day, italian.day) == (date(2026, 11, 5), date(2026, 5, 11))


@pytest.mark.parametrize(
    "said",
    [
        "<p>The bridge was opened on 18 November 2020.</p>",
        "<p>Between the flood of 18 November 2020 and the next one nobody counted the boats</p>",
        "<p>Room 2026</p>",
    ],
)
def test_a_sentence_that_has_a_date_in_it_is_no_dateline(said):
    assert lines_of(said) == ()
