"""Writes that share a commit: each whole or not there, told of when it is kept."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select, text

from store import resorting, sorting
from store import sources as sources_of
from store.commits import Commits
from store.errors import ConflictError, DatabaseError
from store.schema import sources
from store.topics import TopicRule


@pytest.fixture
def commits(database):
    made = Commits(database)
    yield made
    made.close()


def adding(url):
    def work(connection):
        connection.execute(insert(sources), {"url": url})
        return url

    return work


def counted(database):
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(sources))


def held_up(commits):
    """Keep the thread busy, so that what is submitted meanwhile shares one transaction."""
    go = threading.Event()
    commits.submit(lambda _: go.wait(10))
    return go


def test_what_was_told_as_done_is_kept(database, commits):
    futures = [commits.submit(adding(f"https://news.example/{n}")) for n in range(500)]
    assert [future.result(20) for future in futures][-1] == "https://news.example/499"
    assert counted(database) == 500


def test_a_piece_that_fails_takes_none_with_it(database, commits):
    go = held_up(commits)
    good = commits.submit(adding("https://news.example/1"))

    def half(connection):
        adding("https://news.example/2")(connection)
        raise ValueError("a bug")

    bad = commits.submit(half)
    twice = commits.submit(adding("https://news.example/1"))
    last = commits.submit(adding("https://news.example/3"))
    go.set()
    assert (good.result(20), last.result(20)) == (
        "https://news.example/1",
        "https://news.example/3",
    )
    with pytest.raises(ValueError, match="a bug"):
        bad.result(20)
    assert twice.exception(20) is not None
    assert counted(database) == 2


def test_nothing_is_told_as_done_when_the_database_fails(database, commits):
    go = held_up(commits)
    good = commits.submit(adding("https://news.example/1"))
    bad = commits.submit(lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    go.set()
    if database.path is None:
        assert bad.exception(20) is not None
        assert good.result(20)
    else:
        for future in (good, bad):
            assert isinstance(future.exception(20), DatabaseError)
        assert counted(database) == 0


def test_a_piece_that_was_given_up_is_not_run(database, commits):
    go = held_up(commits)
    given_up = commits.submit(adding("https://news.example/1"))
    assert given_up.cancel()
    go.set()
    commits.submit(adding("https://news.example/2")).result(20)
    assert counted(database) == 1


def test_the_end_finishes_what_was_submitted(database):
    commits = Commits(database)
    go = held_up(commits)
    futures = [commits.submit(adding(f"https://news.example/{n}")) for n in range(9)]
    go.set()
    commits.close()
    assert all(future.done() for future in futures)
    assert counted(database) == 9


def rival(database, topic, met, go):
    """Lock a topic's stamps, and then what a piece of work has locked before it wants those."""
    with database.write() as connection:
        connection.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # so that it is not undone
        sorting.lock(connection, topic)
        met.set()
        go.wait(60)
        connection.execute(select(sources).with_for_update()).all()


def in_each_others_way(database, commits):
    """Let a piece of work lock the sources, then the stamps; a rival has done so the other way."""
    rule = TopicRule("news", "News", ("https://news.example/1",))
    with database.write() as connection:
        sources_of.follow_sources(connection, rule.follow)
        resorting.follow_topics(connection, (rule,), datetime(2026, 5, 4, tzinfo=UTC))
    met, go, runs = threading.Event(), threading.Event(), []
    other = threading.Thread(target=rival, args=(database, rule.name, met, go))
    other.start()
    met.wait(60)

    def work(connection):
        runs.append(connection.execute(select(sources).with_for_update()).all())
        go.set()
        sorting.lock(connection, rule.name)
        return adding("https://news.example/2")(connection)

    try:
        return commits.submit(work).result(90), len(runs)
    finally:
        other.join()


def test_work_that_was_undone_for_anothers_sake_is_done_again_at_once(database, commits):
    if database.path:
        pytest.skip("SQLite has one writer at a time: none waits for another with a lock in hand")
    told, runs = in_each_others_way(database, commits)
    assert (told, runs) == ("https://news.example/2", 2)
    assert counted(database) == 2


def test_work_that_is_tried_once_would_be_lost(database, commits, monkeypatch):
    if database.path:
        pytest.skip("SQLite has one writer at a time: none waits for another with a lock in hand")
    monkeypatch.setattr(Commits._run_all, "__defaults__", (1,))
    with pytest.raises(ConflictError):
        in_each_others_way(database, commits)
    assert counted(database) == 1
