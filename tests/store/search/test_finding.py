"""Entries found by their words: what FTS5 and PostgreSQL find is what a plain reading finds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexed import index
from pages import PROVENANCE, START, URL, block, page
from sqlalchemy import select, text, update

from store import loading, resorting, sources, timeline
from store.changes import diff
from store.entry_cache import entries_of
from store.schema import entries, unindexed
from store.search import indexing
from store.search.finding import find
from store.search.places import number_at, place_of
from store.search.query import read_query
from store.search.words import words
from store.topics import Match, TopicRule

NOW = START + timedelta(hours=3)
LATER = NOW + timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
STORMY = TopicRule("stormy", "Storms", (URL,), Match(any=("storm",)))
RULES = (RULE, STORMY)


def follow(database):
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, RULES, NOW)


def poll(database, blocks, now=NOW, *, stumble=False, indexed=True):
    with database.write() as connection:
        source = sources.followed(connection)[0]
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, page(blocks), now, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, now, source_id=source.id, rules=RULES)
        assert 1 / (not stumble)
    if indexed:
        index(database)


def waiting(database):
    with database.read() as connection:
        return indexing.waiting(connection)


def search(database, asked, **more):
    with database.read() as connection:
        return find(connection, read_query(asked), **more)


def found(database, asked, **more):
    return [stored.entry.block_id for stored in search(database, asked, **more).entries]


@pytest.fixture
def kept(database):
    follow(database)
    poll(
        database,
        [
            block("d", 30, "東京都の港で嵐", title="港"),
            block("c", 20, "The harbour café closes: Łódź sails", title="Storm ahead"),
            block("b", 10, "A storm is near the old harbour"),
            block("a", 0, "Harbours are calm, the sea-wall stands"),
        ],
    )
    return database


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("harbour", ["c", "b"]),
        ("harbour*", ["c", "b", "a"]),
        ("harbour storm", ["c", "b"]),
        ("storm -ahead", ["b"]),
        ('"old harbour"', ["b"]),
        ('"harbour old"', []),
        ("sea-wall", ["a"]),
        ("calm OR ahead", ["c", "a"]),
        ("cafe lodz", ["c"]),
        ("CAFÉ", ["c"]),
        ("京都", ["d"]),
        ("嵐", ["d"]),
        ("港", ["d"]),
        ("東都", []),
        ('"ahead the"', []),
        ("-storm", []),
        ("", []),
        ("' OR 1=1 --", []),
    ],
)
def test_entries_are_found_newest_first(kept, asked, there):
    assert found(kept, asked) == there


def test_the_best_come_first_where_that_is_asked(kept):
    poll(kept, [block("e", 40, "harbour " + "and so on " * 200), block("f", 5, title="Harbour")])
    assert found(kept, "harbour", ranked=True)[0] == "f"


def test_a_topic_finds_its_own(kept):
    assert found(kept, "harbour OR calm") == ["c", "b", "a"]
    assert found(kept, "harbour OR calm", topic="stormy") == ["c", "b"]
    assert found(kept, "harbour", topic="no-such") == []


def test_pages_of_what_was_found_never_shift(kept):
    first = search(kept, "harbour*", most=2)
    assert [one.entry.block_id for one in first.entries] == ["c", "b"]
    poll(kept, [block("z", 50, "harbour"), block("y", -60, "harbour")])
    assert found(kept, "harbour*", most=2, before=first.older) == ["a", "y"]


def test_an_edited_entry_is_found_by_what_it_says_now(kept):
    poll(kept, [block("b", 10, "All is calm at the quay")], LATER)
    assert found(kept, "quay") == ["b"]
    assert found(kept, "storm") == ["c"]
    assert found(kept, "calm") == ["b", "a"]


def test_an_entry_that_was_taken_out_is_found_by_nothing(kept):
    (stored,) = search(kept, "quay OR near").entries
    with kept.write() as connection:
        indexing.take_out(connection, [stored])
    assert found(kept, "storm OR harbour OR near") == ["c"]


def test_a_poll_that_is_rolled_back_is_not_found(kept):
    with pytest.raises(ZeroDivisionError):
        poll(kept, [block("n", 60, "unheard of")], stumble=True)
    assert found(kept, "unheard") == []


# --- what waits to come into the index ---


def test_what_a_poll_brings_is_found_once_it_has_come_into_the_index(kept):
    poll(kept, [block("b", 10, "calm by now"), block("n", 60, "calm too")], LATER, indexed=False)
    assert waiting(kept) == 2
    assert found(kept, "calm") == ["a"]
    assert found(kept, "near") == ["b"]  # by what it said before
    index(kept)
    assert waiting(kept) == 0
    assert found(kept, "calm") == ["n", "b", "a"]
    assert found(kept, "near") == []


def test_an_entry_that_is_edited_over_and_over_while_it_waits_is_found_by_its_last_words(kept):
    for edit in range(3):
        said = [block("b", 10, f"edit number{edit}"), block("n", 60, f"fresh number{edit}")]
        poll(kept, said, NOW + timedelta(minutes=edit + 1), indexed=False)
    index(kept)
    assert found(kept, "number2") == ["n", "b"]
    assert found(kept, "number0 OR number1 OR near") == []


def test_an_edit_that_leaves_the_words_brings_nothing_into_the_index(kept):
    poll(kept, [block("b", 10, "A storm is near the old harbour", key=True)], LATER, indexed=False)
    assert waiting(kept) == 0


def test_what_is_taken_out_while_an_edit_of_it_waits_is_found_neither_by_old_words_nor_by_new(kept):
    poll(kept, [block("b", 10, "calm by now"), block("n", 60, "calm too")], LATER, indexed=False)
    with kept.write() as connection:
        numbers = connection.execute(
            select(entries.c.number).where(entries.c.block_id.in_(["b", "n"]))
        )
        indexing.take_out(connection, entries_of(connection, [*numbers.scalars()]))
        connection.execute(
            update(entries).where(entries.c.block_id.in_(["b", "n"])).values(title="", text="")
        )
    assert found(kept, "near OR calm") == ["a"]
    with kept.read() as connection:
        assert {*connection.scalars(select(unindexed.c.text))} == {None}
    index(kept)
    assert found(kept, "near OR calm") == ["a"]
    poll(kept, [block("b", 10, "here again")], LATER + timedelta(minutes=1))
    assert found(kept, "again") == ["b"]


def test_a_batch_that_is_rolled_back_is_to_come_again(kept):
    poll(kept, [block("n", 60, "unheard of")], LATER, indexed=False)
    with pytest.raises(ZeroDivisionError):
        stumble_after_a_batch(kept)
    assert (found(kept, "unheard"), waiting(kept)) == ([], 1)
    index(kept)
    assert found(kept, "unheard") == ["n"]


def stumble_after_a_batch(database):
    with database.write() as connection:
        assert indexing.index_batch(connection) == 1
        assert 1 / 0


def test_entries_come_into_the_index_newest_first_batch_by_batch(kept, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    with kept.write() as connection:
        indexing.begin_anew(connection)
    assert found(kept, "harbour* OR 嵐") == []
    poll(kept, [block("b", 10, "calm by now"), block("n", 60, "calm too")], LATER, indexed=False)
    with kept.write() as connection:
        indexing.index_batch(connection)
    assert found(kept, "calm OR 嵐") == ["n", "d"]  # of all numbers these are the highest
    with kept.read() as connection:
        assert indexing.progress(connection) == indexing.Indexing(2, 5)
    poll(kept, [block("d", 30, "edited late"), block("a", 0, "edited early")], LATER, indexed=False)
    assert index(kept) == 2
    assert found(kept, "calm") == ["n", "b"]
    assert found(kept, "edited") == ["d", "a"]
    assert found(kept, "嵐 OR stands") == []
    assert found(kept, "storm") == ["c"]


def test_an_index_that_was_lost_is_noticed(kept):
    assert not is_lost(kept)
    lose_index(kept)
    assert is_lost(kept)
    with kept.write() as connection:
        indexing.begin_anew(connection)
    assert not is_lost(kept)
    index(kept)
    assert found(kept, "harbour") == ["c", "b"]


def is_lost(database):
    with database.read() as connection:
        return indexing.is_lost(connection)


def lose_index(database):
    with database.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
        else:
            connection.execute(text("DELETE FROM search"))


def test_nothing_is_lost_to_the_index_while_polls_and_batches_overlap(kept, monkeypatch):
    """On PostgreSQL they write at the same time; on SQLite they wait for each other."""
    monkeypatch.setattr(indexing, "BATCH", 3)
    ended = threading.Event()

    def keep_indexing():
        while not ended.is_set():
            index(kept)

    with ThreadPoolExecutor(1) as beside:
        indexed = beside.submit(keep_indexing)
        for edit in range(25):
            said = [block(name, n, f"edit{edit} {name * 3}") for n, name in enumerate("abcdn")]
            poll(kept, said[::-1], NOW + timedelta(minutes=edit + 1), indexed=False)
        ended.set()
        indexed.result()
    index(kept)
    assert found(kept, "edit24") == ["d", "c", "b", "n", "a"]
    assert found(kept, " OR ".join(f"edit{edit}" for edit in range(9, 24))) == []
    assert found(kept, " OR ".join(f"edit{edit}" for edit in range(9))) == []
    assert found(kept, "storm OR harbour* OR 嵐") == []


# --- against a plain reading ---

WORDS = st.sampled_from(["sea", "seas", "wall", "storm", "the", "東京", "京都", "é", "1,000"])
BODIES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
PLAIN = st.builds(str.__add__, WORDS, st.sampled_from(["", "*"]))
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(lambda said: f'"{" ".join(said)}"')
ASKED = st.lists(
    st.one_of(PLAIN, PHRASES, PLAIN.map("-".__add__), PHRASES.map("-".__add__), st.just("OR")),
    min_size=1,
    max_size=5,
).map(" ".join)


def stands_in(term, said):
    for at in range(len(said) - len(term.words) + 1):
        *there, last = said[at : at + len(term.words)]
        same = last.startswith(term.words[-1]) if term.begins else last == term.words[-1]
        if same and tuple(there) == term.words[:-1]:
            return True
    return False


def reading(asked, entries):
    """Find by reading every entry, newest first."""
    query = read_query(asked)

    def holds(term, entry):
        return stands_in(term, words(entry.title)) or stands_in(term, words(entry.text))

    return [
        entry.block_id
        for entry in entries
        if query.wanted
        and all(any(holds(term, entry) for term in terms) for terms in query.wanted)
        and not any(holds(term, entry) for term in query.unwanted)
    ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_plain_reading_finds_the_same(made, data):
    """Polls of random pages, each asked for random things."""
    database, fresh = made
    names = [next(fresh) for _ in range(4)]
    for edit in range(2):
        blocks = [
            block(name, n, data.draw(BODIES), title=data.draw(st.sampled_from(["", "sea wall"])))
            for n, name in names
        ]
        poll(database, blocks[::-1], NOW + timedelta(minutes=edit))
    with database.read() as connection:
        numbers = connection.execute(text("SELECT number FROM entries ORDER BY published DESC"))
        kept = [one.entry for one in entries_of(connection, [*numbers.scalars()])]
    for _ in range(6):
        asked = data.draw(ASKED)
        assert found(database, asked, most=1000) == reading(asked, kept), asked


@pytest.fixture
def made(database):
    follow(database)
    return database, ((n, f"block-{n}") for n in range(10_000))


def test_a_place_tells_when_and_which():
    place = place_of(START, 7)
    assert number_at(place) == 7
    assert place_of(START + timedelta(minutes=1), 1) > place
    assert place_of(START.replace(year=1969), 9) == 9
