"""Polls of topics that keep pages: what a revision was seen in is there, also after the worst."""

import random
import time
from datetime import UTC, datetime

import pytest
from changing import Changer
from paged import PagedBlog
from playing import MINUTE, play
from running import Keywire, OriginThread, wait_for
from sqlalchemy import func, select

from keywire.demo.script import opening
from store.archive import kept_pages
from store.database import open_database
from store.schema import page_fetches, revisions

PATH = "/live"


def count(playing):
    with playing.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(page_fetches))


def test_pages_and_older_pages_are_kept_as_they_change(tmp_path):
    async def story(playing):
        blog = PagedBlog(30)
        playing.keep_pages()
        playing.bodies = {"*": blog}
        await playing.poll()
        assert playing.assert_kept() == 1
        await playing.walk()
        pages = playing.assert_kept()
        assert pages > 1
        await playing.poll()
        assert count(playing) == pages

    play(tmp_path, PATH, story)


def test_a_page_that_proves_nothing_is_kept_too(tmp_path):
    async def story(playing):
        playing.keep_pages()
        playing.bodies = {"*": PagedBlog(5)}
        await playing.poll()
        playing.bodies = {"*": b"<html><title>Sign in</title><body>Please sign in.</body></html>"}
        report = await playing.poll()
        assert report.source.state.value == "broken"
        with playing.database.read() as connection:
            *_, last = kept_pages.pages_of_topic(connection, "play")
        assert b"Please sign in." in last.page.body

    play(tmp_path, PATH, story)


def test_topics_that_do_not_wish_it_keep_none(tmp_path):
    async def story(playing):
        playing.bodies = {"*": PagedBlog(5)}
        await playing.poll()
        assert count(playing) == 0

    play(tmp_path, PATH, story)


def test_a_poll_that_ends_between_keeping_and_taking_has_kept_what_the_next_one_takes(tmp_path):
    async def story(playing):
        playing.keep_pages()
        playing.bodies = {"*": PagedBlog(5)}
        die = playing.poller.took

        def at_the_reading(stage, _):
            if stage == "read":
                raise RuntimeError("killed")

        playing.poller.took = at_the_reading
        with pytest.raises(RuntimeError):
            await playing.poll()
        assert count(playing) == 1
        playing.poller.took = die
        await playing.poll(MINUTE)
        assert playing.assert_kept() == 1
        assert count(playing) == 1

    play(tmp_path, PATH, story)


@pytest.mark.torture("30 kills")
def test_thirty_kills_leave_no_revision_without_its_page(tmp_path, address):
    moments = random.Random(30)
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url], store=address, more="    archive: true\n")
        changer = Changer(origin, 30)
        keywire.start()
        changer.start()
        for _ in range(30):
            time.sleep(moments.uniform(0.1, 1.5))
            keywire.kill()
            keywire.start()
        changer.stopping.set()
        changer.join()
        wait_for(keywire.events, 10, keywire.terminal)
        assert keywire.stop() == 0
    database = open_database(
        address if "postgres" in address else f"sqlite:///{tmp_path}/keywire.db"
    )
    with database.read() as connection:
        kept = {seen.sha256 for seen in kept_pages.pages_of_topic(connection, "news")}
        told = {one["sha256"] for one in connection.scalars(select(revisions.c.provenance))}
    database.close()
    assert told <= kept
    assert len(told) > 5
