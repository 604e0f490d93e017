"""No text keeps a pattern of ours busy: each is tried on 50 kB of what it looks for, over and over.

Those of RE2 need no trial: they take time in proportion to a text, whatever it is.
"""

import importlib
import inspect
import pkgutil
import re
import time
from functools import cache

import feeds
import keywire
import scraper
import store

LENGTH, DEADLINE = 50_000, 1.0  # seconds of CPU
PIECES = ("a", " ", "1:", "<a ")
TRIED_ANYWHERE = re.compile(r"\b(\w+)\.(?:search|finditer|findall|sub|subn|split)\b")


@cache
def modules():
    return [
        importlib.import_module(found.name)
        for package in (keywire, scraper, store, feeds)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if "migrations" not in found.name and not found.name.endswith("__main__")
    ]


def patterns_in(value):
    """Yield the patterns in a module's constant, however deep in tuples and tables."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from patterns_in(each)
    elif isinstance(value, dict):
        yield from patterns_in((*value.keys(), *value.values()))


@cache
def patterns():
    """Give each pattern, and whether it is tried at every place of a text, or at its beginning."""
    found = {}
    for one in modules():
        anywhere = set(TRIED_ANYWHERE.findall(inspect.getsource(one)))
        for name, value in vars(one).items():
            alone = isinstance(value, re.Pattern)
            for pattern in patterns_in(value):
                found[pattern] = found.get(pattern, False) or not alone or name in anywhere
    return found


def text_for(pattern, piece):
    text = (piece * LENGTH)[:LENGTH] + "\0"
    return text if isinstance(pattern.pattern, str) else text.encode()


def slow(found, pieces_of):
    """List the patterns that take too long, with what they were tried on."""
    told = []
    for pattern, anywhere in found.items():
        for piece in pieces_of(pattern):
            text, began = text_for(pattern, piece), time.process_time()
            pattern.match(text)
            pattern.fullmatch(text)
            if anywhere:
                pattern.search(text)
            if time.process_time() - began > DEADLINE:
                told.append((pattern.pattern, piece))
    return told


def own_words(pattern):
    """Give pieces that a pattern's beginnings, and so its attempts, are made of."""
    spelled = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    return re.findall(r"[A-Za-z0-9]{2,}", spelled)[:2]


def test_no_pattern_takes_long_on_its_own_words_or_on_what_pages_are_full_of():
    found = patterns()
    assert len(found) > 300
    assert 50 < sum(found.values()) < len(found)
    assert slow(found, lambda pattern: (*own_words(pattern), *PIECES)) == []


def test_a_pattern_that_tries_everything_again_from_everywhere_would_be_noticed():
    assert slow({re.compile(r"\S+ x"): True}, lambda _: ("a",)) != []
