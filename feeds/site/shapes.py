"""The JSON Schemas (2020-12) of the answers for programs."""

from typing import Any, TypeAlias

from store.alerting.alerts import Kind, Why
from store.alerting.delivery import DeliveryState
from store.decision.history import ChangeType
from store.entry import TimePrecision
from store.source import SourceState

Shape: TypeAlias = dict[str, Any]


def text(**more: object) -> Shape:
    """Return the schema of a string."""
    return {"type": "string", **more}


def whole(least: int = 0, most: int | None = None) -> Shape:
    """Return the schema of an integer within these bounds."""
    return {"type": "integer", "minimum": least} | ({} if most is None else {"maximum": most})


def ref(name: str) -> Shape:
    """Return a reference to a schema in SHAPES."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(shape: Shape) -> Shape:
    """Return the schema of an array."""
    return {"type": "array", "items": shape}


def any_of(*shapes: Shape) -> Shape:
    """Return the schema of a value that matches at least one of `shapes`."""
    return {"anyOf": [*shapes]}


def or_null(shape: Shape) -> Shape:
    """Return the schema of a value that may be null."""
    return any_of(shape, {"type": "null"})


def group(about: str = "", optional: tuple[str, ...] = (), /, **properties: Shape) -> Shape:
    """Return the schema of an object; all properties but the `optional` ones are required."""
    return {
        "type": "object",
        **({"description": about} if about else {}),
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


_TIME = text(format="date-time")
_FLAG = {"type": "boolean"}
_MAYBE = or_null(_FLAG)
_ANY: Shape = {}
_MEDIA = group(
    url=text(),
    type=text(),
    alt=text(),
    credit=text(),
    width=or_null(whole()),
    height=or_null(whole()),
)
_CONTENT = {
    "url": text(),
    "title": text(description='"" where there is none'),
    "html": text(description="sanitised, with whole addresses"),
    "text": text(),
    "authors": list_of(text()),
    "credit": text(description="as printed"),
    "media": list_of(_MEDIA),
    "tags": list_of(text()),
    "language": text(),
    "updated": or_null(_TIME),
    "provenance": or_null(ref("Provenance")),
}
_FEEDS = group(atom=text(), rss=text(), json=text())

SHAPES: dict[str, Shape] = {
    "Error": group("Why there is no other answer.", error=text()),
    "Refused": group("The cursor means nothing here.", error=text(), reset=ref("Reset")),
    "Reset": group(
        "Where to begin anew.", reason=text(), epoch=text(), after=whole(), url=text(format="uri")
    ),
    "Events": group(
        "A part of the log; go on after `next`.",
        epoch=text(),
        changes=list_of(ref("Change")),
        next=whole(),
    ),
    "Change": group(
        "One row of the log. `entry` is there where it is about one, `source` likewise.",
        ("entry", "source"),
        seq=whole(1),
        id=text(description="unlike any other, in every log"),
        type={"enum": [kind.value for kind in ChangeType]},
        occurred_at=_TIME,
        topics=list_of(text()),
        blog=or_null(group(url=text(), title=text())),
        entry=ref("ChangedEntry"),
        source=group(url=text(), state=text(), reason=text()),
        changes={
            "type": "object",
            "description": "what changed, by the field's name",
            "additionalProperties": group(old=_ANY, new=_ANY),
        },
        backfill={**_FLAG, "description": "it was there when the blog was first seen"},
    ),
    "ChangedEntry": group(
        "An entry as it was when the change was written; `forgotten` says why it was taken down.",
        ("forgotten",),
        id=text(),
        number=whole(1),
        block_id=text(description="the publisher's"),
        revision=whole(1),
        title=text(),
        url=text(),
        published=_TIME,
        time_precision={"enum": [one.value for one in TimePrecision]},
        updated=or_null(_TIME),
        changed_at=_TIME,
        retracted_at=or_null(_TIME),
        key_event=_MAYBE,
        summary=_MAYBE,
        authors=list_of(text()),
        forgotten=text(description="nothing is left of it, here and wherever it was copied to"),
    ),
    "Entry": group(
        "An entry as it now stands, with all its revisions, the first one first.",
        id=text(),
        number=whole(1),
        blog=text(),
        block_id=text(description="the publisher's"),
        revision=whole(1),
        **_CONTENT,
        key_event=_MAYBE,
        summary=_MAYBE,
        pinned=_MAYBE,
        published=_TIME,
        time_precision={"enum": [one.value for one in TimePrecision]},
        first_seen=_TIME,
        last_seen=_TIME,
        changed_at=_TIME,
        retracted_at=or_null(_TIME),
        forgotten=or_null(text(description="why it was taken down: nothing is left of it")),
        topics=list_of(text()),
        pins=list_of(group(pinned_at=_TIME, unpinned_at=or_null(_TIME))),
        revisions=list_of(ref("Revision")),
    ),
    "Revision": group(
        "One distinct content of an entry.", revision=whole(1), seen_at=_TIME, **_CONTENT
    ),
    "Comparison": group(
        "What differs between two revisions of an entry; what does not is empty.",
        **{"from": whole(1)},
        to=whole(1),
        title=list_of(ref("Piece")),
        body=list_of(ref("Piece")),
        media=group(
            gone=list_of(_MEDIA),
            came=list_of(_MEDIA),
            altered=list_of(group(old=_MEDIA, new=_MEDIA)),
        ),
        flags={"type": "object", "additionalProperties": group(old=_MAYBE, new=_MAYBE)},
        facts={"type": "object", "additionalProperties": group(old=_ANY, new=_ANY)},
    ),
    "Piece": group(
        "A run of words; those that are the same and those that came, together, are the new text.",
        op={"enum": ["same", "gone", "came"]},
        text=text(),
    ),
    "Provenance": group(
        "Where a revision was seen: in a page, or in the publisher's own answer beside it.",
        page_url=text(description="the address that answered"),
        fetched_at=_TIME,
        status=whole(),
        etag=text(),
        last_modified=text(),
        sha256=text(description="of the body that the address answered"),
        platform=text(),
        layout=text(),
        view=text(),
        wayback=text(
            description='the Wayback Machine\'s copy nearest in time; "" where it has none'
        ),
    ),
    "Topic": group(
        name=text(),
        title=text(),
        created=_TIME,
        updated=_TIME,
        feeds={"type": "object", "additionalProperties": _FEEDS},
        events=text(),
        stream=text(),
    ),
    "Source": group(
        id=whole(1),
        url=text(),
        state={"enum": [state.value for state in SourceState]},
        reason=text(),
        kind=text(),
        platform=text(),
        blogs=list_of(
            group(
                url=text(),
                title=text(),
                state=text(),
                entries=whole(),
                following=text(),
                reason=text(),
                history=text(),
            )
        ),
        last_poll=or_null(_TIME),
        next_poll=or_null(_TIME),
        last_change=or_null(_TIME),
        last_status=or_null(whole()),
        next_poll_because=text(),
        failures=whole(),
        polls=whole(),
        requests=whole(),
        received=whole(),
        unchanged=or_null({"type": "number", "minimum": 0, "maximum": 1}),
        delay=or_null({"type": "number"}),
        moved_to=or_null(text()),
        robots=text(),
        warnings=list_of(text()),
    ),
    "Deliveries": group(
        "A page of what was told and held back; go on with `before` set to `next`.",
        deliveries=list_of(ref("Delivery")),
        next=or_null(whole(1)),
        counts=group(waiting=whole(), delivered=whole(), parked=whole(), held=whole()),
        targets=list_of(ref("Target")),
    ),
    "Delivery": group(
        "A notice on its way to one target, or held back; `entry` or `source` says what it is of.",
        id=or_null(whole(1)),
        notice=text(description="the webhook-id"),
        alert=text(),
        kind={"enum": [kind.value for kind in Kind]},
        reason=text(),
        state={"enum": [*(state.value for state in DeliveryState), "held"]},
        held_because=or_null({"enum": [why.value for why in Why]}),
        entry=or_null(whole(1)),
        source=or_null(text()),
        target=or_null(text(description="its name, without secrets")),
        written_at=_TIME,
        due=or_null(_TIME),
        attempts=whole(),
        tried_at=or_null(_TIME),
        status=or_null(whole()),
        answer=text(description="what the target said"),
    ),
    "Target": group(
        "A target in trouble; one that is `stopped_at` some time is asked no more.",
        target=text(),
        failures=whole(),
        not_before=or_null(_TIME),
        stopped_at=or_null(_TIME),
        reason=text(),
    ),
    "JsonFeed": group(
        "JSON Feed 1.1.",
        version={"const": "https://jsonfeed.org/version/1.1"},
        title=text(),
        items={"type": "array", "items": {"type": "object", "required": ["id"]}},
    ),
}
