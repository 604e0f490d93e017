"""A page in a file: where and when it was had, as far as that is known."""

import json
import os
from datetime import UTC, datetime

import pytest

from keywire.commands.page_file import page_of_file

NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
HAD = {"url": "https://quay.example/fog", "fetched_at": "2026-03-01T08:00:00Z"}
PAGE = "<title>Fog</title><link rel=canonical href=https://pier.example/fog><p>Fog.</p>"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    return path


def read_file(path, url="", timezone=""):
    return page_of_file(str(path), url, timezone, lambda: NOW)


def note(file, **said):
    file.with_name("meta.json").write_text(json.dumps(said))


def test_what_a_capture_noted_says_where_and_when_a_page_was_had(file):
    note(file, **HAD, headers={"age": "60"}, timezone="Europe/Rome")
    page = read_file(file)
    assert (page.url, page.fetched_at) == (HAD["url"], datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert (page.headers, page.timezone, page.saved_at) == ({"age": "60"}, "Europe/Rome", None)


def test_what_a_person_says_goes_before_what_was_noted(file):
    note(file, **HAD, timezone="Europe/Rome")
    page = read_file(file, "https://mole.example/fog", "Asia/Tokyo")
    assert (page.url, page.timezone) == ("https://mole.example/fog", "Asia/Tokyo")
    assert page.fetched_at.year == 2026


@pytest.mark.parametrize(
    "noted", [None, {"url": HAD["url"], "real": True}, {**HAD, "headers": 7}, {**HAD, "url": None}]
)
def test_a_file_of_which_nobody_noted_that_has_its_own_clock(file, noted):
    if noted is not None:
        note(file, **noted)
    page = read_file(file)
    assert (page.url, page.fetched_at) == ("https://pier.example/fog", NOW)
    assert page.saved_at == datetime.fromtimestamp(1_790_000_000, UTC)


def test_a_file_from_an_archive_without_times_has_none(file):
    os.utime(file, (0, 0))
    assert read_file(file).saved_at is None
