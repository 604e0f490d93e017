"""Each format, opened by the programs that people open it with, and hostile texts in all."""

import csv
import io
import itertools
import json
import operator
import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pandas as pd
import pyarrow.parquet as pq
import pytest
from editions import HOSTILE, files, hostile
from lxml import html
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from feeds.export.edition import Edition, ExportError
from feeds.export.formats import FORMATS
from feeds.export.wording import as_told, clock_of, day_of
from keywire.commands.archive import ExportFormat
from store.entry import Entry, TimePrecision

BERLIN = "Europe/Berlin"
FRONT = "\n---\n\n"  # the end of the front matter


def test_the_command_knows_every_format():
    assert {one.value for one in ExportFormat} == {
        *FORMATS,
        "warc",
    }  # which is of pages, not entries


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_entries_give_the_same_bytes(day, form):
    assert files(form, day, zone=BERLIN) == files(form, day, zone=BERLIN)


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_topic_has_its_files_too(form):
    assert files(form, [])


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet"])
def test_entries_are_written_as_they_come(day, form):
    """Parquet's row groups apart, no hundred entries wait for the next ones."""
    coming = iter(day * 100)
    left = [
        operator.length_hint(coming)
        for _, piece in FORMATS[form].render(Edition(topic="a", title="A"), coming)
        if piece
    ]
    assert max(one - other for one, other in itertools.pairwise([600, *left])) <= 100


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_of_a_file_comes_from_a_text(day, text):
    for form in FORMATS:
        made = files(form, [hostile(one, f"../../{text}") for one in day], title=text)
        assert [*made] == [*files(form, day)]


def test_without_pyarrow_it_is_said_what_to_install(day, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"install keywire\[parquet\]"):
        files("parquet", day)


# --- times ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("precision", "told", "clock"),
    [
        (TimePrecision.SECOND, "2026-05-04T22:07:31Z", "00:07 UTC+2"),
        (TimePrecision.MINUTE, "2026-05-04T22:07Z", "00:07 UTC+2"),
        (TimePrecision.DAY, "2026-05-05", ""),
        (TimePrecision.ESTIMATED, "2026-05-04T22:07Z", "about 00:07 UTC+2 (estimated)"),
    ],
)
def test_no_second_minute_or_hour_is_made_up(precision, told, clock):
    at = datetime(2026, 5, 4, 22, 7, 31, tzinfo=UTC)
    entry = Entry("https://news.example/b", "x", at, time_precision=precision)
    assert as_told(entry) == told
    assert clock_of(entry, BERLIN) == clock
    assert day_of(entry, BERLIN) == date(2026, 5, 5)


@pytest.mark.parametrize("offset", [-10, -5, 0, 1, 5.5, 9, 12, 13])
def test_a_day_is_the_day_that_was_told_whichever_midnight_is_kept(offset):
    at = datetime(2024, 12, 2, tzinfo=UTC) - timedelta(hours=offset)
    entry = Entry("https://news.example/b", "x", at, time_precision=TimePrecision.DAY)
    for zone in ("UTC", BERLIN, "America/Los_Angeles", "Pacific/Auckland"):
        assert day_of(entry, zone) == date(2024, 12, 2)


# --- CSV -----------------------------------------------------------------------------------------


def test_csv_opens_in_pandas(day):
    made = files("csv", day)
    entries = pd.read_csv(io.BytesIO(made["entries.csv"]))
    assert [*entries.title.fillna("")] == ["", "", "", "", "A key event", ""]
    assert [*entries.time_precision] == ["estimated", "day", "minute", *["second"] * 3]
    assert [*entries.published[:4]] == [
        "2026-05-04T09:00Z",
        "2026-05-04",
        "2026-05-04T09:02Z",
        "2026-05-04T09:03:00Z",
    ]
    published = pd.to_datetime(entries.published, format="ISO8601", utc=True)
    assert published.is_monotonic_increasing or published[1] == pd.Timestamp("2026-05-04", tz="UTC")
    assert [*entries.revision] == [1, 1, 1, 3, 2, 1]
    assert entries.tags[2] == "Sea; =1+1"
    assert entries.authors[3] == "Mara Quill"
    assert entries.wayback.str.startswith("https://web.archive.org/web/20260504").all()
    assert [*entries.retracted_at.dropna()] == ["2026-05-04T10:16:00Z"]
    revisions = pd.read_csv(io.BytesIO(made["revisions.csv"]))
    moved = revisions[revisions.id == entries.id[3]]
    assert [*moved.text] == [
        "What d says",
        "The pier has moved",
        "The pier has moved by two metres",
    ]
    changes = pd.read_csv(io.BytesIO(made["changes.csv"]))
    assert len(revisions) == 9
    assert [*changes[changes.id == entries.id[2]].type] == [
        "entry.published",
        "entry.retracted",
        "entry.restored",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_taken_for_a_formula(day, text):
    for body in files("csv", [hostile(one, text) for one in day]).values():
        rows = [*csv.reader(io.StringIO(body.decode(), newline=""), strict=True)]
        assert len({len(row) for row in rows}) == 1
        cells = {cell for row in rows for cell in row}
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
        assert "\x00" not in body.decode()


def test_one_apostrophe_less_gives_the_text_back(day):
    for text in ("=1+1", "'quoted'", "'=x", "plain", "-", "@all"):
        body = files("csv", [hostile(day[0], text)])["entries.csv"].decode()
        (row,) = csv.DictReader(io.StringIO(body, newline=""))
        assert row["title"].removeprefix("'") == text
        assert row["title"].startswith("'") == (text != "plain")


# --- Parquet -------------------------------------------------------------------------------------


def test_parquet_opens_in_pyarrow_with_its_types(day):
    made = files("parquet", day)
    table = pq.read_table(io.BytesIO(made["entries.parquet"]))
    rows = table.to_pylist()
    assert [row["published"] for row in rows] == [one.stored.entry.published for one in day]
    assert [row["key_event"] for row in rows] == [False] * 6
    assert rows[3]["authors"] == ["Mara Quill"]
    assert rows[3]["media"] == [
        {
            "url": "https://news.example/a.jpg",
            "type": "image",
            "alt": "A pier",
            "credit": "M. Quill",
            "width": 9,
            "height": 6,
        }
    ]
    assert rows[1]["retracted_at"] == day[1].stored.retracted_at
    assert rows[0]["sha256"] == "0" * 64
    assert str(table.schema.field("published").type) == "timestamp[us, tz=UTC]"
    frame = pd.read_parquet(io.BytesIO(made["revisions.parquet"]))
    assert len(frame) == 9
    assert pq.read_table(io.BytesIO(made["changes.parquet"])).num_rows == 14


def test_row_groups_are_written_as_they_fill(day):
    many = [replace(day[0], changes=()) for _ in range(12_001)]
    made = files("parquet", iter(many))
    read = pq.ParquetFile(io.BytesIO(made["entries.parquet"]))
    assert read.metadata.num_rows == 12_001
    assert 1 < read.num_row_groups < 12


@pytest.mark.parametrize("text", HOSTILE)
def test_parquet_holds_any_text_as_it_is(day, text):
    made = files("parquet", [hostile(day[0], text)])
    (row,) = pq.read_table(io.BytesIO(made["entries.parquet"])).to_pylist()
    assert row["title"] == text


# --- iCalendar -----------------------------------------------------------------------------------


def events(body):
    return icalendar.Calendar.from_ical(body).walk("VEVENT")


def test_ics_opens_in_icalendar(day):
    body = files("ics", day, zone=BERLIN)["timeline.ics"]
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    a, b, c, d, e, _ = events(body)
    assert a.decoded("DTSTART") == date(2026, 5, 4)
    assert "Time: about 11:00 UTC+2 (estimated)" in a["DESCRIPTION"]
    assert b.decoded("DTSTART") == date(2026, 5, 4)
    assert (b["STATUS"], b["SUMMARY"]) == ("CANCELLED", "Retracted: What b says")
    assert c.decoded("DTSTART") == datetime(2026, 5, 4, 9, 2, tzinfo=UTC)
    assert c["X-KEYWIRE-TIME-PRECISION"] == "MINUTE"
    assert d["SEQUENCE"] == 2
    assert "The pier has moved" in d["DESCRIPTION"]
    assert e["SUMMARY"] == "A key event"
    assert d["UID"] == day[3].stored.id
    assert d.decoded("LAST-MODIFIED") == day[3].stored.changed_at.replace(microsecond=0)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_property(day, text):
    body = files("ics", [hostile(one, text) for one in day], title=text)["timeline.ics"]
    read = events(body)
    assert len(read) == 6
    assert {name for event in read for name in event} <= {
        *("UID", "DTSTAMP", "DTSTART", "CREATED", "LAST-MODIFIED", "SEQUENCE", "STATUS"),
        *("SUMMARY", "DESCRIPTION", "URL", "CATEGORIES", "TRANSP", "X-KEYWIRE-TIME-PRECISION"),
    }
    assert b"\x00" not in body


# --- Markdown ------------------------------------------------------------------------------------


def test_markdown_has_a_file_a_day_with_front_matter(day):
    night = replace(day[5], stored=_at(day[5].stored, datetime(2026, 5, 4, 23, tzinfo=UTC)))
    made = files("markdown", [*day, night], zone=BERLIN)
    assert [*made] == ["2026-05-04.md", "2026-05-05.md", "index.md"]
    _, front, body = made["2026-05-04.md"].decode().split("---\n", 2)
    assert YAML(typ="safe").load(front) == {
        "title": "The harbour: Monday, 4 May 2026",
        "topic": "harbour",
        "date": "2026-05-04",
        "zone": BERLIN,
    }
    assert "## about 11:00 UTC+2 (estimated)\n" in body
    assert "## 11:04 UTC+2 · A key event\n" in body
    assert "*Retracted, noticed 4 May 2026, 12:16 UTC+2. It said:*\n\n> What b says\n" in body
    assert "): The pier has moved\n" in body
    assert "00:00" not in body
    assert "[Monday, 4 May 2026](2026-05-04.md)" in made["index.md"].decode()


def _at(stored, moment):
    return replace(stored, entry=replace(stored.entry, published=moment))


def rendered(made):
    return [
        html.fromstring(f"<div>{MarkdownIt().render(body.decode().partition(FRONT)[2])}</div>")
        for body in made.values()
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup_of_markdown(day, text):
    made = files("markdown", [hostile(one, text) for one in day], title=text)
    plain = files("markdown", [hostile(one, "plain") for one in day], title="plain")
    for page, usual in zip(rendered(made), rendered(plain), strict=True):
        assert _harmless(page)
        tags = {node.tag for node in page.iter()}
        assert tags <= {node.tag for node in usual.iter()} | {"br", "strong"}
        assert len([*page.iter("h1")]) == 1
        assert len([*page.iter("h2")]) == len([*usual.iter("h2")])
    for body in made.values():
        assert body.startswith(b"---\n")
        assert isinstance(YAML(typ="safe").load(body.decode().split("\n---\n")[0]), dict)


def test_bodies_become_markdown_of_their_own(day):
    said = (
        "<h2>Head</h2><p>One <strong>bold</strong> and <em>soft</em> "
        '<a href="https://news.example/(x)">link [1]</a>.<br>Next * line</p>'
        "<ul><li>first</li><li>second<ul><li>inner</li></ul></li></ul>"
        "<blockquote><p>Quoted</p><p>twice</p></blockquote>"
        '<figure><img src="https://news.example/p.jpg" alt="A pier"></figure>'
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    entry = replace(day[0].stored.entry, html=said)
    one = replace(day[0], stored=replace(day[0].stored, entry=entry))
    body = files("markdown", [one])["2026-05-04.md"].decode()
    assert (
        "**Head**\n\n"
        "One **bold** and *soft* [link \\[1\\]](https://news.example/%28x%29).  \n"
        "Next \\* line\n\n"
        "- first\n- second\n\n  - inner\n\n"
        "> Quoted\n>\n> twice\n\n"
        "[A pier](https://news.example/p.jpg)\n\n"
        "a · b\n"
    ) in body


# --- pages ---------------------------------------------------------------------------------------


def _harmless(tree):
    """Say whether nothing in a tree runs, loads or leads to what runs."""
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag in {
            "script",
            "style",
            "img",
            "iframe",
            "object",
            "embed",
            "svg",
            "base",
            "form",
        }:
            return False
        if any(name.startswith("on") or name in {"src", "srcdoc", "style"} for name in node.attrib):
            return False
        if not re.match(r"(#|https?://|[\w-]+\.md$)", node.get("href") or "#"):
            return False
    return True


def test_the_page_holds_everything_and_asks_nobody(day):
    made = files("html", day, zone=BERLIN)
    assert [*made] == ["index.html"]
    tree = html.fromstring(made["index.html"].decode())
    assert tree.xpath("//*[@src] | //link | //img | //iframe") == []
    assert "url(" not in "".join(tree.xpath("//style/text()"))
    (policy,) = tree.xpath("//meta[@http-equiv]/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    posts = tree.xpath("//article")
    assert len(posts) == 6
    assert posts[0].xpath(".//p[@class='when']//text()") == ["about 11:00 UTC+2 (estimated)"]
    assert posts[1].xpath(".//p[@class='when']//text()") == ["no time given"]
    assert posts[1].xpath(".//del//p/text()") == ["What b says"]
    assert posts[2].xpath(".//time/@datetime") == ["2026-05-04T09:02Z"]
    assert "edited 2 times" in posts[3].xpath("string(.//summary)")
    assert "The pier has moved" in posts[3].xpath("string(.//div[@class='past'][2])")
    assert tree.xpath("//h2/time/@datetime") == ["2026-05-04"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup_of_the_page(day, text):
    body = files("html", [hostile(one, text) for one in day], title=text)["index.html"]
    tree = html.fromstring(body.decode())
    assert len(tree.xpath("//script | //style")) == 2
    (main,) = tree.xpath("//main")
    for field in main.xpath(".//input"):
        field.drop_tree()
    assert _harmless(main)
    assert len(main.xpath(".//article")) == 6


def test_timelinejs_tells_dates_no_finer_than_they_are_known(day):
    told = json.loads(files("timelinejs", day, zone=BERLIN)["timeline.json"])
    a, b, c, d, e, _ = told["events"]
    assert a["start_date"] == {
        "year": 2026,
        "month": 5,
        "day": 4,
        "display_date": "Monday, 4 May 2026, about 11:00 UTC+2 (estimated)",
    }
    assert b["start_date"]["display_date"] == "Monday, 4 May 2026"
    assert c["start_date"] | {"hour": 11, "minute": 2} == c["start_date"]
    assert "second" not in c["start_date"]
    assert d["start_date"]["second"] == 0
    assert d["media"] == {
        "url": "https://news.example/a.jpg",
        "caption": "A pier",
        "credit": "M. Quill",
        "alt": "A pier",
    }
    assert b["text"]["headline"] == "Retracted: <del>What b says</del>"
    assert e["text"]["headline"] == "A key event"
    assert len({event["unique_id"] for event in told["events"]}) == 6


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup_of_timelinejs(day, text):
    told = json.loads(
        files("timelinejs", [hostile(one, text) for one in day], title=text)["timeline.json"]
    )
    slots = [told["title"]["text"]["headline"]]
    for event in told["events"]:
        slots += [*event["text"].values(), event["start_date"]["display_date"]]
        slots += [value for name, value in event.get("media", {}).items() if name != "url"]
        assert re.fullmatch(r"e[0-9a-f]{16}", event["unique_id"])
        assert event.get("media", {"url": "https://x"})["url"].startswith("http")
    for slot in slots:
        assert _harmless(html.fromstring(f"<div>{slot}</div>"))
