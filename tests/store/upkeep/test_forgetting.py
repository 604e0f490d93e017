"""A takedown: nothing of an entry is left, it stays taken down, and all hear of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from indexed import index
from pages import PROVENANCE, START, URL, block, page, sighting
from sqlalchemy import select, text

from store import loading, log, resorting, sources, timeline
from store.alerting.alerts import AlertRule, Target
from store.archive.entry_history import life_of
from store.archive.witness import bring, look_back, settled
from store.archive.witnessed import read_marks
from store.changes import diff
from store.decision.history import ChangeType, Fault
from store.errors import UnknownError
from store.schema import deliveries, metadata, notices, unindexed
from store.search.finding import find
from store.search.query import read_query
from store.topics import Match, Selection, TopicRule
from store.upkeep.erasing import Erased, erase
from store.upkeep.forgetting import forget
from store.window import select_window

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,), Match(any=("keeper", "calm", "late")))
FALSE = 'The zanzibar quuxify lighthouse keeper, "Ottilie", was never there & said so.'
EDITED = "The zanzibar quuxified lighthouse keeper was there after all, it now transpires."
A, B, C = (
    block("a", 0, "All is calm"),
    block("b", 10, FALSE, title="Vexillology"),
    block("c", 20, "late"),
)
TRACES = (b"zanzibar", b"quuxif", b"Ottilie", b"lighthouse keeper", b"exillology")


@pytest.fixture
def kept(database):
    """A store with three entries; of the second one there were two wordings."""
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, (RULE,), NOW)
        resorting.sort_batch(connection, RULE, NOW)
    poll(database, [C, B, A])
    poll(database, [C, B.edited(EDITED), A], NOW + MINUTE)
    return database


def poll(database, blocks, now=NOW, alerts=(), **more):
    with database.write() as connection:
        history = loading.load(connection, URL)
        snapshot = replace(page(blocks), **more)
        outcome = diff(history.history, snapshot, now, provenance=PROVENANCE)
        assert not isinstance(outcome, Fault), outcome
        timeline.apply(connection, history, outcome, now, source_id=1, rules=(RULE,), alerts=alerts)
    index(database)
    return outcome


def number_of(database, block_id="b"):
    with database.read() as connection:
        return loading.load(connection, URL).history.entries[block_id].stored.number


def take_down(database, block_id="b", now=NOW + 2 * MINUTE, alerts=()):
    with database.write() as connection:
        number = loading.load(connection, URL).history.entries[block_id].stored.number
        return forget(connection, number, "a court said so", now, alerts)


def everything(database):
    """Give all that the tables hold, as one text."""
    with database.read() as connection:
        rows = [
            row for table in metadata.tables.values() for row in connection.execute(select(table))
        ]
    return repr(rows)


def window(database):
    with database.read() as connection:
        return select_window(connection, "harbour", Selection.ALL)


def test_nothing_of_it_is_left_in_any_table(kept):
    assert all(trace.decode() in everything(kept) for trace in TRACES)
    take_down(kept)
    left = everything(kept)
    assert not [trace for trace in TRACES if trace.decode() in left]
    assert "a court said so" in left


def test_an_empty_retraction_stays_in_its_place_with_the_reason(kept):
    before = window(kept)
    forgotten = take_down(kept)
    after = window(kept)
    assert [one.id for one in after.entries] == [one.id for one in before.entries]
    stored = after.entries[1]
    assert stored == forgotten.stored
    assert (stored.entry.title, stored.entry.text, stored.entry.permalink) == ("", "", "")
    assert stored.forgotten == "a court said so"
    assert stored.retracted_at is not None
    assert (after.version > before.version, after.updated > before.updated) == (True, True)
    assert forgotten.topics == {"harbour"}


def test_the_log_tells_of_it_once_and_nothing_of_what_it_told_before(kept):
    with kept.read() as connection:
        head = log.head(connection)
    take_down(kept)
    with kept.read() as connection:
        (told,) = log.read_after(connection, head, 10)
        past = log.read_after(connection, 0, head)
    assert (told.type, told.entry["forgotten"], told.topics) == (
        ChangeType.RETRACTED,
        "a court said so",
        ("harbour",),
    )
    mine = [one for one in past if one.entry and one.entry["block_id"] == "b"]
    assert [one.type for one in mine] == [ChangeType.PUBLISHED, ChangeType.UPDATED]
    assert {(one.entry["title"], one.entry["url"], len(one.changes)) for one in mine} == {
        ("", "", 0)
    }


@pytest.mark.parametrize("shown", [B.edited(EDITED), B, B.edited("something else", NOW), None])
def test_it_does_not_come_back_whatever_its_publisher_shows(kept, shown):
    take_down(kept)
    blocks = [C, *([shown] if shown else []), A]
    for minute in (3, 5, 7):
        outcome = poll(kept, blocks, NOW + minute * MINUTE)
        assert (outcome.changes, outcome.suspects) == ((), 0)
    assert window(kept).entries[1].forgotten == "a court said so"
    assert "quuxif" not in everything(kept)


def test_the_page_is_believed_when_another_entry_is_taken_away(kept):
    take_down(kept)
    for minute in (3, 5):
        outcome = poll(kept, [B, A], NOW + minute * MINUTE)
    assert [change.block_id for change in outcome.changes] == ["c"]


def test_a_block_without_an_id_does_not_come_back_under_another(database):
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, (RULE,), NOW)
    nameless = [replace(sighting(one), block_id=None) for one in (C, B, A)]
    poll(database, [C, B, A], sightings=tuple(nameless))
    with database.write() as connection:
        number = connection.scalar(text("SELECT number FROM entries WHERE title = 'Vexillology'"))
        forget(connection, number, "why", NOW)
    poll(database, [C, B, A], NOW + MINUTE, sightings=tuple(nameless))
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM entries")) == 3
    assert "zanzibar" not in everything(database)


def test_a_saved_page_from_before_does_not_bring_it_back(kept):
    take_down(kept)
    with kept.read() as connection:
        history = loading.load(connection, URL).history
        marks = read_marks(connection, 1)
    saved = page([C, B, A])
    looked = look_back(history, marks, saved, NOW - MINUTE, PROVENANCE)
    assert looked.earlier == ()
    brought = bring(history, settled(history), saved, NOW - MINUTE, PROVENANCE)
    assert [one.stored.entry.block_id for one in brought.entries] == []


def test_what_it_took_to_erase_is_told(kept):
    assert erase(kept, take_down(kept).said) == Erased()


def test_it_is_found_by_no_word_of_it(kept):
    take_down(kept)
    for _ in "at once", "later":
        with kept.read() as connection:
            for asked in ("zanzibar", "quuxify OR quuxified", "Vexillology", "Ottilie"):
                assert find(connection, read_query(asked)).entries == ()
            assert find(connection, read_query("calm")).entries
        index(kept)


def test_an_edit_that_waits_to_come_into_the_index_goes_too(kept):
    with kept.write() as connection:
        history = loading.load(connection, URL)
        later = NOW + 2 * MINUTE
        shown = page([C, B.edited("Words that waited in vain"), A])
        outcome = diff(history.history, shown, later, provenance=PROVENANCE)
        timeline.apply(connection, history, outcome, later, source_id=1, rules=(RULE,))
    with kept.read() as connection:
        assert connection.scalar(select(unindexed.c.text)) == EDITED
    taken = take_down(kept)
    with kept.read() as connection:
        assert [*connection.scalars(select(unindexed.c.text))] == [None]
    index(kept)
    with kept.read() as connection:
        assert find(connection, read_query("vain OR quuxified OR zanzibar")).entries == ()
    assert erase(kept, taken.said) == Erased()


def test_a_changed_rule_leaves_it_where_it_stands(kept):
    take_down(kept)
    other = replace(RULE, match=Match(any=("nothing of it", "late")))
    with kept.write() as connection:
        resorting.follow_topics(connection, (other,), NOW)
        resorting.sort_batch(connection, other, NOW)
    assert [one.entry.block_id for one in window(kept).entries] == ["c", "b"]


def test_an_entry_that_was_retracted_before_keeps_when_that_was(kept):
    for minute in (2, 4):
        poll(kept, [C, A], NOW + minute * MINUTE)
    retracted_at = window(kept).entries[1].retracted_at
    assert retracted_at is not None
    assert take_down(kept, now=NOW + 9 * MINUTE).stored.retracted_at == retracted_at


def test_its_life_can_still_be_told(kept):
    number = number_of(kept)
    take_down(kept)
    with kept.read() as connection:
        life = life_of(connection, number)
    assert life.revisions == ()
    assert life.stored.forgotten == "a court said so"


def test_what_waits_to_be_sent_is_not_and_whom_it_was_told_hears(kept):
    alert = AlertRule(
        name="all", topics=("harbour",), targets=(Target("wire"),), max_age=timedelta(days=1)
    )
    late = block("d", 30, FALSE)
    poll(kept, [late, C, B, A], NOW + 2 * MINUTE, alerts=(alert,))
    with kept.write() as connection:
        states = connection.execute(select(deliveries.c.id, deliveries.c.state)).all()
    assert [state for _, state in states] == ["waiting"]
    take_down(kept, "d", NOW + 3 * MINUTE, alerts=(alert,))
    with kept.read() as connection:
        told = connection.execute(
            select(notices.c.kind, notices.c.reason).order_by(notices.c.id)
        ).all()
        waiting = connection.scalars(
            select(notices.c.kind).join(deliveries, deliveries.c.notice_id == notices.c.id)
        ).all()
    assert told[0].reason == "the entry was forgotten"
    assert waiting == ["retracted"]


def test_an_unknown_entry_is_said_to_be_none(kept):
    with kept.write() as connection, pytest.raises(UnknownError, match="no entry"):
        forget(connection, 99, "why", NOW)


# --- what the file holds ---


def on_server(database):
    """Give the bytes of the database's own files on the server, written out first."""
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        where = connection.exec_driver_sql(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database"
            " WHERE datname = current_database()"
        ).scalar_one()
    return b"".join(file.read_bytes() for file in Path(where).iterdir() if file.is_file())


def held(database):
    files = [database.path, database.path.with_name(database.path.name + "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_no_byte_of_it_is_left_in_the_file_or_its_log(kept):
    if kept.path is None:
        pytest.skip("a server's files are its own")
    assert all(trace in held(kept) for trace in (b"zanzibar", b"Ottilie", b"quuxified lighthouse"))
    erased = erase(kept, take_down(kept).said)
    left = held(kept)
    assert not [trace for trace in TRACES if trace in left]
    assert not erased.elsewhere
    assert not erased.rebuilt


def test_a_copy_that_was_left_by_something_else_is_found_and_written_out(kept):
    if kept.path is None:
        pytest.skip("a server's files are its own")
    with kept.write() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
        connection.execute(text("CREATE TABLE scrap (said TEXT)"))
        for _ in range(50):
            connection.execute(text("INSERT INTO scrap VALUES (:said)"), {"said": EDITED * 9})
        connection.execute(text("DROP TABLE scrap"))
    forgotten = take_down(kept)
    assert erase(kept, forgotten.said).rebuilt
    assert b"zanzibar" not in held(kept)


def test_no_byte_of_it_is_left_in_the_files_of_a_servers_database(kept):
    if kept.path is not None:
        pytest.skip("a file is looked at above")
    assert all(trace in on_server(kept) for trace in (b"zanzibar", b"quuxified lighthouse"))
    forgotten = take_down(kept)
    assert b"zanzibar" in on_server(kept), "a weak control: emptying the rows alone is not enough"
    erase(kept, forgotten.said)
    left = on_server(kept)
    assert not [trace for trace in TRACES if trace in left]


def test_without_erasing_the_file_would_still_hold_it(kept):
    """A weak control: emptying the rows alone is not enough."""
    if kept.path is None:
        pytest.skip("a server's files are its own")
    take_down(kept)
    assert b"zanzibar" in held(kept)
