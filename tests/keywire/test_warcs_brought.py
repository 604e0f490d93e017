"""WARCs: which of their records are captures of pages, and what is no whole WARC."""

import base64
import gzip
import hashlib
from datetime import UTC, datetime

import pytest
from captured import ONE, THREE, TWO, TWO_EDITED, URL, at, body

from keywire.captures.capture import CaptureError
from keywire.captures.lists import Listed, listed, read_list
from keywire.captures.warc import captures_of, is_warc


def record(kind, block, **fields):
    """Write a record as crawlers do (ISO 28500)."""
    told = {"WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:1>", **fields}
    heads = "".join(f"{name.replace('_', '-')}: {said}\r\n" for name, said in told.items())
    return f"WARC/1.0\r\n{heads}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def answer(when, body, url=URL, kind="text/html; charset=utf-8", status="200 OK", **said):
    heads = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items())
    block = f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: "7"\r\n{heads}\r\n'.encode() + body
    return record(
        "response",
        block,
        WARC_Target_URI=url,
        WARC_Date=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        WARC_Payload_Digest=digest(body),
        Content_Type="application/http; msgtype=response",
    )


def same_again(when, body):
    return record(
        "revisit",
        b"",
        WARC_Target_URI=URL,
        WARC_Date=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        WARC_Payload_Digest=digest(body),
        WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
    )


def digest(body):
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


@pytest.fixture(params=[True, False], ids=["packed", "plain"])
def crawl(request, tmp_path):
    """A crawl of a page and what belongs to it, some of it twice."""
    path = tmp_path / ("crawl.warc.gz" if request.param else "crawl.warc")
    squeezed = gzip.compress(body(15, THREE, TWO_EDITED, ONE))
    records = (
        record("warcinfo", b"software: a crawler\r\n", Content_Type="application/warc-fields"),
        answer(at(10), body(10, TWO, ONE)),
        answer(at(10), b"\x89PNG", "https://news.example/logo.png", "image/png"),
        answer(at(11), b"Busy.", status="503 Service Unavailable"),
        answer(at(15), squeezed, Content_Encoding="gzip"),
        same_again(at(20), body(10, TWO, ONE)),
    )
    path.write_bytes(b"".join(map(gzip.compress, records) if request.param else records))
    return path


def test_each_answer_of_a_page_is_a_capture_at_its_time(crawl):
    assert is_warc(crawl)
    found = [*captures_of(crawl)]
    assert [one.at for one in found] == [at(10), at(15), at(20)]
    pages = [one.page() for one in found]
    assert [page.body for page in pages] == [
        body(10, TWO, ONE),
        body(15, THREE, TWO_EDITED, ONE),
        body(10, TWO, ONE),
    ]
    assert {page.url for page in pages} == {URL}
    assert [page.status for page in pages] == [200] * 3
    assert pages[0].headers["etag"] == '"7"'


@pytest.mark.parametrize(
    "content",
    [b"WARC/1.0\r\nWARC-Type: response\r\n", b"WARC/9.9 nonsense"],
)
def test_what_is_no_whole_warc_is_named_with_the_mend(tmp_path, content):
    path = tmp_path / "bad.warc"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=r"bad.warc is no whole WARC \(.*warcio recompress"):
        [*captures_of(path)]


def test_a_warc_that_was_packed_as_one_is_said_to_be_mended_by_warcio(tmp_path, crawl):
    plain = crawl.read_bytes()
    if plain[:2] == b"\x1f\x8b":
        plain = gzip.decompress(plain)
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(plain))
    with pytest.raises(CaptureError, match=r"no whole WARC.*warcio recompress"):
        [*captures_of(whole)]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"\x1f\x8b" + b"x" * 99, b"<html>", b"WARC"])
def test_other_files_are_no_warcs(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert not is_warc(tmp_path / "x")


def test_lists_hold_addresses_or_what_the_wayback_machine_has(tmp_path):
    path = tmp_path / "list"
    moment = datetime(2024, 12, 2, 9, 30, 15, tzinfo=UTC)
    address = f"https://web.archive.org/web/20241202093015id_/{URL}"
    kept = Listed(address, URL, moment)
    path.write_text(f"# days\n\n{URL}\nhttps://web.archive.org/web/20241202093015/{URL}\n")
    assert read_list(path) == [Listed(URL, URL), kept]
    assert listed(f"https://web.archive.org/web/20241202093015if_/{URL}") == kept
    path.write_text(
        f"example,news)/x 20241202093015 {URL} text/html 200 ABC 999\n"
        f"example,news)/x 20241202093016 {URL} text/html 301 ABC 999\n"
        f"example,news)/x 20241202093017 {URL}.png image/png 200 ABC 999\n"
    )
    assert read_list(path) == [kept]
    heads = '["urlkey","timestamp","original","mimetype","statuscode"]'
    rows = [
        f'["x","2024120209{n}","{URL}","text/html","{n[-1]}00","A","9"]' for n in ("3015", "3014")
    ]
    path.write_text(f"[{heads},{rows[0].replace('500', '200')},{rows[1]}]")
    assert read_list(path) == [kept]


@pytest.mark.parametrize(
    "content", [b"<html></html>", b"", b"# nothing\n", b"\xff\xfe", b"Words.\n"]
)
def test_other_files_are_no_lists(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert read_list(tmp_path / "x") is None


@pytest.mark.parametrize("content", ['[["urlkey"', '[["a"], 5]', "[[", f"{URL}\nnews.example"])
def test_a_list_that_is_broken_is_named(tmp_path, content):
    (tmp_path / "x").write_text(content)
    with pytest.raises(CaptureError, match=r"no list of captures|line 2: no address"):
        read_list(tmp_path / "x")
