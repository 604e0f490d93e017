"""The benchmark's own code runs, at a size that measures nothing; no figure is asserted."""

from dataclasses import replace

import pytest

from bench.fleet import Done, Fleet
from bench.measure import Figure, Size, Skipped, at_least, at_most, no_less, no_more, seconds
from bench.origin import Told
from bench.polling import Played
from bench.run import AREAS, line

TINY = Size(full=False)


@pytest.mark.parametrize("area", sorted(AREAS))
def test_an_area_measures_and_checks_what_it_measured(area):
    found = list(AREAS[area](TINY))
    assert found
    for finding in found:
        assert line(finding).startswith(f"  {finding.name}")
        if not isinstance(finding, Skipped):
            assert finding.floor > 0
            assert finding.ours > 0


@pytest.mark.parametrize(
    ("target", "ok"),
    [
        (at_most(2), True),
        (at_most(1.9), False),
        (at_least(2), True),
        (at_least(2.1), False),
        (seconds(6), True),
        (seconds(5), False),
        (no_more(5, "MB"), False),
        (no_less(6, "/min"), True),
        (no_less(7, "/min"), False),
        (None, None),
    ],
)
def test_a_figure_is_held_against_its_target(target, ok):
    assert Figure("one", "s", floor=3, ours=6, target=target).ok is ok


def played(dues, times, *, unconditional=(0, 0), opened=(1, 1), most=(1, 1), hanging=0):
    """Two hosts with a blog each, polled for ten seconds."""
    polls = sum(map(len, times))
    done = Done(polls, 0, seconds=10, ended=10, cpu=1, memory=1, dues=dues)
    told = Told(times, [*unconditional], [*opened], [*most])
    return Played(Fleet(2, 1, 6), done, told, hanging)


def test_a_poll_that_never_came_is_late_until_the_end():
    assert played([[1, 4, 11], [5]], [[1.5, 4.5], [5.25]]).lateness() == 0.5
    assert played([[1, 4, 11], [5]], [[1.5], [5.25]]).lateness() == 6
    assert played([[1, 4, 11], [5]], [[], [5.25]], hanging=1).lateness() == 0.25


@pytest.mark.parametrize(
    ("impolite", "said"),
    [
        ({"most": (1, 2)}, "two connections at once"),
        ({"opened": (1, 2)}, "a connection was not kept"),
        ({"unconditional": (0, 1)}, "asked for anew"),
    ],
)
def test_an_impolite_poller_is_found_out(impolite, said):
    dues = times = [[1, 4], [2, 5]]
    played(dues, times).check(3)
    with pytest.raises(AssertionError, match="within the interval"):
        played(dues, times).check(3.5)
    with pytest.raises(AssertionError, match=said):
        played(dues, times, **impolite).check(3)


def test_a_host_is_let_be_only_where_some_hang():
    met = played([[1], [2]], [[1], [2]], hanging=1)
    let_be = replace(met, done=replace(met.done, polls=3, unasked=1))
    let_be.check(3)
    with pytest.raises(AssertionError, match="was let be"):
        replace(let_be, hanging=0).check(3)
    with pytest.raises(AssertionError, match="without a request"):
        replace(let_be, done=replace(let_be.done, unasked=0)).check(3)
