"""What a chat message says of a notice, before a target's own markup: plain words in parts."""

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

LONGEST_TEXT: Final = 700
LONGEST_HEAD: Final = 300
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
    """The parts of a message. `head` leads a follow-up, `struck` says that the rest is void.

    `url` is a web address or "". All of it is a publisher's text but `head` and `foot`.
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
    """Put a notice into words: its entry as it is now, its source, or what a cap held back."""
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
    """Put into words what became of an entry that was told before."""
    said = word(delivery)
    head = _HEADS.get(delivery.kind, "")
    if delivery.kind is Kind.CHANGED:
        return replace(said, head=shorten(f"{head}: {line(delivery.reason)}", LONGEST_HEAD))
    return replace(said, head=head, text="")


def say(delivery: Delivery) -> Wording:
    """Put a notice into words for a target that keeps no message: what is new, or what became."""
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
    """Cut a text at a word, at most `most` characters long."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:–—-") + "…"
