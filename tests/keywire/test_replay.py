"""A past blog is played again: the same changes under the same ids, when they are due."""

import asyncio
import signal
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import httpx
import pytest
from desk import Desk
from pages import URL, block, page
from running import KEYWIRE, wait_for
from sites import MINUTE, NOW, RULE, Station
from telling import SECRET

from keywire.demo.page import render
from keywire.demo.script import SCRIPT, opening
from keywire.replay.play import Player, Tempo
from store.alerting.alerts import AlertRule, Target
from store.archive.playback import Moment, read_story
from store.database import open_database
from store.decision.history import ChangeType
from store.errors import UnknownError
from store.topics import Match, Retain, Selection
from store.upkeep.retention import let_go
from store.window import select_window

AT_ONCE = 1e9
HOUR = timedelta(hours=1)
A, B, C = block("a", 0), block("b", 10, "A storm is near", key=True), block("c", 200)
WORLD = "https://observer.example"


@pytest.fixture
def past(database):
    """A blog that was polled for an hour: entries, an edit, a promotion, a retraction, its end."""
    station = Station(database)
    station.follow()
    polls = (
        [B, A],
        [C, B, A],
        [C, B, A.edited("otherwise")],
        [replace(C, key=True), B, A.edited("otherwise")],
        [replace(C, key=True), A.edited("otherwise")],
        [replace(C, key=True), A.edited("otherwise")],
    )
    for n, blocks in enumerate(polls):
        station.poll(page(blocks), NOW + n * 10 * MINUTE)
    station.poll(page(polls[-1], live=False), NOW + HOUR)
    return station


@pytest.fixture
def database(address):
    database = open_database(address)
    yield database
    database.close()


def story_of(station):
    with station.database.read() as connection:
        return read_story(connection, URL)


def play(story, folder, *, shift=False, alerts=(), begin=NOW):
    """Play a story as fast as it can be into a store of its own; give that and what was applied."""
    fresh = Station(open_database(f"sqlite:///{folder}/replay.db"))
    fresh.follow(RULE)
    tempo = Tempo(story.moments, begin, AT_ONCE, HOUR)
    player = Player(fresh.database, story, tempo, (RULE,), alerts, shift)
    player.prepare()

    async def to_the_end():
        return [applied async for _, applied in player.play()]

    return fresh, asyncio.run(to_the_end())


def changes(station):
    return station.ask("/events?limit=1000").json()["changes"]


def test_what_is_played_is_what_happened(past, tmp_path):
    again, _ = play(story_of(past), tmp_path)
    before, after = changes(past), changes(again)
    told = ("type", "topics", "changes")
    entry = ("id", "block_id", "revision", "title", "published", "changed_at", "key_event")
    first = 3  # the first poll's are told when they were published, the others as they were
    for old, new in zip(before[first:], after[first:], strict=True):
        assert [old[name] for name in told] == [new[name] for name in told]
        assert old["occurred_at"] == new["occurred_at"]
        if "entry" in old:
            assert [old["entry"][name] for name in entry] == [new["entry"][name] for name in entry]
    kinds = {change["type"] for change in after}
    wanted = ("published", "updated", "promoted", "retracted")
    assert {f"entry.{kind}" for kind in wanted} | {"blog.ended", "blog.discovered"} <= kinds


def test_its_feeds_end_up_with_the_same_entries(past, tmp_path):
    again, _ = play(story_of(past), tmp_path)
    for feed in ("/feeds/harbour.json", "/feeds/harbour/key-events.json"):
        items = [station.ask(feed).json()["items"] for station in (past, again)]
        assert sorted(items[0], key=str) == sorted(items[1], key=str)
        assert items[0]


def test_every_revision_is_played(past, tmp_path):
    again, _ = play(story_of(past), tmp_path)
    (edit,) = [one for one in changes(again) if one["type"] == "entry.updated"]
    revisions = again.ask(f"/entries/{edit['entry']['number']}.json").json()["revisions"]
    assert [one["text"] for one in revisions] == ["What a says", "otherwise"]


def test_an_entry_without_its_first_revisions_is_played_from_those_that_are_kept(past, tmp_path):
    said = ("once more", "and at last")
    for n, text in enumerate(said):
        blocks = [replace(C, key=True), A.edited(text)]
        past.poll(page(blocks, live=False), NOW + 2 * HOUR + n * 10 * MINUTE)
    rule = replace(RULE, retain=Retain(revisions=2))
    with past.database.write() as connection:
        assert let_go(connection, (rule,), None, NOW + 3 * HOUR).revisions == 2
    again, _ = play(story_of(past), tmp_path)
    for feed in ("/feeds/harbour.json", "/feeds/harbour/key-events.json"):
        items = [station.ask(feed).json()["items"] for station in (past, again)]
        was, now = ({one["id"]: one["content_html"] for one in each} for each in items)
        assert was == now != {}
    published = [one["entry"]["id"] for one in changes(again) if one["type"] == "entry.published"]
    assert len(published) == len(set(published)) == 3
    (edit,) = [one for one in changes(again) if one["type"] == "entry.updated"]
    revisions = again.ask(f"/entries/{edit['entry']['number']}.json").json()["revisions"]
    assert [one["text"] for one in revisions] == [*said]


def test_what_was_there_at_first_is_told_when_it_was_published(past):
    story = story_of(past)
    first = [(one.change.type, one.known) for moment in story.moments[:2] for one in moment.played]
    assert [kind for kind, _ in first] == [
        ChangeType.DISCOVERED,
        ChangeType.PUBLISHED,
        ChangeType.PUBLISHED,
    ]
    assert [moment.at for moment in story.moments[:2]] == [A.published, B.published]
    assert not any(one.change.backfill for moment in story.moments for one in moment.played)


def test_its_times_are_moved_to_now_where_that_is_asked_for(past, tmp_path):
    story, begin = story_of(past), datetime(2030, 1, 1, tzinfo=UTC)
    again, _ = play(story, tmp_path, shift=True, begin=begin)
    told = changes(again)
    assert {change["occurred_at"][:10] for change in told} == {"2030-01-01"}
    assert {change["entry"]["published"][:10] for change in told if "entry" in change} == {
        "2030-01-01"
    }
    assert [c["entry"]["id"] for c in told if "entry" in c] == [
        c["entry"]["id"] for c in changes(past) if "entry" in c
    ]


def test_alerts_fire_as_if_it_were_live(past, tmp_path):
    alert = AlertRule("desk", ("harbour",), Match(("storm",)), (Target("webhook:x"),))
    _, silent = play(story_of(past), tmp_path)
    (tmp_path / "loud").mkdir()
    _, loud = play(story_of(past), tmp_path / "loud", alerts=(alert,))
    assert sum(one.deliveries for one in silent) == 0
    assert sum(one.deliveries for one in loud) >= 1


def test_a_blog_that_is_not_kept_is_told(past):
    with pytest.raises(UnknownError, match="keywire sources"), past.database.read() as connection:
        read_story(connection, "https://news.example/live/nothing")


def test_the_source_of_what_is_played_is_polled_by_nobody(past, tmp_path):
    again, _ = play(story_of(past), tmp_path)
    (source,) = again.ask("/sources.json").json()
    assert (source["state"], source["requests"]) == ("paused", 0)


# --- when ---


def moments(*minutes):
    return [Moment(NOW + m * MINUTE, ()) for m in minutes]


@pytest.mark.parametrize(
    ("speed", "gap", "dues"),
    [
        (1, HOUR, [0, 10, 70, 75]),
        (10, HOUR, [0, 1, 7, 7.5]),
        (1, 10 * MINUTE, [0, 10, 20, 25]),
        (0.5, 10 * MINUTE, [0, 20, 40, 50]),
    ],
)
def test_a_moment_is_due_as_fast_as_asked_for_and_no_silence_is_longer_than_that(speed, gap, dues):
    told = moments(0, 10, 500, 505)
    tempo = Tempo(told, NOW, speed, gap)
    assert [(tempo.due(one.at) - NOW) / MINUTE for one in told] == dues
    assert tempo.length / MINUTE == dues[-1]


def test_times_between_moments_stay_in_order():
    tempo = Tempo(moments(0, 10, 500), NOW, 4, 10 * MINUTE)
    due = [tempo.due(NOW + m * MINUTE) for m in range(-50, 600)]
    assert due == sorted(due)


# --- by its command ---


def saved_pages(folder):
    """Save the demo's blog after each step, as somebody would who captures it by the minute."""
    now, files = datetime(2026, 5, 4, 9, 0, tzinfo=UTC), []
    blog = opening(now)
    for n, step in enumerate([None, *SCRIPT, None]):
        at = now + n * MINUTE
        blog = step.change(blog, at) if step else blog
        files.append(folder / f"{n:02}.html")
        files[-1].write_text(render(blog, at, WORLD), encoding="utf-8")
    return files


def run(*arguments, cwd):
    return subprocess.run(
        [KEYWIRE, "replay", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_saved_pages_are_played_in_their_order(tmp_path):
    done = run(*saved_pages(tmp_path), "--speed", "100000", "--end", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    said = [line.split("  ")[1] for line in done.stdout.splitlines() if "  new" in line]
    assert said
    for word in ("blog found", "new ★", "edited", "retracted", "now a key event", "blog ended"):
        assert f"  {word}" in done.stdout, done.stdout


@contextmanager
def replaying(folder, *arguments):
    """Replay until the story is over; give where it is served, what was said, and what ends it."""
    command = [KEYWIRE, "replay", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "The story is over" in line:
                break
        address = next(line.split()[-1] for line in lines if line.startswith("  stream"))

        def stop():
            process.send_signal(signal.SIGINT)
            return process.wait(timeout=20)

        try:
            yield Replay(address.partition("/events")[0], lines, stop)
        finally:
            process.kill()


class Replay(NamedTuple):
    """One replay that serves at `site`."""

    site: str
    lines: list[str]
    stop: Callable[[], int]


def test_while_it_plays_it_serves_and_ctrl_c_ends_it(tmp_path):
    with replaying(tmp_path, *saved_pages(tmp_path), "--speed", "100000") as (site, lines, stop):
        with httpx.Client(base_url=site, trust_env=False) as client:
            told = client.get("/events?after=0&limit=1000").json()
            feed = client.get("/feeds/replay.json").json()
        assert stop() == 0
    assert len(told["changes"]) == sum("  " in line for line in lines if line[:1].isdigit())
    assert {item["id"] for item in feed["items"]} == {
        change["entry"]["id"] for change in told["changes"] if "entry" in change
    }
    assert list(tmp_path.glob("*.db")) == []


def test_a_kept_blog_is_played_under_its_own_topics(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/kept.db")
    station = Station(database)
    station.follow()
    station.poll(page([B, A]))
    station.poll(page([B, A.edited("otherwise")]), NOW + MINUTE)
    database.close()
    (tmp_path / "config.yaml").write_text(
        f"store: sqlite:///kept.db\ntopics: {{harbour: {{title: H, follow: ['{URL}']}}}}\n"
    )
    done = run(*(URL, "--speed", "100000", "--end", "--store", "sqlite:///again.db"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "/feeds/harbour.atom" in done.stdout
    again = open_database(f"sqlite:///{tmp_path}/again.db")
    with again.read() as connection:
        window = select_window(connection, "harbour", Selection.ALL)
    again.close()
    assert {stored.entry.block_id: stored.revision for stored in window.entries} == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://a.example/live", "--config", "none.yaml"], "keywire init"),
        (["there.html", "gone.html"], "gone.html: there is no such file"),
        (["article.html"], "keywire preview"),
        (["https://a.example/1", "https://a.example/2"], "one blog at a time"),
    ],
)
def test_what_cannot_be_played_says_why_in_one_line(tmp_path, arguments, said):
    (tmp_path / "there.html").write_text("x")
    (tmp_path / "article.html").write_text("<p>Hello</p>")
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_gap_that_is_none_is_a_wrong_command_line(tmp_path):
    assert run("x.html", "--gap", "soon", cwd=tmp_path).returncode == 2


def test_webhooks_are_sent_as_the_story_goes_and_in_its_order(tmp_path):
    """End to end: saved pages, the command, the alerts of config.yaml, and a receiver."""
    pages = saved_pages(tmp_path)
    with Desk() as desk:
        (tmp_path / "config.yaml").write_text(
            'fetch: {allow_private: ["127.0.0.1"]}\n'
            'topics: {news: {follow: ["https://elsewhere.example/live"]}}\n'
            "alerts:\n  - name: desk\n    topics: [news]\n    max_age: 9999d\n"
            "    summaries: true\n"
            f'    to: [{{webhook: "{desk.url}", secret: "{SECRET}"}}]\n'
        )
        command = ("--speed", "100000", "--shift", "--alerts")
        with replaying(tmp_path, *pages, *command) as (site, _, stop):
            told = httpx.get(f"{site}/events?after=0&limit=1000", trust_env=False).json()
            fresh = {
                change["entry"]["id"]
                for change in told["changes"]
                if change["type"] == "entry.published" and not change["backfill"]
            }
            retracted = {
                change["seq"]
                for change in told["changes"]
                if change["type"] == "entry.retracted" and change["entry"]["id"] in fresh
            }
            wait_for(lambda: fresh <= {message["entry"]["id"] for _, message in desk.got}, 20)
            wait_for(lambda: retracted <= {message["seq"] for _, message in desk.got}, 20)
            assert stop() == 0
    assert desk.bad == []
    assert {message["kind"] for _, message in desk.got} >= {"fired", "retracted"}
    assert {message["alert"] for _, message in desk.got} == {"desk"}
    for number in {message["entry"]["number"] for _, message in desk.got}:
        seqs = [m["seq"] for _, m in desk.got if m["entry"]["number"] == number]
        assert seqs == sorted(seqs)
    ids = [message_id for message_id, _ in desk.got]
    assert len(ids) == len({*ids})
