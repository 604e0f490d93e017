import json
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path

import pytest

from keywire.commands.preview import preview
from scraper.markup.document import open_document
from scraper.page import Page
from scraper.platform import Gift
from scraper.read import PLATFORMS, read

FIXTURES = Path(__file__).parents[1] / "fixtures"
FOLDERS = sorted(meta.parent for meta in FIXTURES.glob("*/*/meta.json"))


def page_of(folder):
    meta = json.loads((folder / "meta.json").read_text())
    body = next(path for path in folder.iterdir() if path.stem == "page")
    return Page(
        url=meta["url"],
        body=body.read_bytes(),
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
        headers=meta.get("headers", {}),
        timezone=meta.get("timezone", ""),
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_fixture_reads_as_it_is_expected_to(folder):
    expected = json.loads((folder / "expected.json").read_text())
    assert json.loads(json.dumps(preview(read(page_of(folder))))) == expected


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)
def test_every_platform_has_a_fixture(platform):
    assert any(folder.parent.name == platform.name for folder in FOLDERS)


def gifts_of(snapshot):
    told = {
        Gift.IDS: any(seen.block_id for seen in snapshot.sightings),
        Gift.UPDATES: any(seen.updated for seen in snapshot.sightings),
        Gift.KEY_EVENTS: any(seen.key_event is not None for seen in snapshot.sightings),
        Gift.DELETIONS: bool(snapshot.deleted),
        Gift.OLDER_PAGES: bool(snapshot.older),
    }
    return [gift for gift, is_told in told.items() if is_told]


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)
def test_a_platform_says_of_itself_what_its_fixtures_give_and_no_more(platform):
    own = (folder for folder in FOLDERS if folder.parent.name == platform.name)
    given = [gift for folder in own for gift in gifts_of(read(page_of(folder)))]
    assert platform.about.gives == reduce(or_, given, Gift.NONE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_fixture_is_claimed_by_its_platform_first_and_by_no_other_publishers(folder):
    document = open_document(page_of(folder))
    claimed = [p.name for p in PLATFORMS if p.marks(document)]
    assert claimed[0] == folder.parent.name
    # Some publishers mark their pages in the general ways as well, and their feeds are feeds.
    general = {"schema-org", "amp", "page-state", "generic", "feed", "listing"}
    assert set(claimed) <= {folder.parent.name} | general


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_page_that_bears_a_platforms_marks_has_one_of_its_signs(folder):
    document = open_document(page_of(folder))
    for platform in PLATFORMS:
        if platform.signs and document.data is None and platform.marks(document):
            assert any(map(document.holds, platform.signs)), platform.name
