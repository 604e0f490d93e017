"""HTTP answers as values: a status, headers (security headers in all) and a body."""

from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from starlette.types import Receive, Scope, Send

from feeds.xml import scrub

Header: TypeAlias = tuple[bytes, bytes]

# No script, frame, form or file of another site, whatever a publisher's text holds: a second
# defence behind escaping. Feeds have it too, as browsers render XML.
_WALL = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
POLICY = f"{_WALL}; img-src 'self'; form-action 'none'"
# A page may send forms to this site and show its pictures; `page_policy` adds pictures from
# anywhere on the web, and this site's own script, which cannot turn text into markup (Trusted
# Types).
_PAGE = f"{_WALL}; form-action 'self'; img-src 'self'"
_LIVE = (
    "script-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def security(policy: str) -> tuple["Header", ...]:
    """Return the headers that keep a publisher's text from running or loading anything."""
    return (
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    )


def page_policy(*, pictures: bool = False, live: bool = False) -> str:
    """Return a page's Content-Security-Policy.

    `pictures` allows publishers' pictures, `live` the script that updates the page.
    """
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
    """One complete HTTP answer, and the ASGI app that sends it."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer; without its body to a HEAD (RFC 9110 §9.3.2)."""
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: an HTTP status and one line that says what to do instead.

    `allowed` are the methods for the Allow header of a 405.
    """

    status: int
    message: str
    allowed: str = "GET, HEAD"


@dataclass(frozen=True, slots=True)
class Moved:
    """The requested topic was renamed, permanently, to `topic`."""

    topic: str


def answer(
    status: int, media_type: str, body: bytes, *more: Header, policy: str = POLICY
) -> Answer:
    """Return an answer with a body; `more` are further headers."""
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
    """Return an answer in plain text with `Cache-Control: no-store`."""
    body = f"{scrub(message)}\n".encode()
    return answer(status, "text/plain; charset=utf-8", body, NO_STORE, *more)


def json(value: object, *more: Header, status: int = 200) -> Answer:
    """Return an answer in JSON with `Cache-Control: no-store`."""
    body = msgspec.json.encode(value)
    return answer(status, "application/json", body, NO_STORE, *more)


def redirect(target: str) -> Answer:
    """Return a permanent redirect, 301, to `target` (RFC 9110 §15.4.2)."""
    location: Header = (b"location", target.encode("ascii"))
    return answer(301, "text/plain; charset=utf-8", b"Moved for good.\n", location, PUBLIC)


def refuse(refusal: Refusal) -> Answer:
    """Return a refusal as an answer in plain text."""
    return plain(refusal.status, refusal.message, PUBLIC, *extras(refusal))


def refuse_in_json(refusal: Refusal, *more: Header) -> Answer:
    """Return a refusal as an answer in JSON, `{"error": message}`."""
    told = {"error": refusal.message}
    return json(told, *extras(refusal), *more, status=refusal.status)


def extras(refusal: Refusal) -> tuple[Header, ...]:
    """Return the headers that a refusal's status needs: Allow for 405, Retry-After for 503."""
    allow = (b"allow", refusal.allowed.encode("ascii"))
    return {405: (allow,), 503: (RETRY_SOON,)}.get(refusal.status, ())
