"""The envelope: one shape, the same at every attempt, within 20 kB, as its schema says."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.push import envelope
from feeds.push.enveloping import make_envelope
from feeds.push.fitting import MOST_BYTES, encode
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery, Digest, Trouble
from store.archive.point_in_time import Past
from store.decision.history import ChangeType
from store.entry import Entry, Media, Provenance, StoredEntry
from store.log import LoggedChange

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
EPOCH = "0f8fad5b-d9cb-469f-a165-70867728950e"


def stored(**more):
    known = {
        "title": "Eleven dead",
        "html": "<p>11 people were <b>killed</b>.</p>",
        "text": "11 people were killed.",
        "permalink": "https://a.example/live#b1",
        "authors": ("A Writer",),
        "media": (Media("https://a.example/x.jpg", alt="A bridge", width=4, height=3),),
        "tags": ("Bridges",),
        **more,
    }
    entry = Entry("https://a.example/live", "b1", AT, **known)
    return StoredEntry(
        entry,
        id="tag:a.example,2026:/live/b1",
        number=7,
        revision=2,
        first_seen=AT + timedelta(seconds=12),
        last_seen=AT + timedelta(seconds=12),
        changed_at=AT + timedelta(minutes=5),
        provenance=Provenance("https://a.example/live", AT + timedelta(minutes=5), platform="x"),
    )


def delivery(now=None, before=None, **more):
    change = LoggedChange(
        seq=31,
        type=ChangeType.UPDATED,
        occurred_at=AT + timedelta(minutes=5),
        topics=("light",),
        blog_url="https://a.example/live",
        blog_title="The light",
        entry={"id": "x"},
        changes={"text": {"old": "…", "new": "…"}},
        source={},
        backfill=False,
    )
    return Delivery(
        **{
            "id": 1,
            "notice_id": 9,
            "lane": "webhook:x",
            "alert": "desk",
            "kind": Kind.CHANGED,
            "reason": "figures: 11 → 17",
            "written_at": AT,
            "number": 7,
            "attempts": 0,
            "due": AT,
            "past": Past(change, now or stored(), before),
            **more,
        }
    )


def written(what):
    return json.loads(encode(make_envelope(what, EPOCH)))


def test_an_envelope_tells_the_event_the_entry_what_changed_and_why_it_came():
    old = stored()
    new = stored(title="17 dead", text="17 people were killed.", html="<p>17 people …</p>")
    told = written(delivery(new, old))
    assert (told["notice"], told["id"], told["seq"]) == ("kw_0f8fad5bd9cb_9", f"{EPOCH}:31", 31)
    assert (told["type"], told["kind"]) == ("entry.updated", "changed")
    assert (told["alert"], told["reason"]) == ("desk", "figures: 11 → 17")
    assert told["blog"] == {"url": "https://a.example/live", "title": "The light"}
    assert told["topics"] == ["light"]
    assert told["changes"]["title"] == {"old": "Eleven dead", "new": "17 dead"}
    assert told["diff"] == [
        {"op": "gone", "text": "11"},
        {"op": "came", "text": "17"},
        {"op": "same", "text": "people were killed."},
    ]
    entry = told["entry"]
    assert entry["url"] == "https://a.example/live#b1"
    assert (entry["authors"], entry["tags"]) == (["A Writer"], ["Bridges"])
    assert entry["media"][0]["url"] == "https://a.example/x.jpg"
    assert entry["first_seen"] == "2026-05-04T09:00:12Z"
    assert told["latency"] == {"seen": 12.0, "told": 0.0}
    assert told["provenance"]["platform"] == "x"
    assert entry["cut"] == []


def test_the_same_delivery_is_written_in_the_same_bytes():
    assert encode(make_envelope(delivery(), EPOCH)) == encode(make_envelope(delivery(), EPOCH))


def test_html_goes_first_where_an_envelope_would_be_too_large():
    told = written(delivery(stored(html="<p>" + "x" * 30_000 + "</p>")))
    assert told["entry"]["cut"] == ["html"]
    assert told["entry"]["html"] == ""
    assert told["entry"]["text"] == "11 people were killed."
    assert told["entry"]["url"]


@given(st.text(max_size=50), st.integers(0, 3_000), st.integers(0, 3_000), st.integers(0, 400))
def test_no_envelope_is_over_20_kb(word, text, html, pictures):
    new = stored(
        text=(word or "x") * text,
        html=(word or "x") * html,
        media=tuple(Media(f"https://a.example/{n}.jpg", alt=word) for n in range(pictures)),
    )
    body = encode(make_envelope(delivery(new, stored(text=word * (text // 2))), EPOCH))
    assert len(body) <= MOST_BYTES
    assert json.loads(body)["entry"]["url"] == "https://a.example/live#b1"


LINES = st.text(min_size=1, max_size=30).map(lambda word: word * 500)


@given(LINES, LINES, st.integers(0, 2_000))
def test_nor_is_one_whose_lines_are_mad(line, other, long):
    """Addresses alone stay whole, and servers take none much longer."""
    url = "https://a.example/" + "x" * long
    mad = stored(
        title=line, permalink=url, authors=(line, other) * 40, credit=other, language=line[:40]
    )
    told = delivery(mad, stored(title=other))
    told = replace(told, reason=line, past=replace(told.past, change=_of(told, line)))
    body = encode(make_envelope(told, EPOCH))
    assert len(body) <= MOST_BYTES
    assert json.loads(body)["entry"]["url"] == url
    digest = Digest(12, timedelta(minutes=9), (told.past,) * 10, (_trouble(url, line),) * 3)
    gathered = replace(
        told, kind=Kind.DIGEST, past=None, number=None, digest=digest, reason="capped"
    )
    assert len(encode(make_envelope(gathered, EPOCH))) <= MOST_BYTES
    alone = replace(told, kind=Kind.BROKEN, past=None, number=None, trouble=_trouble(url, line))
    assert len(encode(make_envelope(alone, EPOCH))) <= MOST_BYTES


def _of(told, title):
    return replace(told.past.change, blog_title=title, topics=("light",) * 200)


def _trouble(url, reason):
    return Trouble(url, Kind.BROKEN, reason, AT)


def test_a_digest_says_how_many_were_held_back_and_names_the_first():
    past = delivery().past
    what = replace(delivery(), kind=Kind.DIGEST, past=None, number=None)
    told = written(replace(what, digest=Digest(12, timedelta(minutes=9), (past,))))
    assert told["type"] == "alert.digest"
    assert told["digest"]["count"] == 12
    assert told["digest"]["entries"][0]["title"] == "Eleven dead"
    assert told["entry"] is None


def test_the_shipped_schema_is_that_of_the_code():
    path = Path(envelope.__file__).with_name("envelope.schema.json")
    assert json.loads(path.read_text()) == json.loads(json.dumps(envelope.schema()))


@pytest.mark.parametrize("name", ["entry", "alert", "digest", "latency", "provenance", "diff"])
def test_the_schema_describes(name):
    described = envelope.schema()["$defs"]["Envelope"]["properties"]
    assert name in described
