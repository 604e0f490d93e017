"""What is told of sources, by what lasts: a pure decision, on a clock by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from store.alerting.alerts import Kind, Quiet
from store.alerting.watch import AlreadyTold, WatchedPage, WatchRule, explain, look
from store.source import SourceState

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = WatchRule("health", silent=30 * MINUTE)
URL = "https://news.example/live"
WELL = WatchedPage(
    1,
    URL,
    SourceState.OK,
    since=NOW - 60 * MINUTE,
    live=True,
    last_poll=NOW,
    last_change=NOW - MINUTE,
    finders=frozenset((URL,)),
)
BROKEN = replace(WELL, state=SourceState.BROKEN, reason="HTTP 503", since=NOW - 5 * MINUTE)
SILENT = replace(WELL, last_change=NOW - 30 * MINUTE)


def kind(at, before=None, rule=RULE, now=NOW):
    told = before if isinstance(before, AlreadyTold) else AlreadyTold(before)
    verdict = look(rule, at, now, told)
    return verdict and verdict.kind


def test_a_source_is_told_to_be_broken_once_that_has_lasted():
    assert kind(replace(BROKEN, since=NOW - 4 * MINUTE)) is None
    verdict = look(RULE, BROKEN, NOW)
    assert (verdict.kind, verdict.since, verdict.reason) == (
        Kind.BROKEN,
        BROKEN.since,
        "broken: HTTP 503",
    )
    assert kind(BROKEN, Kind.BROKEN) is None


@pytest.mark.parametrize("state", [SourceState.HELD, SourceState.GONE])
def test_so_is_one_that_waits_for_a_person_or_has_gone(state):
    assert kind(replace(BROKEN, state=state)) is Kind.BROKEN


def test_a_page_that_was_found_and_has_gone_is_no_trouble_of_its_source():
    found = frozenset(("https://news.example/series",))
    assert kind(replace(BROKEN, state=SourceState.GONE, finders=found)) is None
    assert kind(replace(BROKEN, finders=found)) is Kind.BROKEN


@pytest.mark.parametrize("state", [SourceState.NEW, SourceState.PAUSED, SourceState.OK])
def test_what_is_well_or_was_paused_by_a_person_is_no_news(state):
    assert kind(replace(WELL, state=state)) is None


def test_a_source_is_told_to_be_well_again_once_that_has_lasted_and_if_it_was_told():
    recovered = replace(WELL, since=NOW - 5 * MINUTE)
    assert kind(recovered, Kind.BROKEN) is Kind.RECOVERED
    assert kind(replace(recovered, since=NOW - 4 * MINUTE), Kind.BROKEN) is None
    assert kind(recovered) is None
    assert kind(recovered, Kind.RECOVERED) is None


def test_a_blog_that_says_it_is_live_and_shows_nothing_new_is_silent():
    assert kind(SILENT) is Kind.SILENT
    assert kind(SILENT, Kind.SILENT) is None
    assert kind(replace(SILENT, last_change=NOW - 29 * MINUTE)) is None
    assert kind(SILENT, rule=replace(RULE, silent=None)) is None
    for live in (False, None):
        assert kind(replace(SILENT, live=live)) is None


def test_what_nobody_asked_for_is_no_silence():
    """After an outage of ours the last change is old; only polls since then could tell."""
    assert kind(replace(SILENT, last_poll=NOW - 20 * MINUTE)) is None


def test_a_silent_blog_that_goes_on_is_told_and_one_that_ends_is_not():
    assert kind(WELL, Kind.SILENT) is Kind.RECOVERED
    assert kind(replace(WELL, live=False), Kind.SILENT) is None


def test_in_quiet_hours_nothing_is_told_and_what_still_holds_is_told_after_them():
    rule = replace(RULE, quiet=Quiet(time(2), time(6)))
    assert kind(BROKEN, rule=rule) is None
    assert kind(BROKEN, rule=rule, now=NOW + timedelta(hours=3)) is Kind.BROKEN


def flap(rule, every, hours=24, *, patient=True):
    """Let a source break and recover by turns; give how often that is told on a day."""
    told, at, now, end = [], WELL, NOW, NOW + timedelta(hours=hours)
    while now < end:
        now += MINUTE
        if now - at.since >= every:
            turned = SourceState.OK if at.state is SourceState.BROKEN else SourceState.BROKEN
            at = replace(at, state=turned, since=now)
        at = replace(at, last_poll=now, last_change=now)
        lately = len(told) if patient else 0
        verdict = look(rule, at, now, AlreadyTold(told[-1] if told else None, lately))
        if verdict is not None:
            told.append(verdict.kind)
    return told


@pytest.mark.parametrize("minutes", [1, 3, 6, 15, 45, 120])
def test_a_source_that_flaps_wakes_nobody_all_night(minutes):
    assert len(flap(RULE, minutes * MINUTE)) <= 12


def test_one_that_told_of_every_turn_would():
    assert len(flap(RULE, 6 * MINUTE, patient=False)) > 200


@pytest.mark.parametrize(
    ("at", "before", "rule", "said"),
    [
        (WELL, None, RULE, "Nothing is wrong."),
        (BROKEN, None, RULE, "That it is broken (broken: HTTP 503) is told at the next look."),
        (BROKEN, AlreadyTold(Kind.BROKEN), RULE, "It was told of that; its end will be told."),
        (WELL, AlreadyTold(Kind.BROKEN), RULE, "recovered (it is read again) is told at the next"),
        (SILENT, None, RULE, "nothing new for 30 minutes) is told at the next look."),
        (replace(BROKEN, since=NOW), None, RULE, "is told once it has lasted 5 min."),
        (BROKEN, AlreadyTold(Kind.RECOVERED, 4), RULE,
         "is told once it has lasted 20 min, for it was told of 4 times within a day."),
        (BROKEN, None, replace(RULE, quiet=Quiet(time(0), time(6))),
         "is told after the quiet hours, if it still holds."),
        (BROKEN, None, replace(RULE, follow=frozenset()), "It watches over other sources."),
    ],
)  # fmt: skip
def test_what_is_told_or_not_is_explained_and_so_it_is_decided(at, before, rule, said):
    before = before or AlreadyTold()
    told = explain(rule, at, NOW, before)
    assert said in told
    if rule.follow is None:
        assert (look(rule, at, NOW, before) is not None) is told.endswith("at the next look.")
