"""Which alerts fire, follow up, or are held back: decided purely."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from store.alerting.alerts import (
    AlertRule,
    Cap,
    Edits,
    EntryChange,
    Kind,
    Known,
    Quiet,
    Target,
    Why,
    explain,
    hold_back,
    judge,
)
from store.decision.history import ChangeType as C
from store.entry import Entry, StoredEntry
from store.topics import Match

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = AlertRule("desk", ("t",), Match(("Aleppo",)), (Target("webhook:x"),))
HERE = frozenset({"t"})
TOLD = Known(satisfied=True, told=True)


def stored(text="News from Aleppo", published=NOW - MINUTE, **more):
    entry = Entry("https://www.a.example/live", "b", published, text=text, **more)
    return StoredEntry(entry, "tag:x", 1, 1, NOW, NOW, NOW)


def happened(after, *types, before=None, topics_before=HERE, topics=HERE, backfill=False):
    return EntryChange(before, after, types or (C.PUBLISHED,), topics_before, topics, backfill)


def edited(old, new):
    return happened(stored(new), C.UPDATED, before=stored(old))


def verdict(change, rule=RULE, known=Known(), now=NOW):  # noqa: B008 - a frozen value
    notice = judge(rule, change, now, known)
    return notice and (notice.kind, notice.why)


FIRED = (Kind.FIRED, None)


def test_it_fires_when_an_entry_is_published_that_satisfies_it_and_says_by_what():
    notice = judge(RULE, happened(stored()), NOW)
    assert (notice.kind, notice.why, notice.by) == (Kind.FIRED, None, C.PUBLISHED)
    assert notice.reason == "it was published, and it says Aleppo"


def test_it_does_not_fire_for_what_does_not_satisfy_it_and_leaves_no_row():
    assert verdict(happened(stored("News from Homs"))) is None
    assert verdict(happened(stored(), topics=frozenset({"other"}))) is None


def test_it_fires_by_an_edit_that_makes_an_entry_satisfy_it():
    assert verdict(edited("News from the north", "News from Aleppo, in the north")) == FIRED


def test_it_fires_by_a_promotion_hours_later():
    rule = replace(RULE, when=Match(key_event=True))
    old = stored(published=NOW - timedelta(hours=5), key_event=False)
    new = stored(published=NOW - timedelta(hours=5), key_event=True)
    assert verdict(happened(new, C.PROMOTED, before=old), rule) == FIRED


def test_a_promotion_of_yesterdays_entry_is_too_old():
    rule = replace(RULE, when=Match(key_event=True))
    old = stored(published=NOW - timedelta(hours=25))
    new = stored(published=NOW - timedelta(hours=25), key_event=True)
    assert verdict(happened(new, C.PROMOTED, before=old), rule) == (Kind.FIRED, Why.TOO_OLD)


def test_what_satisfied_it_before_this_change_does_not_fire_it():
    """A topic that was sorted anew, or an alert that is new, alerts nobody of what is there."""
    assert verdict(edited("News of Aleppo", "News of Aleppo: 3 dead")) is None


def test_what_enters_a_topic_by_a_change_fires():
    change = happened(stored(), C.UPDATED, before=stored(), topics_before=frozenset())
    assert verdict(change) == FIRED


def test_it_fires_once():
    rule = replace(RULE, when=Match(key_event=True))
    again = happened(stored(key_event=True), C.PROMOTED, before=stored(key_event=False))
    assert verdict(again, rule, Known(satisfied=True)) is None
    assert verdict(again, rule, TOLD) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (happened(stored(), backfill=True), Why.BACKFILL),
        (happened(stored(summary=True)), Why.SUMMARY),
        (happened(stored(published=NOW - timedelta(minutes=61))), Why.TOO_OLD),
    ],
)
def test_what_is_off_by_default_is_held_back_with_the_reason(change, why):
    assert verdict(change) == (Kind.FIRED, why)
    on = replace(RULE, backfill=True, summaries=True, max_age=timedelta(hours=2))
    assert verdict(change, on) == FIRED


def test_quiet_hours_pass_midnight_and_are_of_their_zone():
    quiet = Quiet(time(23), time(6, 30), "Europe/Berlin")
    rule = replace(RULE, quiet=quiet)
    for hour, minute, held in ((20, 59, False), (21, 0, True), (4, 29, True), (4, 30, False)):
        at = NOW.replace(hour=hour, minute=minute)
        fresh = happened(stored(published=at))
        expected = (Kind.FIRED, Why.QUIET if held else None)
        assert verdict(fresh, rule, now=at) == expected
    assert quiet.ends_after(NOW.replace(hour=22)) == datetime(2026, 5, 5, 4, 30, tzinfo=UTC)


def test_a_retraction_reaches_whoever_was_told_in_quiet_hours_too_and_nobody_else():
    rule = replace(RULE, quiet=Quiet(time(0), time(23, 59)))
    gone = happened(replace(stored(), retracted_at=NOW), C.RETRACTED, before=stored())
    assert verdict(gone, rule, TOLD) == (Kind.RETRACTED, None)
    assert verdict(gone, rule, Known(satisfied=True)) is None
    assert verdict(gone, rule) is None


def test_what_comes_back_is_told_to_whoever_was_told():
    back = happened(stored(), C.RESTORED, before=replace(stored(), retracted_at=NOW))
    assert verdict(back, known=TOLD) == (Kind.RESTORED, None)
    assert verdict(back, known=Known(satisfied=True)) is None


def test_a_material_edit_goes_out_and_a_typo_does_not():
    toll = edited("Aleppo: 11 killed", "Aleppo: 17 killed")
    typo = edited("Aleppo: the goverment met", "Aleppo: the government met")
    assert verdict(toll, known=TOLD) == (Kind.CHANGED, None)
    assert verdict(typo, known=TOLD) == (Kind.EDITED, Why.DAMPED)
    mending = replace(RULE, targets=(Target("matrix:x", edits=True),))
    assert verdict(typo, mending, TOLD) == (Kind.EDITED, None)
    assert verdict(typo, replace(RULE, edits=Edits.ALL), TOLD) == (Kind.EDITED, None)
    assert verdict(toll, replace(RULE, edits=Edits.NONE), TOLD) is None
    assert verdict(toll, known=Known(satisfied=True)) is None


def test_types_and_publishers_narrow_it():
    promoted = replace(RULE, types=frozenset({C.PROMOTED}))
    assert verdict(happened(stored()), promoted) is None
    up = happened(stored(key_event=True), C.PROMOTED, before=stored())
    assert verdict(up, promoted) == FIRED
    assert verdict(happened(stored()), replace(RULE, publishers=("a.example",))) == FIRED
    assert verdict(happened(stored()), replace(RULE, publishers=("b.example",))) is None


def test_a_cap_holds_back_what_is_over_until_the_first_is_old_enough():
    cap = Cap(2, 10 * MINUTE)
    assert hold_back(cap, [], NOW) is None
    assert hold_back(cap, [NOW - MINUTE], NOW) is None
    assert hold_back(cap, [NOW - 3 * MINUTE, NOW - MINUTE], NOW) == NOW + 7 * MINUTE
    assert hold_back(cap, [NOW - 10 * MINUTE, NOW - MINUTE], NOW) is None
    assert hold_back(None, [NOW] * 9, NOW) is None


@pytest.mark.parametrize(
    ("rule", "topics", "says"),
    [
        (RULE, HERE, "It satisfies desk: it says Aleppo."),
        (RULE, (), "it is in none of the topics t"),
        (replace(RULE, publishers=("b.example",)), HERE, "its publisher is none of b.example"),
        (replace(RULE, when=Match(("Homs",))), HERE, "it says none of Homs"),
        (replace(RULE, when=Match((), ("news",))), HERE, "it says news, which the alert excludes"),
        (replace(RULE, when=Match(key_event=True)), HERE, "it is no key event"),
    ],
)
def test_it_explains_itself(rule, topics, says):
    assert says in explain(rule, stored().entry, topics)
