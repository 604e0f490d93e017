"""docs/exports.md tells every file and every column, and none that is not there."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from editions import files
from ruamel.yaml import YAML

from feeds.export.columns import TABLES
from feeds.export.edition import Edition
from feeds.export.formats import FORMATS
from feeds.export.jsonl import Line
from feeds.export.manifest import Tally, render_manifest

DOCUMENT = Path(__file__).parents[3] / "docs/exports.md"
_ROW = re.compile(r"^\| (`.*?`) \|", re.MULTILINE)


def documented(heading, table=""):
    """Return the names in the first column of a section's table, or of the one with that head."""
    section = DOCUMENT.read_text().partition(f"\n## {heading}")[2].partition("\n## ")[0]
    section = section.partition(f"\n| {table}")[2].partition("\n\n")[0]
    return [name for cell in _ROW.findall(section) for name in re.findall(r"`([^`]+)`", cell)]


def test_every_field_of_the_manifest_is_told():
    manifest = msgspec.json.decode(
        render_manifest("jsonl", Edition(topic="a", title="A"), Tally(), [])
    )
    assert documented("manifest.json") == [*manifest]


def test_every_field_of_a_line_is_told():
    assert sorted(documented("jsonl")) == sorted(Line.__struct_fields__)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_told_in_its_order(table):
    columns = documented("csv", f"column of {table} |")
    assert columns == [*TABLES[table]]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_its_section(form):
    assert re.search(rf"^## {form}: ", DOCUMENT.read_text(), re.MULTILINE)


def test_every_field_of_the_front_matter_is_told(day):
    moment = day[0].stored.changed_at
    for body in files("markdown", day, as_of=moment).values():
        front = YAML(typ="safe").load(body.decode().split("\n---\n")[0])
        assert {*front} <= {*documented("markdown")}
    assert {*documented("markdown")} == {"title", "topic", "date", "zone", "as_of"}


def test_every_field_of_an_event_is_told(day):
    told = json.loads(files("timelinejs", day)["timeline.json"])
    assert {name for event in told["events"] for name in event} == {*documented("timelinejs")[:]}


def test_every_property_of_an_event_is_told(day):
    body = files("ics", day)["timeline.ics"].decode()
    unfolded = body.replace("\r\n ", "")
    events = unfolded[unfolded.index("BEGIN:VEVENT") :]
    named = {re.match(r"[A-Z-]+", line)[0] for line in events.splitlines()}
    assert named - {"BEGIN", "END"} <= {*documented("ics")}
    assert {*documented("ics")} - named == {"URL"} - named
