"""The change log over HTTP: complete, in order, and read by a cursor that never skips."""

import asyncio
from dataclasses import replace
from functools import partialmethod

import pytest
from pages import URL, block, page
from served import until
from sites import AT, MINUTE, NOW, RULE, Station

from feeds.site.app import SiteOptions, make_site
from feeds.site.tail import Tail
from store.source import SourceState
from store.topics import Match, TopicRule

STORM = TopicRule("storms", "Storms", (URL,), Match(any=("storm",)))
A, B = block("a", 0), block("b", 10, "A storm is near")


@pytest.fixture
def filled(station):
    station.follow(RULE, STORM)
    station.poll(page([B, A]))
    station.poll(page([B, A.edited("otherwise")]), NOW + MINUTE)
    return station


def read(station, query=""):
    answer = station.ask(f"/events{query}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    return answer.json()


def test_a_page_of_the_log_has_all_that_was_promised(filled, database):
    told = read(filled)
    assert told["epoch"] == database.epoch
    assert [change["seq"] for change in told["changes"]] == [1, 2, 3, 4]
    assert told["next"] == 4
    edit = told["changes"][3]
    assert {name: edit[name] for name in ("id", "type", "topics", "changes", "backfill")} == {
        "id": f"{database.epoch}:4",
        "type": "entry.updated",
        "topics": ["harbour"],
        "changes": {"text": {"old": "What a says", "new": "otherwise"}},
        "backfill": False,
    }
    assert edit["occurred_at"] == "2026-05-04T12:01:00Z"
    assert edit["blog"] == {"url": URL, "title": "A day at the harbour"}
    assert edit["entry"]["id"] == "tag:news.example,2026:/live/2026/may/04/harbour/a"
    assert edit["entry"]["published"] == "2026-05-04T09:00:00Z"
    assert (edit["entry"]["block_id"], edit["entry"]["revision"]) == ("a", 2)
    assert "source" not in edit
    assert "entry" not in told["changes"][0]


def test_a_source_that_breaks_is_told_with_its_reason(filled):
    filled.record(state=SourceState.BROKEN, reason="the page is empty")
    (change,) = read(filled, "?after=4")["changes"]
    assert (change["type"], change["blog"]) == ("source.broken", None)
    assert change["source"] == {"url": URL, "state": "broken", "reason": "the page is empty"}


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("topic", ["", "&topic=harbour", "&topic=storms"])
def test_who_goes_on_from_next_sees_each_change_once(filled, limit, topic):
    whole = [change["seq"] for change in read(filled, f"?limit=1000{topic}")["changes"]]
    seen, cursor = [], 0
    while (told := read(filled, f"?after={cursor}&limit={limit}{topic}"))["changes"]:
        seen += [change["seq"] for change in told["changes"]]
        cursor = told["next"]
    assert seen == whole
    assert told["next"] == cursor


def test_an_empty_page_leaves_the_cursor_where_it_was(filled):
    assert read(filled, "?after=3&topic=storms") == {**read(filled, "?after=4"), "next": 3}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?after=-1", "after"),
        ("?after=x", "after"),
        ("?after=", "after"),
        ("?after=" + "9" * 30, "after"),
        ("?after=1.0", "after"),
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?limit=ten", "limit"),
        ("?limit=%00", "limit"),
        ("?limit=%ff", "limit"),
        ("?wait=-1", "wait"),
        ("?wait=61", "wait"),
        ("?wait=", "wait"),
        ("?epoch=", "epoch"),
        ("?epoch=%20", "epoch"),
    ],
)
def test_a_bad_value_is_a_400_that_names_its_field(filled, query, field):
    answer = filled.ask("/events" + query)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{field}: ")


def test_too_many_parameters_are_a_400(filled):
    assert filled.ask("/events?" + "a=1&" * 60).status_code == 400


@pytest.mark.parametrize("topic", ["football", "", "%00", "%ff", "harbour'--", "x" * 1000])
def test_an_unknown_topic_is_a_404(filled, topic):
    answer = filled.ask(f"/events?topic={topic}")
    assert answer.status_code == 404
    assert "topic" in answer.json()["error"]


def test_who_wants_only_what_is_to_come_begins_at_the_newest(filled):
    told = read(filled, "?after=latest")
    assert (told["changes"], told["next"]) == ([], 4)
    assert read(filled, "?after=latest&wait=60") == told


def test_waiting_is_over_at_once_where_there_is_something(filled):
    assert read(filled, "?after=3&wait=60") == read(filled, "?after=3")


def test_who_waits_hears_of_the_next_change_of_its_topic(filled):
    async def ask():
        waiting = asyncio.create_task(filled.ask_async("/events?after=4&topic=storms&wait=60"))
        for n, text in enumerate(("calmer", "calm"), 2):
            await filled_by(filled, n, B, A.edited(text))
        assert not waiting.done()
        await filled_by(filled, 4, B.edited("The storm is here"), A.edited("calm"))
        return (await waiting).json()

    told = asyncio.run(ask())
    assert [change["seq"] for change in told["changes"]] == [7]


async def filled_by(station, n, *blocks):
    """Poll beside those who wait, who get their turn before and after."""
    await until(lambda: len(station.site.tail) == 1)
    topics = station.write_elsewhere(page([*blocks]), NOW + n * MINUTE)
    station.site.mark_changed(topics)
    await asyncio.sleep(0.05)


def test_who_waits_in_vain_gets_an_empty_page(filled, monkeypatch):
    monkeypatch.setattr(Tail, "arrival", partialmethod(_hurried, Tail.arrival))
    assert read(filled, "?after=4&wait=60") == read(filled, "?after=4")


async def _hurried(self, arrival, listener, seconds):
    await arrival(self, listener, seconds / 1000)


ORIGIN = "https://desk.example"


def test_no_page_of_another_origin_reads_what_is_for_programs_unless_it_was_let_in(database):
    closed = Station(database)
    opened = Station(database, SiteOptions("Wire", AT, cors=frozenset({ORIGIN})))
    to_all = Station(database, SiteOptions("Wire", AT, cors=frozenset({"*"})))
    allowed = "access-control-allow-origin"
    for path in (
        "/events",
        "/sources.json",
        "/readyz",
        "/events?after=x",
        "/events/stream?after=x",
    ):
        assert allowed not in closed.ask(path, origin=ORIGIN).headers
        assert opened.ask(path, origin=ORIGIN).headers[allowed] == ORIGIN
        assert allowed not in opened.ask(path, origin="https://desk.example.evil").headers
        assert "Origin" in opened.ask(path).headers["vary"]
        assert to_all.ask(path, origin="https://any.example").headers[allowed] == "*"


def test_a_page_that_was_let_in_may_send_what_a_stream_needs(database):
    opened = Station(database, SiteOptions("Wire", AT, cors=frozenset({ORIGIN})))
    asked = {"origin": ORIGIN, "access_control_request_method": "GET"}
    leave = opened.ask("/events/stream", "OPTIONS", **asked)
    assert (leave.status_code, leave.headers["access-control-allow-origin"]) == (204, ORIGIN)
    assert "Last-Event-ID" in leave.headers["access-control-allow-headers"]
    assert Station(database).ask("/events/stream", "OPTIONS", **asked).status_code == 405


def test_the_sources_are_told_to_programs(filled):
    filled.record(
        state=SourceState.BROKEN,
        reason="the page is empty",
        next_poll=NOW + MINUTE,
        last_status=200,
        kind="live-blog",
        platform="test",
        warnings=("two blocks share an id",),
        pace="tried again after 2 failures",
        failures=2,
        polls=40,
        unchanged=30,
        requests=44,
        received=123_456,
        delay=12.5,
        robots="robots.txt allows it",
    )
    assert filled.ask("/sources.json").json() == [
        {
            "id": 1,
            "url": URL,
            "state": "broken",
            "reason": "the page is empty",
            "kind": "live-blog",
            "platform": "test",
            "blogs": [
                {
                    "url": URL,
                    "title": "A day at the harbour",
                    "state": "live",
                    "entries": 2,
                    "following": "broken",
                    "reason": "the page is empty",
                    "history": "complete",
                }
            ],
            "last_poll": "2026-05-04T12:00:00Z",
            "next_poll": "2026-05-04T12:01:00Z",
            "last_change": None,
            "last_status": 200,
            "next_poll_because": "tried again after 2 failures",
            "failures": 2,
            "polls": 40,
            "requests": 44,
            "received": 123_456,
            "unchanged": 0.75,
            "delay": 12.5,
            "moved_to": None,
            "robots": "robots.txt allows it",
            "warnings": ["two blocks share an id"],
        }
    ]


def test_numbers_for_prometheus_are_there_where_somebody_counts(filled):
    assert filled.ask("/metrics").status_code == 404
    filled.site = make_site(filled.database, filled.options, numbers=lambda: b"x 1\n")
    answer = filled.ask("/metrics")
    assert (answer.status_code, answer.content) == (200, b"x 1\n")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_a_source_that_was_never_polled_has_null_times(station):
    station.follow()
    (source,) = station.ask("/sources.json").json()
    assert (source["state"], source["last_poll"], source["next_poll"]) == ("new", None, None)


def test_health_and_readiness_are_two_things(filled, database):
    assert filled.ask("/healthz").text == "ok\n"
    assert filled.ask("/readyz").json() == {"ready": True, "seq": 4}
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE log_head RENAME TO hidden")
        connection.exec_driver_sql("ALTER TABLE changes RENAME TO hidden_too")
    assert filled.ask("/healthz").status_code == 200
    unready = filled.ask("/readyz")
    assert (unready.status_code, unready.json()["ready"]) == (503, False)
    assert "log_head" not in unready.text
    assert filled.ask("/events").status_code == 503
    assert set(filled.ask("/events").json()) == {"error"}


def test_changes_that_one_reader_saw_another_sees_alike(filled, database):
    assert read(Station(database)) == read(filled)
    filled.poll(page([B, replace(A, key=True)]), NOW + 2 * MINUTE)
    assert read(filled, "?after=4")["changes"]
