"""Writes that share a commit: each whole or not there, told of when it is kept."""

import threading

import pytest
from sqlalchemy import func, insert, select, text

from store.commits import Commits
from store.errors import DatabaseError
from store.schema import sources


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
