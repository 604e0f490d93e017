"""How much of a blog has been read: gaps that open, narrow, close, or stay as holes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pages import START, block, page

from store.coverage import AGAIN, TRIES, UNKNOWN, Coverage, Gap, begin, describe, fail, hasten, walk

NOW = START + timedelta(hours=20)
MINUTE = timedelta(minutes=1)
NEXT, AFTER = "https://news.example/live?page=2", "https://news.example/live?page=3"


def at(minute):
    return START + minute * MINUTE


def shown(*minutes, **more):
    blocks = [block(f"b{minute}", minute) for minute in minutes]
    return page(blocks, **{"shows_bottom": False, "layout": "theme", **more})


def first(snapshot):
    return begin(UNKNOWN, snapshot, NOW, newest=None, shares=False)


def test_a_page_that_shows_everything_is_complete():
    coverage = first(shown(20, 10, shows_bottom=True))
    assert coverage.complete
    assert describe(coverage) == "complete"


def test_a_first_page_with_older_ones_opens_a_gap_that_reaches_back_to_the_beginning():
    coverage = first(shown(90, 80, older=NEXT))
    assert coverage.gaps == (Gap(at(80), None, NEXT, NOW),)
    assert coverage.due == NOW
    assert describe(coverage) == "reading older pages, back to 2026-05-04 10:20 UTC"


def test_a_window_without_older_pages_says_that_what_is_older_is_missing():
    coverage = first(shown(90, 80))
    assert describe(coverage).startswith("missing what is older than 2026-05-04 10:20 UTC")
    assert coverage.due is None


def test_a_page_that_does_not_tell_how_far_it_reaches_claims_nothing():
    coverage = first(shown(90, 80, shows_bottom=None))
    assert (coverage.gaps, coverage.complete, describe(coverage)) == ((), False, "")


def test_a_pinned_entry_of_the_morning_does_not_hide_what_lies_between():
    blocks = [block("pin", 1, pinned=True), block("c", 90), block("b", 80)]
    coverage = first(page(blocks, shows_bottom=False, older=NEXT))
    assert coverage.gaps[0].newer == at(80)


def test_looks_that_share_an_entry_leave_no_gap():
    assert begin(UNKNOWN, shown(90, 80, older=NEXT), NOW, newest=at(80), shares=True) == UNKNOWN


def test_a_page_that_shares_nothing_with_what_was_known_opens_a_gap_between():
    coverage = begin(UNKNOWN, shown(90, 80, older=NEXT), NOW, newest=at(30), shares=False)
    assert coverage.gaps == (Gap(at(80), at(30), NEXT, NOW),)


def test_an_older_page_narrows_the_gap_and_the_last_closes_it():
    coverage = first(shown(90, 80, older=NEXT))
    further = walk(coverage, coverage.gaps[0], shown(70, 60, older=AFTER), NOW)
    assert further.gaps == (Gap(at(60), None, AFTER, NOW),)
    done = walk(further, further.gaps[0], shown(50, 40, shows_bottom=True), NOW)
    assert done.complete


def test_known_ground_closes_a_gap_between():
    coverage = begin(
        Coverage(bottom=True), shown(90, 80, older=NEXT), NOW, newest=at(30), shares=False
    )
    done = walk(coverage, coverage.gaps[0], shown(70, 30, older=AFTER), NOW)
    assert done.complete


def test_older_pages_that_end_above_known_ground_leave_a_hole():
    coverage = begin(UNKNOWN, shown(90, 80, older=NEXT), NOW, newest=at(30), shares=False)
    ended = walk(coverage, coverage.gaps[0], shown(70, 60), NOW)
    assert describe(ended).startswith("missing 2026-05-04 09:30–10:00 UTC")


@pytest.mark.parametrize("older", [AFTER, NEXT])
def test_pages_that_lead_nowhere_are_left_after_three(older):
    coverage = first(shown(90, 80, older=NEXT))
    for _ in range(3):
        assert coverage.due is not None
        coverage = walk(coverage, coverage.gaps[0], shown(90, 80, older=older), NOW)
    assert coverage.due is None
    assert "lead nowhere" in describe(coverage)


def test_a_failure_that_may_pass_is_waited_out_with_growing_pauses():
    coverage = first(shown(90, 80, older=NEXT))
    once = fail(coverage, coverage.gaps[0], "no answer", NOW, for_good=False)
    twice = fail(once, once.gaps[0], "no answer", NOW, for_good=False)
    assert (once.due - NOW, twice.due - NOW) == (MINUTE, 2 * MINUTE)
    later = fail(coverage, coverage.gaps[0], "busy", NOW, for_good=False, not_before=NOW + AGAIN)
    assert later.due == NOW + AGAIN


def test_a_lost_page_is_passed_over_and_its_hours_are_told():
    coverage = first(shown(90, 80, older=NEXT))
    passing = fail(coverage, coverage.gaps[0], "404", NOW, for_good=True, beyond=AFTER)
    assert (passing.gaps[0].next, passing.due) == (AFTER, NOW)
    done = walk(passing, passing.gaps[0], shown(50, 40, shows_bottom=True), NOW)
    assert describe(done) == "missing 2026-05-04 09:50–10:20 UTC (404)"
    assert (done.gaps[0].next, done.bottom, done.complete) == (NEXT, True, False)


def test_a_hole_is_tried_again_ever_more_rarely_and_in_the_end_no_more():
    coverage = first(shown(90, 80, older=NEXT))
    pauses = []
    for _ in range(TRIES + 1):
        if coverage.due is not None or not pauses:
            coverage = fail(coverage, coverage.gaps[0], "404", NOW, for_good=True)
            pauses.append(coverage.due and coverage.due - NOW)
    assert pauses[:3] == [AGAIN, 2 * AGAIN, 4 * AGAIN]
    assert pauses[-1] is None
    assert hasten(coverage, NOW).due == NOW


def test_a_hole_over_midnight_names_both_days():
    gap = Gap(at(60 * 16), at(60 * 14), hole="404")
    assert describe(Coverage((gap,))) == "missing 2026-05-04 23:00–2026-05-05 01:00 UTC (404)"


def test_a_page_that_shows_everything_again_closes_every_gap():
    coverage = replace(first(shown(90, 80, older=NEXT)), layout="x")
    whole = begin(coverage, shown(90, 80, 10, shows_bottom=True), NOW, newest=at(90), shares=True)
    assert whole.complete
