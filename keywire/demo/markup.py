"""The small pieces that every page of the invented newspaper is made of."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

EDITION = ZoneInfo("Europe/London")
NAME = "The Otter Head Observer"
SECTION = "harbour"


def island(name: str, props: Mapping[str, object], inside: str = "") -> str:
    """Return an island: an element with its own model as JSON in an attribute."""
    held = escape(json.dumps(props, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<gu-island name="{name}" priority="feature" deferuntil="visible"'
        f' props="{held}">{inside}</gu-island>'
    )


def script(value: object) -> str:
    """Return JSON that is safe in a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def configuration(site: str, page: Mapping[str, object]) -> str:
    """Return the script in which a page describes itself to its own browser code."""
    said = {"config": {"isDotcomRendering": True, "page": {"host": site, **page}}}
    return f"<script>window.guardian = {script(said)};</script>"


def time_tag(moment: datetime, words: str) -> str:
    """Return a time element with its exact moment and the words that readers see."""
    there = moment.astimezone(EDITION)
    return (
        f'<time datetime="{iso(moment)}" data-locale="en-gb"'
        f' title="{there:%A, %d %B %Y at %H:%M %Z}">{words}</time>'
    )


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in the page's words."""
    gone = now - moment
    if gone < timedelta(minutes=1):
        return "Just now"
    if gone < timedelta(hours=1):
        return f"{gone // timedelta(minutes=1)}m ago"
    if gone < timedelta(days=1):
        return f"{gone // timedelta(hours=1)}h ago"
    return f"{moment.astimezone(EDITION):%d %b %Y}"


def clock(moment: datetime) -> str:
    """Return the time of day in the edition's zone."""
    return f"{moment.astimezone(EDITION):%H.%M\N{NO-BREAK SPACE}%Z}"


def full(moment: datetime) -> str:
    """Return day and time in the edition's zone."""
    return f"{moment.astimezone(EDITION):%a %d %b %Y %H.%M %Z}"


def iso(moment: datetime) -> str:
    """Return a moment as the pages write it: whole seconds, UTC, three zeros."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970, of whole seconds."""
    return int(moment.timestamp()) * 1000


def slug(words: str) -> str:
    """Return words as a part of an address."""
    return "-".join(words.lower().split())
