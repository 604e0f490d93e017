from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from feeds.feed import Retracted, rfc3339
from feeds.jsonfeed import render_json
from feeds.jsonlines import render_jsonl
from store.entry import Media, Provenance

LATER = datetime(2023, 12, 13, 19, 0, tzinfo=UTC)
MOMENTS = st.datetimes(min_value=datetime(2, 1, 1), timezones=st.timezones())  # noqa: DTZ001


def test_a_feed_in_full(make_entry, make_feed):
    entry = make_entry(
        authors=("Jane Doe",),
        credit="Reuters",
        media=(Media("https://i.example/v.mp4", type="video"), Media("https://i.example/a.jpg")),
        tags=("Syria",),
        key_event=True,
        language="en",
        changed_at=LATER,
    )
    feed = make_feed(
        entry,
        subtitle="As it happens",
        language="en",
        hub_url="https://keywire.example/websub",
        expired=True,
    )
    rendered = render_json(feed)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Middle East crisis",
        "description": "As it happens",
        "home_page_url": "https://keywire.example/topics/middle-east",
        "feed_url": "https://keywire.example/feeds/middle-east",
        "language": "en",
        "expired": True,
        "hubs": [{"type": "WebSub", "url": "https://keywire.example/websub"}],
        "items": [
            {
                "id": "tag:example.org,2023:/world/live/2023/dec/13/crisis/b0",
                "url": "https://www.example.org/world/live/2023/dec/13/crisis#block-0",
                "title": "Headline 0",
                "content_html": "<p>Body 0 &amp; more.</p>",
                "image": "https://i.example/a.jpg",
                "date_published": "2023-12-13T17:25:00Z",
                "date_modified": "2023-12-13T19:00:00Z",
                "authors": [{"name": "Jane Doe"}],
                "tags": ["key event", "Syria"],
                "language": "en",
                "_keywire": {
                    "number": 0,
                    "revision": 1,
                    "blog": "https://www.example.org/world/live/2023/dec/13/crisis",
                    "block_id": "b0",
                    "key_event": True,
                    "summary": None,
                    "credit": "Reuters",
                    "time_precision": "second",
                    "changed_at": "2023-12-13T19:00:00Z",
                    "retracted_at": None,
                },
            }
        ],
    }
    assert rendered == msgspec.json.encode(document)


def test_an_untitled_entry_stays_untitled_until_it_is_retracted(make_entry, make_feed):
    feed = make_feed(make_entry(1, title=""), make_entry(0, title="", retracted_at=LATER))
    plain, retracted = msgspec.json.decode(render_json(feed))["items"]
    assert "title" not in plain
    assert retracted["title"] == "Retracted: Body 0 & more."
    assert "<del" in retracted["content_html"]
    assert retracted["_keywire"]["retracted_at"] == "2023-12-13T19:00:00Z"


def test_an_empty_feed_is_whole(make_feed):
    document = msgspec.json.decode(render_json(make_feed(title="", home_url="", self_url="")))
    assert document == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "tag:keywire.example,2023:middle-east",
        "items": [],
    }


def test_deleted_entries_are_listed_and_never_beside_themselves(make_entry, make_feed):
    feed = make_feed(make_entry(1, retracted_at=LATER), make_entry(0))
    document = msgspec.json.decode(render_json(feed, retracted=Retracted.TOMBSTONE))
    gone, kept = (entry.id for entry in feed.entries)
    assert document["_keywire"] == {"deleted": [{"id": gone, "when": "2023-12-13T19:00:00Z"}]}
    assert [item["id"] for item in document["items"]] == [kept]
    hidden = msgspec.json.decode(render_json(feed, retracted=Retracted.HIDE))
    assert "_keywire" not in hidden
    assert [item["id"] for item in hidden["items"]] == [kept]


def test_json_lines_are_the_entries_as_previews_have_them(make_entry, make_feed):
    entry = make_entry(
        0,
        title="",
        updated=LATER,
        media=(Media("https://i.example/a.jpg", alt="A tank", width=640),),
        provenance=Provenance(page_url="https://x.example/", fetched_at=LATER, view="block"),
    )
    first, second, end = render_jsonl(make_feed(make_entry(1, retracted_at=LATER), entry)).split(
        b"\n"
    )
    assert end == b""
    assert msgspec.json.decode(first)["retracted_at"] == "2023-12-13T19:00:00Z"
    assert msgspec.json.decode(first)["title"] == "Headline 1"
    assert msgspec.json.decode(first)["on_page"] is None
    assert second == msgspec.json.encode(
        {
            "id": "tag:example.org,2023:/world/live/2023/dec/13/crisis/b0",
            "block_id": "b0",
            "permalink": "https://www.example.org/world/live/2023/dec/13/crisis#block-0",
            "title": "",
            "published": "2023-12-13T17:25:00Z",
            "updated": "2023-12-13T19:00:00Z",
            "time_precision": "second",
            "authors": [],
            "credit": "",
            "key_event": None,
            "summary": None,
            "pinned": None,
            "on_page": True,
            "text": "Body 0 & more.",
            "html": "<p>Body 0 &amp; more.</p>",
            "media": [
                {
                    "url": "https://i.example/a.jpg",
                    "type": "image",
                    "alt": "A tank",
                    "credit": "",
                    "width": 640,
                    "height": None,
                }
            ],
        }
    )


@given(published=MOMENTS, changed_at=MOMENTS, retracted_at=MOMENTS)
def test_times_are_written_as_in_every_format(make_entry, make_feed, **times):
    feed = make_feed(make_entry(**times))
    (item,) = msgspec.json.decode(render_json(feed))["items"]
    assert item["date_published"] == rfc3339(times["published"])
    assert item["date_modified"] == rfc3339(times["changed_at"])
    assert item["_keywire"]["changed_at"] == rfc3339(times["changed_at"])
    assert item["_keywire"]["retracted_at"] == rfc3339(times["retracted_at"])
    named = msgspec.json.decode(render_json(feed, retracted=Retracted.TOMBSTONE))["_keywire"]
    assert [gone["when"] for gone in named["deleted"]] == [rfc3339(times["retracted_at"])]
