from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.decision.merge import blocks, by_block, complete, merge, repeated
from store.sighting import Kind, Sighting, Snapshot, View

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
A, B, C = (letter * 24 for letter in "abc")


def sighting(view, block_id=A, **stated):
    return Sighting(view=view, block_id=block_id, **stated)


def snapshot(*sightings, **rest):
    return Snapshot(
        url="https://example.org/live",
        kind=Kind.LIVE_BLOG,
        platform="x",
        sightings=sightings,
        **rest,
    )


def test_the_strongest_view_that_states_a_field_wins():
    merged = merge(
        [
            sighting(View.MODEL, title="model", text="model", key_event=True),
            sighting(View.BLOCK, title="", text="block"),
            sighting(View.PINNED, pinned=True, text="copy"),
        ]
    )
    assert merged.view is View.BLOCK
    assert (merged.title, merged.text) == ("", "block")
    assert (merged.key_event, merged.pinned, merged.summary) == (True, True, None)


def test_false_and_empty_are_statements():
    merged = merge(
        [
            sighting(View.BLOCK, key_event=False, authors=()),
            sighting(View.MODEL, key_event=True, authors=("A",)),
        ]
    )
    assert (merged.key_event, merged.authors) == (False, ())


def test_of_two_sightings_by_one_view_the_first_goes_before_the_other():
    merged = merge(
        [sighting(View.INDEX, title="first"), sighting(View.INDEX, title="second", text="x")]
    )
    assert (merged.title, merged.text) == ("first", "x")


STATED = st.builds(
    Sighting,
    view=st.sampled_from(View),
    block_id=st.just(A),
    title=st.none() | st.sampled_from(["", "x"]),
    key_event=st.none() | st.booleans(),
    pinned=st.none() | st.booleans(),
)


@given(st.lists(STATED, min_size=1, max_size=6))
def test_merging_states_all_that_is_stated_and_nothing_else(sightings):
    merged = merge(sightings)
    assert merged.view == max(s.view for s in sightings)
    for field in ("title", "key_event", "pinned"):
        stated = [getattr(s, field) for s in sightings if getattr(s, field) is not None]
        assert getattr(merged, field) in (stated or [None])
    assert merge([merged]) == merged


def test_a_complete_list_that_does_not_name_a_block_says_it_is_no_key_event():
    told = complete([sighting(View.BLOCK)], lists_every_key_event=True)
    assert (told.key_event, told.summary) == (False, False)
    told = complete([sighting(View.BLOCK)], lists_every_key_event=False)
    assert (told.key_event, told.summary) == (None, None)


def test_a_list_tells_nothing_of_a_block_that_is_not_on_the_page():
    told = complete([sighting(View.PINNED, pinned=True)], lists_every_key_event=True)
    assert told.key_event is None


def test_one_id_twice_on_a_page_is_the_first_of_them_with_a_warning():
    seen = snapshot(
        sighting(View.BLOCK, A, text="first"),
        sighting(View.BLOCK, B, text="other"),
        sighting(View.BLOCK, A, text="second"),
        sighting(View.MODEL, A, key_event=True),
    )
    assert [s.text for s in by_block(seen)[A] if s.view is View.BLOCK] == ["first"]
    assert list(by_block(seen)) == [A, B]
    assert repeated(seen) == (f"block {A} stands on the page twice; the first counts",)
    assert len(blocks(seen)) == 2


def test_a_pinned_copy_is_no_repetition():
    assert repeated(snapshot(sighting(View.PINNED), sighting(View.BLOCK))) == ()


@pytest.mark.parametrize("first", [True, False])
def test_blocks_on_the_page_keep_its_order_and_others_follow_newest_first(first):
    elsewhere = [
        sighting(View.INDEX, "1" * 24),
        sighting(View.MODEL, "2" * 24, published=NOON),
        sighting(View.MODEL, "3" * 24, published=NOON + timedelta(seconds=0.5)),
    ]
    shown = [
        sighting(View.BLOCK, C, published=NOON),
        sighting(View.BLOCK, A),
        sighting(View.BLOCK, None),
    ]
    found = blocks(snapshot(*(elsewhere + shown if first else shown + elsewhere)))
    assert [b.sighting.block_id for b in found] == [C, A, None, "3" * 24, "2" * 24, "1" * 24]
    assert [b.on_page for b in found] == [True] * 3 + [False] * 3


def test_sightings_without_an_id_are_blocks_each_of_its_own():
    seen = snapshot(sighting(View.BLOCK, None, text="a"), sighting(View.BLOCK, None, text="b"))
    assert by_block(seen) == {}
    assert [b.sighting.text for b in blocks(seen)] == ["a", "b"]
