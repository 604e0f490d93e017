"""When to poll next, and what headers say about it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pace import (
    LONGEST_LIVE,
    LONGEST_UNTOLD,
    LOOKS,
    SHORTEST,
    next_due,
    read_fresh_until,
    read_quota,
    read_retry_after,
    whole_due,
)
from store.rhythm import Rhythm

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        ({}, 60),
        ({"every": timedelta(seconds=15)}, 15),
        ({"every": timedelta(seconds=1)}, 1),
        ({"every": timedelta(hours=2)}, 7200),
        ({"confirming": True}, 60),
        ({"confirming": True, "every": timedelta(hours=1)}, 60),
        ({"confirming": True, "every": timedelta(seconds=1)}, 1),
        ({"failures": 1}, 60),
        ({"failures": 2}, 120),
        ({"failures": 3}, 240),
        ({"failures": 4}, 480),
        ({"failures": 5}, 900),
        ({"failures": 5_000}, 900),
        ({"failures": 3, "every": timedelta(seconds=1)}, 1),
        ({"failures": 3, "every": timedelta(hours=1)}, 3600),
        ({"failures": 2, "confirming": True}, 120),
        ({"throttled": True, "failures": 1, "every": timedelta(seconds=1)}, 60),
        ({"throttled": True, "failures": 3}, 240),
        ({"not_before": after(300)}, 300),
        ({"not_before": after(30)}, 60),
        ({"not_before": after(-300)}, 60),
        ({"not_before": after(300), "every": timedelta(seconds=1)}, 300),
        ({"not_before": after(10**7)}, 86_400),
        ({"fresh_until": after(300)}, 300),
        ({"fresh_until": after(300), "every": timedelta(seconds=1)}, 1),
        ({"fresh_until": after(10**7)}, 3600),
        ({"not_before": after(400), "fresh_until": after(300), "failures": 1}, 400),
        ({"jitter": 0.5}, 63),
        ({"jitter": 0.5, "not_before": after(300)}, 303),
        ({"gap": 1 * SECOND}, 28),
        ({"gap": 400 * SECOND}, 28),
        ({"gap": 1_890 * SECOND}, 28),
        ({"gap": 2_500 * SECOND}, 55),
        ({"gap": HOUR}, 66),
        ({"gap": 10_000 * SECOND}, 110),
        ({"gap": 360_000 * SECOND}, 660),
        ({"gap": 4 * DAY, "live": True}, 300),
        ({"gap": 360_000 * SECOND, "live": False}, 660),
        ({"gap": 365 * DAY}, 3600),
        ({"gap": HOUR, "every": 5 * SECOND}, 5),
        ({"live": True}, 60),
        ({"ended_for": 0 * SECOND}, 600),
        ({"ended_for": 300 * SECOND}, 300),
        ({"ended_for": 590 * SECOND}, 60),
        ({"ended_for": 600 * SECOND}, 3000),
        ({"ended_for": 1 * HOUR}, 21_600),
        ({"ended_for": 24 * HOUR}, 21_600),
        ({"ended_for": 40 * HOUR}, 36_000),
        ({"ended_for": 365 * DAY}, 604_800),
        ({"ended_for": 40 * HOUR, "gap": 1 * SECOND, "live": True}, 36_000),
        ({"ended_for": 40 * HOUR, "every": 5 * SECOND}, 5),
        ({"gap": 240 * SECOND, "closing_for": 10 * SECOND}, 590),
        ({"gap": 240 * SECOND, "closing_for": 10 * SECOND, "live": True}, 300),
        ({"gap": 240 * SECOND, "closing_for": 900 * SECOND}, 2700),
        ({"gap": 240 * SECOND, "closing_for": DAY}, 3600),
        ({"gap": 360_000 * SECOND, "closing_for": 590 * SECOND}, 660),
        ({"gap": HOUR, "closing_for": DAY, "every": 5 * SECOND}, 5),
        ({"gap": HOUR, "closing_for": DAY, "ended_for": 300 * SECOND}, 300),
        ({"gap": 4 * DAY, "confirming": True}, 60),
        ({"gap": 400 * SECOND, "confirming": True}, 28),
        ({"gap": 2500 * SECOND, "confirming": True}, 60),
        ({"every": 42 * SECOND, "confirming": True}, 42),
        ({"ended_for": 40 * HOUR, "confirming": True}, 60),
        ({"gap": 400 * SECOND, "failures": 1}, 60),
        ({"gap": 365 * DAY, "failures": 5}, 3600),
        ({"ended_for": 40 * HOUR, "failures": 1}, 36_000),
        ({"gap": 400 * SECOND, "throttled": True}, 60),
        ({"crawl_delay": 120 * SECOND}, 120),
        ({"crawl_delay": 30 * SECOND}, 60),
        ({"crawl_delay": 120 * SECOND, "confirming": True}, 120),
        ({"crawl_delay": 1000 * SECOND, "failures": 1}, 1000),
        ({"crawl_delay": 120 * SECOND, "every": 1 * SECOND}, 1),
        ({"crawl_delay": 120 * SECOND, "not_before": after(300)}, 300),
        ({"quota": 173 * SECOND}, 173),
        ({"quota": 10 * SECOND}, 60),
        ({"quota": 173 * SECOND, "failures": 1}, 173),
        ({"quota": 173 * SECOND, "every": 1 * SECOND}, 1),
        ({"ended_for": 40 * HOUR, "not_before": after(300)}, 36_000),
        ({"gap": 400 * SECOND, "fresh_until": after(60)}, 60),
        ({"gap": 400 * SECOND, "jitter": 0.5}, 29.4),
        ({"ended_for": 40 * HOUR, "fresh_until": after(10**7)}, 36_000),
        ({"ended_for": 40 * HOUR, "fresh_until": after(40_000)}, 36_000),
        ({"ended_for": 365 * DAY, "not_before": after(10**7)}, 604_800),
    ],
)
def test_each_row_of_the_table_holds_to_the_second(facts, seconds):
    assert next_due(NOW, **facts).at == after(seconds)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "nothing is known"),
        ({"gap": 240 * SECOND}, "an entry about every 4 min"),
        ({"gap": 20 * SECOND}, "an entry about every 20 s"),
        ({"gap": DAY}, "quiet"),
        ({"ended_for": DAY}, "ended"),
        ({"gap": DAY, "closing_for": DAY}, "goodbye"),
        ({"every": SECOND}, "every:"),
        ({"confirming": True, "gap": DAY}, "a second look"),
        ({"failures": 1}, "one failure"),
        ({"failures": 3}, "3 failures"),
        ({"failures": 1, "throttled": True}, "429"),
        ({"crawl_delay": HOUR}, "crawl-delay"),
        ({"quota": HOUR}, "quota"),
        ({"not_before": after(300), "failures": 1}, "Retry-After"),
        ({"fresh_until": after(300)}, "max-age"),
    ],
)
def test_what_decided_is_said(facts, why):
    assert why in next_due(NOW, **facts).why


@pytest.mark.parametrize(("interval", "seconds"), [(1, 60), (27, 108), (60, 240), (300, 600)])
def test_the_whole_page_is_read_every_fourth_time_within_one_to_ten_minutes(interval, seconds):
    assert whole_due(NOW, interval * SECOND) == after(seconds)


SPANS = st.timedeltas(timedelta(), 400 * DAY)
FACTS = {
    "gap": st.none() | SPANS,
    "live": st.none() | st.booleans(),
    "ended_for": st.none() | SPANS,
    "failures": st.integers(0, 10_000),
    "confirming": st.booleans(),
    "throttled": st.booleans(),
    "crawl_delay": st.timedeltas(timedelta(), DAY),
    "quota": st.timedeltas(timedelta(), DAY),
}


@given(st.fixed_dictionaries(FACTS))
def test_without_every_no_two_polls_are_nearer_than_those_of_a_hot_blog(facts):
    assert next_due(NOW, **facts).at - NOW >= SHORTEST


@given(SPANS, SPANS, FACTS["live"])
def test_a_slower_blog_is_never_polled_faster_and_the_bounds_hold(one, other, live):
    fast, slow = (
        next_due(NOW, gap=gap, live=live).at - NOW for gap in (min(one, other), max(one, other))
    )
    assert SHORTEST <= fast <= slow <= (LONGEST_LIVE if live else LONGEST_UNTOLD)


@pytest.mark.parametrize("so_far", [3, 5, 20])
def test_a_blog_with_three_entries_in_an_hour_is_hot_and_one_with_two_is_not(so_far):
    def rhythm(entries):
        times = [NOW - HOUR * (place + 0.5) / entries for place in range(entries)]
        return Rhythm(NOW - HOUR).after(times, NOW)

    assert next_due(NOW, gap=rhythm(so_far).gap(NOW)).at == NOW + SHORTEST
    assert next_due(NOW, gap=rhythm(2).gap(NOW)).at > NOW + SHORTEST


def test_an_ended_blog_is_looked_at_after_ten_minutes_and_an_hour_then_rarer_and_rarer():
    looks = [timedelta()]
    while looks[-1] < 200 * DAY:
        looks.append(looks[-1] + (next_due(NOW, ended_for=looks[-1]).at - NOW))
    waits = [later - look for look, later in pairwise(looks)]
    assert tuple(looks[1:3]) == LOOKS
    assert waits == sorted(waits)
    assert (waits[2], waits[-1]) == (6 * HOUR, 7 * DAY)
    assert len(looks) < 50


@given(
    st.fixed_dictionaries({**FACTS, "every": st.none() | st.timedeltas(SECOND, 30 * DAY)}),
    st.integers(-(10**6), 86_400),
    st.none() | st.integers(-(10**6), 10**6),
    st.floats(0, 0.999),
)
def test_nothing_shortens_retry_after_and_jitter_adds_a_tenth_at_most(facts, wait, fresh, jitter):
    told = {"not_before": after(wait), "fresh_until": None if fresh is None else after(fresh)}
    due = next_due(NOW, **facts, **told).at
    late = next_due(NOW, **facts, **told, jitter=jitter).at - due
    assert due >= after(wait)
    assert timedelta() <= late <= (due - NOW) / 10 + timedelta(microseconds=1)


@given(
    every=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    failures=st.integers(0, 10_000),
    wait=st.none() | st.integers(-(10**6), 86_400),
    jitter=st.floats(0, 0.999),
    confirming=st.booleans(),
)
def test_a_wait_that_was_asked_for_is_kept_and_jitter_only_delays(
    every, failures, wait, jitter, confirming
):
    not_before = None if wait is None else after(wait)
    facts = {"every": every, "failures": failures, "confirming": confirming}
    due = next_due(NOW, **facts, not_before=not_before, jitter=jitter).at
    assert due >= next_due(NOW, **facts, not_before=not_before).at
    assert due > NOW
    assert not_before is None or due >= not_before


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("0000000000000060", 60),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120),
        ("Sunday, 01-Mar-26 12:02:00 GMT", 120),
        ("Sun Mar  1 12:02:00 2026", 120),
        ("Sun, 01 Mar 2026 13:02:00 +0100", 120),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 86_400),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣٠", None),
        ("Sun, 99 Mar 2026 12:02:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(text, seconds):
    told = read_retry_after({"retry-after": text}, NOW)
    assert told == (None if seconds is None else after(seconds))


@given(st.text())
def test_any_header_text_is_survived(text):
    read_retry_after({"retry-after": text}, NOW)
    read_fresh_until({"cache-control": text, "age": text}, NOW)


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("max-age=60", "", 60),
        ("public, Max-Age=60, s-maxage=900", "", 60),
        ('max-age="60"', "", 60),
        ("max-age=60", "45", 15),
        ("max-age=60", "75", None),
        ("max-age=60", "old", 60),
        ("max-age=0, must-revalidate", "", None),
        ("s-maxage=60", "", None),
        ("no-cache, max-age=60", "", None),
        ("no-store,max-age=60", "", None),
        ("max-age=" + "9" * 50, "", 86_400),
        ("", "", None),
    ],
)
def test_max_age_less_age_is_how_long_an_answer_is_fresh(control, age, seconds):
    told = read_fresh_until({"cache-control": control, "age": age}, NOW)
    assert told == (None if seconds is None else after(seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        (
            {
                "expires": "Sun, 01 Mar 2026 09:05:00 GMT",
                "date": "Sun, 01 Mar 2026 09:00:00 GMT",
            },
            300,
        ),
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT", "cache-control": "max-age=60"}, 60),
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT", "cache-control": "no-cache"}, None),
        ({"expires": "Sun, 01 Mar 2026 11:05:00 GMT"}, None),
        ({"expires": "Fri, 31 Dec 2100 23:59:59 GMT"}, 86_400),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT", "date": "soon"}, 300),
    ],
)
def test_without_max_age_expires_less_date_is_how_long_an_answer_is_fresh(headers, seconds):
    told = read_fresh_until(headers, NOW)
    assert told == (None if seconds is None else after(seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"x-ratelimit-remaining-day": "250"}, 12 * 3600 / 250),
        ({"x-ratelimit-remaining-day": "0"}, 12 * 3600),
        ({"x-ratelimit-remaining-day": "many"}, 0),
        ({"x-ratelimit-remaining-day": "9" * 40}, 0),
        ({"x-ratelimit-remaining-hour": "60", "x-ratelimit-remaining-day": "43200"}, 60),
        ({"ratelimit-remaining": "5", "ratelimit-reset": "100"}, 20),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "9999999999"}, 86_400),
        ({"ratelimit-remaining": "5"}, 0),
    ],
)
def test_what_is_left_of_a_quota_is_spread_over_what_is_left_of_its_time(headers, seconds):
    assert read_quota(headers, NOW) == seconds * SECOND
