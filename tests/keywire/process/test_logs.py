"""The log, as text and as JSON, and the secrets that must stay out of it."""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import datetime

import pytest
from running import KEYWIRE, Keywire, Shelf, wait_for

from keywire.config import load
from keywire.process import logs
from keywire.process.logs import JsonLines, TextLines, hide, redact
from keywire.sections.problems import ConfigError

SECRETS = {
    "BLOG_TOKEN": "tok-3nvironment",
    "HEADER_TOKEN": "hdr-3nvironment",
    "DATABASE_PASSWORD": "dbs-3nvironment",
}
WRITTEN = "wrt-1nTheFile"


@pytest.fixture(autouse=True)
def _forget():
    yield
    logs._hidden.clear()


def run(folder, *arguments, **environment):
    return subprocess.run(
        [KEYWIRE, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_json_puts_everything_that_is_said_on_stderr_one_object_a_line(tmp_path):
    Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    result = run(tmp_path, "run", "--once", "--log", "json")
    assert result.returncode == 1
    assert result.stdout == ""
    polled, failed = read_lines(result.stderr)
    assert datetime.fromisoformat(polled["ts"]).tzinfo is not None
    assert polled["ts"].endswith("Z")
    assert (polled["level"], polled["logger"]) == ("warning", "keywire.journal")
    assert (polled["event"], polled["state"]) == ("polled", "broken")
    assert polled["source"] == "http://127.0.0.1:9/live"
    assert "connection refused" in polled["message"]
    assert (failed["level"], failed["event"]) == ("error", "failed")
    assert "1 of 1 sources could not be read" in failed["message"]


def test_json_tells_the_start_what_changed_and_the_end(tmp_path):
    body = b"<html><body><p>no live blog</p></body></html>"
    with Shelf(body) as shelf:
        mine = Keywire(tmp_path, [shelf.url])
        process = subprocess.Popen(
            [KEYWIRE, "run"],
            cwd=tmp_path,
            env={**os.environ, "KEYWIRE_LOG": "json"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for(lambda: mine.status("/healthz") == 200, 20)
        wait_for(lambda: mine.source()["state"] == "broken", 10)
        process.terminate()
        said, told = process.communicate(timeout=20)
    events = [line["event"] for line in read_lines(told)]
    assert (events[0], events[-1]) == ("started", "ended")
    assert "polled" in events
    assert said == ""


def test_a_configuration_that_cannot_be_used_is_told_in_json_too(tmp_path):
    (told,) = read_lines(run(tmp_path, "run", "--log", "json").stderr)
    assert "keywire init writes one" in told["message"]


def test_another_form_is_a_wrong_command_line(tmp_path):
    assert run(tmp_path, "run", "--log", "xml").returncode == 2
    refused = run(tmp_path, "run", KEYWIRE_LOG="xml")
    assert refused.returncode == 2
    assert "KEYWIRE_LOG" in refused.stderr


def test_as_text_the_story_stays_on_stdout_and_plain_where_there_is_no_terminal(tmp_path):
    Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    result = run(tmp_path, "run", "--once")
    assert "connection refused" in result.stdout
    assert "\x1b" not in result.stdout
    assert not result.stdout.startswith("{")


def test_a_bug_is_one_line_of_json_with_its_traceback():
    code = (
        "from keywire.process.logs import LogFormat, set_up; set_up(LogFormat.JSON)\n"
        "import warnings; warnings.warn('watch out')\n"
        "{}['nothing']"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    warned, bug = read_lines(result.stderr)
    assert "watch out" in warned["message"]
    assert bug["level"] == "critical"
    assert "KeyError: 'nothing'" in bug["traceback"]


def secretive(tmp_path, *, store="sqlite:///keywire.db", url="http://127.0.0.1:9/live"):
    (tmp_path / "config.yaml").write_text(
        f'store: "{store}"\n'
        "sources:\n"
        f'  mine: {{url: "{url}?key=${{BLOG_TOKEN}}", every: 1s, headers: {{'
        f'Authorization: "Bearer ${{HEADER_TOKEN}}", X-Key: {WRITTEN}}}}}\n'
        "fetch: {allow_private: ['127.0.0.1'], timeout: 5s}\n"
        "topics:\n  news: {follow: [mine]}\n",
        encoding="utf-8",
    )


def assert_nothing_secret(*texts):
    for text in texts:
        for secret in (*SECRETS.values(), WRITTEN):
            assert secret not in text, text


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_in_what_a_run_says(tmp_path, form):
    secretive(tmp_path)
    result = run(tmp_path, "run", "--once", "--log", form, **SECRETS)
    assert result.returncode == 1
    assert_nothing_secret(result.stdout, result.stderr)


@pytest.mark.parametrize(
    "store",
    [
        "postgresql+psycopg://me:${DATABASE_PASSWORD}@127.0.0.1:9/keywire",
        f"postgresql+psycopg://me:{WRITTEN}@127.0.0.1:9/keywire",
        f"postgresql+psycopg://me@127.0.0.1:9/keywire?password={WRITTEN}",
        f"nonsense://me:{WRITTEN}@127.0.0.1:9/keywire",
        "nonsense:${DATABASE_PASSWORD}",
    ],
)
def test_no_password_is_in_what_is_said_of_a_store(tmp_path, store):
    secretive(tmp_path, store=store)
    for command in ("run", "doctor"):
        result = run(tmp_path, command, **SECRETS)
        assert result.returncode == 1
        assert "store" in result.stdout + result.stderr
        assert_nothing_secret(result.stdout, result.stderr)


@pytest.mark.parametrize("command", ["run", "check", "doctor"])
def test_no_secret_is_in_what_is_said_of_a_mistake(tmp_path, command):
    (tmp_path / "config.yaml").write_text(
        "fetch: {timeout: '${BLOG_TOKEN}'}\n"
        "topics: {news: {follow: ['${HEADER_TOKEN}'], match: {any: ['/${DATABASE_PASSWORD}(/']}}}\n"
    )
    result = run(tmp_path, command, **SECRETS)
    assert result.returncode == 1
    assert "${BLOG_TOKEN}" in result.stdout + result.stderr
    assert_nothing_secret(result.stdout, result.stderr)


def test_a_mistake_shows_what_it_would_be_without_a_secret(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "site: {listen: '${WHERE}'}\ntopics: {news: {follow: ['https://a.example/live']}}\n"
    )
    with pytest.raises(ConfigError, match="'here' is no address to listen on"):
        load(tmp_path / "config.yaml", {"WHERE": "here"})


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_no_secret_is_in_a_logged_line_its_fields_or_its_traceback(formatter):
    hide({"hunter2!": "…", "hunter2!too": "${BOTH}", "abc": "…"})
    try:
        int("hunter2!")
    except ValueError:
        record = logging.LogRecord(
            "keywire.x", logging.ERROR, "x.py", 1, "%s abc", ("hunter2!too",), sys.exc_info()
        )
    record.source = "https://a.example/?key=hunter2!"
    line = formatter.format(record)
    assert "hunter2" not in line
    assert "${BOTH} abc" in line
    assert "ValueError: invalid literal" in line


def test_what_all_the_world_may_see_is_not_hidden(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "site: {listen: '${HOST}:8700', url: 'https://${DOMAIN}'}\n"
        "topics: {news: {title: '${TITLE}', follow: ['https://a.example/live']}}\n"
    )
    environment = {"HOST": "127.0.0.2", "DOMAIN": "feeds.example", "TITLE": "Headlines"}
    config = load(tmp_path / "config.yaml", environment)
    assert config.secrets == {}
    hide(config.secrets)
    assert redact("Headlines at https://feeds.example") == "Headlines at https://feeds.example"


def test_no_secret_is_in_how_a_configuration_shows_itself(tmp_path):
    secretive(tmp_path)
    config = load(tmp_path / "config.yaml", SECRETS)
    assert set(config.secrets) >= {SECRETS["BLOG_TOKEN"], SECRETS["HEADER_TOKEN"], WRITTEN}
    assert not re.search("secrets=", repr(config))
