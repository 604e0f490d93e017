"""What a process that runs for months does with memory."""

import asyncio
import gc
import threading
from contextlib import contextmanager

import pytest

from keywire.process import memory

OLD = 2  # the oldest generation
AS_PYTHON_HAS_IT = (700, 10, 10)


@pytest.fixture(autouse=True)
def as_before():
    """Leave the collector as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self, gone):
        self.itself, self.gone = self, gone

    def __del__(self):
        self.gone.append(True)


def test_what_is_there_is_left_out_of_walks_and_garbage_is_still_found_in_time():
    gone = []
    kept = Ring(gone)
    memory.settle()
    assert gc.get_freeze_count() > 0
    del kept
    gc.collect()
    assert not gone
    memory.settle()
    assert gone


@contextmanager
def full_walks():
    """Note the walks of all that is there."""
    walks = []

    def note(phase, told):
        if phase == "start" and told["generation"] == OLD:
            walks.append(told)

    gc.callbacks.append(note)
    try:
        yield walks
    finally:
        gc.callbacks.remove(note)


def grow():
    """Keep ever more, from nothing."""
    gc.collect()
    gc.freeze()
    gc.collect()
    with full_walks() as walks:
        kept = [[number] for number in range(400_000)]
    assert kept
    return len(walks)


def test_what_was_there_before_is_walked_when_it_settles_alone():
    gc.set_threshold(*AS_PYTHON_HAS_IT)
    assert grow() > 0
    memory.tune()
    assert grow() == 0
    with full_walks() as walks:
        memory.settle()
    assert len(walks) == 1


def test_it_settles_again_and_again(monkeypatch):
    monkeypatch.setattr(memory, "SETTLED_EVERY", 0.01)
    times = []
    monkeypatch.setattr(memory, "settle", lambda: times.append(True))

    async def scenario():
        memory.keep_settled(asyncio.get_running_loop())
        await asyncio.sleep(0.2)

    asyncio.run(scenario())
    assert len(times) > 2


def test_what_is_held_for_nobody_is_given_back_again_and_again_off_the_loop(monkeypatch):
    monkeypatch.setattr(memory, "TRIMMED_EVERY", 0.01)
    threads, trim = [], memory.trim

    def trim_and_note():
        trim()
        threads.append(threading.current_thread())

    monkeypatch.setattr(memory, "trim", trim_and_note)

    async def scenario():
        memory.keep_trimmed(asyncio.get_running_loop())
        await asyncio.sleep(0.3)

    asyncio.run(scenario())
    assert len(threads) > 2
    assert threading.main_thread() not in threads


def test_a_loop_whose_threads_have_ended_is_not_disturbed(monkeypatch):
    monkeypatch.setattr(memory, "TRIMMED_EVERY", 0.01)
    errors = []

    async def scenario():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, told: errors.append(told))
        await loop.shutdown_default_executor()
        memory.keep_trimmed(loop)
        await asyncio.sleep(0.1)
        with pytest.raises(RuntimeError, match="shutdown"):
            loop.run_in_executor(None, memory.trim)

    asyncio.run(scenario())
    assert not errors


def test_the_allocator_may_be_any():
    memory.tune()
    assert gc.get_threshold() == memory.YOUNG
