"""docs/envelope.md shows an envelope of each kind, as the code writes it and the schema has it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from feeds.push import envelope
from feeds.push.envelope import Envelope
from feeds.push.enveloping import make_envelope
from feeds.push.fitting import encode
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery, Digest, Trouble
from store.archive.point_in_time import Past
from store.decision.history import ChangeType
from store.entry import Entry, Media, Provenance, StoredEntry
from store.log import LoggedChange

DOCUMENT = (Path(__file__).parents[3] / "docs" / "envelope.md").read_text("utf-8")
EPOCH = "0f8fad5b-d9cb-469f-a165-70867728950e"
AT = datetime(2026, 5, 4, 21, 40, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BLOG = "https://news.example/live/2026/may/04/harbour"


def stored(title, text, revision=1, **more):
    entry = Entry(
        BLOG,
        "b-1207",
        AT,
        title=title,
        text=text,
        html=f"<p>{text}</p>",
        permalink=f"{BLOG}#b-1207",
        authors=("Ada Quay",),
        credit="Harbour Wire",
        media=(Media("https://news.example/pier.jpg", alt="The pier", width=640, height=480),),
        tags=("Harbour",),
        language="en",
        key_event=True,
        summary=False,
    )
    return StoredEntry(
        entry,
        "tag:news.example,2026:/live/2026/may/04/harbour/b-1207",
        number=1207,
        revision=revision,
        first_seen=AT + timedelta(seconds=9),
        last_seen=AT + 30 * MINUTE,
        changed_at=AT,
        provenance=Provenance(
            BLOG, AT + timedelta(seconds=8), sha256="5" * 64, platform="guardian"
        ),
        **more,
    )


FIRST = stored("Eleven hurt at the pier", "11 people were hurt, the harbour master says.")
SECOND = stored("17 hurt at the pier", "17 people were hurt, the harbour master says.", 2)


def past(now, kind, seq, before=None):
    change = LoggedChange(
        seq,
        kind,
        AT + seq * MINUTE,
        ("harbour",),
        BLOG,
        "A day at the harbour",
        {},
        {},
        {},
        backfill=False,
    )
    return Past(change, now, before)


def told(kind, notice, reason, **more):
    number = 1207 if "past" in more else None
    return Delivery(1, notice, "webhook:desk/1", "desk", kind, reason, AT, number, 0, AT, **more)


TROUBLE = Trouble(BLOG, Kind.BROKEN, "broken: the server says 503", AT - 5 * MINUTE)
SAMPLES = {
    "fired": told(
        Kind.FIRED,
        41,
        "it was published, and it says pier",
        past=past(FIRST, ChangeType.PUBLISHED, 1),
    ),
    "changed": told(
        Kind.CHANGED, 42, "figures: 11 → 17", past=past(SECOND, ChangeType.UPDATED, 2, FIRST)
    ),
    "retracted": told(
        Kind.RETRACTED,
        43,
        "its publisher took it away",
        past=past(replace(SECOND, retracted_at=AT + 3 * MINUTE), ChangeType.RETRACTED, 3),
    ),
    "digest": told(
        Kind.DIGEST,
        44,
        "capped",
        digest=Digest(12, 10 * MINUTE, (past(FIRST, ChangeType.PUBLISHED, 1),)),
    ),
    "broken": told(Kind.BROKEN, 45, TROUBLE.reason, trouble=TROUBLE),
}


def shown():
    return {
        told["kind"]: told
        for told in map(json.loads, re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL))
    }


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_example_is_what_the_code_writes(kind):
    assert shown()[kind] == json.loads(encode(make_envelope(SAMPLES[kind], EPOCH)))


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_example_is_as_the_schema_has_it(kind):
    written = json.dumps(shown()[kind])
    assert msgspec.json.decode(written, type=Envelope).kind == kind
    schemas = pytest.importorskip("jsonschema_rs")
    schemas.validate(envelope.schema(), shown()[kind])
    with pytest.raises(schemas.ValidationError):
        schemas.validate(envelope.schema(), {**shown()[kind], "kind": 7})


def test_every_kind_is_named():
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in DOCUMENT] == []
