"""`keywire capture` and `keywire opml`, and what `keywire preview` explains."""

import json
import subprocess
from datetime import UTC, datetime

import pytest
from lxml import etree
from running import KEYWIRE, OriginThread

from keywire.commands.capture import CaptureError, capture
from keywire.commands.preview import preview
from keywire.demo.script import opening
from scraper.page import Page
from scraper.read import read

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
URL = "https://news.example/live/page"


def keywire(*arguments, cwd):
    return subprocess.run(
        [KEYWIRE, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def read_back(folder):
    """Read a captured folder as the tests of fixtures do."""
    meta = json.loads((folder / "meta.json").read_text())
    body = next(path for path in folder.iterdir() if path.stem == "page")
    return meta, preview(
        read(
            Page(
                url=meta["url"],
                body=body.read_bytes(),
                fetched_at=datetime.fromisoformat(meta["fetched_at"]),
                headers=meta.get("headers", {}),
                timezone=meta.get("timezone", ""),
            )
        )
    )


def test_a_captured_page_reads_again_as_it_was_read(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        told = keywire("capture", origin.url, "--out", "kept/blog", cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        meta, again = read_back(tmp_path / "kept" / "blog")
        assert (meta["url"], meta["status"]) == (origin.url, 200)
        assert meta["headers"]["content-type"] == "text/html; charset=utf-8"
        assert again == json.loads((tmp_path / "kept" / "blog" / "expected.json").read_text())
        assert len(again["entries"]) == len(origin.blog.blocks)
        refused = keywire("capture", origin.url, "--out", "kept/blog", cwd=tmp_path)
        assert refused.returncode == 1
        assert "holds something already" in refused.stderr


def test_what_may_name_a_person_is_not_kept(tmp_path):
    headers = {"set-cookie": "session=s3cret", "etag": '"1"', "x-token": "s3cret"}
    capture(Page(URL, b"<html><p>Words.</p></html>", NOW, headers=headers), tmp_path / "kept")
    assert "s3cret" not in (tmp_path / "kept" / "meta.json").read_text()
    assert json.loads((tmp_path / "kept" / "meta.json").read_text())["headers"] == {"etag": '"1"'}


def test_a_page_that_cannot_be_read_is_kept_all_the_same(tmp_path):
    why = capture(Page(URL, b"\x89PNG\r\n", NOW), tmp_path / "kept")
    assert "another kind" in why
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["meta.json", "page.html"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"a": 1}', "page.json"),
        (b"<?xml version='1.0'?><rss/>", "page.xml"),
        (b"<p>", "page.html"),
    ],
)
def test_a_page_is_called_by_what_it_is(tmp_path, body, name):
    capture(Page(URL, body, NOW), tmp_path / "kept")
    assert (tmp_path / "kept" / name).read_bytes() == body


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(CaptureError):
        capture(Page(URL, b"<p>", NOW), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_opml_names_every_feed_without_a_store(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "site: {url: https://feeds.example/wire}\n"
        f"topics:\n  harbour:\n    title: The harbour\n    follow: [{URL}]\n"
    )
    told = keywire("opml", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    root = etree.fromstring(told.stdout.encode())
    assert [one.get("xmlUrl") for one in root.iter("outline") if one.get("xmlUrl")] == [
        "https://feeds.example/wire/feeds/harbour.atom",
        "https://feeds.example/wire/feeds/harbour/key-events.atom",
        "https://feeds.example/wire/feeds/harbour/summaries.atom",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml"]
