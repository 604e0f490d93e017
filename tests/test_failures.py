"""docs/failures.md names tests that there are, each in its column, and every long form."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROWS = [
    line.strip("|").split("|")
    for line in (TESTS.parent / "docs/failures.md").read_text("utf-8").splitlines()
    if line.startswith("|") and "`" in line
]


def named(cell):
    """List the tests that a cell of the table names."""
    return re.findall(r"`(test_\w+)`", cell)


@cache
def found():
    """Map each test of the suite to whether it is a long form, or has one."""
    tests = {}
    for path in TESTS.rglob("test_*.py"):
        long = {"mark.torture"}  # what is marked, and what a module calls its marked parameters
        for node in ast.parse(path.read_text("utf-8")).body:
            code = ast.unparse(node)
            told = any(re.search(rf"\b{one}\b", code) for one in long)
            if isinstance(node, ast.FunctionDef):
                tests[node.name] = told or tests.get(node.name, False)
            elif isinstance(node, ast.Assign):
                names = re.findall(r"\w+", ast.unparse(node.targets[0]))
                long.update(names if told else ())
                tests |= dict.fromkeys(names, told)
    return {name: told for name, told in tests.items() if name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_what_goes_wrong_is_tried_by_tests_that_there_are(row):
    _, kept, short, weaker, long = row
    assert kept.strip()
    assert named(short)
    assert {*named(short), *named(weaker)} <= found().keys()
    assert all(found()[name] for name in named(long))


def test_no_long_form_is_left_out():
    told = {name for row in ROWS for name in named(row[4])}
    assert told == {name for name, long in found().items() if long}
