"""Alerts as a person uses them: the README's example in real processes, and the commands."""

import json
import os
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import KEYWIRE, Keywire, OriginThread, free_port, wait_for

from keywire.commands.listen import describe
from keywire.demo.blog import add, block, edit
from keywire.demo.script import opening
from store import sources
from store.database import open_database
from store.source import SourceState

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def example(port):
    """Take the alerts of the README for the topic `news`, and the secret that it exports."""
    text = next(
        found for found in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "alerts:" in found
    )
    alerts = text.replace("[middle-east]", "[news]").replace(":8788/", f":{port}/")
    quiet = re.search(r".*quiet_hours.*\n", alerts)[0]  # it may be night where this runs
    secret = re.search(r"export WEBHOOK_SECRET=(\S+)", README)[1]
    return alerts.replace(quiet, ""), secret


class Listening:
    """`keywire listen` in a process of its own, and what it printed."""

    def __init__(self, folder, port, secret):
        self.path = folder / "listen.txt"
        with self.path.open("wb") as out:
            self.process = subprocess.Popen(
                [KEYWIRE, "listen", "--port", str(port)],
                env={**os.environ, "WEBHOOK_SECRET": secret, "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=out,
            )

    def lines(self):
        return self.path.read_text("utf-8").splitlines()

    def __enter__(self):
        wait_for(lambda: self.lines()[:1], 20)
        return self

    def __exit__(self, *_):
        self.process.send_signal(2)
        assert self.process.wait(10) == 0


def command(folder, *arguments):
    done = subprocess.run(
        [KEYWIRE, *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_example_of_the_readme_tells_what_happens(tmp_path, monkeypatch):
    port = free_port()
    alerts, secret = example(port)
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    with (
        OriginThread(opening(datetime.now(UTC))) as origin,
        Listening(tmp_path, port, secret) as listening,
    ):
        keywire = Keywire(tmp_path, [origin.url], more=alerts)
        keywire.start()
        wait_for(lambda: "lamp" in keywire.get("/feeds/news.atom")[1].decode(), 10)
        now = datetime.now(UTC)
        origin.show(add(origin.blog, block("n1", now, "<p>The keeper counts 11 gulls.</p>")))
        wait_for(lambda: "fired" in "".join(listening.lines()), 10, keywire.terminal)
        newest = origin.blog.blocks[0].id
        origin.show(edit(origin.blog, newest, now, "<p>The keeper counts 17 gulls.</p>"))
        wait_for(lambda: "changed" in "".join(listening.lines()), 10, keywire.terminal)
        check_commands(tmp_path)
        config = tmp_path / "config.yaml"
        renamed = config.read_text().replace("name: lighthouse", "name: gulls")
        config.write_text(renamed)  # is taken while it runs
        wait_for(lambda: "is taken" in keywire.terminal(), 10, keywire.terminal)
        origin.show(add(origin.blog, block("n2", datetime.now(UTC), "<p>The keeper rests.</p>")))
        wait_for(lambda: "rests" in "".join(listening.lines()), 10, keywire.terminal)
        assert keywire.stop() == 0
    told = [line.partition("  ")[2] for line in listening.lines() if line.startswith("kw_")]
    assert [line.partition(" http")[0] for line in told] == [
        "lighthouse: fired The keeper counts 11 gulls.",
        "lighthouse: changed The keeper counts 17 gulls.",
        "gulls: fired The keeper rests.",
    ]
    assert secret not in keywire.terminal()


def check_commands(folder):
    wait_for(  # what has come is written down a moment later
        lambda: command(folder, "deliveries")[1].startswith("2 delivered, 0 wait, 0 parked;"), 10
    )
    assert command(folder, "deliveries", "--held")[1].count("backfill") > 0
    _, said, _ = command(folder, "alerts", "test")
    assert "figures: 11 → 17" in said
    assert "lighthouse would have told 2 in the last 24 hours and held" in said
    _, said, _ = command(folder, "explain", "5", "--alert", "lighthouse")
    assert "fired, for it was published, and it says /\\bkeepers?\\b/i" in said
    assert "delivered at" in said
    assert "held back: backfill" in command(folder, "explain", "1")[1]
    for arguments, why in (
        (("explain", "99"), "no entry 99 is kept"),
        (
            ("explain", "1", "--alert", "x"),
            "no alert 'x' is configured for that; there are: lighthouse",
        ),
        (("deliveries", "retry", "99"), "no delivery 99 waits or is parked"),
    ):
        status, said, error = command(folder, *arguments)
        assert (status, said, error.count("\n")) == (1, "", 1)
        assert why in error


def test_what_is_told_of_how_sources_stand_is_shown_before_and_explained(tmp_path):
    url, longer = "https://news.example/live", datetime.now(UTC) - timedelta(minutes=10)
    (tmp_path / "config.yaml").write_text(
        f"topics: {{news: {{follow: ['{url}']}}}}\nalerts:\n"
        '  - {name: health, watch: {}, to: [{ntfy: "https://ntfy.example/desk"}]}\n'
    )
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.write() as connection:
        sources.follow_sources(connection, [url])
        (source,) = sources.followed(connection)
        broken = replace(source, state=SourceState.BROKEN, reason="HTTP 503", last_poll=longer)
        sources.record(connection, source, broken, ())
    database.close()
    status, said, _ = command(tmp_path, "alerts", "test")
    assert status == 0
    assert f"health: broken  {url}" in said
    assert "health would tell 1 thing now" in said
    assert said.endswith("Nothing was sent.\n")
    told_it = "health: That it is broken (broken: HTTP 503) is told at the next look."
    status, said, _ = command(tmp_path, "explain", url)
    assert (status, said) == (0, f"{url} is broken. HTTP 503\n{told_it}\n")
    status, _, error = command(tmp_path, "explain", url, "--alert", "desk")
    assert status == 1
    assert "no alert 'desk' is configured for that; there are: health" in error


def test_a_receiver_prints_what_is_told_of_entries_sources_and_digests():
    head = {"alert": "desk", "kind": "x", "reason": "because"}
    for told, line in (
        (
            {"entry": {"title": "A blast", "url": "https://a.example/1"}},
            "A blast https://a.example/1",
        ),
        ({"entry": {"text": "Boom", "url": ""}}, "Boom"),
        ({"source": {"url": "https://a.example/live"}}, "because https://a.example/live"),
        ({"digest": {"count": 12, "entries": []}}, "12 more"),
    ):
        assert describe(json.dumps({**head, **told}).encode()) == f"desk: x {line}".rstrip()
    assert describe(b"[]") == "2 bytes that are no envelope"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("deliveries", "retry"), "give the number of a delivery, or --all"),
        (("listen", "--secret", "hunter2"), "a secret is whsec_ and base64"),
    ],
)
def test_a_wrong_command_line_is_told_as_such(tmp_path, arguments, says):
    (tmp_path / "config.yaml").write_text('topics: {a: {follow: ["https://a.example/"]}}')
    status, _, error = command(tmp_path, *arguments)
    assert status == 2
    assert says in error


def test_a_taken_port_is_told_in_one_line(tmp_path):
    with Listening(tmp_path, port := free_port(), "whsec_" + "A" * 40):
        status, _, error = command(tmp_path, "listen", "--port", str(port))
    assert status == 1
    assert "stop what does, or give another --port" in error
