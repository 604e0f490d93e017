"""What the publisher itself states to be taken away: believed at once, within bounds."""

from dataclasses import replace
from datetime import timedelta

from pages import PROVENANCE, START, URL, block, page

from store.changes import agree, diff
from store.decision.history import BlogHistory, Fault, Outcome, PageEvidence

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
A, B, C, D = block("a", 0), block("b", 10), block("c", 20), block("d", 30)


def decide(history, snapshot, now=NOW, **more):
    return diff(history, snapshot, now, provenance=PROVENANCE, **more)


def follow(*snapshots):
    history, outcome = BlogHistory(URL), None
    for n, snapshot in enumerate(snapshots):
        outcome = decide(history, snapshot, NOW + n * MINUTE)
        assert isinstance(outcome, Outcome), outcome
        history = outcome.after
    return outcome


def told(outcome):
    return [(change.type.value, change.block_id) for change in outcome.changes]


def test_a_stated_deletion_is_believed_at_the_first_look():
    outcome = follow(page([D, C, B, A]), page([D, C, A], deleted=("b",)))
    assert told(outcome) == [("entry.retracted", "b")]
    assert outcome.suspects == 0
    assert outcome.after.order == ("d", "c", "a")


def test_silence_alone_still_waits_for_a_second_look():
    outcome = follow(page([D, C, B, A]), page([D, C, A]))
    assert (told(outcome), outcome.suspects) == ([], 1)


def test_a_stated_deletion_reaches_beyond_the_page():
    newest = page([D, C, B], shows_bottom=False)
    outcome = follow(page([D, C, B, A]), newest, replace(newest, deleted=("a",)))
    assert told(outcome) == [("entry.retracted", "a")]


def test_a_stated_deletion_is_told_once_and_of_known_entries_alone():
    gone = page([D, C, A], deleted=("b", "never-seen", "b"))
    outcome = follow(page([D, C, B, A]), gone, gone)
    assert told(outcome) == []


def test_what_is_still_shown_is_not_deleted_whatever_is_stated():
    outcome = follow(page([D, C, B, A]), page([D, C, B, A], deleted=("b",)))
    assert told(outcome) == []


def test_a_republished_block_is_restored():
    shown = page([D, C, B, A])
    outcome = follow(shown, page([D, C, A], deleted=("b",)), shown)
    assert told(outcome) == [("entry.restored", "b")]


def test_a_mass_of_stated_deletions_waits_for_a_person():
    outcome = follow(page([D, C, B, A]), page([D], deleted=("a", "b", "c")))
    assert told(outcome) == []
    assert outcome.held.startswith("3 of 4 entries")
    agreed = decide(
        replace(outcome.after, confirmed=True), page([D], deleted=("a", "b", "c")), NOW + 3 * MINUTE
    )
    assert sorted(told(agreed)) == [("entry.retracted", b) for b in "abc"]


def test_a_mass_of_deletions_beyond_the_page_waits_for_a_person():
    blocks = [block(f"x{n}", n) for n in range(10)][::-1]
    newest = page(blocks, shown=2)
    outcome = follow(
        page(blocks), newest, replace(newest, deleted=tuple(f"x{n}" for n in range(8)))
    )
    assert told(outcome) == []
    assert outcome.held.startswith("8 of 10 entries")


def test_an_older_rendering_deletes_nothing():
    first = decide(BlogHistory(URL), page([D, C, B, A]), evidence=PageEvidence(modified=NOW))
    older = decide(
        first.after,
        page([D, C, B, A][:2], shows_bottom=False, deleted=("b",)),
        NOW + MINUTE,
        evidence=PageEvidence(modified=NOW - MINUTE),
    )
    assert isinstance(older, Fault) or told(older) == []


def test_a_copy_that_lacks_the_newest_entry_needs_a_second_look_for_what_it_states():
    old_copy = page([C, A], deleted=("b",))
    outcome = follow(page([D, C, B, A]), old_copy)
    assert told(outcome) == []
    again = decide(outcome.after, old_copy, NOW + 3 * MINUTE)
    assert ("entry.retracted", "b") in told(again)


def test_the_newest_entry_itself_may_be_deleted_by_its_publishers_word():
    outcome = follow(page([D, C, B, A]), page([C, B, A], deleted=("d",)))
    assert told(outcome) == [("entry.retracted", "d")]


def test_an_unchanged_page_retracts_nothing_more_by_what_it_had_stated():
    outcome = follow(page([D, C, B, A]), page([D, C, A], deleted=("b",)))
    assert agree(outcome.after, NOW + 5 * MINUTE).changes == ()
