"""docs/exports.md tells every file and every column, and none that is not there."""

import re
from pathlib import Path

import msgspec

from feeds.export.edition import Edition
from feeds.export.jsonl import Line
from feeds.export.manifest import Tally, render_manifest

DOCUMENT = Path(__file__).parents[3] / "docs/exports.md"
_ROW = re.compile(r"^\| (`.*?`) \|", re.MULTILINE)


def documented(heading):
    """Return the names in the first column of a section's table."""
    section = DOCUMENT.read_text().partition(f"\n## {heading}")[2].partition("\n## ")[0]
    return [name for cell in _ROW.findall(section) for name in re.findall(r"`([^`]+)`", cell)]


def test_every_field_of_the_manifest_is_told():
    manifest = msgspec.json.decode(
        render_manifest("jsonl", Edition(topic="a", title="A"), Tally(), [])
    )
    assert documented("manifest.json") == [*manifest]


def test_every_field_of_a_line_is_told():
    assert sorted(documented("jsonl")) == sorted(Line.__struct_fields__)
