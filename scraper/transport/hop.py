"""One request on the way to a page: what is sent, where a redirect leads, what a status means.

Pure. RFC 9110: 10.2.2 Location, 13 conditional requests, 15 status codes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from scraper.address import with_query
from scraper.errors import AddressError, RedirectError, StatusError
from scraper.guard import Target, check_url

Headers = Sequence[tuple[bytes, bytes]]

REDIRECTS: Final = (301, 302, 303, 307, 308)
MAX_REDIRECTS: Final = 5
ACCEPT: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"

_ABSOLUTE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PERMANENT: Final = (301, 308)
# Headers that keywire sets itself, or that belong to the connection (RFC 9110 7.6.1).
_OURS: Final = frozenset(
    (
        *("accept-encoding", "connection", "content-length", "expect", "host", "if-match"),
        *("if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive"),
        *("proxy-authorization", "proxy-connection", "range", "te", "trailer"),
        *("transfer-encoding", "upgrade", "user-agent"),
    )
)
_PHRASES: Final = {
    **{status.value: status.phrase for status in HTTPStatus},
    520: "Web Server Returns an Unknown Error",
    521: "Web Server Is Down",
    522: "Connection Timed Out",
    523: "Origin Is Unreachable",
    524: "A Timeout Occurred",
    525: "SSL Handshake Failed",
    526: "Invalid SSL Certificate",
}
_MENDS: Final = {
    401: "give credentials as headers of the source",
    403: "the publisher refuses us; ask for permission",
    404: "check the address",
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way from the `asked` URL, after those in `trail`.

    `headers` are the caller's (they may hold credentials), `conditions` the headers that make the
    request conditional. `secret` is a query of the caller's that is added when the request is sent,
    and to no address that is shown or kept. `private`: the target may be private. `moved_for_good`:
    every redirect so far was permanent; `moved_to` is where the permanent ones led before the first
    that was not ("" if nowhere).
    """

    asked: str
    target: Target
    headers: Mapping[str, str]
    conditions: Mapping[str, str]
    private: bool
    trail: tuple[str, ...] = ()
    moved_for_good: bool = True
    moved_to: str = ""
    secret: str = ""

    @property
    def sent(self) -> Target:
        """The target as it is sent: with the caller's secret in its query."""
        if not self.secret:
            return self.target
        return replace(self.target, url=with_query(self.target.url, self.secret))


class EndlessError(RedirectError):
    """There are too many redirects, or they go round in a circle."""


def request_headers(hop: Hop, agent: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of a hop's request; the caller's never replace those in _OURS."""
    theirs = {name: value for name, value in hop.headers.items() if name.lower() not in _OURS}
    ours = {
        "Host": hop.target.authority,
        "User-Agent": agent,
        "Accept-Encoding": "gzip",
        **hop.conditions,
    }
    if "accept" not in {name.lower() for name in theirs}:
        ours["Accept"] = ACCEPT
    return [(_to_bytes(name), _to_bytes(value)) for name, value in (*ours.items(), *theirs.items())]


def read_headers(raw: Headers) -> dict[str, str]:
    """Return headers by lower-case name, repeated ones joined (RFC 9110 5.3), without Set-Cookie.

    Bytes are decoded one to one (latin-1), so that validators are sent back as they came.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name != "set-cookie":
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def read_location(raw: Headers) -> str:
    """Return Location as sent, decoded as UTF-8, else as latin-1; "" if there is none."""
    value = next((value for name, value in raw if name.lower() == b"location"), b"")
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def redirect(hop: Hop, status: int, location: str) -> Hop:
    """Return the hop that a redirect leads to; raises RedirectError if there is no permitted one.

    Once the origin changes, the caller's headers, secret and permission to be private are dropped,
    and do not come back with a later redirect to the first origin.
    """
    here = hop.target
    if not location:
        raise RedirectError(hop.asked, f"{here.url} redirects to nowhere", "check the address")
    if len(hop.trail) >= MAX_REDIRECTS:
        raise EndlessError(hop.asked, f"more than {MAX_REDIRECTS} redirects", "check the address")
    target = _resolve(hop, _told(hop, location))
    if here.scheme == "https" and target.scheme == "http":
        raise RedirectError(hop.asked, f"it redirects from https down to {target.url}")
    if target.url in (here.url, *hop.trail):
        raise EndlessError(hop.asked, f"the redirects go round in a circle at {target.url}")
    same = target.origin == here.origin
    for_good = hop.moved_for_good and status in _PERMANENT
    return replace(
        hop,
        target=target,
        headers=hop.headers if same else {},
        secret=hop.secret if same else "",
        private=hop.private and same,
        trail=(*hop.trail, here.url),
        moved_for_good=for_good,
        moved_to=target.url if for_good else hop.moved_to,
    )


def robots_target(target: Target) -> Target:
    """Return the address of robots.txt at the target's origin (RFC 9309 2.3)."""
    return check_url(urljoin(target.url, "/robots.txt"))


def status_error(hop: Hop, status: int, not_before: datetime | None) -> StatusError:
    """Make the error for a status that brings no page."""
    reason = f"the server says {status} {_PHRASES.get(status, '')}".rstrip()
    if status == HTTPStatus.NOT_MODIFIED:
        reason += ", though nothing was known before"
    mend = _MENDS.get(status, "")
    return StatusError(hop.asked, status, reason + say_where(hop), mend, not_before=not_before)


def refuse(hop: Hop, reason: str) -> AddressError:
    """Make the error for an address that may not be connected to."""
    mend = "open it with fetch.allow_private if it is meant"
    return AddressError(hop.asked, reason + say_where(hop), mend)


def say_where(hop: Hop) -> str:
    """Return ", at URL" for a message about a hop that a redirect led to; "" for the first hop."""
    return f", at {hop.target.url}" if hop.trail else ""


def _told(hop: Hop, location: str) -> str:
    """Return a Location without the caller's secret, which it may repeat."""
    if not hop.secret or hop.secret not in location:
        return location
    rest = location.replace(f"&{hop.secret}", "").replace(hop.secret, "")
    return rest.replace("?&", "?").removesuffix("?")


def _resolve(hop: Hop, location: str) -> Target:
    """Resolve Location against the hop (RFC 3986 5), as strictly as a URL; RedirectError if bad.

    Only paths are left to urljoin: it silently repairs bad hosts and drops control characters.
    """
    try:
        if location.startswith("//"):
            return check_url(f"{hop.target.scheme}:{location}")
        if _ABSOLUTE.match(location) or any(char < " " or char == "\\" for char in location):
            return check_url(location)
        return check_url(urljoin(hop.target.url, location))
    except (AddressError, ValueError) as error:
        reason = error.reason if isinstance(error, AddressError) else "it cannot be read"
        told = f"{hop.target.url} redirects to {_show(location)}: {reason}"
        raise RedirectError(hop.asked, told, "check the address") from None


def _show(location: str) -> str:
    """Return an address for a message: one line of at most 200 characters, without credentials."""
    before, at, after = location.rpartition("@")
    return ascii(f"…@{after}" if at and "//" in before else location)[:200]


def _to_bytes(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")
