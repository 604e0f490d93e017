"""How often a blog moves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.rhythm import Rhythm

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def played(*minutes_ago):
    return Rhythm(NOW).after([NOW - MINUTE * m for m in minutes_ago], NOW)


def test_nothing_is_expected_before_the_first_arrival():
    assert Rhythm(NOW).gap(NOW) is None


def test_a_steady_blog_is_expected_to_go_on_as_it_did():
    gap = played(*range(0, 300, 4)).gap(NOW)
    assert 2.5 * MINUTE < gap < 5 * MINUTE


def test_a_burst_shows_at_once_and_passes():
    quiet = played(*range(30, 600, 30))
    burst = quiet.after([NOW + MINUTE * n / 2 for n in range(6)], NOW + 3 * MINUTE)
    assert burst.gap(NOW + 3 * MINUTE) < 2 * MINUTE < quiet.gap(NOW)
    assert burst.gap(NOW + HOUR) > 10 * MINUTE


def test_after_a_long_silence_as_long_a_one_is_expected():
    rhythm = played(*range(0, 300, 4))
    assert rhythm.gap(NOW + 20 * HOUR) == 20 * HOUR
    assert rhythm.gap(NOW + 2000 * HOUR) == 2000 * HOUR


@given(
    ages=st.lists(st.integers(0, 10**6), max_size=30),
    cut=st.integers(0, 30),
    later=st.integers(0, 10**7),
)
def test_it_does_not_matter_in_how_many_looks_arrivals_were_seen(ages, cut, later):
    times = [NOW - timedelta(seconds=age) for age in ages]
    at_once = Rhythm(NOW).after(times, NOW)
    in_two = Rhythm(NOW).after(times[:cut], NOW).after(times[cut:], NOW)
    then = NOW + timedelta(seconds=later)
    if times:
        assert at_once.gap(then) / in_two.gap(then) == pytest.approx(1, rel=1e-6)
        assert at_once.gap(then) > timedelta()
    else:
        assert at_once.gap(then) is None


def test_arrivals_from_a_clock_ahead_of_ours_count_as_now():
    assert Rhythm(NOW).after([NOW + HOUR], NOW) == Rhythm(NOW).after([NOW], NOW)
