"""Walking back through a blog's older pages, to its first entry or to where it cannot go on."""

import re
from datetime import timedelta
from io import StringIO

from paged import PagedBlog, at
from playing import MINUTE, play
from rich.console import Console

from keywire.narrator import Narrator
from store.coverage import describe

SECOND = timedelta(seconds=1)


async def walk(playing, most=100):
    """Poll whenever something is due, older pages among it, until no older page is."""
    reports = []
    for _ in range(most):
        if playing.source.older_due is None or playing.source.older_due > playing.at + MINUTE:
            return reports
        reports.append(await playing.poll(SECOND))
    raise AssertionError("the walk does not end")


def followed(playing, blog):
    playing.bodies = {"*": blog}


def reach(playing):
    return describe(playing.history().coverage)


def known(playing):
    return {number_of(block_id) for block_id in playing.history().entries}


def number_of(block_id):
    return int(block_id.removeprefix("post-"))


def on_a_terminal(reports):
    out = Console(file=StringIO(), width=200)
    narrator = Narrator(out)
    for report in reports:
        narrator.hear(report)
    return out.file.getvalue()


def test_a_blog_of_forty_pages_is_read_to_its_first_entry_and_known_to_be_complete(tmp_path):
    async def story(playing):
        blog = PagedBlog(400)
        followed(playing, blog)
        await playing.poll()
        assert known(playing) == set(range(391, 401))
        reports = await walk(playing)
        assert known(playing) == set(range(1, 401))
        assert reach(playing) == "complete"
        assert [report.history for report in reports if report.history] == ["complete"]
        assert re.search("✓ .*history: complete", on_a_terminal(reports))
        assert playing.origin.paths()[:4] == [
            "/live",
            "/live?page=2",
            "/live?page=3",
            "/live?page=4",
        ]
        asked = [path for path in playing.origin.paths() if "page=" in path]
        assert len(asked) == len(set(asked)) == 39

    play(tmp_path, "/live", story, every=None)


def test_with_one_page_cut_out_it_says_which_hours_are_missing(tmp_path):
    async def story(playing):
        blog = PagedBlog(400)
        blog.cut = {17}
        followed(playing, blog)
        await playing.poll()
        reports = await walk(playing)
        assert known(playing) == set(range(1, 401)) - set(range(231, 241))
        missing = f"missing 2026-11-18 {at(230):%H:%M}–{at(241):%H:%M} UTC"
        assert reach(playing).startswith(missing), reach(playing)
        assert "404" in reach(playing)
        assert not playing.history().coverage.complete
        assert [report.history for report in reports if report.history] == [reach(playing)]
        assert re.search("! .*history: missing", on_a_terminal(reports))

    play(tmp_path, "/live", story, every=None)


def test_a_hole_is_tried_again_and_closes_when_its_page_is_back(tmp_path):
    async def story(playing):
        blog = PagedBlog(80)
        blog.cut = {3}
        followed(playing, blog)
        await playing.poll()
        await walk(playing)
        assert "missing" in reach(playing)
        blog.cut, blog.newest = set(), 83
        playing.at += timedelta(hours=2)
        await playing.poll()
        await walk(playing)
        assert known(playing) == set(range(1, 84))
        assert reach(playing) == "complete"

    play(tmp_path, "/live", story, every=None)


def test_where_the_page_after_a_lost_one_is_lost_too_all_that_is_older_is_missing(tmp_path):
    async def story(playing):
        blog = PagedBlog(80)
        blog.cut = {4, 5}
        followed(playing, blog)
        await playing.poll()
        await walk(playing)
        assert known(playing) == set(range(51, 81))
        assert f"what is older than 2026-11-18 {at(51):%H:%M} UTC" in reach(playing)

    play(tmp_path, "/live", story, every=None)


def test_older_entries_are_backfill_and_stand_in_the_log_once(tmp_path):
    async def story(playing):
        followed(playing, PagedBlog(30))
        await playing.poll()
        await walk(playing)
        published = [
            change for change in playing.changes() if change.type.value == "entry.published"
        ]
        assert len(published) == 30
        assert all(change.backfill for change in published)

    play(tmp_path, "/live", story, every=None)


def test_new_entries_during_the_walk_are_news_and_lose_nothing(tmp_path):
    async def story(playing):
        blog = PagedBlog(100)
        followed(playing, blog)
        await playing.poll()
        for n in range(60):
            blog.newest += n % 2
            await playing.poll(15 * SECOND)
        assert known(playing) == set(range(1, blog.newest + 1))
        assert reach(playing) == "complete"
        fresh = [change for change in playing.changes() if not change.backfill and change.entry]
        assert {number_of(c.entry["block_id"]) for c in fresh} == set(range(101, blog.newest + 1))

    play(tmp_path, "/live", story, every=timedelta(seconds=30))


def test_the_newest_page_goes_before_older_ones(tmp_path):
    async def story(playing):
        followed(playing, PagedBlog(40))
        await playing.poll()
        await playing.poll(2 * MINUTE)
        assert playing.origin.paths() == ["/live", "/live"]

    play(tmp_path, "/live", story, every=MINUTE)


def test_a_walk_that_was_cut_off_goes_on_where_it_was(tmp_path):
    async def story(playing):
        followed(playing, PagedBlog(60))
        await playing.poll()
        for _ in range(2):
            await playing.poll(SECOND)
        await playing.restart()
        playing.origin.asked.clear()
        await walk(playing)
        assert playing.origin.paths() == ["/live?page=4", "/live?page=5", "/live?page=6"]
        assert reach(playing) == "complete"

    play(tmp_path, "/live", story, every=None)


def test_entries_that_passed_while_nobody_looked_are_walked_back_to(tmp_path):
    async def story(playing):
        blog = PagedBlog(40)
        followed(playing, blog)
        await playing.poll()
        await walk(playing)
        _, cursor = playing.told()
        blog.newest = 90
        await playing.poll(timedelta(hours=2))
        assert known(playing) == {*range(1, 41), *range(81, 91)}
        playing.origin.asked.clear()
        await walk(playing)
        assert known(playing) == set(range(1, 91))
        assert reach(playing) == "complete"
        asked = [path for path in playing.origin.paths() if "page=" in path]
        assert asked == [f"/live?page={n}" for n in range(2, 7)]
        late = [change for change in playing.changes(cursor) if change.entry]
        walked = {number_of(c.entry["block_id"]) for c in late if c.backfill}
        assert walked == set(range(41, 81))

    play(tmp_path, "/live", story, every=None)


def test_a_window_that_moved_on_without_older_pages_leaves_a_hole(tmp_path):
    async def story(playing):
        blog = PagedBlog(10)
        followed(playing, blog)
        await playing.poll()
        blog.newest = 60
        playing.bodies = {"/live": blog("/live").replace(b'rel="next"', b'rel="x"')}
        await playing.poll(timedelta(hours=1))
        missing = f"missing 2026-11-18 {at(10):%H:%M}–{at(51):%H:%M} UTC"
        assert reach(playing).startswith(missing)

    play(tmp_path, "/live", story, every=None)


def test_older_pages_retract_and_restore_nothing(tmp_path):
    async def story(playing):
        blog = PagedBlog(40)
        followed(playing, blog)
        await playing.poll()
        _, cursor = playing.told()
        gone = blog("/live").replace(b'id="post-38"', b'id="post-x"')
        without = gone.replace(b"#post-38", b"#post-x").replace(b"Report 38", b"Report x")
        playing.bodies = {"/live": without, "/live?page=2": blog("/live?page=2")}
        await playing.poll(SECOND)
        told, _ = playing.told(cursor)
        assert {kind for kind, _ in told} == {"entry.published"}
        assert not [k for k in playing.history().entries.values() if k.missing_since]

    play(tmp_path, "/live", story, every=None)


def test_an_older_page_that_is_another_kind_of_page_is_a_hole_and_no_entries(tmp_path):
    async def story(playing):
        blog = PagedBlog(30)
        followed(playing, blog)
        consent = b"<html><body><h1>We value your privacy</h1><button>Accept</button></body></html>"
        playing.bodies["/live?page=2"] = consent
        await playing.poll()
        await walk(playing)
        assert known(playing) == {*range(1, 11), *range(21, 31)}
        assert "missing" in reach(playing)
        assert playing.source.state.value == "ok"

    play(tmp_path, "/live", story, every=None)


def test_a_site_that_shows_its_first_page_for_every_number_ends_the_walk(tmp_path):
    async def story(playing):
        blog = PagedBlog(30)

        def first_page_for_all(path):
            number = int(path.partition("?page=")[2] or 1)
            return blog("/live").replace(b"?page=2", b"?page=%d" % (number + 1))

        playing.bodies = {"*": first_page_for_all}
        await playing.poll()
        await walk(playing)
        assert len(playing.origin.paths()) < 8
        assert "lead nowhere" in reach(playing)

    play(tmp_path, "/live", story, every=None)


def test_a_server_in_trouble_is_asked_again_later_and_three_times_at_most(tmp_path):
    async def story(playing):
        blog = PagedBlog(30)
        followed(playing, blog)
        playing.bodies["/live?page=2"] = 503
        await playing.poll()
        times = []
        for _ in range(40):
            before = len(playing.origin.paths())
            await playing.poll(10 * SECOND)
            if "/live?page=2" in playing.origin.paths()[before:]:
                times.append(playing.at)
        assert len(times) == 3
        assert times[1] - times[0] >= MINUTE
        assert times[2] - times[1] >= 2 * MINUTE

    play(tmp_path, "/live", story, every=timedelta(hours=1))
