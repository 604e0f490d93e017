"""Compare two states of an entry: title, body, media, flags and the other published fields."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from feeds.worddiff import Piece, word_diff
from store.entry import Media

_LINE_END: Final = re.compile(r"<br>|</(?:p|li|div|tr|dd|dt|h[1-6]|blockquote|figcaption|pre)>")
_TAG: Final = re.compile(r"<[^<>]*>")
# The fields of `State` that are compared, in the order of the output.
_FLAGS: Final = ("key_event", "summary", "pinned", "retracted")
_FACTS: Final = ("authors", "credit", "tags", "permalink", "language", "updated")
_SIGNS: Final = {"same": "{}", "gone": "[-{}-]", "came": "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class State:
    """The content of an entry at one time. A flag that was not recorded is None.

    `body` is the text, one paragraph a line; `updated` is the publisher's time in RFC 3339, or "".
    """

    revision: int
    title: str
    body: str
    media: tuple[Media, ...] = ()
    authors: tuple[str, ...] = ()
    credit: str = ""
    tags: tuple[str, ...] = ()
    permalink: str = ""
    language: str = ""
    updated: str = ""
    key_event: bool | None = None
    summary: bool | None = None
    pinned: bool | None = None
    retracted: bool | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of `State` whose value differs, with the values before and after."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class MediaChanges:
    """Media that were removed or added, and (old, new) pairs of one URL with different details."""

    gone: tuple[Media, ...] = ()
    came: tuple[Media, ...] = ()
    altered: tuple[tuple[Media, Media], ...] = ()

    def __bool__(self) -> bool:
        """Return whether any media differ."""
        return bool(self.gone or self.came or self.altered)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two states; `old` and `new` are the numbers of their revisions.

    `title` and `body` are () where they differ in spaces at most.
    """

    old: int
    new: int
    title: tuple[Piece, ...] = ()
    body: tuple[Piece, ...] = ()
    media: MediaChanges = field(default_factory=MediaChanges)
    flags: tuple[Changed, ...] = ()
    facts: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.title or self.body or self.media or self.flags or self.facts)


def compare(old: State, new: State) -> Comparison:
    """Return what differs between two states of one entry."""
    return Comparison(
        old.revision,
        new.revision,
        title=word_diff(old.title, new.title),
        body=word_diff(old.body, new.body),
        media=_media(old.media, new.media),
        flags=tuple(_changed(old, new, _FLAGS)),
        facts=tuple(_changed(old, new, _FACTS)),
    )


def lines_of(html: str, text: str) -> str:
    """Return a body without tags, a line per block or `<br>`; `text` where `html` has no tags."""
    if "<" not in html:
        return text
    lines = unescape(_TAG.sub("", _LINE_END.sub("\n", html))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _changed(old: State, new: State, names: Sequence[str]) -> Iterator[Changed]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        unknown = name in _FLAGS and None in (before, after)
        if before != after and not unknown:
            yield Changed(name, before, after)


def _media(old: Sequence[Media], new: Sequence[Media]) -> MediaChanges:
    had, has = ({one.url: one for one in media} for media in (old, new))
    return MediaChanges(
        gone=tuple(one for url, one in had.items() if url not in has),
        came=tuple(one for url, one in has.items() if url not in had),
        altered=tuple(
            (had[url], one) for url, one in has.items() if url in had and had[url] != one
        ),
    )


# --- output as JSON and as plain text ------------------------------------------------------------


def tell_comparison(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON object; `op` of a piece is "same", "gone" or "came"."""
    return {
        "from": found.old,
        "to": found.new,
        "title": _pieces(found.title),
        "body": _pieces(found.body),
        "media": {
            "gone": found.media.gone,
            "came": found.media.came,
            "altered": [{"old": old, "new": new} for old, new in found.media.altered],
        },
        "flags": {one.name: {"old": one.old, "new": one.new} for one in found.flags},
        "facts": {one.name: {"old": one.old, "new": one.new} for one in found.facts},
    }


def write_comparison(found: Comparison) -> str:
    """Return a comparison as lines of text: removed words in [-…-], added words in {+…+}."""
    lines = [f"revision {found.old} → {found.new}", *_told(found)]
    return "\n".join(lines if len(lines) > 1 else [*lines, "nothing differs"])


def _told(found: Comparison) -> Iterator[str]:
    for name, pieces in (("title", found.title), ("body", found.body)):
        if pieces:
            yield f"{name}:"
            marked = "".join(map(_marked, pieces)).rstrip("\n")
            yield from (f"  {line}".rstrip() for line in marked.split("\n"))
    for sign, media in (("-", found.media.gone), ("+", found.media.came)):
        yield from (
            f"{sign} {one.type} {one.url}{f' ({one.alt})' * bool(one.alt)}" for one in media
        )
    yield from (f"~ {new.type} {new.url}" for _, new in found.media.altered)
    for one in (*found.flags, *found.facts):
        yield f"{one.name}: {said(one.old)} → {said(one.new)}"


def said(value: object) -> str:
    """Return a field's value as text: "yes" or "no", a list with commas, "none" where empty."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value)) or "none"
        case _:
            return str(value) or "none"


def _marked(piece: Piece) -> str:
    """Return a piece in its signs, which leave its leading and trailing white space outside."""
    core = piece.text.strip()
    if not core:
        return "" if piece.op == "gone" else piece.text
    before, _, after = piece.text.partition(core)
    return before + _SIGNS[piece.op].format(core) + after


def _pieces(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [{"op": piece.op, "text": piece.text} for piece in pieces]
