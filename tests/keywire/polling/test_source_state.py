"""What one answer makes of a source's standing: its end, its rhythm, its moves, its counters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywire.demo.blog import add, block, close, edit, promote, reopen, retract
from keywire.demo.page import render
from keywire.demo.script import opening
from keywire.polling import source_state
from keywire.polling.next_turn import Clock
from keywire.polling.source_state import ADOPTED
from scraper.errors import NetworkError, ReadError, StatusError
from scraper.pace import CONFIRM, LOOKS, SHORTEST
from scraper.page import Cost, Gone, NotModified, Page
from scraper.read import read
from store.changes import agree, diff
from store.decision.history import BlogHistory
from store.entry import Provenance
from store.source import Source, SourceState

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86_400))
FREE = Cost()
SITE = "https://observer.example"
NEW_PLACE, NEWER_PLACE = f"{SITE}/live/new-place", f"{SITE}/live/newer-place"


class Standing:
    """One source and its blog, moved by pages, 304s and failures, without a network or store."""

    def __init__(self, blog=None, every=None, jitter=0.0):
        self.at, self.blog = START, blog or opening(START)
        self.every, self.jitter = every, jitter
        self.url = SITE + self.blog.path
        self.source = Source(1, self.url, SourceState.NEW)
        self.history = BlogHistory(self.url)

    @property
    def clock(self):
        return Clock(self.at, self.jitter, self.every)

    def page(self, after=MINUTE, **facts):
        self.at += after
        body = render(self.blog, self.at, SITE).encode()
        page = Page(self.url, body, self.at, self.url, **facts)
        snapshot = read(page)
        outcome = diff(self.history, snapshot, self.at, provenance=Provenance(self.url, self.at))
        self.history = outcome.after
        self.source = source_state.after_page(self.source, page, snapshot, outcome, self.clock)
        return self.source

    def same(self, after=MINUTE, **facts):
        self.at += after
        answer = NotModified(self.url, self.at, facts.pop("headers", {}), **facts)
        outcome = agree(self.history, self.at)
        self.source = source_state.after_same(self.source, answer, outcome, self.clock)
        return self.source

    def no_news(self, after=MINUTE, headers=None, cost=FREE):
        self.at += after
        self.source = source_state.after_no_news(self.source, headers or {}, cost, self.clock)
        return self.source

    def failure(self, error=None, after=MINUTE, cost=FREE):
        self.at += after
        error = error or NetworkError(self.url, "connection refused")
        self.source = source_state.after_failure(self.source, error, self.clock, cost)
        return self.source

    def change(self, change, *arguments, **named):
        self.blog = change(self.blog, *arguments, **named)

    @property
    def interval(self):
        return self.source.next_poll - self.at

    def arrivals(self):
        return self.source.rhythm.hour


def new(name, at):
    return block(name, at, "<p>Something happened just now.</p>")


# --- its end ---


def test_a_blog_that_ends_while_it_is_followed_ended_when_that_was_seen():
    one = Standing()
    assert one.page().ended_at is None
    one.change(close)
    ended = one.page().ended_at
    assert (ended, one.interval) == (one.at, LOOKS[0])
    one.page(LOOKS[0])
    assert (one.source.ended_at, one.interval) == (ended, LOOKS[1] - LOOKS[0])


def test_a_blog_that_is_found_ended_did_so_with_its_newest_entry():
    one = Standing(close(opening(START)))
    newest = one.blog.blocks[0].published
    assert one.page(3 * DAY).ended_at == newest
    assert one.interval == (one.at - newest) / 4


def test_a_blog_that_goes_on_after_its_end_is_live_again():
    one = Standing()
    one.page()
    one.change(close)
    one.page()
    one.change(reopen)
    assert one.page(HOUR).ended_at is None
    assert one.interval < LOOKS[0]


def test_a_blog_whose_newest_entry_says_goodbye_rests_until_another_comes():
    story = Standing()
    story.page()
    usual = story.source.next_poll - story.at
    goodbye = block("goodbye", story.at, "<p>We are closing this live blog now. Thank you.</p>")
    story.blog = add(story.blog, goodbye)
    story.page()
    assert story.source.closing_at == goodbye.published
    assert "goodbye" in story.source.pace
    assert story.source.next_poll - story.at > usual
    assert story.same().closing_at == goodbye.published
    story.blog = add(story.blog, block("more", story.at, "<p>One more thing after all.</p>"))
    story.page()
    assert story.source.closing_at is None
    assert story.source.next_poll - story.at <= usual


def test_a_failure_does_not_hurry_an_ended_blog():
    one = Standing(close(opening(START)))
    one.page(3 * DAY)
    calm = one.interval
    assert calm > 17 * HOUR
    one.failure(after=calm)
    assert one.interval >= calm
    one.failure(after=one.interval)
    assert one.interval >= calm


# --- its rhythm ---


def test_entries_count_for_the_rhythm_when_they_were_published():
    early, late = Standing(), Standing()
    early.page()
    late.page()
    early.change(add, new("then", early.at - 50 * MINUTE))
    late.change(add, new("now", late.at))
    assert early.page().rhythm.last < late.page().rhythm.last
    assert early.arrivals() < late.arrivals()


def test_three_edits_of_a_poll_count_and_no_more():
    counts = []
    for edits in range(1, 5):
        one = Standing()
        one.page()
        before = one.arrivals()
        for this in one.blog.blocks[:edits]:
            one.change(edit, this.id, one.at, "<p>Put right.</p>")
        one.page(timedelta())
        counts.append(round(one.arrivals() - before))
    assert counts == [1, 2, 3, 3]


def test_new_entries_all_count_whatever_their_number():
    one = Standing()
    one.page()
    before = one.arrivals()
    one.change(add, *(new(f"n{n}", one.at) for n in range(6)))
    one.page(timedelta())
    assert round(one.arrivals() - before) == 6


def test_the_end_of_a_blog_is_no_sign_of_life():
    one = Standing()
    one.page()
    before = one.arrivals()
    one.change(close)
    one.page(timedelta())
    assert one.arrivals() == before


def test_a_promotion_is_a_sign_of_life():
    one = Standing()
    one.page()
    before = one.arrivals()
    one.change(promote, one.blog.blocks[1].id, title="A turning point")
    one.page(timedelta())
    assert round(one.arrivals() - before) == 1


def test_a_burst_hurries_and_silence_slows():
    one = Standing()
    one.page()
    waits = [one.interval]
    one.change(add, *(new(f"n{n}", one.at + n * SECOND) for n in range(20)))
    one.page(30 * SECOND)
    waits.append(one.interval)
    for _ in range(30):
        one.page(10 * MINUTE)
        waits.append(one.interval)
    assert waits[1] == SHORTEST < waits[-1]
    assert waits[1:] == sorted(waits[1:])


# --- its delay ---


def test_the_delay_is_a_mean_of_the_newest_entries_and_backfill_has_none():
    one = Standing()
    assert one.page().delay is None
    one.change(add, new("one", one.at))
    assert one.page(40 * SECOND).delay == 40
    one.change(add, new("two", one.at), new("three", one.at + 10 * SECOND))
    assert one.page(30 * SECOND).delay == pytest.approx(40 + 0.2 * (20 - 40))
    assert one.same().delay == one.failure().delay == pytest.approx(36)


# --- where it moved ---


def test_a_move_for_good_is_adopted_at_its_third_sighting_in_a_row():
    one = Standing()
    asked = []
    for _ in range(ADOPTED):
        asked.append(source_state.address(one.source))
        one.page(moved_to=NEW_PLACE)
    assert asked == [one.url] * 3
    assert source_state.address(one.source) == NEW_PLACE
    assert any(NEW_PLACE in warning for warning in one.source.warnings)
    one.page()
    assert source_state.address(one.source) == NEW_PLACE
    assert any(NEW_PLACE in warning for warning in one.source.warnings)


def test_an_unchanged_page_is_a_sighting_of_its_move_too():
    one = Standing()
    one.page(moved_to=NEW_PLACE)
    one.same(moved_to=NEW_PLACE)
    one.same(moved_to=NEW_PLACE)
    assert source_state.address(one.source) == NEW_PLACE
    assert any(NEW_PLACE in warning for warning in one.source.warnings)
    one.same()
    assert sum(NEW_PLACE in warning for warning in one.source.warnings) == 1


def test_a_move_that_stops_or_leads_elsewhere_is_counted_anew():
    one = Standing()
    for told in (NEW_PLACE, NEW_PLACE, "", NEW_PLACE, NEW_PLACE, NEWER_PLACE, NEWER_PLACE):
        one.page(moved_to=told)
        assert source_state.address(one.source) == one.url
        assert one.source.warnings == ()
    assert one.same().moved_seen == 0


def test_a_failure_drops_a_move_and_the_old_address_is_asked():
    one = Standing()
    for _ in range(ADOPTED):
        one.page(moved_to=NEW_PLACE)
    one.failure()
    assert source_state.address(one.source) == one.url
    assert one.source.warnings == ()
    one.page(moved_to=NEW_PLACE)
    assert source_state.address(one.source) == one.url


# --- what it took ---


def test_polls_and_what_they_took_are_counted_whatever_comes_of_them():
    one = Standing()
    one.page(cost=Cost(2, 1000))
    one.same(cost=Cost(1, 100))
    one.no_news(cost=Cost(1, 10))
    one.failure(cost=Cost(3, 1))
    source = source_state.after_gone(one.source, Gone(one.url, one.at, Cost(1, 5)), one.clock)
    assert (source.polls, source.requests, source.received) == (5, 8, 1116)
    assert source.unchanged == 2


# --- when it is due ---


def test_a_429_that_says_how_long_is_kept_to_that_and_a_bare_one_to_a_minute():
    one = Standing(every=SECOND)
    one.page()
    soon = StatusError(one.url, 429, "busy", not_before=one.at + MINUTE + 5 * SECOND)
    one.failure(soon)
    assert one.interval == 5 * SECOND
    one.failure(StatusError(one.url, 429, "busy"))
    assert one.interval == MINUTE


def test_a_retraction_is_looked_at_again_within_a_minute():
    one = Standing()
    one.page(3 * DAY)
    assert one.interval > CONFIRM
    one.change(retract, one.blog.blocks[1].id)
    assert one.page().confirming
    assert one.interval == CONFIRM
    assert not one.same().confirming
    assert one.interval > CONFIRM


def test_a_page_that_is_gone_is_due_no_more():
    one = Standing()
    one.page()
    gone = source_state.after_gone(one.source, Gone(one.url, one.at), one.clock)
    assert (gone.state, gone.next_poll, gone.pace) == (SourceState.GONE, None, "")


STEPS = st.tuples(
    st.sampled_from(
        ["page", "same", "no_news", "failure", "busy", "unreadable", "add", "edit", "close"]
    ),
    st.timedeltas(-3 * DAY, 400 * DAY),
    st.sampled_from([{}, {"cache-control": "max-age=90"}, {"expires": "0"}]),
    st.integers(-100, 10**6),
)


@given(
    st.lists(STEPS, max_size=8),
    st.none() | st.timedeltas(SECOND, 30 * DAY),
    st.floats(0, 0.999),
)
def test_whatever_happens_the_next_poll_lies_ahead(steps, every, jitter):
    one = Standing(every=every, jitter=jitter)
    one.page()
    for action, after, headers, wait in steps:
        match action:
            case "failure":
                one.failure(after=after)
            case "busy":
                until = one.at + after + wait * SECOND
                one.failure(StatusError(one.url, 429, "busy", not_before=until), after=after)
                assert one.source.next_poll >= min(until, one.at + DAY)
            case "unreadable":
                one.failure(ReadError(one.url, "no live blog"), after=after)
            case "add":
                one.change(add, new(f"n{len(one.blog.blocks)}", one.at))
                one.page(after, headers=headers)
            case "edit":
                one.change(edit, one.blog.blocks[0].id, one.at, f"<p>Put right {wait}.</p>")
                one.page(after, headers=headers)
            case "close":
                one.change(close)
                one.page(after, headers=headers)
            case _:
                getattr(one, action)(after, headers=headers)
        assert one.at < one.source.next_poll
        assert one.source.pace
