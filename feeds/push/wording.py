"""The texts of a notice for chats, as plain parts before a target's own markup."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from feeds.links import web_url
from feeds.times import spoken_time
from feeds.titles import own_title
from feeds.xml import line
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery, Trouble
from store.archive.point_in_time import Past

LONGEST_TEXT: Final = 700  # characters of an entry's text or a source's reason
LONGEST_HEAD: Final = 300  # characters of a title or a head
_HEADS: Final = {
    Kind.CHANGED: "Changed",
    Kind.RETRACTED: "Retracted",
    Kind.RESTORED: "Back again",
}
_FOLLOW_UPS: Final = {*_HEADS, Kind.EDITED}
_STANDINGS: Final = {
    Kind.BROKEN: "Broken",
    Kind.SILENT: "Silent",
    Kind.RECOVERED: "Well again",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of a message. `head` introduces a follow-up; `struck`: the rest is struck through.

    `url` is a web address or "". All but `head` and `foot` is text of a publisher.
    """

    title: str
    text: str = ""
    url: str = ""
    foot: str = ""
    head: str = ""
    struck: bool = False
    key: bool = False
    items: tuple["Wording", ...] = ()


def word(delivery: Delivery) -> Wording:
    """Return the texts of a notice: of its entry as of the change, its source, or its digest."""
    if delivery.past is not None:
        said = _of_entry(delivery.past, delivery.alert)
        return replace(said, struck=delivery.kind is Kind.RETRACTED)
    if delivery.trouble is not None:
        return _of_source(delivery.trouble, delivery.alert)
    digest = delivery.digest
    count = digest.count if digest else 0
    minutes = max(1, round(digest.within.total_seconds() / 60)) if digest else 1
    pasts = digest.pasts if digest else ()
    return Wording(
        f"{count} more in {minutes} minute{'s' * (minutes != 1)}",
        foot=delivery.alert,
        items=(
            *(_of_entry(past, "") for past in pasts),
            *(_of_source(trouble, "") for trouble in (digest.troubles if digest else ())),
        ),
    )


def _of_source(trouble: Trouble, alert: str) -> Wording:
    parts = urlsplit(trouble.url)
    since = f"since {spoken_time(trouble.since)}" if trouble.since else ""
    return Wording(
        title=shorten(f"{_STANDINGS[trouble.kind]}: {parts.netloc}{parts.path}", LONGEST_HEAD),
        text=shorten(line(trouble.reason), LONGEST_TEXT),
        url=web_url(trouble.url) or "",
        foot=" · ".join(filter(None, (alert, since))),
    )


def follow_up(delivery: Delivery) -> Wording:
    """Return the texts of a follow-up on an entry that the target already knows."""
    said = word(delivery)
    head = _HEADS.get(delivery.kind, "")
    if delivery.kind is Kind.CHANGED:
        return replace(said, head=shorten(f"{head}: {line(delivery.reason)}", LONGEST_HEAD))
    return replace(said, head=head, text="")


def say(delivery: Delivery) -> Wording:
    """Return the texts of a notice for a target without edits: a new message or a follow-up."""
    return follow_up(delivery) if delivery.kind in _FOLLOW_UPS else word(delivery)


def _of_entry(past: Past, alert: str) -> Wording:
    entry = past.stored.entry
    title = shorten(own_title(entry), LONGEST_HEAD)
    text = shorten(" ".join(entry.text.split()), LONGEST_TEXT)
    when = spoken_time(entry.published, entry.time_precision)
    return Wording(
        title=title,
        text="" if text.rstrip("….") == title.rstrip("….") else text,
        url=web_url(entry.permalink) or web_url(entry.blog) or "",
        foot=" · ".join(
            filter(None, (alert, shorten(line(past.change.blog_title), LONGEST_HEAD), when))
        ),
        key=bool(entry.key_event),
    )


def shorten(text: str, most: int) -> str:
    """Return a text of at most `most` characters, cut at a word and ended with "…"."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:–—-") + "…"
