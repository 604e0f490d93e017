"""How an address is spelled on the wire."""

import subprocess
import sys

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.transport.channel import _spell

PATHS = st.text(alphabet="/.a1?%é&=~*'+: -_", max_size=12)


@given(PATHS)
@example("/a.b/c?d=e.f")
@example("/a/../b")
@example("/a/./b")
@example("/.a?b=%41")
def test_a_plain_address_is_spelled_as_any_other(path):
    url = f"https://news.example:8443/{path}"
    assert _spell(url) == httpx.URL(url).raw_path


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://news.example/live/2026/jul/01/a-day?page=2", b"/live/2026/jul/01/a-day?page=2"),
        ("https://news.example/é x", b"/%C3%A9%20x"),
    ],
)
def test_what_cannot_be_sent_as_it_stands_is_percent_encoded(url, sent):
    assert _spell(url) == sent


def imported_by(program):
    """Run a program of its own, and give what it has imported by its end."""
    told = f"{program}\nimport sys; print(*sys.modules)"
    return subprocess.check_output([sys.executable, "-c", told], text=True).split()


def test_who_polls_carries_no_client_that_it_does_not_use():
    assert not {"httpx", "rich"}.intersection(imported_by("import scraper.fetch, scraper.send"))
    assert {"httpx"}.intersection(
        imported_by(
            "from scraper.transport.channel import _spell; _spell('https://news.example/é')"
        )
    )
