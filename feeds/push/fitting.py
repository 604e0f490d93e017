"""Encode an envelope as JSON of bounded size: what is left out to fit, and in which order."""

from typing import Final

import msgspec

from feeds.push.envelope import Entry, Envelope

MOST_BYTES: Final = 20_000  # Standard Webhooks asks for less than 20 kB
_LEAST_TEXT: Final = 200  # characters
_FEW: Final = 5  # topics, authors
_replace: Final = msgspec.structs.replace


def encode(envelope: Envelope, most: int = MOST_BYTES) -> bytes:
    """Return an envelope as JSON of at most `most` bytes, without as many bulky parts as needed.

    The html goes first. `entry.cut` names what was left out; the entry's `url` has it all.
    """
    written = msgspec.json.encode(envelope)
    for name in ("html", "changes", "diff", "media", "text", "tags", "lines"):
        if len(written) <= most:
            return written
        envelope = _without(envelope, name, len(written) - most)
        written = msgspec.json.encode(envelope)
    while len(written) > most and envelope.digest and envelope.digest.entries:
        entries = envelope.digest.entries[:-1]
        envelope = _replace(envelope, digest=_replace(envelope.digest, entries=entries))
        written = msgspec.json.encode(envelope)
    return written


def _without(envelope: Envelope, name: str, over: int) -> Envelope:
    entry = envelope.entry
    if entry is None or not getattr(entry, name, getattr(envelope, name, True)):
        return envelope
    cut = (*entry.cut, name)
    match name:
        case "html":
            entry = _replace(entry, html="", cut=cut)
        case "text":
            entry = _replace(entry, text=_shorter(entry.text, over), cut=cut)
        case "media" | "tags":
            entry = _replace(entry, **{name: ()}, cut=cut)
        case "changes":
            return _replace(envelope, changes={}, entry=_replace(entry, cut=cut))
        case "diff":
            return _replace(envelope, diff=(), entry=_replace(entry, cut=cut))
        case _:
            return _with_short_lines(envelope, _replace(entry, cut=cut))
    return _replace(envelope, entry=entry)


def _with_short_lines(envelope: Envelope, entry: Entry) -> Envelope:
    """Shorten the fields that are one line in any ordinary entry; addresses and ids stay whole."""
    blog = envelope.blog
    return _replace(
        envelope,
        reason=envelope.reason[:_LEAST_TEXT],
        topics=envelope.topics[:_FEW],
        blog=_replace(blog, title=blog.title[:_LEAST_TEXT]) if blog else None,
        entry=_replace(
            entry,
            title=entry.title[:_LEAST_TEXT],
            authors=tuple(name[:_LEAST_TEXT] for name in entry.authors[:_FEW]),
            credit=entry.credit[:_LEAST_TEXT],
            language=entry.language[:_LEAST_TEXT],
        ),
    )


def _shorter(text: str, over: int) -> str:
    """Return a text cut by `over` bytes of JSON and a little more, to `_LEAST_TEXT` at least."""
    written = msgspec.json.encode(text)
    share = max(0.0, 1 - (over + 100) / max(1, len(written)))
    return text[: max(_LEAST_TEXT, int(len(text) * share * 0.9))].rstrip() + "…"
