"""The documents' examples for bots are run as they stand there, against a site of their own."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pages import URL, block, page
from running import free_port, wait_for
from served import served_aside
from sites import AT, Station
from telling import SECRET

from feeds.push.signing import sign
from feeds.site.app import SiteOptions
from store.alerting import deliveries
from store.alerting.alerts import AlertRule, Target
from store.topics import TopicRule

ROOT = Path(__file__).parents[3]
DOCUMENTS = [ROOT / "README.md", ROOT / "docs/bots.md", ROOT / "docs/alerts.md"]
SITE = "http://127.0.0.1:8700"
TITLES = ["The start", "A storm is near"]
KEY = "a-key-that-nobody-guesses"
DAY = timedelta(days=1)


def blocks(language):
    told = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    return re.findall(rf"```{language}\n(.*?)```", told, re.DOTALL)


@pytest.fixture
def station(database):
    """Two entries, of which a target that is asked no more should have been told."""
    station = Station(database, SiteOptions("Wire", AT, key=KEY))
    station.follow(TopicRule("middle-east", "Middle East", (URL,)))
    desk = Target("webhook:desk/1")
    station.alerts = (
        AlertRule("all", ("middle-east",), targets=(desk,), backfill=True, max_age=DAY),
    )
    told = [block(f"b{n}", n, title=title) for n, title in enumerate(TITLES)]
    station.poll(page(told[::-1]))
    with database.write() as connection:
        deliveries.park_lane(connection, desk.lane, "it answers 410 Gone")
    return station


@pytest.fixture
def url(station):
    with served_aside(station.site) as url:
        yield url


@contextmanager
def running(*command, **environment):
    environment = {**os.environ, **environment}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            yield process.stdout
        finally:
            process.kill()


FOLLOWING = [code for code in blocks("python") if SITE in code]
(RECEIVING,) = (code for code in blocks("python") if SITE not in code)


@pytest.mark.parametrize("code", FOLLOWING, ids=["httpx", "httpx-sse"])
def test_an_example_in_python_tells_every_entry(code, url):
    with running(sys.executable, "-c", code.replace(SITE, url)) as told:
        lines = [line for line in told_lines(told, 4) if "entry.published" in line]
    assert [title for line, title in zip(lines, TITLES, strict=True) if title in line] == TITLES


def told_lines(told, most):
    """Read lines until both entries were told."""
    for _, line in zip(range(most), told, strict=False):
        yield line
        if TITLES[-1] in line:
            return


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_with_curl_answer(url):
    newest, page_of, stream = commands(0, url)
    assert ask(newest)["next"] == 3
    assert [change["seq"] for change in ask(page_of)["changes"]] == [1, 2, 3]
    with running(*stream) as told:
        line = next(line for line in told if TITLES[-1] in line)
    assert json.loads(line.removeprefix("data: "))["topics"] == ["middle-east"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_with_curl_and_the_key_answer(url):
    parked, again, entry = commands(1, url)
    first, second = ask(parked)["deliveries"]
    assert (first["state"], second["id"]) == ("parked", 1)
    assert ask(again)["state"] == "waiting"
    assert [one["revision"] for one in ask(entry)["revisions"]] == [1]
    assert ask([part.replace(KEY, "x" * 16) for part in again]).keys() == {"error"}


def commands(which, url):
    """Give the commands of one of the examples with curl, as a shell would run them."""
    script = [code for code in blocks("sh") if code.startswith("curl")][which]
    script = script.replace(SITE, url).replace("$KEYWIRE_KEY", KEY)
    return [shlex.split(line) for line in script.splitlines()]


def test_the_receiver_takes_what_is_signed_once_and_nothing_else():
    port = free_port()
    code = RECEIVING.replace("8788", str(port))
    told = json.dumps(
        {
            "notice": "kw_1",
            "kind": "fired",
            "reason": "it says storm",
            "entry": {"url": "https://x"},
        }
    ).encode()
    signed = sign((SECRET,), "kw_1", datetime.now(UTC), told)
    forged = {**signed, "webhook-signature": "v1,AAAA"}
    with running(sys.executable, "-c", code, WEBHOOK_SECRET=SECRET) as said:
        at = f"http://127.0.0.1:{port}/"
        wait_for(lambda: answers(port), 10)
        statuses = [
            httpx.post(at, content=told, headers=one).status_code
            for one in (forged, signed, signed)
        ]
        assert statuses == [401, 204, 204]
        assert said.readline().strip() == "fired it says storm https://x"


def answers(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def ask(command):
    done = subprocess.run(command, capture_output=True, check=True)
    return json.loads(done.stdout)
