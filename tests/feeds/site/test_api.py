"""The API: /openapi.json tells what is answered, whatever is asked; little can be changed."""

import asyncio
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from pages import URL, block, page
from served import served_aside
from sites import AT, MINUTE, NOW, RULE, Station

from feeds.site.app import SiteOptions
from store.alerting import deliveries as kept
from store.alerting.alerts import AlertRule, Cap, Target
from store.alerting.delivery import DeliveryState, Lane, Result
from store.alerting.due_deliveries import read_due
from store.database import open_database
from store.decision.history import ChangeType
from store.log import read_after
from store.source import SourceState
from store.sources import followed
from store.topics import Match

KEY = "a-key-that-nobody-guesses"
A, B = block("a", 0), block("b", 10, "A storm is near", key=True)
KNOWN = {"topic": "harbour", "selection": "key-events", "number": "1", "id": "1"}


@pytest.fixture
def filled(database):
    return fill(database)


def fill(database, key=KEY):
    station = Station(database, SiteOptions("Wire", AT, key=key))
    station.follow(RULE)
    station.poll(page([B, A]))
    station.poll(page([B, A.edited("otherwise")]), NOW + MINUTE)
    return station


def test_an_entry_is_told_with_all_that_it_ever_said(filled):
    (change,) = filled.ask("/events?after=3").json()["changes"]
    number = change["entry"]["number"]
    told = filled.ask(f"/entries/{number}.json").json()
    assert (told["id"], told["revision"], told["text"]) == (change["entry"]["id"], 2, "otherwise")
    assert (told["topics"], told["blog"], told["block_id"]) == (["harbour"], URL, "a")
    first, second = told["revisions"]
    assert (first["revision"], first["text"]) == (1, "What a says")
    assert (second["revision"], second["text"]) == (2, "otherwise")
    assert (first["seen_at"], second["seen_at"]) == ("2026-05-04T12:00:00Z", "2026-05-04T12:01:00Z")
    assert first["media"] == told["media"]
    assert first["provenance"]["sha256"] == "0" * 64
    assert first["provenance"]["fetched_at"].endswith("Z")


@pytest.mark.parametrize("number", ["99", "0", "x", "-1", "9" * 40, "%00"])
def test_an_entry_that_is_not_there_is_a_404(filled, number):
    refused = filled.ask(f"/entries/{number}.json")
    assert (refused.status_code, set(refused.json())) == (404, {"error"})


def test_topics_are_told_with_addresses_that_answer(filled):
    (topic,) = filled.ask("/topics.json").json()
    assert (topic["name"], topic["title"]) == ("harbour", "The harbour")
    feeds = [url for forms in topic["feeds"].values() for url in forms.values()]
    assert len(feeds) == 9
    for url in (*feeds, topic["events"]):
        assert url.startswith(AT)
        assert filled.ask(url.removeprefix(AT)).status_code == 200
    assert filled.ask(topic["stream"].removeprefix(AT), "HEAD").status_code == 200


# --- what may be written, and by whom ---


def decide(station, what, source=1, key=KEY):
    return station.ask(f"/sources/{source}/{what}", "POST", authorization=f"Bearer {key}")


def test_a_source_is_paused_and_resumed_by_who_has_the_key(filled):
    paused = decide(filled, "pause")
    assert (paused.status_code, paused.json()["state"]) == (200, "paused")
    assert filled.ask("/sources.json").json() == [paused.json()]
    assert decide(filled, "resume").json()["state"] == "new"


def test_a_held_source_is_confirmed_once(filled):
    assert decide(filled, "confirm").status_code == 409
    filled.record(state=SourceState.HELD, reason="many entries had gone")
    assert decide(filled, "confirm").status_code == 200
    with filled.database.read() as connection:
        assert followed(connection)[0].next_poll is None
        assert read_after(connection, 4, 10)[0].type is ChangeType.BROKEN


@pytest.mark.parametrize("what", ["pause", "resume", "confirm"])
@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer x"}, {"authorization": KEY}])
def test_nobody_else_changes_anything(filled, what, sent):
    before = filled.ask("/sources.json").json()
    refused = filled.ask(f"/sources/1/{what}", "POST", **sent)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert KEY not in refused.text
    assert filled.ask("/sources.json").json() == before


@pytest.mark.parametrize("key", ["", KEY])
def test_a_site_without_a_key_changes_nothing_for_anybody(database, key):
    station = fill(database, key="")
    assert decide(station, "pause", key=key).status_code == 403


@pytest.mark.parametrize("source", ["2", "x", "9" * 30])
def test_a_source_that_is_not_there_is_a_404(filled, source):
    assert decide(filled, "pause", source).status_code == 404


def test_a_decision_cannot_be_had_by_a_link(filled):
    refused = filled.ask("/sources/1/pause", authorization=f"Bearer {KEY}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


# --- what was told to whom ---

DESK, ROOM = Target("webhook:desk/1"), Target("matrix:room/2", edits=True)
ALERT = AlertRule("storms", ("harbour",), Match(("storm",)), (DESK, ROOM), backfill=True)


@pytest.fixture
def told(filled):
    """Three entries were told to two targets, and one was held back."""
    blocks = [block(f"s{n}", 150 + n, f"Storm {n} sank 11 boats.") for n in range(3)]
    capped = replace(ALERT, cap=Cap(2, 10 * MINUTE))
    filled.alerts = (capped,)
    filled.poll(page([*reversed(blocks), B, A]), NOW + 2 * MINUTE)
    return filled


def deliveries(station, query="", key=KEY):
    return station.ask(f"/deliveries.json{query}", authorization=f"Bearer {key}")


def test_deliveries_are_told_page_by_page_to_who_has_the_key(told):
    everything = deliveries(told).json()
    assert everything["counts"] == {"waiting": 6, "delivered": 0, "parked": 0, "held": 1}
    assert everything["next"] is None
    rows, cursor = [], 10**17
    while cursor is not None:
        some = deliveries(told, f"?limit=1&before={cursor}").json()
        rows, cursor = rows + some["deliveries"], some["next"]
    assert rows == everything["deliveries"]
    held = [one for one in rows if one["state"] == "held"]
    assert [(one["held_because"], one["target"], one["id"]) for one in held] == [
        ("capped", None, None)
    ]
    assert {one["notice"].split("_")[0] for one in rows} == {"kw"}


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("?state=waiting", 6),
        ("?state=held", 1),
        ("?state=delivered", 0),
        ("?target=webhook:desk/1", 3),
        ("?alert=storms&state=waiting&target=matrix:room/2", 3),
        ("?alert=others", 0),
        ("?entry=3", 2),
        ("?before=1", 0),
    ],
)
def test_deliveries_are_told_by_what_is_wanted(told, query, many):
    assert len(deliveries(told, query).json()["deliveries"]) == many


@pytest.mark.parametrize(
    "query", ["?state=lost", "?limit=0", "?limit=501", "?before=x", "?entry=-"]
)
def test_a_question_about_deliveries_that_means_nothing_is_refused(told, query):
    refused = deliveries(told, query)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith(query[1:].partition("=")[0])


def test_a_parked_delivery_is_sent_again_and_its_target_goes_on(told):
    with told.database.write() as connection:
        kept.park_lane(connection, DESK.lane, "410")
        kept.write_lane(connection, Lane(DESK.lane, 3, NOW, NOW, "410"))
    parked = deliveries(told, "?state=parked").json()
    assert [one["stopped_at"] is not None for one in parked["targets"]] == [True]
    which = parked["deliveries"][0]["id"]
    again = told.ask(f"/deliveries/{which}/retry", "POST", authorization=f"Bearer {KEY}")
    assert (again.status_code, again.json()["state"], again.json()["attempts"]) == (
        200,
        "waiting",
        0,
    )
    assert deliveries(told).json()["targets"] == []
    assert deliveries(told).json()["counts"]["parked"] == 2


def test_what_was_delivered_is_not_sent_again_and_what_is_not_there_is_a_404(told):
    with told.database.write() as connection:
        (one, *_) = read_due(connection, DESK.lane, NOW + 9 * MINUTE, 1)
        kept.record(connection, [Result(one, DeliveryState.DELIVERED, NOW, NOW, 200)])
    for which, status in ((one.id, 409), (99, 404), ("x", 404)):
        refused = told.ask(f"/deliveries/{which}/retry", "POST", authorization=f"Bearer {KEY}")
        assert (refused.status_code, set(refused.json())) == (status, {"error"})


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer x"}])
def test_without_the_key_nobody_is_told_of_deliveries_nor_sends_them_again(told, sent):
    for method, target in (("GET", "/deliveries.json"), ("POST", "/deliveries/1/retry")):
        refused = told.ask(target, method, **sent)
        assert refused.status_code == 401
        assert set(refused.json()) == {"error"}


# --- the document ---


def operations(station):
    document = station.ask("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_document_names_every_address_for_programs(filled):
    told = {(method, path) for method, path, _ in operations(filled)}
    assert {
        *(("GET", path) for path in ("/events", "/events/stream", "/topics.json")),
        *(("GET", path) for path in ("/sources.json", "/entries/{number}.json")),
        *(("GET", f"/entries/{{number}}/diff.{end}") for end in ("json", "txt")),
        *(("GET", f"/feeds/{{topic}}.{form}") for form in ("atom", "rss", "json")),
        *(("POST", f"/sources/{{id}}/{what}") for what in ("pause", "resume", "confirm")),
        *(("GET", "/deliveries.json"), ("POST", "/deliveries/{id}/retry")),
    } <= told


NASTY = (
    *("", "0", "-1", "1.5", "1e9", "NaN", "null", "true", "latest", "harbour", "mark", "hide"),
    *("9" * 19, "9" * 400, "\x00", "\ud7ff", "٣", "' OR 1=1 --", "../../etc/passwd", "%", "%zz"),
    *("http://127.0.0.1:22/", "<script>", "a" * 5000, "[]", "{}", "🦆", "a&b=c", "\r\nx: y", "+1"),
)
NAMES = ("after", "limit", "topic", "wait", "epoch", "retracted", "url", "callback", "q", "")


def misuse(chance, method, path):
    """Make a request that an operation was not made for."""
    for name, good in KNOWN.items():
        bad = quote(chance.choice(NASTY)[:80], safe="") or "-"
        path = path.replace(f"{{{name}}}", chance.choice((good, bad)))
    pairs = [
        f"{chance.choice(NAMES)}={quote(chance.choice(NASTY))}" for _ in range(chance.randrange(4))
    ]
    query = "&".join(pairs)
    # HEAD asks of a stream all but what never ends.
    if method == "GET":
        method = "HEAD" if path.endswith("/stream") else chance.choice(("GET", "GET", "HEAD"))
    headers = {}
    if chance.random() < 0.3:
        name = chance.choice(("last_event_id", "accept", "if_none_match", "authorization", "range"))
        headers[name] = quote(chance.choice(NASTY)[:200])
    if chance.random() < 0.2:
        headers["authorization"] = f"Bearer {KEY}"
    if chance.random() < 0.1:
        method = chance.choice(("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"))
    return method, f"{path}?{query}", headers


@pytest.mark.parametrize(
    "times", [100, pytest.param(1000, marks=pytest.mark.torture("1,000 requests an operation"))]
)
def test_misuse_gets_no_answer_but_those_documented(filled, times):
    chance = random.Random(4)
    for expected, path, operation in operations(filled):
        documented = {int(status) for status in operation["responses"]}
        for _ in range(times):
            method, target, headers = misuse(chance, expected, path)
            answer = filled.ask(target, method, **headers)
            told = f"{method} {target} {headers}: {answer.status_code}"
            if method not in {expected, "HEAD"}:
                assert answer.status_code in documented | {405}, told
            else:
                assert answer.status_code in documented | {404}, told
            assert answer.status_code < 500, told


def test_a_500_would_have_been_noticed(filled, monkeypatch):
    monkeypatch.setattr("feeds.site.routes.read_topics", None)
    with pytest.raises(AssertionError, match=r"/topics\.json"):
        test_misuse_gets_no_answer_but_those_documented(filled, 40)


FEW = (
    *("/events", "/events/stream", "/entries/{number}.json", "/feeds/{topic}.atom", "/search.atom"),
    *("/sources/{id}/confirm", "/deliveries.json", "/deliveries/{id}/retry"),
    *("/entries/{number}/diff.json", "/entries/{number}/diff.txt"),
)


class Ending:
    """A site whose streams end a moment after their head, as if the server were stopped."""

    def __init__(self, site):
        self.site, self.close = site, site.close

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] != "/events/stream":
            return await self.site(scope, receive, send)
        begun = asyncio.Event()

        async def told(message):
            await send(message)
            begun.set()

        stream = asyncio.create_task(self.site({**scope, "extensions": {}}, receive, told))
        head = asyncio.create_task(begun.wait())
        await asyncio.wait({stream, head}, return_when=asyncio.FIRST_COMPLETED)
        head.cancel()
        if not (await asyncio.wait({stream}, timeout=0.1))[0]:
            stream.cancel()
            await asyncio.wait({stream})
            return await send({"type": "http.response.body", "body": b"", "more_body": False})
        return await stream


@pytest.mark.parametrize(
    "more",
    [
        ("--phases", "coverage", *(part for path in FEW for part in ("--include-path", path))),
        pytest.param(
            ("--max-examples", "100"), marks=pytest.mark.torture("100 examples an operation")
        ),
    ],
    ids=["few", "all"],
)
def test_every_answer_is_as_the_document_has_it(tmp_path, more):
    """The stream, which does not end by itself, ends after a moment."""
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with served_aside(Ending(fill(database).site)) as url:
        program = Path(sys.executable).with_name("schemathesis")
        options = ("--checks", "all", "--url", url, "--request-timeout", "70", "--seed", "1")
        key = ("-H", f"Authorization: Bearer {KEY}")
        done = subprocess.run(
            [program, "run", f"{url}/openapi.json", *options, *key, *more, "--no-color"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
    database.close()
    assert done.returncode == 0, done.stdout
    assert json.dumps("selected")[1:-1] in done.stdout
