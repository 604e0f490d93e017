"""The publisher's own answers, asked for beside the page, and what becomes of the blog without."""

import hashlib
import json
from datetime import timedelta

from playing import MINUTE, play

BLOG = "/2026/11/14/pier/"
API = "/wp-json/easy-liveblogs/v1/liveblog/70"
PAGE = b"""<!doctype html><html lang="en"><head><title>The pier</title>
<link rel="canonical" href="HERE/live"></head><body><h1>The pier</h1>
<div id="elb-liveblog" class="elb-liveblog" data-status="open"
 data-endpoint="HERE/wp-json/easy-liveblogs/v1/liveblog/70">
<ul class="elb-liveblog-list"></ul></div></body></html>"""


def update(number, words, minute=0):
    at = f"2026-11-18T10:{minute or number:02}:00+00:00"
    return {
        "id": number,
        "title": f"Title {number}",
        "content": f"<p>{words}</p>",
        "datetime": at,
        "modified": at,
        "author": "Nora Quist",
    }


def feed(*updates, status="open"):
    said = {"id": 70, "title": "The pier", "url": "HERE/live", "status": status}
    newest = updates[0]["datetime"] if updates else ""
    return json.dumps({**said, "last_update": newest, "updates": [*updates]}).encode()


ONE, TWO = update(1, "The pier stands."), update(2, "The pier sways.")
THREE = update(3, "The pier creaks.")


def test_a_page_that_scripts_fill_is_read_by_its_answer(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        report = await playing.poll()
        assert report.entries == 2
        entry = playing.history().entries["2"].stored.entry
        assert (entry.title, entry.authors) == ("Title 2", ("Nora Quist",))
        _, cursor = playing.told()
        playing.bodies[API] = feed(THREE, TWO, update(1, "The pier stood.", 1))
        await playing.poll()
        told, _ = playing.told(cursor)
        assert told == [("entry.published", "3"), ("entry.updated", "1")]

    play(tmp_path, "/live", story)


def test_what_has_not_changed_is_neither_read_nor_told_again(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        await playing.poll()
        version = playing.history()
        playing.origin.asked.clear()
        report = await playing.poll()
        assert report.unchanged
        assert playing.origin.paths() == ["/live", API]
        assert playing.history() == version

    play(tmp_path, "/live", story)


def test_a_page_whose_answer_fails_at_first_says_why(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: 403}
        report = await playing.poll()
        assert report.source.state.value == "broken"
        assert "403" in report.source.reason
        playing.bodies[API] = feed(TWO, ONE)
        report = await playing.poll(timedelta(minutes=20))
        assert (report.source.state.value, report.entries) == ("ok", 2)

    play(tmp_path, "/live", story)


def test_an_answer_that_fails_later_leaves_what_it_said_to_stand(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(THREE, TWO, ONE)}
        await playing.poll()
        _, cursor = playing.told()
        playing.bodies = {"/live": PAGE + b"<!-- new -->", API: 500}
        for _ in range(3):
            report = await playing.poll()
        assert report.source.state.value == "ok"
        assert any("500" in warning for warning in report.source.warnings)
        assert playing.told(cursor)[0] == []

    play(tmp_path, "/live", story)


def test_an_answer_that_failed_is_let_be_for_a_while(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        await playing.poll()
        playing.bodies = {"/live": PAGE + b"<!-- new -->", API: 500}
        playing.origin.asked.clear()
        for n in range(6):
            playing.bodies["/live"] = PAGE + b"<!-- %d -->" % n
            await playing.poll()
        assert playing.origin.paths().count(API) == 1

    play(tmp_path, "/live", story)


def test_an_entry_that_leaves_the_answer_is_retracted_by_a_second_look(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(THREE, TWO, ONE)}
        await playing.poll()
        _, cursor = playing.told()
        playing.bodies[API] = feed(THREE, ONE)
        await playing.poll()
        assert playing.told(cursor)[0] == []
        await playing.poll(2 * MINUTE)
        assert playing.told(cursor)[0] == [("entry.retracted", "2")]

    play(tmp_path, "/live", story)


def test_after_a_restart_the_page_is_read_whole_once_to_be_joined(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        await playing.poll()
        _, cursor = playing.told()
        await playing.restart()
        playing.bodies[API] = feed(THREE, TWO, ONE)
        await playing.poll()
        assert playing.told(cursor)[0] == [("entry.published", "3")]

    play(tmp_path, "/live", story)


def test_an_answer_from_elsewhere_is_not_asked_for(tmp_path):
    async def story(playing):
        elsewhere = PAGE.replace(b'data-endpoint="HERE', b'data-endpoint="https://other.example')
        playing.bodies = {"/live": elsewhere, API: feed(TWO, ONE)}
        await playing.poll()
        assert playing.origin.paths() == ["/live"]

    play(tmp_path, "/live", story)


def test_an_entry_from_an_answer_says_which_answer_it_was_seen_in(tmp_path):
    async def story(playing):
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        await playing.poll()
        first = playing.history().entries["1"].stored.provenance
        assert first.page_url == playing.origin.url(API)
        assert (
            first.sha256
            == hashlib.sha256(feed(TWO, ONE).replace(b"HERE", here(playing))).hexdigest()
        )
        assert (first.platform, first.view) == ("easy-liveblogs", "block")
        playing.bodies["/live"] = PAGE + b"<!-- new -->"
        changed = feed(THREE, TWO, update(1, "The pier stood.", 1))
        playing.bodies[API] = changed
        await playing.poll()
        entries = playing.history().entries
        second = entries["1"].stored.provenance
        assert second.sha256 == hashlib.sha256(changed.replace(b"HERE", here(playing))).hexdigest()
        assert second.fetched_at > first.fetched_at
        assert entries["2"].stored.provenance == first

    play(tmp_path, "/live", story)


def here(playing):
    return playing.origin.url("").encode()


def test_pages_and_the_answers_beside_them_are_kept_where_a_topic_wishes_it(tmp_path):
    async def story(playing):
        playing.keep_pages()
        playing.bodies = {"/live": PAGE, API: feed(TWO, ONE)}
        await playing.poll()
        assert playing.assert_kept() == 2
        await playing.poll()
        assert playing.assert_kept() == 2
        playing.bodies[API] = feed(THREE, TWO, update(1, "The pier stood.", 1))
        await playing.poll()
        assert playing.assert_kept() == 3

    play(tmp_path, "/live", story)
