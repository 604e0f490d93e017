import json
from datetime import UTC, datetime

import pytest

from keywire.commands.preview import preview
from store.entry import Media, TimePrecision
from store.sighting import Kind, ListedBlog, Sighting, Snapshot, View

HEAD = ["url", "kind", "platform", "layout", "title", "language", "live", "complete", "warnings"]
ENTRY = [
    "id", "permalink", "title", "published", "updated", "time_precision", "authors", "credit",
    "key_event", "summary", "pinned", "on_page", "text", "html", "media",
]  # fmt: skip
NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


def snapshot(kind, **rest):
    return Snapshot(url="https://example.org/live", kind=kind, platform="x", **rest)


def test_a_live_blog_is_shown_with_just_the_promised_fields():
    media = Media(url="https://example.org/a.jpg", credit="J Doe", width=4)
    seen = Sighting(
        view=View.BLOCK,
        block_id="a1",
        published=NOON,
        time_precision=TimePrecision.MINUTE,
        authors=("A", "A"),
        media=(media,),
    )
    shown = preview(snapshot(Kind.LIVE_BLOG, sightings=(seen,), shows_top=True, shows_bottom=True))
    assert list(shown) == [*HEAD, "entries"]
    (entry,) = shown["entries"]
    assert list(entry) == ENTRY
    assert (entry["published"], entry["updated"]) == ("2026-08-20T12:00:00Z", None)
    assert (entry["title"], entry["html"], entry["key_event"]) == ("", "", None)
    assert (entry["time_precision"], entry["authors"]) == ("minute", ["A", "A"])
    assert entry["media"][0] == {
        "url": "https://example.org/a.jpg",
        "type": "image",
        "alt": "",
        "credit": "J Doe",
        "width": 4,
        "height": None,
    }
    assert json.loads(json.dumps(shown)) == shown


def test_a_listing_shows_blogs_and_no_entries():
    blog = ListedBlog("https://example.org/live/1", "One", live=True, published=NOON)
    shown = preview(snapshot(Kind.LISTING, blogs=(blog,)))
    assert list(shown) == [*HEAD, "blogs"]
    assert shown["blogs"] == [
        {
            "url": "https://example.org/live/1",
            "title": "One",
            "live": True,
            "published": "2026-08-20T12:00:00Z",
        }
    ]


@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.UNKNOWN])
def test_any_other_page_is_shown_with_its_kind_and_no_entries(kind):
    shown = preview(snapshot(kind))
    assert (shown["kind"], shown["entries"], shown["complete"]) == (kind.value, [], None)


@pytest.mark.parametrize(
    ("microsecond", "written"), [(0, "00Z"), (156_000, "00.156Z"), (156_001, "00.156001Z")]
)
def test_times_have_no_more_digits_than_they_need(microsecond, written):
    seen = Sighting(View.BLOCK, "a1", published=NOON.replace(microsecond=microsecond))
    (entry,) = preview(snapshot(Kind.LIVE_BLOG, sightings=(seen,)))["entries"]
    assert entry["published"] == f"2026-08-20T12:00:{written}"


def test_an_id_that_stands_twice_is_a_warning():
    seen = (Sighting(View.BLOCK, "a1", text="one"), Sighting(View.BLOCK, "a1", text="two"))
    shown = preview(snapshot(Kind.LIVE_BLOG, sightings=seen, warnings=("w",)))
    assert [entry["text"] for entry in shown["entries"]] == ["one"]
    assert shown["warnings"] == ["w", "block a1 stands on the page twice; the first counts"]


def test_a_page_without_entries_says_which_answer_has_them():
    answer = "https://api.example.org/blog/1"
    (said,) = preview(snapshot(Kind.LIVE_BLOG, answers=(answer,)))["warnings"]
    assert said == f"the entries are not on this page; an answer elsewhere has them: {answer}"
    seen = Sighting(view=View.BLOCK, block_id="a1", published=NOON, title="Here")
    shown = preview(snapshot(Kind.LIVE_BLOG, answers=(answer,), sightings=(seen,)))
    assert shown["warnings"] == []
