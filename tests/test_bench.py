"""The benchmark's own code runs, at a size that measures nothing; no figure is asserted."""

import pytest

from bench.measure import Figure, Size, Skipped, at_least, at_most, seconds
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
        (None, None),
    ],
)
def test_a_figure_is_held_against_its_target(target, ok):
    assert Figure("one", "s", floor=3, ours=6, target=target).ok is ok
