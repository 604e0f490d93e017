"""The circuit breaker: three silences shut it, one probe a pause decides, an answer opens it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scraper.transport.breaker import OWN, PUBLIC, Breaker, fail, let_through, refused_until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_two_failures_shut_nothing_and_a_third_does():
    breaker = fail(fail(Breaker(), NOW, PUBLIC), NOW, PUBLIC)
    assert refused_until(breaker, NOW) is None
    breaker = fail(breaker, NOW, PUBLIC)
    assert refused_until(breaker, NOW) == NOW + timedelta(seconds=30)
    assert refused_until(breaker, NOW + timedelta(seconds=30)) is None


def test_pauses_double_to_a_quarter_of_an_hour_and_stay_short_for_ones_own():
    for pauses, wanted in (
        (PUBLIC, [0, 0, 30, 60, 120, 240, 480, 900, 900]),
        (OWN, [0, 0, 1, 2, 4, 4, 4]),
    ):
        breaker, now, waits = Breaker(), NOW, []
        for _ in wanted:
            breaker = fail(let_through(breaker, now, pauses), now, pauses)
            until = refused_until(breaker, now)
            waits.append((until - now) // SECOND if until else 0)
            now = until or now
        assert waits == wanted


def test_one_probe_goes_through_after_a_pause_and_the_others_wait_for_it():
    breaker = Breaker(3, NOW, NOW + 30 * SECOND)
    later = NOW + 31 * SECOND
    assert refused_until(breaker, later) is None
    breaker = let_through(breaker, later, PUBLIC)
    assert refused_until(breaker, later + SECOND) == later + 30 * SECOND
    assert refused_until(breaker, later + 30 * SECOND) is None, "a probe that was lost is replaced"
    assert let_through(Breaker(2), later, PUBLIC) == Breaker(2)


def test_a_clock_that_went_back_keeps_nobody_out():
    breaker = Breaker(9, NOW, NOW + timedelta(minutes=15))
    assert refused_until(breaker, NOW - timedelta(hours=2)) is None


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([PUBLIC, OWN]))
def test_it_is_never_shut_without_three_failures_in_a_row_nor_for_longer_than_promised(
    came, pauses
):
    breaker, now, row = Breaker(), NOW, 0
    for answered in came:
        until = refused_until(breaker, now)
        if until is not None:
            assert row >= 3
            assert until - now <= pauses.longest
            now = until
        breaker = let_through(breaker, now, pauses)
        row = 0 if answered else row + 1
        breaker = Breaker() if answered else fail(breaker, now, pauses)
        assert (refused_until(breaker, now) is None) == (row < 3)
