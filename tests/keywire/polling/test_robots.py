"""What robots.txt said outlives the process."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from keywire.polling.robots import KeptRobots
from scraper.robots import Robots
from store.database import open_database

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "robots",
    [
        Robots(
            NOW, NOW + DAY, "robots.txt was read", open_=True, text="User-agent: *\nDisallow: /x"
        ),
        Robots(NOW, NOW + DAY, "there is no robots.txt (404)", open_=True),
        Robots(NOW, NOW + DAY, "robots.txt answers 503", open_=False, failures=3),
    ],
)
def test_notes_are_recalled_by_another_process_as_they_were_kept(tmp_path, robots):
    address = f"sqlite:///{tmp_path}/keywire.db"
    older = Robots(NOW - DAY, NOW, "there is no robots.txt (404)", open_=True)
    with_closing(address, lambda notes: notes.keep("https://news.example", older))
    with_closing(address, lambda notes: notes.keep("https://news.example", robots))
    assert with_closing(address, lambda notes: notes.recall("https://news.example")) == robots
    assert with_closing(address, lambda notes: notes.recall("https://other.example")) is None


def test_a_store_that_fails_fails_no_poll(tmp_path, caplog):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE robots_notes")
    notes = KeptRobots(database)
    robots = Robots(NOW, NOW + DAY, "there is no robots.txt (404)", open_=True)
    asyncio.run(notes.keep("https://news.example", robots))
    assert asyncio.run(notes.recall("https://news.example")) is None
    assert "cannot be kept" in caplog.text
    database.close()


def with_closing(address, ask):
    database = open_database(address)
    try:
        return asyncio.run(ask(KeptRobots(database)))
    finally:
        database.close()
