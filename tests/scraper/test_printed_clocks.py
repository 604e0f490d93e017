from datetime import timedelta

import pytest
from inventions import false_z, no_ids

from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision

FALSE, TRUE = false_z(), no_ids()
REAL = [entry.at for entry in FALSE.entries]


def seen(story, later=timedelta(), **options):
    return read(Page(story.url, story.html.encode(), story.fetched_at + later, **options))


def times(snapshot):
    return [sighting.published for sighting in snapshot.sightings]


def test_local_times_that_claim_to_be_utc_are_given_away_by_the_future():
    snapshot = seen(FALSE, timezone="Europe/Berlin")
    assert times(snapshot) == REAL
    assert any("claim to be UTC" in warning for warning in snapshot.warnings)


def test_weeks_later_they_are_given_away_by_the_clock_that_is_printed():
    assert times(seen(FALSE, timedelta(days=30), timezone="Europe/Berlin")) == REAL


def test_a_zone_that_is_only_guessed_makes_them_estimates():
    snapshot = seen(FALSE)
    assert times(snapshot) == REAL
    assert {s.time_precision for s in snapshot.sightings} == {TimePrecision.ESTIMATED}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", ""])
def test_times_that_are_utc_are_believed_whatever_the_zone(zone):
    story = TRUE.html.replace(">15:42<", ">x<")
    for at in {entry.at for entry in TRUE.entries}:
        story = story.replace(f">{at:%H:%M}<", f">{at + timedelta(hours=1):%H:%M}<")
    page = Page(TRUE.url, story.encode(), TRUE.fetched_at, timezone=zone)
    assert times(read(page)) == [entry.at for entry in TRUE.entries]


def test_what_lies_ahead_in_every_zone_tells_no_instant():
    snapshot = seen(TRUE, -timedelta(days=3))
    assert set(times(snapshot)) <= {None}
