"""A live blog asked in small between full reads: what is saved, and what is never missed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from following import START, follow

from keywire.config import SourceOptions
from keywire.demo.blog import add, block, close, edit, retract
from keywire.demo.origin import Origin, _Answer
from keywire.demo.script import opening
from keywire.polling import source_state
from scraper.pace import LONGEST_WHOLE, WHOLE_EVERY
from store.source import SourceState, due_at

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NEWS = _Answer(200, {"Content-Type": "application/json"}, b'{"numNewBlocks": 1, "html": ""}')
NO_NEWS = _Answer(200, {"Content-Type": "application/json"}, b'{"numNewBlocks": 0, "html": ""}')


def new(name, at):
    return block(name, at, "<p>Something happened just now.</p>")


def published(following):
    return [entry["block_id"] for kind, entry in following.told() if kind == "entry.published"]


def test_between_full_reads_a_live_blog_is_asked_in_small(tmp_path):
    async def tell(following):
        await following.settle()
        reports = await following.poll_until(START + 20 * MINUTE)
        asked = following.asked()
        assert asked[:3] == ["probe"] * 3
        assert asked.count("probe") > 2 * asked.count("page") > 2
        assert [report.probed for report in reports] == [kind == "probe" for kind in asked]
        assert all(report.unchanged and not report.changes for report in reports)

    follow(tmp_path, tell)


async def quiet_hour(following):
    """Give the bytes of an hour on a page that is never the same bytes, as publishers' are."""
    await following.settle()
    end = following.at + HOUR
    while due_at(following.source, following.at) <= end:
        following.origin.show(following.origin.blog)
        await following.poll()
    assert following.source.state is SourceState.OK
    return sum(request.sent for request in following.origin.requests)


def test_a_quiet_hour_costs_a_fraction_of_its_bytes(tmp_path, monkeypatch):
    spent = []

    async def tell(following):
        spent.append(await quiet_hour(following))

    for name in ("with", "without"):
        (tmp_path / name).mkdir()
        follow(tmp_path / name, tell)
        monkeypatch.setattr(source_state, "may_probe", lambda *_: False)
    assert spent[1] > 3 * spent[0]


def test_a_new_block_is_read_at_once_when_the_small_answer_tells_of_it(tmp_path):
    async def tell(following):
        await following.settle()
        following.change(lambda blog: add(blog, new("one", following.at)))
        report = await following.poll()
        assert following.asked() == ["probe", "page"]
        assert (report.probed, report.unchanged) == (False, False)
        assert published(following)[-1] == following.origin.blog.blocks[0].id
        assert following.source.probe != ""
        await following.poll()
        assert following.asked() == ["probe", "page", "probe"]

    follow(tmp_path, tell)


def test_an_edit_is_seen_at_the_next_full_read_ten_minutes_on_at_most(tmp_path):
    async def tell(following):
        await following.settle()
        oldest = following.origin.blog.blocks[-1].id
        following.change(lambda blog: edit(blog, oldest, following.at, "<p>Put right.</p>"))
        made, longest = following.at, SECOND
        while "entry.updated" not in [kind for kind, _ in following.told()]:
            source = (await following.poll()).source
            longest = max(longest, source.next_poll - source.last_poll)
        assert "probe" in following.asked()
        assert following.at - made <= (WHOLE_EVERY + 1) * longest <= LONGEST_WHOLE

    follow(tmp_path, tell)


def test_the_end_of_a_blog_is_seen_and_then_nobody_asks_in_small(tmp_path):
    async def tell(following):
        await following.settle()
        following.change(close)
        while following.source.ended_at is None:
            await following.poll()
        following.origin.requests.clear()
        await following.poll_until(following.at + 24 * HOUR)
        assert set(following.asked()) <= {"page", "/robots.txt"}
        assert following.asked().count("page") == 5

    follow(tmp_path, tell)


UNUSABLE = {
    "not found": _Answer(404),
    "html": _Answer(200, {"Content-Type": "text/html"}, b"<html><body>Hello</body></html>"),
    "error": _Answer(500),
    "redirect": _Answer(302, {"Location": "/"}),
    "gone": _Answer(410),
    "another shape": _Answer(200, {}, b'{"numNewBlocks": "many"}'),
    "switched off": _Answer(200, {}, b'{"numNewBlocks": 0, "refreshStatus": false}'),
    "huge": _Answer(200, {}, b" " * 300_001),
}


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE)
def test_a_small_answer_that_is_none_leads_to_the_page_and_is_let_be_for_an_hour(tmp_path, answer):
    async def tell(following):
        await following.settle()
        following.origin.probe = answer
        report = await following.poll()
        asked = following.asked()
        assert asked[0] == "probe"
        assert asked[-1] == "page"
        assert report.source.state is SourceState.OK
        tried = following.at
        await following.poll_until(tried + HOUR - SECOND)
        assert following.asked().count("probe") == 1
        await following.poll_until(tried + HOUR + 15 * MINUTE)
        assert following.asked().count("probe") == 2

    follow(tmp_path, tell)


@pytest.mark.parametrize(("status", "seconds"), [(429, 300), (503, 300), (429, 61)])
def test_retry_after_on_the_small_answer_is_kept_to_the_second(tmp_path, status, seconds):
    async def tell(following):
        await following.settle()
        following.origin.probe = _Answer(status, {"Retry-After": str(seconds)})
        report = await following.poll()
        assert following.asked() == ["probe"]
        assert report.source.state is SourceState.BROKEN
        assert report.source.next_poll == following.at + seconds * SECOND
        following.origin.probe = None
        assert (await following.poll()).source.state is SourceState.OK
        assert following.asked() == ["probe", "page"]

    follow(tmp_path, tell)


def test_a_small_answer_stuck_on_news_is_let_be_after_two_false_alarms(tmp_path):
    async def tell(following):
        await following.settle()
        following.origin.probe = NEWS
        await following.poll_until(following.at + 50 * MINUTE)
        assert following.asked().count("probe") == 2

    follow(tmp_path, tell)


def test_true_alarms_are_never_held_against_it(tmp_path):
    async def tell(following):
        await following.settle()
        for n in range(5):
            following.change(lambda blog, n=n: add(blog, new(f"n{n}", following.at)))
            await following.poll()
        assert following.asked() == ["probe", "page"] * 5

    follow(tmp_path, tell)


def test_where_a_person_set_every_nobody_asks_in_small(tmp_path):
    async def tell(following):
        await following.settle()
        await following.poll_until(START + 10 * MINUTE)
        assert following.asked() == ["page"] * 20

    follow(tmp_path, tell, every=30 * SECOND)


def test_how_long_a_small_answer_stays_fresh_is_kept(tmp_path):
    async def tell(following):
        await following.settle()
        following.origin.probe = replace(NO_NEWS, headers={"Cache-Control": "max-age=75"})
        report = await following.poll()
        assert report.probed
        assert report.source.next_poll == following.at + 75 * SECOND

    follow(tmp_path, tell)


def test_a_small_answer_that_stays_fresh_for_long_puts_off_no_full_read(tmp_path):
    async def tell(following):
        await following.settle()
        following.origin.probe = replace(NO_NEWS, headers={"Cache-Control": "max-age=3600"})
        assert (await following.poll()).probed
        await following.poll_until(START + LONGEST_WHOLE)
        assert "page" in following.asked()

    follow(tmp_path, tell)


async def retracted_in_time(following):
    """Say whether a block that was taken away is retracted about a minute after the first look."""
    await following.settle()
    following.change(lambda blog: retract(blog, blog.blocks[1].id))
    while not following.source.confirming:
        await following.poll()
    suspected = following.at
    following.origin.requests.clear()
    await following.poll_until(suspected + 75 * SECOND)
    return any(kind == "entry.retracted" for kind, _ in following.told())


def believe_it_in_small(source, clock):
    known = source.last_whole is not None
    return known and clock.now < source_state.whole_due(source.last_whole, 4 * MINUTE)


@pytest.mark.parametrize("weak", [False, True])
def test_no_news_is_never_the_second_look_that_a_retraction_waits_for(tmp_path, monkeypatch, weak):
    if weak:
        monkeypatch.setattr(source_state, "may_probe", believe_it_in_small)

    async def tell(following):
        assert await retracted_in_time(following) is not weak
        assert (set(following.asked()) == {"page"}) is not weak

    follow(tmp_path, tell)


def test_after_the_clock_went_back_the_page_itself_is_read(tmp_path):
    async def tell(following):
        await following.settle()
        following.at -= timedelta(days=2)
        await following.poll()
        assert following.asked()[-1] == "page"

    follow(tmp_path, tell)


def test_headers_of_the_configuration_stay_with_the_address_that_they_were_given_for(tmp_path):
    async def tell(following):
        elsewhere = Origin(opening(START), now=following.now, host="127.0.0.2")
        async with elsewhere:
            following.poller.options = {
                following.url: SourceOptions(following.url, headers={"x-key": "secret"})
            }
            following.origin._page = lambda *_: _Answer(302, {"Location": elsewhere.url})
            await following.poll()
            await following.poll_until(START + 10 * MINUTE)
            assert any(".json" in request.target for request in elsewhere.requests)
            assert not any("x-key" in request.headers for request in elsewhere.requests)

    follow(tmp_path, tell)
