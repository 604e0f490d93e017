"""The token bucket as a law: never more than its pace allows, in whatever rhythm one asks."""

from hypothesis import given
from hypothesis import strategies as st

from scraper.transport.bucket import (
    BURST,
    LONGEST_DELAY,
    RATE,
    SLOW_RATE,
    Bucket,
    Pace,
    choose_pace,
    give_back,
    take,
)

GAPS = st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60)
PACES = st.builds(Pace, st.floats(0.01, 50), st.integers(1, 20))


def grants(gaps, pace):
    """Ask after each gap; give when each request may be sent."""
    bucket, now, granted = Bucket(tokens=pace.burst), 0.0, []
    for gap in gaps:
        now += gap
        bucket, wait = take(bucket, now, pace)
        granted.append(now + wait)
    return granted


@given(GAPS, PACES)
def test_no_stretch_of_time_has_more_requests_than_the_pace_allows(gaps, pace):
    granted = grants(gaps, pace)
    assert granted == sorted(granted), "who comes first is served first"
    for first in range(len(granted)):
        for last in range(first, len(granted)):
            stretch = granted[last] - granted[first]
            assert last - first + 1 <= pace.burst + pace.rate * stretch + 1e-6


@given(GAPS, PACES)
def test_nobody_waits_who_keeps_to_the_pace(gaps, pace):
    gaps = [gap + 1 / pace.rate for gap in gaps]
    now, bucket = 0.0, Bucket(tokens=pace.burst)
    for gap in gaps:
        now += gap
        bucket, wait = take(bucket, now, pace)
        assert wait < 1e-6


def test_a_burst_goes_at_once_and_the_rest_at_the_steady_rate():
    waits = grants([0.0] * (BURST + 3), Pace())
    assert waits == [0] * BURST + [1 / RATE, 2 / RATE, 3 / RATE]


def test_a_token_that_was_not_used_can_be_given_back():
    bucket, _ = take(Bucket(tokens=0), 0.0, Pace(1, 1))
    assert take(give_back(bucket), 0.0, Pace(1, 1))[1] == 1


def test_a_clock_that_stands_or_steps_back_gives_nothing_away():
    bucket, _ = take(Bucket(tokens=1, at=100.0), 100.0, Pace(1, 1))
    assert take(bucket, 50.0, Pace(1, 1))[1] == 1


def test_a_crawl_delay_and_a_call_for_patience_slow_it_within_bounds():
    assert choose_pace() == choose_pace(0.1) == Pace(RATE, BURST)
    assert choose_pace(10) == Pace(0.1, 1)
    assert choose_pace(1e9) == Pace(1 / LONGEST_DELAY, 1)
    assert choose_pace(slow=True) == Pace(SLOW_RATE, 1)
    assert choose_pace(30, slow=True) == Pace(1 / 30, 1)
