"""What is kept no longer goes while keywire runs, and doctor tells of it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pages import PROVENANCE, URL, Block, page

from keywire.commands.doctor.examination import examine
from keywire.commands.doctor.finding import Verdict
from keywire.config import load
from keywire.sections.problems import ConfigError
from keywire.upkeep.maintenance import Chores
from store import loading, log, resorting, sources, timeline
from store.archive.sealed import newest, read_archive
from store.changes import diff
from store.database import open_database
from store.topics import Selection
from store.upkeep.retention import read_tally
from store.window import select_window

FIRST = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
COUNT = 80


def configure(folder, retain="{days: 7}", more=""):
    path = folder / "config.yaml"
    path.write_text(
        f'store: "sqlite:///{folder}/keywire.db"\nsite: {{listen: "127.0.0.1:0"}}\n'
        f'topics:\n  harbour: {{follow: ["{URL}"], retain: {retain}}}\n{more}'
    )
    return path


@pytest.fixture
def config(tmp_path):
    """A configuration whose store has an entry a day, all read two hours ago."""
    loaded = load(configure(tmp_path))
    database = open_database(loaded.store)
    blocks = [Block(f"n{n}", FIRST + n * DAY, f"said {n}") for n in range(COUNT)][::-1]
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, loaded.topics, FIRST)
        resorting.sort_batch(connection, loaded.topics[0], FIRST)
        kept = loading.load(connection, URL)
        seen = FIRST + COUNT * DAY - timedelta(hours=2)
        outcome = diff(kept.history, page(blocks), seen, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, seen, source_id=1, rules=loaded.topics)
    database.close()
    return loaded


def tidy(config, now):
    """Do all chores once."""
    database = open_database(config.store)
    try:
        chores = Chores(database, lambda: config, lambda: now, lambda _: None)
        asyncio.run(chores.once())
        with database.read() as connection:
            oldest = newest(connection, "harbour")
            days = [oldest]
            while (oldest := read_archive(connection, oldest).before) is not None:
                days.append(oldest)
            return (
                select_window(connection, "harbour", Selection.ALL),
                read_tally(connection),
                days,
                log.bounds(connection),
            )
    finally:
        database.close()


def findings(path, now):
    found = []
    asyncio.run(examine(path, now, found.append))
    return {one.about: one for one in found}


def test_chores_let_go_and_the_feed_stays(config, tmp_path):
    now = FIRST + COUNT * DAY
    before = findings(tmp_path / "config.yaml", now)["kept no longer"]
    assert before.verdict is Verdict.GOOD
    assert before.says.startswith("harbour is to let go of 30 entries, 30 revisions (about ")
    window, tally, days, bounds = tidy(config, now)
    assert len(window.entries) == 50
    assert (tally.left, tally.entries, tally.revisions) == (30, 30, 30)
    # A sealed day goes with its entries, and the last of them is the first that is linked to.
    assert (len(days), days[-1].day) == (50, (FIRST + 30 * DAY).date())
    assert bounds.first == 1
    after = findings(tmp_path / "config.yaml", now)["kept no longer"]
    assert after.says.startswith("so far 30 entries, 30 revisions")
    assert tidy(config, now)[1] == tally


def test_the_log_is_cut_where_all_of_it_is_old(config):
    *_, bounds = tidy(config, FIRST + (COUNT + 9) * DAY)
    assert bounds.first > 30


@pytest.mark.usefixtures("config")
def test_a_store_that_keeps_everything_says_nothing_of_it(tmp_path):
    configure(tmp_path, retain="{}")
    assert "kept no longer" not in findings(tmp_path / "config.yaml", FIRST + 999 * DAY)


@pytest.mark.parametrize(
    "retain", ["{days: 2}", "{count: 100}", "{revisions: 0}", "{weeks: 3}", "{days: many}"]
)
def test_a_rule_that_would_break_a_feed_is_none(tmp_path, retain):
    with pytest.raises(ConfigError, match="retain"):
        load(configure(tmp_path, retain))


def test_rules_are_read(tmp_path):
    path = configure(tmp_path, "{days: 30, count: 900, revisions: 2}", "retain: {deliveries: 9}\n")
    config = load(path)
    retain = config.topics[0].retain
    assert (retain.days, retain.count, retain.revisions) == (30 * DAY, 900, 2)
    assert config.keep_deliveries == 9 * DAY
