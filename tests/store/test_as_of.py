"""The timeline as it stood at a moment equals what was decided up to then: law of histories.

A random publisher's pages are decided and kept as polls keep them. What was in hand after each
decision is noted; later, the store is asked how its topics stood at random moments.
"""

import random
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from archives import ALL, KEYS, follow
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from publisher import Publisher

from store import sources, timeline
from store.archive import Wanted, find_numbers, read_pages
from store.archived import as_it_stood
from store.database import open_database
from store.topics import is_key

MOMENTS = 8  # of each history
RULES = (ALL, KEYS)


class Kept(Publisher):
    """Keeps each decision in a store, and a note of how everything then stood."""

    template = folder = None
    stand = staticmethod(as_it_stood)

    def __init__(self):
        super().__init__()
        self.notes = []
        self.said = {}
        self.keys = set()
        path = self.folder / "keywire.db"
        shutil.copy(self.template, path)
        self.database = open_database(f"sqlite:///{path}")

    def keep(self, outcome):
        with self.database.write() as connection:
            (source,) = sources.followed(connection)
            kept = timeline.load(connection, self.history.url)
            timeline.apply(connection, kept, outcome, self.now, source_id=source.id, rules=RULES)
            self.history = timeline.load(connection, self.history.url).history
        standing = {}
        for block_id, known in outcome.after.entries.items():
            stored, entry = known.stored, known.stored.entry
            if is_key(entry) and stored.retracted_at is None:
                self.keys.add(block_id)
            self.said[block_id, stored.revision] = entry.title, entry.text
            flags = bool(entry.key_event), bool(entry.summary)
            standing[block_id] = stored.revision, flags, stored.retracted_at, stored.changed_at
        self.notes.append((self.now, standing, frozenset(self.keys)))

    def teardown(self):
        chance = random.Random(repr(self.notes))
        try:
            for _ in range(MOMENTS):
                place = chance.randrange(-1, len(self.notes))
                self._hold_against(place, later=chance.choice([0, 0, 17, 60]))
        finally:
            self.database.close()

    def _hold_against(self, place, later):
        if place < 0:
            moment, standing, keys = self.notes[0][0] - timedelta(seconds=1), {}, frozenset()
        else:
            at, standing, keys = self.notes[place]
            moment = at + timedelta(seconds=later)
        expected = {
            block_id: (*state, *self.said[block_id, state[0]])
            for block_id, state in standing.items()
        }
        assert self._read("harbour", moment) == expected
        assert self._read("keys", moment).keys() == keys

    def _read(self, topic, moment):
        with self.database.read() as connection:
            wanted = Wanted(topic)
            pages = read_pages(connection, wanted, find_numbers(connection, wanted))
            stood = [self.stand(archived, moment) for page in pages for archived in page]
        return {
            (entry := one.stored.entry).block_id: (
                one.stored.revision,
                (bool(entry.key_event), bool(entry.summary)),
                one.stored.retracted_at,
                one.stored.changed_at,
                entry.title,
                entry.text,
            )
            for one in stood
            if one is not None
        }


@pytest.fixture
def keeping(tmp_path):
    """Make the machine with a folder of its own, and a store that follows the blog."""
    template = tmp_path / "template.db"
    database = open_database(f"sqlite:///{template}")
    follow(database, RULES)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()

    def make(stand=as_it_stood):
        places = {"template": template, "folder": tmp_path, "stand": staticmethod(stand)}
        return type("Keeping", (Kept,), places)

    return make


def test_as_of_a_moment_is_what_was_decided_up_to_it(keeping):
    run_state_machine_as_test(
        keeping(), settings=settings(max_examples=15, stateful_step_count=30, database=None)
    )


@pytest.mark.torture
def test_as_of_a_thousand_moments_is_what_was_decided_up_to_them(keeping):
    run_state_machine_as_test(
        keeping(), settings=settings(max_examples=150, stateful_step_count=30, database=None)
    )


def by_now(archived, moment):
    """Tell the revisions of then with the flags of now."""
    stood = as_it_stood(archived, moment)
    now = archived.stored.entry
    return stood and replace(
        stood,
        stored=replace(
            stood.stored,
            entry=replace(stood.stored.entry, key_event=now.key_event, summary=now.summary),
        ),
    )


def in_newest_words(archived, moment):
    """Tell the newest revision from the beginning."""
    stood = as_it_stood(archived, moment)
    return stood and replace(stood, stored=replace(stood.stored, entry=archived.stored.entry))


def without_joining(archived, moment):
    """Let the topic hold an entry from its beginning."""
    changes = tuple(replace(one, joins=False) for one in archived.changes)
    return as_it_stood(replace(archived, changes=changes), moment)


@pytest.mark.parametrize("weak", [by_now, in_newest_words, without_joining])
def test_weaker_readings_of_the_past_fail_the_same_test(keeping, weak):
    weakly = settings(
        max_examples=60, stateful_step_count=30, database=None, phases=[Phase.generate]
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(keeping(weak), settings=weakly)
