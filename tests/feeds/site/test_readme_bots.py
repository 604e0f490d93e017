"""The README's examples for bots are run as they stand there, against a site of their own."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from pages import URL, block, page
from served import served_aside
from sites import Station

from store.topics import TopicRule

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
BOTS = README.partition("\n## Bots\n")[2].partition("\n## ")[0]
SITE = "http://127.0.0.1:8700"
TITLES = ["The start", "A storm is near"]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", BOTS, re.DOTALL)


@pytest.fixture
def url(database):
    station = Station(database)
    station.follow(TopicRule("middle-east", "Middle East", (URL,)))
    told = [block(f"b{n}", n, title=title) for n, title in enumerate(TITLES)]
    station.poll(page(told[::-1]))
    with served_aside(station.site) as url:
        yield url


@contextmanager
def running(*command):
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout
        finally:
            process.kill()


@pytest.mark.parametrize("code", blocks("python"), ids=["httpx", "httpx-sse"])
def test_an_example_in_python_tells_every_entry(code, url):
    assert SITE in code
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
    script = next(code for code in blocks("sh") if code.startswith("curl"))
    newest, page_of, stream = [shlex.split(line) for line in script.replace(SITE, url).splitlines()]
    assert ask(newest)["next"] == 3
    assert [change["seq"] for change in ask(page_of)["changes"]] == [1, 2, 3]
    with running(*stream) as told:
        line = next(line for line in told if TITLES[-1] in line)
    assert json.loads(line.removeprefix("data: "))["topics"] == ["middle-east"]


def ask(command):
    done = subprocess.run(command, capture_output=True, check=True)
    return json.loads(done.stdout)
