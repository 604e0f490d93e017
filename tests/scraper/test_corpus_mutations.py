"""Real pages as they may be tomorrow: read right, or refused, or told to be wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from mutations import MUTATIONS
from overnight import TAKING, entries, mutated, wrongs

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FETCHED = datetime(2026, 11, 20, tzinfo=UTC)
# The zones of publishers who print times of day and nothing else.
ZONES = {"br24": "Europe/Berlin", "lesechos": "Europe/Paris", "telegraph": "Europe/London"}
# Its JSON-LD alone names no ids; the store takes what is named later for what it knew.
NAMED_LATER = "quintype/live-blog-plain-body"
AT_A_TIME = 4

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no pages in {CORPUS}")


def stories():
    """Give the live blogs of the corpus that are markup, and show entries."""
    for expected in sorted(CORPUS.glob("*/*/expected.json")):
        folder, wanted = expected.parent, json.loads(expected.read_text())
        page = folder / "page.html"
        if wanted["kind"] == "live-blog" and wanted.get("entries") and page.exists():
            yield SimpleNamespace(
                name=f"{folder.parent.name}/{folder.name}",
                url=wanted.get("url") or "https://example.org/live/page",
                zone=ZONES.get(folder.parent.name, ""),
                fetched_at=FETCHED,
                html=page.read_text(),
            )


def silently_wrong(story, mutations):
    """Tell what is wrong of a page after each mutation, and how often it was read."""
    meant, told, count = entries(story.html, story), {}, 0
    if meant is None:
        return told, count
    for mutation in mutations:
        found = entries(mutated(story, mutation), story)
        if found is None:
            continue
        count += 1
        wrong = wrongs(found, meant, whole=mutation not in TAKING)
        if story.name == NAMED_LATER:
            wrong = [each for each in wrong if not each.endswith("instead of None")]
        if wrong:
            told[story.name, mutation.__name__] = wrong
    return told, count


def test_real_pages_that_changed_overnight_are_read_right_or_not_at_all():
    read = 0
    for n, story in enumerate(stories()):
        some = [MUTATIONS[(AT_A_TIME * n + k) % len(MUTATIONS)] for k in range(AT_A_TIME)]
        told, count = silently_wrong(story, some)
        assert not told
        read += count
    assert read > AT_A_TIME * n // 2


@pytest.mark.torture("32 mutations of each real page")
def test_more_than_a_thousand_mutations_of_real_pages():
    tried = read = 0
    for story in stories():
        told, count = silently_wrong(story, MUTATIONS)
        assert not told
        tried, read = tried + len(MUTATIONS), read + count
    assert tried > 1_000
    assert read > tried // 2
