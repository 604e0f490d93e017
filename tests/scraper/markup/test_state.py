from datetime import UTC, datetime

import pytest

from scraper.markup.document import open_document
from scraper.markup.state import state_in
from scraper.page import Page


def document(markup):
    body = markup.encode()
    return open_document(Page("https://a.example/", body, datetime(2026, 11, 18, tzinfo=UTC)))


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json" nonce="x">{"a":1}</script>',
        "<script id='__NEXT_DATA__'>\n {\"a\":1} </script>",
        '<script>window.__NEXT_DATA__ = {"a":1};</script>',
        '<script>window["__NEXT_DATA__"]={"a":1}; start();</script>',
        '<script>look("__NEXT_DATA__")</script><script>__NEXT_DATA__={"a":1}</script>',
        '<script>window.__NEXT_DATA__={"a":1}',
    ],
)
def test_a_state_is_cut_out_of_its_script(script):
    assert state_in(document(f"<p>{script}"), b"__NEXT_DATA__") == {"a": 1}


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__NUXT__=(function(a){return {b:a}}(1));</script>",
        "<script>window.__NUXT__={a:undefined}</script>",
        '<script>if (window.__NUXT__) go({"a":1})</script>',
        "",
    ],
)
def test_a_state_that_is_a_program_is_none(script):
    assert state_in(document(f"<p>{script}"), b"__NUXT__") is None
