"""Describe the HTTP API in OpenAPI 3.1; the document depends on no store."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from feeds.feed import Retracted
from feeds.site import search, shapes
from feeds.site.addresses import Format
from feeds.site.deliveries import MOST as MOST_DELIVERIES
from feeds.site.deliveries import STATES
from feeds.site.deliveries import USUAL as USUAL_DELIVERIES
from feeds.site.diffs import LAST_REVISION
from feeds.site.events import LONGEST_WAIT, MOST, USUAL
from feeds.site.options import SiteOptions
from feeds.site.shapes import Shape, any_of, ref, text, whole
from feeds.site.writing import DECISIONS
from store.topics import TOPIC_NAME, Selection
from store.window import WINDOW_MOST

MEDIA_TYPE = "application/json"
_Operation: TypeAlias = dict[str, Any]
_LAST_SEQ = 10**18 - 1
_JSON = "application/json"
_ERRORS = {
    304: "What the client has is current.",
    301: "The topic has another name, for good.",
    400: "A parameter has a value that it cannot have; `error` begins with its name.",
    401: "The key is missing or another one.",
    403: "This site has no key (`site.key`), so nobody may do this.",
    404: "There is no such thing here.",
    409: "There is nothing that this could be done to.",
    410: "The topic is not followed any more; its entries are kept.",
    503: "The store cannot be read just now, or keywire is being stopped; Retry-After says when.",
}


def render(options: SiteOptions) -> bytes:
    """Return the OpenAPI document of a site as JSON."""
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": options.title,
                "version": "1",
                "summary": "Live blogs as feeds, and every change of them once and in order.",
                "description": _ABOUT,
            },
            "servers": [{"url": options.link("")}],
            "paths": {
                **_feeds(),
                **_archives(),
                **_search(),
                **_log(),
                **_kept(),
                **_decisions(),
                **_deliveries(),
            },
            "components": {
                "schemas": shapes.SHAPES,
                "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


_ABOUT = """\
A cursor is the `seq` of the last change that a reader has. Whoever reads on from it sees every
later change exactly once and in order. `epoch` names the log: another one means another store, such
as a restored backup. All times are ISO 8601 in UTC, or null. Every GET may be a HEAD."""


# --- parameters ---


def _query(name: str, shape: Shape, about: str) -> Shape:
    return {"name": name, "in": "query", "schema": shape, "description": about}


def _path(name: str, shape: Shape, about: str) -> Shape:
    return {"name": name, "in": "path", "required": True, "schema": shape, "description": about}


_NAME = text(pattern=f"^{TOPIC_NAME.pattern}$")
_NAME_OR_NONE = text(pattern=f"^({TOPIC_NAME.pattern})?$")  # a form sends "" for an empty field
_TOPIC = _path("topic", _NAME, "The topic's name.")
_PART = (
    _path(
        "selection",
        {"enum": [one.value for one in Selection if one is not Selection.ALL]},
        "Which of the topic's entries.",
    ),
)
_FILTER = _query("topic", _NAME, "Only changes of this topic.")
_AFTER = _query(
    "after",
    any_of(whole(0, _LAST_SEQ), {"const": "latest"}),
    "The cursor, 0 to begin with; `latest` for what is still to come.",
)
_EPOCH = _query(
    "epoch",
    text(pattern="^[0-9A-Za-z-]{1,64}$"),
    "The log that the cursor is of, so that another one is noticed.",
)


# --- operations ---


def _operation(
    name: str,
    about: str,
    parameters: list[Shape],
    good: Mapping[str, Shape | None],
    *statuses: int,
    answers: Mapping[int, Shape] | None = None,
) -> _Operation:
    """Return an operation object.

    `good` are the media types of its 200 with their schemas, `statuses` its error statuses, and
    `answers` further responses by status.
    """
    content = {kind: {} if shape is None else {"schema": shape} for kind, shape in good.items()}
    told: dict[str, Any] = {"200": {"description": about, "content": content}}
    for status in statuses:
        told[str(status)] = {"description": _ERRORS[status], **_said(status, good)}
    for status, shape in (answers or {}).items():
        told[str(status)] = shape
    return {"operationId": name, "summary": about, "parameters": parameters, "responses": told}


def _said(status: int, good: Mapping[str, Shape | None]) -> Shape:
    if status == 304:  # noqa: PLR2004 - Not Modified
        return {}
    if good.keys() & {_JSON, "text/event-stream"}:
        return {"content": {_JSON: {"schema": ref("Error")}}}
    return {"content": {"text/plain": {}}}


def _feeds() -> dict[str, Any]:
    paths = {}
    for form in Format:
        media_type = form.media_type.partition(";")[0]
        shape = ref("JsonFeed") if form is Format.JSON else None
        for place, name, more in (("", "feed", ()), ("/{selection}", "selection", _PART)):
            asked = [
                _TOPIC,
                *more,
                _query("limit", whole(1, WINDOW_MOST), "The newest so many entries."),
                _query(
                    "retracted",
                    {"enum": [one.value for one in Retracted]},
                    "What becomes of retracted entries.",
                ),
            ]
            get = _operation(
                f"{name}_{form.value}",
                f"A feed of a topic as {form.name.title()}.",
                asked,
                {media_type: shape},
                *(301, 304, 400, 404, 410, 503),
            )
            get["responses"] = _plainly(get["responses"])
            paths[f"/feeds/{{topic}}{place}.{form.value}"] = {"get": get}
    return paths


def _archives() -> dict[str, Any]:
    volume = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(-([2-9]|[1-9][0-9]{1,8}))?$"
    day = _path("day", text(pattern=volume), "A sealed day (UTC), or a further volume of it.")
    paths = {}
    for place, name, more in (("", "archive", ()), ("/{selection}", "selection_archive", _PART)):
        get = _operation(
            name,
            "A sealed day of a topic (RFC 5005), which does not change.",
            [_TOPIC, *more, day],
            {Format.ATOM.media_type.partition(";")[0]: None},
            *(301, 304, 404, 410, 503),
        )
        get["responses"] = _plainly(get["responses"])
        paths[f"/feeds/{{topic}}{place}/archive/{{day}}.atom"] = {"get": get}
    return paths


def _search() -> dict[str, Any]:
    get = _operation(
        "search",
        "The newest entries that answer a query, as an Atom feed.",
        [
            _query("q", text(), 'Words, "phrases", beginnings*, -not, one OR another.'),
            _query("topic", _NAME_OR_NONE, "Only entries of this topic."),
            _query("before", whole(1, _LAST_SEQ), "Where older ones begin."),
            _query("order", {"enum": [*search.ORDERS]}, "Which come first."),
        ],
        {search.MEDIA_TYPE.partition(";")[0]: None},
        *(301, 304, 400, 404, 503),
    )
    return {"/search.atom": {"get": {**get, "responses": _plainly(get["responses"])}}}


def _plainly(responses: dict[str, Any]) -> dict[str, Any]:
    """Return `responses` with text/plain for all but 200 and 304, as feeds answer errors."""
    plain: Shape = {"content": {"text/plain": {}}}
    return {
        status: told if status in {"200", "304"} else {**told, **plain}
        for status, told in responses.items()
    }


def _log() -> dict[str, Any]:
    reset = {
        "description": "The cursor means nothing here: begin anew at `reset.url`.",
        "content": {_JSON: {"schema": ref("Refused")}},
    }
    events = _operation(
        "events",
        "Changes after a cursor, oldest first.",
        [
            _AFTER,
            _EPOCH,
            _FILTER,
            _query("limit", whole(1, MOST), f"At most so many; {USUAL} unless said."),
            _query(
                "wait",
                whole(0, LONGEST_WAIT),
                "Where there are none yet, wait so many seconds for one.",
            ),
        ],
        {_JSON: ref("Events")},
        *(400, 404, 503),
        answers={409: reset},
    )
    last_id = {
        "name": "Last-Event-ID",
        "in": "header",
        "schema": text(pattern="^[0-9]{0,18}$"),
        "description": "Where a client that reconnects is (may be empty); before `after`.",
    }
    stream = _operation(
        "stream",
        "Changes after a cursor, and then each as it comes, for as long as the client stays.",
        [_AFTER, _EPOCH, _FILTER, last_id],
        {"text/event-stream": None},
        *(400, 404, 503),
    )
    stream["description"] = _STREAM
    return {"/events": {"get": events}, "/events/stream": {"get": stream}}


_STREAM = """\
Server-Sent Events: `id` is the seq, `event` the change's type, `data` a Change as JSON. Two events
are no changes: `begin`, the first one after `after=latest`, with `{"epoch", "after"}`; and `reset`,
after which the stream ends, with a Reset. A comment every 15 seconds shows that it lives."""


def _kept() -> dict[str, Any]:
    def listing(name: str, about: str, shape: str) -> _Operation:
        return {"get": _operation(name, about, [], {_JSON: shapes.list_of(ref(shape))}, 503)}

    number = _path("number", whole(0, _LAST_SEQ), "The entry's `number`.")
    entry = _operation(
        "entry", "An entry with its revisions.", [number], {_JSON: ref("Entry")}, 404, 503
    )
    return {
        "/topics.json": listing("topics", "The topics, and where their feeds are.", "Topic"),
        "/sources.json": listing("sources", "How following every source goes.", "Source"),
        "/entries/{number}.json": {"get": entry},
        **_comparisons(number),
    }


def _comparisons(number: Shape) -> dict[str, Any]:
    revision = whole(1, LAST_REVISION)
    asked = [
        number,
        _query("from", revision, "This revision; the one before `to` unless said."),
        _query("to", revision, "And this one; the newest unless said."),
    ]
    about = "What differs between two revisions of an entry, word by word"
    kinds: tuple[tuple[str, str, Shape | None], ...] = (
        ("json", _JSON, ref("Comparison")),
        ("txt", "text/plain", None),
    )
    return {
        f"/entries/{{number}}/diff.{end}": {
            "get": _operation(f"diff_{end}", f"{about}.", asked, {kind: shape}, 400, 404, 503)
        }
        for end, kind, shape in kinds
    }


_SAID = {
    "pause": "Stop polling a source until it is resumed.",
    "resume": "Poll a source again at once.",
    "confirm": "Accept that a held source's missing entries are gone; the next poll retracts them.",
}


def _decisions() -> dict[str, Any]:
    number = _path("id", whole(0, _LAST_SEQ), "The source's `id`.")
    paths = {}
    for name in DECISIONS:
        refusals = (401, 403, 404, 409, 503) if name == "confirm" else (401, 403, 404, 503)
        post = _operation(name, _SAID[name], [number], {_JSON: ref("Source")}, *refusals)
        paths[f"/sources/{{id}}/{name}"] = {"post": {**post, "security": [{"key": []}]}}
    return paths


def _deliveries() -> dict[str, Any]:
    asked = [
        _query("state", {"enum": [*STATES]}, "Only those in this state."),
        _query("alert", text(), "Only those of this alert."),
        _query("target", text(), "Only those to this target, by its name here."),
        _query("entry", whole(0, _LAST_SEQ), "Only those about the entry with this `number`."),
        _query("before", whole(0, _LAST_SEQ), "The `next` of the page before."),
        _query("limit", whole(1, MOST_DELIVERIES), f"So many; {USUAL_DELIVERIES} unless said."),
    ]
    about = "What alerts told, to whom, and what they held back, the newest first."
    page = _operation("deliveries", about, asked, {_JSON: ref("Deliveries")}, 400, 401, 403, 503)
    number = _path("id", whole(0, _LAST_SEQ), "The delivery's `id`.")
    about = "Send a delivery that waits or is parked at once; a target that was stopped goes on."
    good = {_JSON: ref("Delivery")}
    retry = _operation("retry", about, [number], good, 401, 403, 404, 409, 503)
    key: Shape = {"security": [{"key": []}]}
    return {
        "/deliveries.json": {"get": {**page, **key}},
        "/deliveries/{id}/retry": {"post": {**retry, **key}},
    }
