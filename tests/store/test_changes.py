"""What a page means against what is known, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page, sighting

from store.changes import agree, diff
from store.decision.absence import Rules
from store.decision.history import BlogHistory, ChangeType, Fault, Outcome, PageEvidence
from store.entry import TimePrecision
from store.sighting import View

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
NEW = BlogHistory(URL)


def decide(history, snapshot, now=NOW, **more):
    return diff(history, snapshot, now, provenance=PROVENANCE, **more)


def follow(*snapshots, now=NOW, step=MINUTE):
    """Poll pages one after another; return the last outcome and the clock after it."""
    history, outcome = NEW, None
    for n, snapshot in enumerate(snapshots):
        outcome = decide(history, snapshot, now + n * step)
        assert isinstance(outcome, Outcome), outcome
        history = outcome.after
    return outcome


def told(outcome):
    return [(change.type.value, change.block_id) for change in outcome.changes]


def stored(outcome, block_id):
    return outcome.after.entries[block_id].stored


A, B, C, D = block("a", 0), block("b", 10), block("c", 20), block("d", 30)


def test_a_first_page_discovers_the_blog_and_publishes_its_entries_oldest_first():
    outcome = follow(page([C, B, A]))
    assert told(outcome) == [
        ("blog.discovered", ""),
        ("entry.published", "a"),
        ("entry.published", "b"),
        ("entry.published", "c"),
    ]
    assert all(change.backfill for change in outcome.changes[1:])


def test_blocks_of_one_second_keep_the_order_they_were_posted_in():
    twin = replace(B, id="b2")
    outcome = follow(page([twin, B, A]))
    assert [b for _, b in told(outcome)][1:] == ["a", "b", "b2"]
    apart = stored(outcome, "b2").changed_at - stored(outcome, "b").changed_at
    assert apart == timedelta(milliseconds=1)


def test_two_edits_of_one_moment_are_told_apart():
    outcome = follow(page([B, A]), page([B.edited("two"), A.edited("two")]))
    assert {stored(outcome, b).changed_at - NOW - MINUTE for b in "ab"} == {
        timedelta(0),
        timedelta(milliseconds=1),
    }


def test_the_same_page_again_changes_nothing():
    first = follow(page([B, A]))
    again = decide(first.after, page([B, A]), NOW + MINUTE)
    assert (again.changes, again.entries, again.suspects) == ((), (), 0)
    assert again.after.entries == first.after.entries


def test_a_new_block_on_a_known_blog_is_no_backfill():
    outcome = follow(page([A]), page([B, A]))
    assert told(outcome) == [("entry.published", "b")]
    assert not outcome.changes[0].backfill


def test_an_id_is_minted_once_from_host_year_path_and_block():
    outcome = follow(page([A]))
    assert stored(outcome, "a").id == "tag:news.example,2026:/live/2026/may/04/harbour/a"


def test_an_edit_is_a_revision_of_the_same_entry_and_takes_the_publishers_time():
    edited_at = START + timedelta(minutes=40)
    first = follow(page([B, A]))
    outcome = decide(first.after, page([B, A.edited("Something else", edited_at)]), NOW + MINUTE)
    before, after = stored(first, "a"), stored(outcome, "a")
    assert told(outcome) == [("entry.updated", "a")]
    assert outcome.changes[0].changes["text"] == ("What a says", "Something else")
    assert (after.id, after.revision, after.changed_at) == (before.id, 2, edited_at)
    assert after.entry.published == before.entry.published


def test_an_edit_without_a_moved_time_takes_our_time():
    outcome = follow(page([A]), page([A.edited("Something else")]))
    assert stored(outcome, "a").changed_at == NOW + MINUTE


def test_changed_at_moves_forward_even_when_our_clock_went_back():
    first = follow(page([A]), page([A.edited("two")]))
    back = decide(first.after, page([A.edited("three")]), NOW - timedelta(days=2))
    assert stored(back, "a").changed_at > stored(first, "a").changed_at


def test_a_touched_time_with_the_same_content_is_no_edit():
    first = follow(page([A]))
    outcome = decide(first.after, page([replace(A, updated=NOW)]), NOW + MINUTE)
    assert outcome.changes == ()
    assert stored(outcome, "a").changed_at == stored(first, "a").changed_at
    assert stored(outcome, "a").entry.updated is None


def test_an_edit_back_is_an_edit_when_the_publishers_time_moves():
    outcome = follow(
        page([A]),
        page([A.edited("two", START + timedelta(minutes=5))]),
        page([A.edited(A.body, START + timedelta(minutes=9))]),
    )
    assert told(outcome) == [("entry.updated", "a")]
    assert stored(outcome, "a").revision == 3


def test_an_edit_back_is_an_edit_where_no_times_are_shown():
    outcome = follow(page([A]), page([A.edited("two")]), page([A]))
    assert stored(outcome, "a").revision == 3


def read_as(block, **fields):
    """Show a page of one block, read with other fields than it has."""
    return replace(page([block]), sightings=(replace(sighting(block), **fields),))


def after_reading(first, second, *, layout=""):
    """Give what a second look at a page tells, and the entry after it."""
    before = decide(NEW, first).after
    told_by = replace(PROVENANCE, layout=layout)
    outcome = diff(before, second, NOW + MINUTE, provenance=told_by)
    return outcome.changes, stored(outcome, A.id)


def test_a_line_that_is_known_for_a_title_later_is_no_edit():
    told_later = read_as(A, title="What a says", text="", html="")
    changes, kept = after_reading(read_as(A, title="", text="What a says"), told_later)
    assert changes == ()
    assert (kept.entry.title, kept.entry.text, kept.revision) == ("What a says", "", 1)


def test_a_name_that_nobody_stated_before_is_filled_in():
    changes, kept = after_reading(page([A]), read_as(A, authors=("Ada Lindqvist",)))
    assert changes == ()
    assert (kept.entry.authors, kept.revision) == (("Ada Lindqvist",), 1)


def test_the_same_words_in_another_layout_are_no_edit_and_other_words_are():
    bare, marked = page([A]), read_as(A, html="<p>What <b>a</b> says</p>")
    changes, kept = after_reading(bare, marked, layout="json-ld, blocks")
    assert changes == ()
    assert "<b>" in kept.entry.html
    changes, _ = after_reading(bare, page([A.edited("Otherwise")]), layout="json-ld, blocks")
    assert [change.type for change in changes] == [ChangeType.UPDATED]


@pytest.mark.parametrize(
    "edited",
    [
        {"title": "What?"},
        {"html": "<p>What <b>a</b> says</p>"},
        {"authors": ("Tom Okafor",), "text": "What a said"},
    ],
)
def test_a_title_or_markup_made_otherwise_in_the_same_layout_is_an_edit(edited):
    changes, _ = after_reading(read_as(A, title="What"), read_as(A, **{"title": "What", **edited}))
    assert [change.type for change in changes] == [ChangeType.UPDATED]


def test_pinning_and_unpinning_are_nothing():
    outcome = follow(page([B, A]), page([B, replace(A, pinned=True)]), page([B, A]))
    assert outcome.changes == ()
    assert stored(outcome, "a").entry.pinned is False


def test_a_changed_signature_in_a_pictures_address_is_no_edit():
    def showing(signature):
        picture = f'<img src="https://news.example/a.jpg?s={signature}">'
        return replace(page([A]), sightings=(replace(sighting(A), html=picture),))

    assert follow(showing("one"), showing("two")).changes == ()


def test_an_entry_known_from_the_carousel_is_an_entry_and_its_block_fills_it_in():
    key = replace(A, key=True)
    first = follow(page([B, key], shown=1))
    assert "<figure>" not in stored(first, "a").entry.html
    outcome = decide(first.after, page([key]), NOW + MINUTE)
    assert isinstance(outcome, Outcome)
    assert "entry.updated" not in dict(told(outcome))
    assert stored(outcome, "a").revision == 1
    assert "<figure>" in stored(outcome, "a").entry.html


def test_leaving_the_page_for_the_carousel_is_no_edit():
    key = replace(A, key=True)
    outcome = follow(page([B, key]), page([C, B, key], shown=2))
    assert told(outcome) == [("entry.published", "c")]
    assert "<figure>" in stored(outcome, "a").entry.html


def test_a_weaker_view_never_overwrites_a_stronger_one():
    outcome = follow(page([B, A]), page([C, B, replace(A, key=True)], shown=2))
    assert ("entry.promoted", "a") in told(outcome)
    assert "<figure>" in stored(outcome, "a").entry.html


def test_a_carousel_that_alone_shows_an_edit_makes_one_and_the_blocks_return_no_second():
    key = replace(A, key=True)
    edited = key.edited("Something else")
    outcome = follow(page([B, key]), page([C, B, key], shown=2), page([C, B, edited], shown=2))
    assert told(outcome) == [("entry.updated", "a")]
    back = decide(outcome.after, page([B, edited]), NOW + 9 * MINUTE)
    assert ("entry.updated", "a") not in told(back)
    assert stored(back, "a").revision == 2
    assert "<figure>" in stored(back, "a").entry.html


def test_a_carousel_that_catches_up_later_makes_no_second_edit():
    key = replace(A, key=True)
    edited = key.edited("Something else", START + timedelta(minutes=9))
    lagging = page([B, edited])
    lagging = replace(
        lagging,
        sightings=tuple(
            sighting(key, View.MODEL) if s.view is View.MODEL else s for s in lagging.sightings
        ),
    )
    outcome = follow(page([B, key]), lagging, page([C, B, edited], shown=2))
    assert told(outcome) == [("entry.published", "c")]


def test_a_promotion_hours_later_is_told_and_moves_changed_at_only():
    outcome = follow(page([B, A]), page([B, replace(A, key=True)]))
    assert told(outcome) == [("entry.promoted", "a")]
    assert (stored(outcome, "a").revision, stored(outcome, "a").changed_at) == (1, NOW + MINUTE)
    assert outcome.changes[0].changes == {"key_event": (False, True)}


def test_leaving_a_complete_carousel_while_on_the_page_is_a_demotion():
    outcome = follow(page([B, replace(A, key=True)]), page([B, A]))
    assert told(outcome) == [("entry.demoted", "a")]


def test_leaving_a_carousel_that_is_not_known_to_be_complete_is_nothing():
    key = replace(A, key=True)
    outcome = follow(page([B, key]), page([B, A], lists_every_key_event=False))
    assert outcome.changes == ()
    assert stored(outcome, "a").entry.key_event is True


def test_leaving_the_carousel_after_leaving_the_page_is_nothing():
    key = replace(A, key=True)
    outcome = follow(page([B, key]), page([C, B, key], shown=2), page([C, B, A], shown=2))
    assert outcome.changes == ()
    assert stored(outcome, "a").entry.key_event is True


def test_one_id_twice_on_a_page_counts_once_and_the_first_wins():
    twice = page([A])
    twice = replace(twice, sightings=(*twice.sightings, sighting(A.edited("Another text"))))
    outcome = follow(twice)
    assert stored(outcome, "a").entry.text == "What a says"
    assert outcome.warnings == ("block a stands on the page twice; the first counts",)


# --- absence --------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["a", "b", "c"], ids=["bottom", "middle", "top"])
def test_an_absence_is_believed_at_the_second_look_a_minute_later(gone):
    left = [b for b in (C, B, A) if b.id != gone]
    first_look = follow(page([C, B, A]), page(left))
    assert (first_look.changes, first_look.suspects) == ((), 1)
    second = decide(first_look.after, page(left), NOW + 2 * MINUTE)
    assert told(second) == [("entry.retracted", gone)]
    assert stored(second, gone).retracted_at == NOW + 2 * MINUTE
    assert stored(second, gone).changed_at == NOW + 2 * MINUTE
    assert second.after.order == tuple(b.id for b in left)


def test_a_second_look_too_soon_retracts_nothing():
    outcome = follow(page([C, B, A]), page([C, A]), page([C, A]), step=timedelta(seconds=2))
    assert (outcome.changes, outcome.suspects) == ((), 1)


def test_an_unchanged_answer_is_a_second_look():
    first_look = follow(page([C, B, A]), page([C, A]))
    assert told(agree(first_look.after, NOW + 2 * MINUTE)) == [("entry.retracted", "b")]
    assert agree(first_look.after, NOW + MINUTE).changes == ()


def test_an_entry_that_is_back_at_the_second_look_was_never_gone():
    outcome = follow(page([C, B, A]), page([C, A]), page([C, B, A]), page([C, A]))
    assert (outcome.changes, outcome.suspects) == ((), 1)


@pytest.mark.parametrize("doubt", [{"unread": True}, {"whole": False}])
def test_a_page_that_was_not_read_whole_proves_no_absence(doubt):
    outcome = follow(page([C, B, A], whole=False), page([C, A], **{"whole": True, **doubt}))
    assert outcome.suspects == 0


def test_what_leaves_by_the_open_end_of_the_page_is_kept():
    blocks = [block(f"n{n:02}", n) for n in range(20, 0, -1)]
    nineteen = follow(page(blocks[1:]))
    ten = decide(nineteen.after, page(blocks, shown=10), NOW + MINUTE)
    again = decide(ten.after, page(blocks, shown=10), NOW + 3 * MINUTE)
    assert told(ten) == [("entry.published", "n20")]
    assert (again.changes, again.suspects) == ((), 0)


def test_a_block_that_left_the_page_but_stands_in_the_carousel_is_not_gone():
    outcome = follow(page([C, replace(B, key=True), A]))
    without = page([C, A])
    without = replace(
        without, sightings=(*without.sightings, sighting(replace(B, key=True), View.MODEL))
    )
    assert decide(outcome.after, without, NOW + MINUTE).suspects == 0


def test_a_retracted_entry_that_stands_there_again_is_restored():
    outcome = follow(page([C, B, A]), page([C, A]), page([C, A]), page([C, B, A]))
    assert told(outcome) == [("entry.restored", "b")]
    assert stored(outcome, "b").retracted_at is None


def test_when_more_than_half_would_go_nothing_goes_until_a_person_confirms():
    blocks = [D, C, B, A]
    held = follow(page(blocks), page([D]), page([D]))
    assert (held.changes, held.suspects) == ((), 3)
    assert held.held.startswith("3 of 4 entries have gone")
    confirmed = decide(replace(held.after, confirmed=True), page([D]), NOW + 9 * MINUTE)
    assert [b for _, b in told(confirmed)] == ["c", "b", "a"]
    assert (confirmed.held, confirmed.after.confirmed) == ("", False)


def test_a_hold_lasts_while_the_page_grows():
    held = follow(page([D, C, B, A]), page([D]))
    later = follow(page([D, C, B, A]), page([D]), page([block("f", 60), block("e", 50), D]))
    grown = decide(
        later.after, page([block("g", 70), block("f", 60), block("e", 50), D]), NOW + 9 * MINUTE
    )
    assert held.held
    assert grown.held
    assert "entry.retracted" not in dict(told(grown))


def test_a_page_that_is_put_right_again_is_held_no_longer():
    outcome = follow(page([D, C, B, A]), page([D]), page([D, C, B, A]))
    assert (outcome.held, outcome.suspects, outcome.changes) == ("", 0, ())


# --- bad pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (page([]), "no entries any more"),
        (page([B, A], whole=False), "cut short"),
        (page([C, D], claimed_url=URL + "-other"), "another page"),
        (page([block("a", 99), block("b", 98)], claimed_url=URL + "-other"), "another page"),
        (page([replace(A, key=True)], shown=0), "only an index"),
    ],
    ids=["empty", "truncated", "another", "another with like ids", "index alone"],
)
def test_a_bad_page_proves_nothing(bad, reason):
    known = follow(page([B, A]))
    fault = decide(known.after, bad, NOW + MINUTE)
    assert isinstance(fault, Fault)
    assert reason in fault.reason


def test_a_blog_that_has_not_begun_is_upcoming_and_no_fault():
    outcome = follow(page([]))
    assert told(outcome) == [("blog.discovered", "")]
    assert outcome.after.state.value == "upcoming"


def test_a_copy_that_shows_an_earlier_revision_is_stale():
    old = page([B, A])
    new = page([C, B, A.edited("two", START + timedelta(minutes=9))])
    fault = decide(follow(old, new).after, old, NOW + 9 * MINUTE)
    assert isinstance(fault, Fault)
    assert "stale" in fault.reason


@pytest.mark.parametrize("clock", ["page_time", "modified", "generated"])
def test_a_copy_whose_clock_is_behind_and_lacks_entries_is_stale(clock):
    def seen(snapshot, history, at):
        evidence = PageEvidence(**{clock: at})
        snapshot = replace(snapshot, page_time=at if clock == "page_time" else None)
        return decide(history, snapshot, NOW, evidence=evidence)

    first = seen(page([C, B, A]), NEW, NOW)
    assert isinstance(seen(page([B, A]), first.after, NOW - MINUTE), Fault)
    assert isinstance(seen(page([C, B, A]), first.after, NOW - MINUTE), Outcome)
    assert seen(page([B, A]), first.after, NOW + MINUTE).suspects == 1


def test_an_older_copy_is_no_second_look():
    first = follow(page([C, B, A], page_time=NOW), page([C, A], page_time=NOW + MINUTE))
    older = decide(first.after, page([C, A], page_time=NOW), NOW + 9 * MINUTE)
    assert isinstance(older, Fault)


# --- times ----------------------------------------------------------------------------------------


def test_a_block_without_a_time_gets_the_pages_best_evidence_and_says_so():
    untimed = replace(page([A], published=START), sightings=(replace(sighting(A), published=None),))
    entry = stored(follow(untimed), "a").entry
    assert (entry.published, entry.time_precision) == (START, TimePrecision.ESTIMATED)


def test_a_finer_time_replaces_a_coarser_one():
    coarse = page([A])
    coarse = replace(
        coarse,
        sightings=(
            replace(
                sighting(A),
                time_precision=TimePrecision.MINUTE,
                published=START,
            ),
        ),
    )
    fine = replace(A, published=START + timedelta(seconds=12))
    outcome = follow(coarse, page([fine]), page([replace(fine, published=NOW)]))
    assert stored(outcome, "a").entry.published == START + timedelta(seconds=12)
    assert outcome.changes == ()


def test_nothing_is_published_later_than_five_minutes_from_now():
    entry = stored(follow(page([replace(A, published=NOW + timedelta(hours=2))])), "a").entry
    assert (entry.published, entry.time_precision) == (NOW, TimePrecision.ESTIMATED)


# --- the blog -------------------------------------------------------------------------------------


def test_the_end_of_a_blog_is_told_once_and_its_reopening_too():
    live, closed = page([B, A]), page([B, A], live=False)
    ended = follow(live, closed)
    assert told(ended) == [("blog.ended", "")]
    assert ended.after.state.value == "ended"
    assert follow(live, closed, closed).changes == ()
    assert told(follow(live, closed, live)) == [("blog.reopened", "")]


def test_a_page_without_ids_keeps_its_entries_apart_and_together():
    def nameless(*texts):
        at = START + timedelta(minutes=5)
        return replace(
            page([]),
            sightings=tuple(
                replace(sighting(A), block_id=None, published=at, text=t, html=f"<p>{t}</p>")
                for t in texts
            ),
        )

    one = "The first boat of the morning has come in with its nets full"
    other = "Nobody has seen the lighthouse keeper since the storm began"
    first = follow(nameless(one, other))
    assert len(first.after.entries) == 2
    outcome = decide(first.after, nameless(other, one + " of herring"), NOW + MINUTE)
    assert [kind for kind, _ in told(outcome)] == ["entry.updated"]
    assert len(outcome.after.entries) == 2


def test_a_second_look_needs_no_more_than_the_time_the_rules_ask():
    quick = Rules(confirm_after=timedelta(seconds=3))
    first = follow(page([C, B, A]))
    look = decide(first.after, page([C, A]), NOW + MINUTE, rules=quick)
    second = decide(look.after, page([C, A]), NOW + MINUTE + timedelta(seconds=3), rules=quick)
    assert told(second) == [("entry.retracted", "b")]


def test_all_times_are_utc():
    entry = stored(follow(page([A])), "a")
    assert entry.entry.published.tzinfo is UTC
    assert isinstance(entry.changed_at, datetime)
    assert ChangeType("entry.published") is ChangeType.PUBLISHED


def test_an_entry_that_left_its_page_is_unpinned_when_its_pinned_copy_is_gone():
    old = block("old", -60)
    pinned = page([B, A, replace(old, pinned=True)], shown=2)
    unpinned = page([B, A, old], shown=2)
    assert stored(follow(page([B, A, old]), pinned), "old").entry.pinned
    outcome = follow(page([B, A, old]), pinned, unpinned)
    assert stored(outcome, "old").entry.pinned is False
    assert outcome.changes == ()
    for tells_nothing in ({"shows_top": None}, {"unread": True}):
        outcome = follow(page([B, A, old]), pinned, replace(unpinned, **tells_nothing))
        assert outcome.after.entries["old"].stored.entry.pinned


def test_an_old_entry_that_was_pinned_rolls_off_when_it_is_unpinned():
    old, shown = block("old", -600), [block("c", 30), B, A]
    above = page([old, *shown], shows_bottom=False)
    sightings = tuple(replace(s, pinned=s.block_id == "old") for s in above.sightings)
    unpinned = page(shown, shows_bottom=False)
    outcome = follow(replace(above, sightings=sightings), unpinned, unpinned, unpinned)
    assert stored(outcome, "old").retracted_at is None
    seen_whole = page(shown, shows_bottom=True)
    outcome = follow(replace(above, sightings=sightings), seen_whole, seen_whole, seen_whole)
    assert stored(outcome, "old").retracted_at is not None


def test_a_page_whose_entries_lost_their_ids_proves_nothing():
    named = page([B, A])
    nameless = replace(named, sightings=tuple(replace(s, block_id=None) for s in named.sightings))
    known = follow(named)
    assert "lost the ids" in decide(known.after, nameless, NOW + MINUTE).reason
    never_named = follow(nameless, nameless)
    assert (len(never_named.after.entries), told(never_named)) == (2, [])


def test_entries_that_are_given_ids_later_stay_the_entries_that_they_were():
    said = "Nobody has seen the lighthouse keeper since the storm began, says the harbour office"
    told_of = [replace(each, body=f"{each.id} {said}") for each in (B, A)]
    named = page(told_of)
    nameless = replace(named, sightings=tuple(replace(s, block_id=None) for s in named.sightings))
    once = follow(nameless, named, named)
    assert (set(once.after.entries), told(once)) == (set(follow(nameless).after.entries), [])
    with_another = page([C, *told_of])
    assert told(follow(nameless, named, with_another)) == [("entry.published", "c")]
    assert told(follow(nameless, named, with_another, with_another)) == []


def test_a_head_that_is_left_where_another_reader_read_blocks_edits_nothing():
    blocks = page([B, A])
    first = diff(NEW, blocks, NOW, provenance=replace(PROVENANCE, layout="theme"))
    cut = tuple(replace(s, text=s.text[:4], html=f"<p>{s.text[:4]}</p>") for s in blocks.sightings)
    head = replace(blocks, sightings=cut, platform="schema-org", layout="json-ld")
    assert "a part of the page is missing" in decide(first.after, head, NOW + MINUTE).reason
    known_so = diff(NEW, head, NOW, provenance=replace(PROVENANCE, platform="schema-org"))
    assert isinstance(decide(known_so.after, head, NOW + MINUTE), Outcome)
