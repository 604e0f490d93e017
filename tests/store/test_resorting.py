"""Topics when their rule, their sources or their name change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page

from store import catalogue, loading, log, resorting, sources, timeline
from store.changes import diff
from store.topics import Match, Selection, TopicRule
from store.window import select_window

NOW = START + timedelta(hours=3)
OTHER = "https://news.example/live/other"
RULE = TopicRule("harbour", "The harbour", (URL,))


def configure(database, *rules, urls=(URL,)):
    with database.write() as connection:
        sources.follow_sources(connection, urls)
        resorting.follow_topics(connection, rules, NOW)


def sort(database, *rules):
    """Sort what is pending to its end; return how many batches that took."""
    batches = 0
    with database.read() as connection:
        waiting = resorting.pending(connection, rules)
    for rule in waiting:
        finished = False
        while not finished:
            with database.write() as connection:
                finished = resorting.sort_batch(connection, rule, NOW).finished
            batches += 1
    return batches


def poll(database, snapshot, rules):
    with database.write() as connection:
        source = sources.followed(connection)[0]
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, snapshot, NOW, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, NOW, source_id=source.id, rules=rules)


def window(database, topic="harbour", selection=Selection.ALL):
    with database.read() as connection:
        return select_window(connection, topic, selection)


def ids(database, **which):
    return [stored.entry.block_id for stored in window(database, **which).entries]


def head(database):
    with database.read() as connection:
        return log.head(connection)


@pytest.fixture
def kept(database):
    """A store whose topic holds three entries, one of a storm, one a key event."""
    configure(database, RULE)
    sort(database, RULE)
    storm = block("b", 10, "A storm is near")
    poll(database, page([block("c", 20, key=True), storm, block("a", 0)]), (RULE,))
    return database


def test_a_changed_rule_sorts_anew_without_a_word_in_the_log(kept):
    before, told = window(kept), head(kept)
    calm = replace(RULE, match=Match(none=("storm",)))
    configure(kept, calm)
    assert sort(kept, calm) == 1
    assert ids(kept) == ["c", "a"]
    assert head(kept) == told
    assert window(kept).version > before.version
    configure(kept, RULE)
    sort(kept, RULE)
    assert ids(kept) == ["c", "b", "a"]
    assert ids(kept, selection=Selection.KEY_EVENTS) == ["c"]


def test_an_unchanged_rule_sorts_nothing_and_leaves_the_stamps(kept):
    before = window(kept)
    configure(kept, RULE)
    assert sort(kept, RULE) == 0
    assert window(kept) == before


def test_a_new_topic_takes_in_what_is_kept_already(kept):
    storms = TopicRule("storms", "Storms", (URL,), Match(any=("storm",)))
    configure(kept, RULE, storms)
    sort(kept, RULE, storms)
    assert ids(kept, topic="storms") == ["b"]


def test_a_source_that_is_no_longer_followed_leaves_with_its_entries(kept):
    moved = replace(RULE, follow=(OTHER,))
    configure(kept, moved, urls=(OTHER,))
    sort(kept, moved)
    assert ids(kept) == []


def test_sorting_goes_by_batches_and_resumes_where_it_was_stopped(kept, monkeypatch):
    monkeypatch.setattr(resorting, "BATCH", 1)
    calm = replace(RULE, match=Match(none=("storm",)))
    configure(kept, calm)
    with kept.write() as connection:
        progress = resorting.sort_batch(connection, calm, NOW)
    assert (progress.done, progress.of, progress.finished) == (1, 3, False)
    with kept.read() as connection:
        assert resorting.pending(connection, (calm,)) == [calm]
    sort(kept, calm)
    assert ids(kept) == ["c", "a"]
    assert sort(kept, calm) == 0


def test_a_renamed_topic_keeps_its_entries_its_log_and_the_way_to_it(kept):
    with kept.read() as connection:
        before = catalogue.kept_topic(connection, "harbour")
    renamed = TopicRule("port", "The port", (URL,), was=("harbour",))
    configure(kept, renamed)
    sort(kept, renamed)
    assert ids(kept, topic="port") == ["c", "b", "a"]
    with kept.read() as connection:
        assert resorting.current_name(connection, "harbour") == "port"
        assert catalogue.kept_topic(connection, "harbour") is None
        assert catalogue.kept_topic(connection, "port").born == before.born == "harbour"
        assert len(log.read_after(connection, 0, 100, "port")) == 4
    again = TopicRule("quay", "The quay", (URL,), was=("port",))
    configure(kept, again)
    with kept.read() as connection:
        assert resorting.current_name(connection, "harbour") == "quay"
        assert resorting.current_name(connection, "port") == "quay"


def test_a_dropped_topic_is_remembered_as_such(kept):
    configure(kept)
    with kept.read() as connection:
        assert catalogue.kept_topic(connection, "harbour").followed is False
        assert resorting.current_name(connection, "harbour") is None
