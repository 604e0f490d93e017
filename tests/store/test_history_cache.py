"""Histories in memory are the store's own, or are not used."""

from datetime import timedelta
from random import Random

import pytest
from pages import PROVENANCE, START, URL, block, page, sighting

from store import by_hand, loading, resorting, sources, timeline
from store.changes import diff
from store.decision.history import ChangeType
from store.history_cache import Histories, KeptBlog, _pack, _size
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
        kept = loading.load(connection, URL, histories)
        outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
        applied = timeline.apply(connection, kept, outcome, now, source_id=1, rules=(RULE,))
    if histories is not None:
        histories.keep(applied.kept)
    return applied, outcome


def read(database):
    with database.read() as connection:
        return loading.load(connection, URL)


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
        kept = loading.load(connection, URL, histories)
    assert "c" in kept.history.entries


def test_a_confirmation_is_noticed(followed):
    histories = Histories()
    poll(followed, page([B, A]), NOW, histories)
    with followed.write() as connection:
        by_hand.confirm(connection, URL)
    with followed.write() as connection:
        assert loading.load(connection, URL, histories).history.confirmed


def test_what_was_rolled_back_is_not_kept(followed):
    histories = Histories()
    poll(followed, page([B, A]), NOW, histories)

    class PowerCutError(Exception):
        pass

    def cut_off():
        with followed.write() as connection:
            kept = loading.load(connection, URL, histories)
            outcome = diff(kept.history, page([C, B, A]), NOW + MINUTE, provenance=PROVENANCE)
            timeline.apply(connection, kept, outcome, NOW, source_id=1, rules=(RULE,))
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    with followed.write() as connection:
        kept = loading.load(connection, URL, histories)
    assert kept == read(followed)
    assert "c" not in kept.history.entries


def blog(number, history, version=1):
    return KeptBlog(number, history, version)


@pytest.fixture
def history(followed):
    applied, _ = poll(followed, page([B, A]), NOW)
    return applied.kept.history


def test_a_packed_history_is_what_the_store_would_give(followed):
    histories = Histories(at_hand=0)
    for step, snapshot in enumerate(STORY):
        applied, _ = poll(followed, snapshot, NOW + step * MINUTE, histories)
        unpacked = histories.at(applied.kept.id, applied.kept.version)
        assert unpacked is not applied.kept
        assert unpacked == read(followed)
        views = [view for known in unpacked.history.entries.values() for view in known.memory]
        assert all(isinstance(view, View) for view in views)


def test_only_the_version_that_was_kept_is_given(history):
    for histories in (Histories(), Histories(at_hand=0)):
        histories.keep(blog(1, history))
        assert histories.at(1, 1) is not None
        assert histories.at(1, 2) is None
        assert histories.at(2, 1) is None


def test_a_blog_that_is_kept_anew_is_here_once(history):
    histories = Histories(at_hand=2 * 1500)
    histories.keep(blog(1, history))
    histories.keep(blog(2, history))  # so that the first is packed
    histories.keep(blog(1, history, version=2))
    assert len(histories) == 2
    assert histories.at(1, 1) is None
    assert histories.at(1, 2) is not None


def test_memory_is_bounded_and_the_longest_unasked_goes_first(history):
    room = len(_pack(blog(1, history)).history)
    histories = Histories(at_hand=0, packed=room * 5 // 2)
    for number in (1, 2):
        histories.keep(blog(number, history))
    assert histories.at(1, 1) is not None
    histories.keep(blog(3, history))
    assert histories.at(2, 1) is None
    assert histories.at(1, 1) is not None
    assert histories.at(3, 1) is not None
    assert len(histories) == 2


def test_a_packed_history_takes_a_sixth_of_its_room_or_less(followed):
    chance = Random(7)
    spelled = ["".join(chance.choices("aeinorst", k=5)) for _ in range(500)]
    prose = (" ".join(chance.choices(spelled, k=120)) for _ in range(40))
    blocks = [block(f"b{minute}", minute, said) for minute, said in enumerate(prose)]
    applied, _ = poll(followed, page(blocks), NOW)
    packed = _pack(applied.kept)
    assert 6 * len(packed.history) <= _size(applied.kept.history.entries.values())
