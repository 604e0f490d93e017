import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.atom import render_atom
from feeds.feed import Retracted
from feeds.fragments import Fragments, render_entries
from feeds.jsonfeed import render_json
from feeds.rss import render_rss

LATER = datetime(2023, 12, 13, 19, 0, tzinfo=UTC)
FORMATS = [render_atom, render_rss, render_json]


def rendered_entries(feed, fragments):
    """The numbers of the entries that were rendered, not remembered."""
    seen = []

    def render(stored, title):
        seen.append(stored.number)
        return title.encode()

    render_entries(feed, Retracted.MARK, render, fragments, "test")
    return seen


def test_only_the_changed_entry_is_rendered_again(make_entry, make_feed):
    fragments = Fragments()
    entries = [make_entry(number) for number in range(5)]
    assert rendered_entries(make_feed(*entries), fragments) == [0, 1, 2, 3, 4]
    entries[2] = replace(entries[2], revision=2, changed_at=LATER)
    assert rendered_entries(make_feed(*entries), fragments) == [2]


def test_equal_entries_read_anew_and_seen_later_are_remembered(make_entry, make_feed):
    fragments = Fragments()
    rendered_entries(make_feed(make_entry(0)), fragments)
    again = copy.deepcopy(replace(make_entry(0), last_seen=LATER))
    assert rendered_entries(make_feed(again), fragments) == []


@pytest.mark.parametrize("render", FORMATS)
@pytest.mark.parametrize(
    "change",
    [
        {"title": "New"},
        {"html": "<p>New</p>"},
        {"credit": "New"},
        {"authors": ("New",)},
        {"tags": ("New",)},
        {"language": "ar"},
        {"key_event": True},
        {"summary": True},
        {"permalink": "https://new.example/"},
        {"published": datetime(2023, 12, 13, 17, 0, 30, tzinfo=UTC)},
    ],
)
def test_a_field_filled_in_without_a_revision_is_shown(make_entry, make_feed, render, change):
    fragments = Fragments()
    before = make_entry(0, changed_at=LATER)
    after = replace(before, entry=replace(before.entry, **change))
    render(make_feed(before), fragments=fragments)
    assert render(make_feed(after), fragments=fragments) == render(make_feed(after))


def test_what_an_entry_takes_from_its_feed_is_not_mixed_up(make_entry, make_feed):
    fragments = Fragments()
    first, second = make_entry(0, title="Summary", language="en"), make_entry(1, title="Summary")
    for feed in (
        make_feed(first),
        make_feed(first, language="en"),
        make_feed(second, first),
        make_feed(first, language="ar"),
        make_feed(first),
    ):
        for render in FORMATS:
            assert render(feed, fragments=fragments) == render(feed)


def test_titles_told_apart_are_remembered_with_their_fragments(make_entry, make_feed):
    fragments = Fragments()
    first, second = make_entry(0, title="Summary"), make_entry(1, title="Summary")
    alone, together = make_feed(first), make_feed(second, first)
    assert rendered_entries(alone, fragments) == [0]
    assert rendered_entries(together, fragments) == [1, 0]
    for feed in (alone, together, alone):
        assert rendered_entries(feed, fragments) == []


@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["title", "html", "key_event", "retracted_at", "language"]),
            st.integers(0, 2),
        ),
        max_size=12,
    ),
    limit=st.sampled_from([0, 3_000, 1_000_000]),
    retracted=st.sampled_from(Retracted),
)
def test_a_feed_has_the_same_bytes_with_a_cache_and_without(
    make_entry, make_feed, steps, limit, retracted
):
    fragments = Fragments(limit)
    entries = [make_entry(number) for number in range(4)]
    for number, name, value in steps:
        stored = entries[number]
        if name == "retracted_at":
            entries[number] = replace(stored, retracted_at=LATER if value else None)
        else:
            text = bool(value) if name == "key_event" else ("", "en", "ar")[value]
            entries[number] = replace(stored, entry=replace(stored.entry, **{name: text}))
        feed = make_feed(*entries)
        for render in FORMATS:
            kept = render(feed, retracted=retracted, fragments=fragments)
            assert kept == render(feed, retracted=retracted)
        assert 0 <= fragments.size <= limit


def test_the_cache_is_bounded_and_forgets_what_was_not_asked_for(make_entry, make_feed):
    fragments = Fragments(limit=20_000)
    favourite = make_entry(0)
    rendered_entries(make_feed(favourite), fragments)
    for number in range(1, 500):
        feed = make_feed(favourite, make_entry(number))
        assert rendered_entries(feed, fragments) == [number]
        assert fragments.size <= fragments.limit
    assert len(fragments) < 25
    assert rendered_entries(make_feed(make_entry(1)), fragments) == [1]


def test_what_was_forgotten_counts_no_more(make_entry, make_feed):
    fragments = Fragments(limit=0)
    render_atom(make_feed(make_entry(0), make_entry(1)), fragments=fragments)
    assert (len(fragments), fragments.size) == (0, 0)


def test_an_entry_that_changes_a_thousand_times_is_kept_once(make_entry, make_feed):
    fragments = Fragments()
    sizes = set()
    for step in range(1000):
        entry = make_entry(0, revision=step + 1, changed_at=LATER + timedelta(seconds=step))
        render_atom(make_feed(entry), fragments=fragments)
        sizes.add(fragments.size)
    assert len(fragments) == len(sizes) == 1


def test_threads_may_share_a_cache(make_entry, make_feed):
    fragments = Fragments(limit=50_000)
    feeds = [
        make_feed(*(make_entry(number, title=f"{step}") for number in range(30)))
        for step in range(8)
    ]
    work = [(render, feed) for feed in feeds for render in FORMATS] * 3
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda job: job[0](job[1], fragments=fragments), work))
    assert made == [render(feed) for render, feed in work]
    assert 0 <= fragments.size <= fragments.limit
