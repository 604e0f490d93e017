"""Push webhooks from the store to a receiver, against bare POSTs; judge alert rules on entries.

The receiver is a separate process. keywire does all of it: it reads due deliveries from the store,
makes envelopes of them, signs them, sends them over persistent connections, and records the
results. The floor posts the same bodies over as many bare connections and records nothing.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.child import Child, child
from bench.measure import Figure, Finding, Size, no_less, tidy
from bench.pages import NOON, SITE, URL, a_feed
from bench.world import TOPIC, World, a_world
from feeds.push.enveloping import make_envelope
from feeds.push.fitting import encode
from feeds.push.webhook import Webhook
from keywire.alerting.pusher import Pusher
from keywire.alerting.targets import WayOut
from keywire.process.loop import run
from scraper.fetch import FetchRules
from store import timeline
from store.alerting.alerts import AlertRule, EntryChange, Target, judge
from store.alerting.delivery import DeliveryState
from store.alerting.due_deliveries import read_due
from store.alerting.notices import survey
from store.changes import diff
from store.database import Database
from store.decision.history import BlogHistory, ChangeType, Outcome
from store.entry import Provenance
from store.history_cache import KeptBlog
from store.sighting import Kind, Sighting, Snapshot, View
from store.topics import Match

LANE = "webhook:bench"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKsw"  # noqa: S105 - the standard's own example
RULES = FetchRules("keywire/bench", allow_private=("127.0.0.1",))
ALERT = AlertRule(
    "all", (TOPIC,), targets=(Target(LANE),), backfill=True, summaries=True,
    max_age=timedelta(days=9_999),
)  # fmt: skip
WORDS = ("Aleppo", "oil tanker", r"/\bIDF\b/", "ceasefire", "minister")


def measure(size: Size) -> Iterator[Finding]:
    yield _webhooks(size.entries(2_000), size.rounds(5))
    yield _matches(size.entries(500), size.rounds(9))


def _webhooks(count: int, rounds: int) -> Figure:
    floors, ours = [], []
    with (
        child("bench.receiving") as receiver,
        tempfile.TemporaryDirectory() as folder,
        a_world(Path(folder) / "keywire.db") as world,
        tidy(),
    ):
        port = receiver.ask("where")
        _fill(world, count)
        bodies = _bodies(world.database)
        for _ in range(rounds):
            floors.append(count / _timed(_post_all(port, bodies), receiver, count))
            _make_due(world.database)
            ours.append(count / _timed(_push_all(world.database, port), receiver, count))
            with world.database.read() as connection:
                counts = survey(connection, 1).counts
            assert counts[DeliveryState.DELIVERED] == count, "not every delivery arrived"
    return Figure(
        "webhooks to one receiver",
        "/s",
        median(floors),
        median(ours),
        no_less(1_000, "/s"),
        f"{count} × {sum(map(len, bodies)) // count} B; floor: bare posts of the same bytes",
    )


def _fill(world: World, count: int) -> None:
    """Store a blog of `count` entries, each with a delivery that is due."""
    sightings = tuple(
        Sighting(
            view=View.BLOCK,
            block_id=stored.entry.block_id,
            published=stored.entry.published,
            title=stored.entry.title,
            html=stored.entry.html,
            text=stored.entry.text,
            permalink=f"{SITE}#block-{stored.entry.block_id}",
            authors=stored.entry.authors,
        )
        for stored in a_feed(count).entries
    )
    snapshot = Snapshot(
        url=URL, kind=Kind.LIVE_BLOG, platform="guardian", sightings=sightings, shows_top=True
    )
    outcome = diff(BlogHistory(URL), snapshot, NOON, provenance=Provenance(URL, NOON))
    assert isinstance(outcome, Outcome), "the page was not believed"
    with world.database.write() as connection:
        timeline.apply(
            connection, KeptBlog(0, BlogHistory(URL)), outcome, NOON,
            source_id=1, rules=[world.rule], alerts=[ALERT],
        )  # fmt: skip


def _bodies(database: Database) -> list[bytes]:
    with database.read() as connection:
        due = read_due(connection, LANE, NOON, 100_000)
    return [encode(make_envelope(one, database.epoch)) for one in due]


def _make_due(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'waiting', attempts = 0")


def _timed(work: object, receiver: Child, count: int) -> float:
    before = receiver.ask("count")[0]
    began = perf_counter()
    run(work)  # type: ignore[arg-type]
    took = perf_counter() - began
    assert receiver.ask("count")[0] - before == count, "not every message came"
    return took


async def _push_all(database: Database, port: int) -> None:
    out = WayOut(RULES)
    pusher = Pusher(
        database=database,
        channels={("all", LANE): Webhook(f"http://127.0.0.1:{port}/hook", (SECRET,))},
        send=out.send,
        now=lambda: NOON,
        chance=lambda: 0.5,
    )
    await pusher.sweep()
    await pusher.aclose()
    await out.aclose()


async def _post_all(port: int, bodies: list[bytes]) -> None:
    left = iter(bodies)

    async def post() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in left:
            head = f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(post() for _ in range(Webhook.together)))


def _matches(count: int, rounds: int) -> Figure:
    """Judge each of twenty alert rules on each entry, as a poll does for new entries."""
    rules = [
        replace(ALERT, name=f"r{n}", when=Match((*WORDS, f"word{n}"), ("football",)))
        for n in range(20)
    ]
    entry_changes = [
        EntryChange(None, stored, (ChangeType.PUBLISHED,), frozenset(), frozenset({TOPIC}))
        for stored in a_feed(count).entries
    ]
    words = [word.casefold() for word in WORDS]
    floors, ours = [], []
    with tidy():
        for _ in range(rounds):
            began = process_time()
            for change in entry_changes:
                for _rule in rules:
                    said = change.after.entry.text.casefold()
                    any(word in said for word in words)
            floors.append(count * len(rules) / (process_time() - began))
            began = process_time()
            for change in entry_changes:
                for rule in rules:
                    judge(rule, change, NOON)
            ours.append(count * len(rules) / (process_time() - began))
    return Figure(
        "rules judged by entries",
        "/s",
        median(floors),
        median(ours),
        no_less(100_000, "/s"),
        f"{len(rules)} × {count}; floor: substrings of the folded text",
    )
