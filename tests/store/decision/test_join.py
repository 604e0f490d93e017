"""A page and the publisher's own answers beside it, joined into one snapshot."""

from dataclasses import replace

from pages import PROVENANCE, START, URL, block, page

from store.changes import diff
from store.decision.history import BlogHistory, Outcome
from store.decision.join import join
from store.sighting import View

A, B, C = block("a", 0), block("b", 10), block("c", 20)
ANSWERS = ("https://news.example/api/posts",)


def printed(*blocks, **more):
    return page([*blocks], answers=ANSWERS, layout="theme", **more)


def stated(*blocks, **more):
    """A page that states its entries for search engines, and prints none."""
    return page([*blocks], answers=ANSWERS, layout="json-ld", **more)


def answer(*blocks, **more):
    return replace(page([*blocks], layout="api", **more), title="Of the answer")


def views(snapshot, block_id):
    return [s.view for s in snapshot.sightings if s.block_id == block_id]


def told(outcome):
    assert isinstance(outcome, Outcome), outcome
    return [(change.type.value, change.block_id) for change in outcome.changes]


def follow(*snapshots):
    history, outcome = BlogHistory(URL), None
    for snapshot in snapshots:
        outcome = diff(history, snapshot, START.replace(hour=12), provenance=PROVENANCE)
        assert isinstance(outcome, Outcome), outcome
        history = outcome.after
    return outcome


def test_a_page_that_names_no_answer_stays_as_it_is():
    alone = page([B, A])
    assert join(alone, ()) is alone


def test_printed_blocks_are_stronger_than_what_answers_say():
    whole = join(printed(B, A), [answer(C, B)])
    assert views(whole, "a") == [View.BLOCK]
    assert views(whole, "b") == [View.BLOCK, View.MODEL]
    assert views(whole, "c") == [View.MODEL]
    assert (whole.layout, whole.shows_top) == ("theme", True)


def test_answers_fill_a_page_that_prints_nothing():
    whole = join(stated(B, A, shows_bottom=None), [answer(C, B, A, shows_bottom=True)])
    assert views(whole, "b") == [View.JSON_LD, View.BLOCK]
    assert (whole.layout, whole.shows_bottom) == ("json-ld, api", True)


def test_a_page_alone_is_as_weak_as_with_its_answers():
    assert views(join(stated(B, A), ()), "a") == [View.JSON_LD]


def test_an_answer_that_fails_and_returns_makes_no_edit():
    def joined(*answers):
        return join(stated(B, A.edited("a in fewer words")), answers)

    first = joined(answer(B, A))
    later = joined()
    assert told(follow(first, first)) == []
    history = follow(first).after
    alone = diff(replace(history, order=()), later, START.replace(hour=12), provenance=PROVENANCE)
    assert told(alone) == []


def test_what_an_answer_states_to_be_deleted_is_gone_from_an_older_copy_too():
    whole = join(printed(C, B, A), [answer(C, A, deleted=("b",))])
    assert views(whole, "b") == []
    gone = follow(printed(C, B, A), whole)
    assert told(gone) == [("entry.retracted", "b")]
    assert told(follow(printed(C, B, A), whole, whole)) == []


def test_an_entry_that_an_answer_still_has_is_not_missing_from_the_page():
    blocks = [block(f"x{n}", n) for n in range(6)][::-1]
    whole = join(printed(*blocks[:2], *blocks[3:]), [answer(*blocks)])
    assert follow(printed(*blocks), whole).suspects == 0


def test_the_first_that_tells_names_title_and_state():
    untold = replace(printed(A, live=None), title="")
    whole = join(untold, [answer(A, live=False)])
    assert (whole.title, whole.live) == ("Of the answer", False)
    whole = join(printed(A, live=True), [answer(A, live=False)])
    assert (whole.title, whole.live) == ("A day at the harbour", True)
