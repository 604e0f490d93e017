import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keywire.commands.preview import preview
from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
READ = ("dcr-", "timelapse-", "rollover-", "stress-", "legacy-")
FOLDERS = [f for f in sorted(CORPUS.glob("guardian/*")) if f.name.startswith(READ)]
STATED = (
    *("reach/", "express/", "timesofindia/", "ndtv/", "standards/schema-org", "independent/"),
    *("composed/ap", "composed/cnn", "quintype/"),
)
MARKED = [
    folder
    for folder in sorted(CORPUS.glob("*/*"))
    if f"{folder.parent.name}/{folder.name}".startswith(STATED)
]
# Publishing systems that are read by their own marks, by the beginnings of their folders.
SYSTEMS = {
    "amp/": "amp",
    "amp-tombstone/": "amp",
    "automattic-liveblog/": "automattic",
    "automattic-seq/": "automattic",
    "easy-liveblogs/": "easy-liveblogs",
    "24liveblog/": "24liveblog",
    "superdesk/": "superdesk",
    "superdesk-default-bottom/": "superdesk",
    "superdesk-liveblog/": "superdesk",
    "bbc/": "bbc",
    "plone/": "plone",
    "aljazeera/": "aljazeera",
    "composed/timesofisrael": "generic",
}
OF_SYSTEMS = [
    (folder, platform)
    for beginning, platform in SYSTEMS.items()
    for folder in sorted(CORPUS.glob(f"{beginning}*"))
    if (folder / "expected.json").exists()
]
# Pages whose entries begin with the time of day, and the zones of their publishers.
CLOCKS = {"br24": "Europe/Berlin", "lesechos": "Europe/Paris", "telegraph": "Europe/London"}
TIMED = [folder for name in CLOCKS for folder in sorted(CORPUS.glob(f"{name}/*"))]
NONE_OF_THEM = sorted(CORPUS.glob("not-liveblogs/*"))
PAGES = sorted(path for path in CORPUS.glob("*/*/page.*") if path.parent not in FOLDERS)
GUARDIANS = ("json-dcr-", "json-capi-", "poll-", "listing-", "rss-")
POLLED = sorted(CORPUS.glob("guardian/poll-*"))
LISTINGS = [f for f in sorted(CORPUS.glob("guardian/*")) if f.name.startswith(("listing-", "rss-"))]
FETCHED = datetime(2026, 11, 20, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no pages in {CORPUS}")


def previewed(path, url, **options):
    return preview(read(Page(url=url, body=path.read_bytes(), fetched_at=FETCHED, **options)))


def bare(text):
    """Words without markup and white space, to compare what was written by different hands."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text or ""))


def moment(written):
    return written and datetime.fromisoformat(written)


def agrees(found, wanted, page):
    """Name the fields in which an entry is not what is expected of it; absent ones do not count."""
    asked = {
        "title": bare(found["title"]) == bare(wanted.get("title")),
        "published": moment(found["published"]) == moment(wanted.get("published")),
        "updated": not wanted.get("updated")
        or moment(found["updated"] or found["published"]) == moment(wanted["updated"]),
        "key": (found["key_event"] or found["summary"] or False) == wanted.get("key"),
        "key_event": bool(found["key_event"]) == wanted.get("key_event"),
        "summary": bool(found["summary"]) == wanted.get("summary"),
        "pinned": bool(found["pinned"]) == wanted.get("pinned"),
        "text80": bare(found["text"]).startswith(bare(wanted.get("text80"))[:50]),
        # Some were known to whoever made the page and are not printed on it.
        "authors": any(author not in page for author in wanted.get("authors", ()))
        or found["authors"] == wanted.get("authors"),
    }
    return [field for field, fits in asked.items() if field in wanted and not fits]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_real_page_reads_as_its_publisher_meant_it(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    path = next(p for p in folder.iterdir() if p.stem == "page")
    found = previewed(path, wanted["url"] or "https://example.org/live/page")
    page = path.read_text()
    for field in ("kind", "live", "complete"):
        assert found[field] == wanted.get(field, found[field])
    assert not wanted["title"] or bare(found["title"]) == bare(wanted["title"])
    shown = [entry for entry in found["entries"] if entry["on_page"]]
    assert [entry["id"] for entry in shown] == [entry["id"] for entry in wanted["entries"]]
    wrong = {w["id"]: agrees(f, w, page) for f, w in zip(shown, wanted["entries"], strict=True)}
    assert not {block_id: fields for block_id, fields in wrong.items() if fields}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_key_event_that_a_page_reveals_is_an_entry(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    path = next(p for p in folder.iterdir() if p.stem == "page")
    found = previewed(path, wanted["url"] or "https://example.org/live/page")
    entries = {entry["id"]: entry for entry in found["entries"]}
    for event in wanted.get("key_events_of_whole_blog", []):
        entry = entries[event["id"]]
        assert (bare(entry["title"]), moment(entry["published"])) == (
            bare(event["title"]),
            moment(event["published"]),
        )
    known = {e["id"] for e in wanted["entries"] + wanted.get("key_events_of_whole_blog", [])}
    elsewhere = {e["id"] for e in found["entries"] if not e["on_page"]} - known
    assert len(elsewhere) == 0 or found["layout"] == "frontend"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.parent.name}/{p.parent.name}")
def test_every_other_page_is_read_or_refused_and_none_is_taken_for_the_guardians(path):
    try:
        found = previewed(path, "https://example.org/live/page")
    except ScrapeError:
        return
    assert found["platform"] != "guardian" or path.parent.name.startswith(GUARDIANS)


@pytest.mark.parametrize("folder", POLLED, ids=lambda f: f.name)
def test_a_small_answer_reads_as_its_publisher_meant_it(folder):
    wanted = json.loads((folder / "expected.json").read_text())["entries"]
    url = "https://www.theguardian.com/politics/live/2023/dec/13/x.json?lastUpdate=block-a"
    found = previewed(folder / "page.json", url)["entries"]
    assert [each["id"] for each in found] == [each["id"] for each in wanted]
    for entry, asked in zip(found, wanted, strict=True):
        assert (entry["title"], entry["published"]) == (asked["title"], asked["published"])
        assert bare(entry["text"]).startswith(bare(asked["text80"])[:60])


@pytest.mark.parametrize("folder", MARKED, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_page_with_structured_data_reads_as_its_publisher_meant_it(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    path = next(p for p in folder.iterdir() if p.stem == "page")
    found = previewed(path, wanted["url"])
    assert (found["kind"], found["platform"]) == ("live-blog", "schema-org")
    assert bare(found["title"]) == bare(wanted["title"])
    assert [entry["id"] for entry in found["entries"]] == [e["id"] for e in wanted["entries"]]
    page = path.read_text()
    pairs = zip(found["entries"], wanted["entries"], strict=True)
    wrong = [fields for f, w in pairs if (fields := differing(f, w, page))]
    assert not wrong


@pytest.mark.parametrize(
    ("folder", "platform"), OF_SYSTEMS, ids=lambda v: getattr(v, "name", str(v))
)
def test_a_page_of_a_publishing_system_reads_as_it_was_meant(folder, platform):
    wanted = json.loads((folder / "expected.json").read_text())
    path = next(p for p in folder.iterdir() if p.stem == "page")
    found = previewed(path, wanted["url"] or "https://example.org/live/page")
    assert (found["kind"], found["platform"]) == ("live-blog", platform)
    assert bare(found["title"]) == bare(wanted["title"])
    for field in ("live", "complete"):
        assert found[field] == wanted.get(field, found[field])
    assert [entry["id"] for entry in found["entries"]] == [e["id"] for e in wanted["entries"]]
    page = path.read_text()
    pairs = zip(found["entries"], wanted["entries"], strict=True)
    assert not [fields for f, w in pairs if (fields := differing(f, w, page))]


def differing(found, wanted, page):
    """Name the fields that differ, to the second; what nobody states is not asked for."""
    whole = {"published": found["published"] and found["published"][:19] + "Z"}
    whole["updated"] = found["updated"] and found["updated"][:19] + "Z"
    asked = {name: value for name, value in wanted.items() if value not in (None, [])}
    return agrees({**found, **whole}, asked, page)


@pytest.mark.parametrize("folder", TIMED, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_page_of_times_of_day_reads_as_its_publisher_meant_it(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    zone = CLOCKS[folder.parent.name]
    found = previewed(folder / "page.html", wanted["url"], timezone=zone)
    assert (found["kind"], found["platform"]) == ("live-blog", "clock")
    assert bare(found["title"]) == bare(wanted["title"])
    page = (folder / "page.html").read_text()
    pairs = zip(found["entries"], wanted["entries"], strict=True)
    wrong = [fields for f, w in pairs if (fields := differing(f, w, page))]
    assert not wrong


@pytest.mark.parametrize("folder", NONE_OF_THEM, ids=lambda f: f.name)
def test_what_is_no_live_blog_is_not_taken_for_one_and_says_why(folder):
    url = json.loads((folder / "meta.json").read_text()).get("original_url")
    body = next(p for p in folder.iterdir() if p.stem == "page").read_bytes()
    found = read(Page(url=url or "https://example.org/page", body=body, fetched_at=FETCHED))
    home = folder.name.endswith("home-page")
    assert (found.kind is Kind.LISTING) == home
    assert (found.kind is Kind.ARTICLE) != home
    assert found.why[0]


@pytest.mark.parametrize("folder", LISTINGS, ids=lambda f: f.name)
def test_a_listing_tells_its_live_blogs_and_nothing_else(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    found = previewed(next(p for p in folder.iterdir() if p.stem == "page"), wanted["url"])
    assert found["kind"] == "listing"
    told = [(b["url"], b["title"], b["live"], moment(b["published"])) for b in found["blogs"]]
    assert told == [
        (card["url"], card["title"].strip(), card["live"], moment(card["published"]))
        for card in wanted["cards"]
        if card.get("is_live_blog", card.get("is_live_blog_by_url"))
    ]
