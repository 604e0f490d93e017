"""When to poll next, and what headers say about it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pace import next_due, read_fresh_until, read_retry_after

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
    ],
)
def test_each_row_of_the_table_holds_to_the_second(facts, seconds):
    assert next_due(NOW, **facts) == after(seconds)


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
    due = next_due(NOW, **facts, not_before=not_before, jitter=jitter)
    assert due >= next_due(NOW, **facts, not_before=not_before)
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
