"""What was read before is used only where the store still says the very same."""

from datetime import timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page
from sqlalchemy import select, update

from store import loading, resorting, sources, timeline
from store.changes import diff
from store.database import open_database
from store.entry_cache import Recall
from store.rows import ENTRY_COLUMNS
from store.schema import blogs, entries
from store.topics import Selection, TopicRule
from store.window import select_window

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
A, B, C = block("a", 0), block("b", 10), block("c", 20)
EDITED = B.edited("Put right", START + timedelta(hours=1))


def poll(database, snapshot, now=NOW):
    with database.write() as connection:
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, now, source_id=1, rules=(RULE,))


def shown(database):
    with database.read() as connection:
        window = select_window(connection, RULE.name, Selection.ALL)
    return {stored.entry.block_id: stored for stored in window.entries}


def rows_of(database):
    with database.read() as connection:
        query = select(*ENTRY_COLUMNS).join(blogs).order_by(entries.c.number)
        return connection.execute(query).all()


@pytest.fixture
def followed(database):
    with database.write() as connection:
        sources.follow_sources(connection, [URL])
        resorting.follow_topics(connection, (RULE,), NOW)
    poll(database, page([B, A]))
    return database


def test_an_entry_that_did_not_change_is_not_decoded_again(followed):
    before = shown(followed)
    poll(followed, page([C, EDITED, A]), NOW + MINUTE)
    after = shown(followed)
    assert after["a"] is before["a"]
    assert after["b"] is not before["b"]
    assert after["b"].entry.text != before["b"].entry.text
    assert "c" in after


def test_what_another_process_wrote_is_read(followed, address):
    shown(followed)
    other = open_database(address)
    poll(other, page([EDITED, A]), NOW + MINUTE)
    assert shown(followed) == shown(other)
    assert shown(followed)["b"].revision == 2
    other.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pinned", True),
        ("html", "<p>Filled in.</p>"),
        ("last_seen", NOW + MINUTE),
        ("provenance", {"page_url": URL, "fetched_at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_a_write_that_moves_no_revision_is_read(followed, column, value):
    before = shown(followed)["a"]
    with followed.write() as connection:
        one = update(entries).where(entries.c.number == before.number)
        connection.execute(one.values({column: value}))
    after = shown(followed)["a"]
    assert after != before
    assert after.revision == before.revision


def test_a_blog_that_moved_is_read(followed):
    before = shown(followed)
    with followed.write() as connection:
        connection.execute(update(blogs).values(url=f"{URL}-moved"))
    assert {stored.entry.blog for stored in shown(followed).values()} == {f"{URL}-moved"}
    assert before["a"].entry.blog == URL


def test_what_was_rolled_back_is_not_recalled(followed):
    class PowerCutError(Exception):
        pass

    def cut_off():
        with followed.write() as connection:
            connection.execute(update(entries).values(title="Never was"))
            window = select_window(connection, RULE.name, Selection.ALL)
            assert {stored.entry.title for stored in window.entries} == {"Never was"}
            raise PowerCutError

    before = shown(followed)
    with pytest.raises(PowerCutError):
        cut_off()
    assert shown(followed) == before


def test_memory_is_bounded_and_forgets_what_was_not_read_for_longest(followed):
    poll(followed, page([C, B, A]), NOW + MINUTE)
    rows = rows_of(followed)
    assert len(rows) == 3
    recall = Recall(limit=5000)
    first = recall.read(rows[:2])
    assert len(recall) == 2
    assert recall.read(rows[:1])[0] is first[0]
    recall.read(rows[2:])
    assert len(recall) == 2
    assert recall.read(rows[:1])[0] is first[0]
    assert recall.read(rows[1:2])[0] is not first[1]


def test_no_room_is_lost_to_entries_that_change(followed):
    (row,) = rows_of(followed)[:1]
    recall = Recall(limit=3 * 4000)
    for edit in range(50):
        recall.read([(*row[:-1], f"{URL}-{edit}")])
    assert len(recall) == 1
    others = [(number, *row[1:]) for number in (101, 102)]
    first = recall.read(others)
    assert [one is two for one, two in zip(first, recall.read(others), strict=True)] == [True] * 2


def test_nothing_is_kept_without_room(followed):
    rows = rows_of(followed)
    recall = Recall(limit=0)
    assert len(recall.read(rows)) == len(rows)
    assert len(recall) == 0
