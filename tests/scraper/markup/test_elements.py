from datetime import UTC, datetime

import pytest

from scraper.markup import elements
from scraper.markup.document import open_document
from scraper.markup.elements import elements_of
from scraper.page import Page

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)
TEXT = "var a = '<p data-time=1>';" * 40
SCRIPT = f"<script>{TEXT}</script>"


def opened(markup):
    return open_document(Page("https://paper.example/live", markup.encode(), NOW))


def test_scripts_and_styles_are_left_out_and_short_ones_stay():
    markup = f"<p>a</p>{SCRIPT}<style>{TEXT}</style><script>short</script><p>b</p>"
    left = elements_of(opened(markup))
    assert TEXT.encode() not in left
    assert left.startswith(b"<p>a</p><script>")
    assert left.endswith(b"<script>short</script><p>b</p>")


@pytest.mark.parametrize(
    "markup",
    [
        f"<textarea><script></textarea><p>{TEXT}</p></script>",
        f"<p title='<script>'>{TEXT}</p></script>{SCRIPT}",
        f"<script>{TEXT}</SCRIPT><p data-time=2>{SCRIPT}",
        f"<script><!--<script>{TEXT}</script>--></script><p>",
    ],
)
def test_what_only_seems_a_script_stays(markup):
    assert elements_of(opened(markup)) == markup.encode()


def test_who_believes_what_seems_a_script_loses_an_element(monkeypatch):
    monkeypatch.setattr(elements, "_stand_in", lambda *_: True)
    markup = f"<textarea><script></textarea><p data-time=2>{TEXT}</p></script>"
    assert b"data-time=2" not in elements_of(opened(markup))


def test_a_script_in_a_template_stays_and_others_go():
    markup = f"<template>{SCRIPT}</template><p>a</p>{SCRIPT}"
    left = elements_of(opened(markup))
    assert left.startswith(f"<template>{SCRIPT}</template><p>a</p><script>".encode())
    assert left.count(TEXT.encode()) == 1
