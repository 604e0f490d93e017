"""The timeline as it stood at a moment equals what was decided up to then: law of histories.

A random publisher's pages are decided and kept as polls keep them. What was in hand after each
decision is noted; later, the store is asked how its topics stood at random moments.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from keeping import Kept, make_template

from store.archive.archived import as_it_stood
from store.archive.reading import Wanted, find_numbers, read_pages

MOMENTS = 8  # of each history


class Judged(Kept):
    """Asks the store at random moments how its topics stood."""

    stand = staticmethod(as_it_stood)

    def judge(self):
        chance = random.Random(repr(self.notes))
        for _ in range(MOMENTS):
            place = chance.randrange(-1, len(self.notes))
            self._hold_against(place, later=chance.choice([0, 0, 17, 60]))

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
                (bool(entry.key_event), bool(entry.summary), bool(entry.pinned)),
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
    template = make_template(tmp_path / "template.db")

    def make(stand=as_it_stood):
        places = {"template": template, "folder": tmp_path, "stand": staticmethod(stand)}
        return type("Keeping", (Judged,), places)

    return make


def test_as_of_a_moment_is_what_was_decided_up_to_it(keeping):
    run_state_machine_as_test(
        keeping(), settings=settings(max_examples=15, stateful_step_count=30, database=None)
    )


@pytest.mark.torture("150 histories × 30 steps")
def test_as_of_a_thousand_moments_is_what_was_decided_up_to_them(keeping):
    run_state_machine_as_test(
        keeping(), settings=settings(max_examples=150, stateful_step_count=30, database=None)
    )


def with_flags_of_now(*names):
    """Tell the revisions of then with some flags of now."""

    def stand(archived, moment):
        stood = as_it_stood(archived, moment)
        now = {name: getattr(archived.stored.entry, name) for name in names}
        return stood and replace(
            stood, stored=replace(stood.stored, entry=replace(stood.stored.entry, **now))
        )

    return stand


by_now, pinned_by_now = with_flags_of_now("key_event", "summary"), with_flags_of_now("pinned")


def in_newest_words(archived, moment):
    """Tell the newest revision from the beginning."""
    stood = as_it_stood(archived, moment)
    return stood and replace(stood, stored=replace(stood.stored, entry=archived.stored.entry))


def without_joining(archived, moment):
    """Let the topic hold an entry from its beginning."""
    changes = tuple(replace(one, joins=False) for one in archived.changes)
    return as_it_stood(replace(archived, changes=changes), moment)


@pytest.mark.parametrize("weak", [by_now, pinned_by_now, in_newest_words, without_joining])
def test_weaker_readings_of_the_past_fail_the_same_test(keeping, weak):
    weakly = settings(
        max_examples=60, stateful_step_count=30, database=None, phases=[Phase.generate]
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(keeping(weak), settings=weakly)
