"""Carry out decisions about sources that holders of the site's key send over HTTP.

They concern configured sources only: no address is ever taken from a request.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from feeds.site.responses import Header, Refusal
from feeds.site.sources import tell_source
from store import by_hand
from store.survey import FollowedSource, survey

_CHALLENGE: Header = (b"www-authenticate", b'Bearer realm="keywire"')
_HELD = "held"


def check_key(headers: Iterable[Header], key: str) -> Refusal | None:
    """Return a refusal unless `Authorization: Bearer <key>` was sent (RFC 6750 §2.1).

    Without a configured key every request is refused.
    """
    if not key:
        return Refusal(403, "This is for who has the site's key, and site.key is not set.")
    sent = [value for name, value in headers if name == b"authorization"]
    scheme, _, token = sent[0].partition(b" ") if len(sent) == 1 else (b"", b"", b"")
    if scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), key.encode()):
        return None
    return Refusal(401, "Authorization: send the site's key, as Bearer <key>.")


def challenge(status: int) -> tuple[Header, ...]:
    """Return the header that a 401 must have (RFC 9110 §11.6.1); () for other statuses."""
    return (_CHALLENGE,) if status == 401 else ()  # noqa: PLR2004 - Unauthorized


def _pause(connection: Connection, followed: FollowedSource) -> None:
    by_hand.pause(connection, followed.source.url)


def _resume(connection: Connection, followed: FollowedSource) -> None:
    by_hand.resume(connection, followed.source.url)


def _confirm(connection: Connection, followed: FollowedSource) -> Refusal | None:
    held = [blog.url for blog in followed.blogs if blog.following == _HELD]
    for url in held:
        by_hand.confirm(connection, url)
        by_hand.hasten(connection, url)
    return None if held else Refusal(409, "No blog of this source waits for a person.")


Decision = Callable[[Connection, FollowedSource], Refusal | None]
DECISIONS: Mapping[str, Decision] = {"pause": _pause, "resume": _resume, "confirm": _confirm}


def decide(connection: Connection, which: int, name: str) -> dict[str, Any] | Refusal:
    """Carry out the decision `name` about the source with id `which`; return its new state."""
    followed = _find(connection, which)
    if followed is None:
        return Refusal(404, f"No source has the id {which}; /sources.json lists them.")
    refused = DECISIONS[name](connection, followed)
    after = _find(connection, which)
    return refused or tell_source(after or followed)


def _find(connection: Connection, source_id: int) -> FollowedSource | None:
    return next((one for one in survey(connection) if one.source.id == source_id), None)
