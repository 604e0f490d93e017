"""A page read without configuration or store, with the answers that it names."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from origin import Origin, answer

from keywire.commands.oneshot import make_feed, see
from keywire.commands.preview import preview
from scraper.errors import FetchError, ReadError

NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
API = "/wp-json/easy-liveblogs/v1/liveblog/70"
UPDATE = {
    "id": 7, "title": "Half way", "content": "<p>Half of the field is there.</p>",
    "datetime": "2026-11-18T14:00:00+00:00", "modified": "2026-11-18T14:00:00+00:00",
}  # fmt: skip
FEED = {"title": "The run", "status": "open", "last_update": "x", "updates": [UPDATE]}
PAGE = (
    '<!doctype html><html lang="en"><title>The run</title><h1>The run</h1>'
    '<div id="elb-liveblog" data-status="open" data-endpoint="{}"></div></html>'
)


def seen(feed):
    async def scenario():
        async with Origin({API: answer(200, feed)}) as origin:
            origin.routes["/run"] = answer(200, PAGE.format(API).encode())
            return await see(origin.url("/run"), "", "", lambda: NOW)

    return asyncio.run(scenario())


def test_a_page_at_an_address_is_shown_with_the_entries_of_its_answer():
    snapshot = seen(json.dumps(FEED).encode())
    shown = preview(snapshot)
    assert [entry["id"] for entry in shown["entries"]] == ["7"]
    assert shown["warnings"] == []
    assert [each.entry.title for each in make_feed(snapshot, NOW, key_events=False).entries] == [
        "Half way"
    ]


def test_a_file_says_that_its_entries_are_elsewhere(tmp_path):
    path = tmp_path / "run.html"
    path.write_text(PAGE.format(API))
    snapshot = asyncio.run(see(str(path), "https://run.example/live", "", lambda: NOW))
    (warning,) = preview(snapshot)["warnings"]
    assert f"an answer elsewhere has them: https://run.example{API}" in warning


@pytest.mark.parametrize(
    "feed", [b"", b"{}", b'{"code": "rest_no_route", "message": "No route"}', b"<html>Error</html>"]
)
def test_an_answer_that_is_none_is_a_failure_and_no_empty_feed(feed):
    with pytest.raises((ReadError, FetchError)):
        seen(feed)
