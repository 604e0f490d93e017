"""Real pages brought in by `keywire import`: one by one, and in sequences of captures."""

import json
import re
import shutil
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from brought import Importing
from sqlalchemy import select

from store import loading
from store.archive.revisions import revisions_of
from store.entry import TimePrecision
from store.schema import blogs

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
BEGUN = datetime(2026, 11, 18, 15, tzinfo=UTC)
# What a page alone cannot show to be deleted, for it is at the open end of a window.
SEQUENCES = {
    "superdesk-default-bottom": (),
    "automattic-seq": ("18",),
    "easy-liveblogs": (),
    "bbc": (),
    "amp-tombstone": (),
    "plone": (),
}
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no pages in {CORPUS}")


@pytest.fixture
def importing(tmp_path):
    made = Importing(tmp_path, f"sqlite:///{tmp_path}/keywire.db")
    yield made
    made.database.close()


def at(step):
    return BEGUN + timedelta(minutes=10 * step)


def capture(page, into, fetched_at, url=""):
    """Put a page as it is into a folder of its own, as `keywire capture` keeps one."""
    into.mkdir(parents=True)
    shutil.copy(page, into / page.name)
    meta = {"url": url, "fetched_at": fetched_at.isoformat(), "status": 200}
    (into / "meta.json").write_text(json.dumps(meta))


def expected(folder):
    return json.loads((folder / "expected.json").read_text())


def histories(importing):
    """Return the history of every blog that was brought in, by its address."""
    with importing.database.read() as connection:
        urls = connection.scalars(select(blogs.c.url)).all()
        return {url: loading.load(connection, url).history for url in urls}


def stated(step, *names):
    return {block_id for name in names for block_id in step.get(name, ())}


def witnessed(importing, history):
    """Return when each revision of a blog's entries was seen, by the publisher's ids."""
    with importing.database.read() as connection:
        return {
            block_id: [one.seen_at for one in revisions_of(connection, known.stored.number)]
            for block_id, known in history.entries.items()
        }


@pytest.mark.parametrize("name", SEQUENCES)
def test_captures_of_one_page_become_its_history(importing, tmp_path, name):
    steps = json.loads((CORPUS / name / "sequence.json").read_text())["steps"]
    day = tmp_path / "day"
    for number, step in enumerate(steps, 1):
        folder = CORPUS / name / f"step-{step['step']}"
        url = expected(folder)["url"] or "https://daily.example/storm/live"
        capture(folder / "page.html", day / str(number), at(number), url)
    # What is gone from the last page is gone once the next that is captured agrees.
    capture(folder / "page.html", day / "again", at(number) + timedelta(minutes=2), url)
    assert importing.bring(day) == 0
    (history,) = histories(importing).values()
    seen = witnessed(importing, history)
    for number, step in enumerate(steps, 1):
        assert all(seen[block_id][0] == at(number) for block_id in stated(step, "new"))
        assert all(at(number) in seen[block_id][1:] for block_id in stated(step, "edited"))
        gone = stated(step, "deleted", "unpublished") & {*seen} - {*SEQUENCES[name]}
        for block_id in gone:
            assert history.entries[block_id].stored.retracted_at >= at(number)
    edited = {block_id for block_id, times in seen.items() if len(times) > 1}
    assert edited == {one for step in steps for one in stated(step, "edited")}


def test_a_guardian_page_captured_three_times_tells_when_each_block_came(importing, tmp_path):
    came = {}
    for number in (1, 2, 3):
        folder = CORPUS / "guardian" / f"timelapse-{number}"
        shown = {one["id"]: one for one in expected(folder)["entries"]}
        came |= {block_id: at(number) for block_id in shown.keys() - came.keys()}
        capture(folder / "page.html", tmp_path / "day" / str(number), at(number))
    assert len({*came.values()}) == 3
    assert importing.bring(tmp_path / "day", url=expected(folder)["url"]) == 0
    (history,) = histories(importing).values()
    seen = witnessed(importing, history)
    # Some were in the carousel of key events before they were on the page.
    assert all(seen[block_id][0] <= moment for block_id, moment in came.items())
    assert {seen[block_id][0] for block_id in came} == {at(1), at(2), at(3)}


def bare(text):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text or ""))


def to_the_second(told):
    return datetime.fromisoformat(told).replace(microsecond=0)


def same(stored, wanted):
    """Say whether an entry has the time and the beginning that the page's publisher gave it."""
    entry = stored.entry
    return entry.published.replace(microsecond=0) == to_the_second(wanted["published"]) and bare(
        entry.text
    ).startswith(bare(wanted.get("text80"))[:40])


LIVE = [
    path.parent
    for path in sorted(CORPUS.glob("*/*/expected.json"))
    if expected(path.parent)["kind"] == "live-blog"
    and expected(path.parent).get("entries")
    and (path.parent / "page.html").exists()
    and not path.parent.name.startswith(("step-", "timelapse-"))
]


def test_every_saved_live_blog_is_brought_with_the_entries_that_it_shows(importing, tmp_path):
    for number, folder in enumerate(LIVE):
        told = json.loads((folder / "meta.json").read_text())
        url = expected(folder).get("url") or told.get("url") or f"https://{number}.example/live"
        capture(folder / "page.html", tmp_path / "pages" / str(number), at(number), url)
    assert importing.bring(tmp_path / "pages") == 0, importing.complained
    kept = [
        known.stored
        for history in histories(importing).values()
        for known in history.entries.values()
    ]
    by_time = defaultdict(list)
    for stored in kept:
        by_time[stored.entry.published.replace(microsecond=0)].append(stored)
    missing = [
        (folder.name, wanted)
        for folder in LIVE
        for wanted in expected(folder)["entries"]
        if "published" in wanted
        and not any(same(one, wanted) for one in by_time[to_the_second(wanted["published"])])
    ]
    assert missing == []
    assert len(kept) > 1_000


def test_a_flattened_copy_and_an_article_are_brought_as_what_they_are(importing):
    copy = CORPUS / "flattened" / "guardian-copy-2024-12-02"
    assert importing.bring(copy / "page.txt", url="https://a.example/copy", at=BEGUN) == 0
    wanted = expected(copy)
    entries = [*histories(importing)["https://a.example/copy"].entries.values()]
    titles = {bare(known.stored.entry.title) for known in entries}
    assert {bare(title).rstrip("…") for title in wanted["entries_with_title"]} <= {
        title.rstrip("…") for title in titles
    }
    assert len(entries) >= wanted["n_entries_at_least"]
    assert {known.stored.entry.time_precision for known in entries} == {TimePrecision.ESTIMATED}
    article = CORPUS / "flattened" / "matzav-2024-12-02"
    importing.bring(article / "page.txt", url="https://b.example/story", at=BEGUN)
    assert len(histories(importing)["https://b.example/story"].entries) == 1
