"""Answers as values: a status, headers and a body, with the headers that every answer has."""

from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from starlette.types import Receive, Scope, Send

from feeds.xml import scrub

Header: TypeAlias = tuple[bytes, bytes]

# No script, frame, form or foreign file, whatever a publisher wrote: the second wall behind
# escaping. Feeds have it too, for browsers render XML.
_WALL = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
POLICY = f"{_WALL}; img-src 'self'; form-action 'none'"
# A page may ask this site, show publishers' pictures (to `pictures` they may come from anywhere on
# the web), and run this site's own script, which can make no markup of words (Trusted Types).
_PAGE = f"{_WALL}; form-action 'self'; img-src 'self'"
_LIVE = (
    "script-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def security(policy: str) -> tuple["Header", ...]:
    """Return the headers that keep out what a publisher's text might bring."""
    return (
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    )


def page_policy(*, pictures: bool = False, live: bool = False) -> str:
    """Return the policy of a page that shows publishers' pictures, that moves by itself, or not."""
    policy = f"{_PAGE} https: http:" if pictures else _PAGE
    return f"{policy}; {_LIVE}" if live else policy


SECURITY = security(POLICY)
PUBLIC: Header = (b"access-control-allow-origin", b"*")
NO_STORE: Header = (b"cache-control", b"no-store")
RETRY_SOON: Header = (b"retry-after", b"5")
UNREADABLE = "The store cannot be read just now; try again in a few seconds."
BUG = "Something went wrong here; the log of this keywire tells more."


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, ready to be sent; an ASGI app that gives it to whoever asks."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it; to a HEAD without the body (RFC 9110 §9.3.2)."""
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request gets nothing: an HTTP status and one line with the mend.

    `allowed` are the methods that a 405 names instead.
    """

    status: int
    message: str
    allowed: str = "GET, HEAD"


@dataclass(frozen=True, slots=True)
class Moved:
    """The topic that was asked for has another name now, for good."""

    topic: str


def answer(
    status: int, media_type: str, body: bytes, *more: Header, policy: str = POLICY
) -> Answer:
    """Make an answer with a body."""
    return Answer(
        status,
        (
            (b"content-type", media_type.encode("ascii")),
            (b"content-length", str(len(body)).encode("ascii")),
            *more,
            *security(policy),
        ),
        body,
    )


def plain(status: int, message: str, *more: Header) -> Answer:
    """Make an answer in plain text that nobody stores."""
    body = f"{scrub(message)}\n".encode()
    return answer(status, "text/plain; charset=utf-8", body, NO_STORE, *more)


def json(value: object, *more: Header, status: int = 200) -> Answer:
    """Make an answer in JSON that nobody stores."""
    body = msgspec.json.encode(value)
    return answer(status, "application/json", body, NO_STORE, *more)


def redirect(target: str) -> Answer:
    """Send whoever asks to another address, for good (RFC 9110 §15.4.2)."""
    location: Header = (b"location", target.encode("ascii"))
    return answer(301, "text/plain; charset=utf-8", b"Moved for good.\n", location, PUBLIC)


def refuse(refusal: Refusal) -> Answer:
    """Say no in plain text."""
    return plain(refusal.status, refusal.message, PUBLIC, *extras(refusal))


def refuse_in_json(refusal: Refusal, *more: Header) -> Answer:
    """Say no in JSON."""
    told = {"error": refusal.message}
    return json(told, *extras(refusal), *more, status=refusal.status)


def extras(refusal: Refusal) -> tuple[Header, ...]:
    """Return the headers that a status asks for: Allow with 405, Retry-After with 503."""
    allow = (b"allow", refusal.allowed.encode("ascii"))
    return {405: (allow,), 503: (RETRY_SOON,)}.get(refusal.status, ())
