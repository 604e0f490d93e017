"""Histories in memory are the store's own, or are not used."""

from datetime import timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page, sighting

from store import resorting, sources, timeline
from store.changes import diff
from store.decision.history import BlogHistory, ChangeType
from store.history_cache import Histories, KeptBlog
from store.sighting import View
from store.topics import TopicRule

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
A, B, C = block("a", 0), block("b", 10), block("c", 20)
EDITED = B.edited("Put right", START + timedelta(hours=1))
STORY = (
    page([B, A]),
    page([C, B, A]),
    page([C, EDITED, A]),
    page([C, A]),
    page([C, A]),
    page([C, EDITED, A]),
    page([C, B.edited("Put right twice", START + timedelta(hours=2)), A]),
)


def poll(database, snapshot, now, histories=None):
    with database.write() as connection:
        kept = timeline.load(connection, URL, histories)
        outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
        applied = timeline.apply(connection, kept, outcome, now, source_id=1, rules=(RULE,))
    if histories is not None:
        histories.keep(applied.kept)
    return applied, outcome


def read(database):
    with database.read() as connection:
        return timeline.load(connection, URL)


@pytest.fixture
def followed(database):
    with database.write() as connection:
        sources.follow_sources(connection, [URL])
        resorting.follow_topics(connection, (RULE,), NOW)
    return database


def test_what_is_kept_in_memory_is_what_the_store_would_give(followed):
    histories, told = Histories(), set()
    for step, snapshot in enumerate(STORY):
        applied, outcome = poll(followed, snapshot, NOW + step * MINUTE, histories)
        told |= {change.type for change in outcome.changes}
        assert applied.kept == read(followed)
        assert histories.at(applied.kept.id, applied.kept.version) is applied.kept
    assert {ChangeType.PUBLISHED, ChangeType.UPDATED, ChangeType.RETRACTED} <= told
    assert ChangeType.RESTORED in told


def test_an_edit_that_only_a_weaker_view_shows_is_kept_alike(followed):
    histories = Histories()
    for step, body in enumerate(("One", "Two", "Three")):
        model = sighting(C.edited(body), View.MODEL)
        snapshot = page([B, A])
        snapshot = type(snapshot)(
            **{
                **{name: getattr(snapshot, name) for name in snapshot.__slots__},
                "sightings": (*snapshot.sightings, model),
            }
        )
        applied, _ = poll(followed, snapshot, NOW + step * MINUTE, histories)
        assert applied.kept == read(followed)


def test_another_writer_is_noticed(followed):
    histories = Histories()
    poll(followed, page([B, A]), NOW, histories)
    poll(followed, page([C, B, A]), NOW + MINUTE)
    with followed.write() as connection:
        kept = timeline.load(connection, URL, histories)
    assert "c" in kept.history.entries


def test_a_confirmation_is_noticed(followed):
    histories = Histories()
    poll(followed, page([B, A]), NOW, histories)
    with followed.write() as connection:
        timeline.confirm(connection, URL)
    with followed.write() as connection:
        assert timeline.load(connection, URL, histories).history.confirmed


def test_what_was_rolled_back_is_not_kept(followed):
    histories = Histories()
    poll(followed, page([B, A]), NOW, histories)

    class PowerCutError(Exception):
        pass

    def cut_off():
        with followed.write() as connection:
            kept = timeline.load(connection, URL, histories)
            outcome = diff(kept.history, page([C, B, A]), NOW + MINUTE, provenance=PROVENANCE)
            timeline.apply(connection, kept, outcome, NOW, source_id=1, rules=(RULE,))
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    with followed.write() as connection:
        kept = timeline.load(connection, URL, histories)
    assert kept == read(followed)
    assert "c" not in kept.history.entries


def test_memory_is_bounded_and_forgets_what_was_not_asked_for_longest():
    def blog(number, entries):
        return KeptBlog(number, BlogHistory(URL, entries=entries), version=1)

    histories = Histories(limit=0)
    histories.keep(blog(1, {}))
    assert histories.at(1, 1) is not None
    assert histories.at(1, 2) is None
    assert histories.at(2, 1) is None
    assert len(histories) == 1


def test_the_longest_unasked_goes_first(followed):
    applied, _ = poll(followed, page([B, A]), NOW)
    history = applied.kept.history
    histories = Histories(limit=4 * 1500)
    for number in (1, 2):
        histories.keep(KeptBlog(number, history, 1))
    assert histories.at(1, 1) is not None
    histories.keep(KeptBlog(3, history, 1))
    assert histories.at(2, 1) is None
    assert histories.at(3, 1) is not None
