"""Fetching of one page: conditionally, politely, within limits, from permitted addresses only."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import httpcore

from scraper.errors import BodyError, DeadlineError, FetchError, NetworkError
from scraper.guard import check_url, read_allowed
from scraper.pace import read_retry_after
from scraper.page import Gone, NotModified, Page, Validators
from scraper.robots import NoNotes, RobotsNotes
from scraper.transport.answer import BROKEN, Answer
from scraper.transport.attempt import Trip
from scraper.transport.body import drain, read_whole
from scraper.transport.client import Client
from scraper.transport.connect import Resolve, explain
from scraper.transport.hop import Hop, read_headers, say_where, status_error
from scraper.transport.page_budget import Place
from scraper.transport.robots_gate import RobotsGate


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How to fetch: `timeout` in seconds for a whole fetch, `max_body` in bytes after decoding.

    `contact` is added to the User-Agent; `allow_private` lists private addresses and networks that
    may be connected to.
    """

    user_agent: str
    contact: str = ""
    timeout: float = 20.0
    max_body: int = 10_000_000
    obey_robots: bool = True
    allow_private: tuple[str, ...] = ()


_NO_VALIDATORS: Final = Validators()
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Fetcher:
    """Fetches pages, by `rules`; one for each process. `now` returns the time in UTC.

    `resolve` (a name's addresses) and `tls` (trusted certificates) default to the system's and
    certifi's; `notes` keep robots.txt over restarts, which by default nothing does.
    """

    def __init__(
        self,
        rules: FetchRules,
        *,
        now: Callable[[], datetime],
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        notes: RobotsNotes | None = None,
    ) -> None:
        self._rules, self._now = rules, now
        agent = rules.user_agent + (f" (+{rules.contact})" if rules.contact else "")
        allowed = read_allowed(rules.allow_private)
        self._client = Client(agent, allowed, now=now, resolve=resolve, tls=tls)
        self._gate = RobotsGate(self._client, notes or NoNotes(), obeyed=rules.obey_robots, now=now)

    async def fetch(
        self,
        url: str,
        validators: Validators = _NO_VALIDATORS,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        secret: str = "",
        typed: bool = False,
        place: Place | None = None,
    ) -> Page | NotModified | Gone:
        """Fetch a page within the total deadline; every failure raises a FetchError.

        With `validators` the request is conditional (RFC 9110 13). `headers` go to the URL's own
        origin only, and so does `secret`, a query (`api-key=…`) that no page or error repeats.
        `typed`: a person typed this URL, so its own host may be private. If a `place` is
        given, the body is read only once that has been taken. The deadline covers robots.txt, name
        resolution, redirects and body; it excludes waiting behind other fetches from the same
        server, for the host's pace and for a place. A server that failed to answer three times in a
        row is left alone for a while: until then a NetworkError is raised at once, and its
        `not_before` is when the server is asked again.
        """
        target, conditions = check_url(url), _conditions(validators)
        hop = Hop(url, target, dict(headers), conditions, private=typed, secret=secret)
        trip = Trip(asyncio.timeout(self._rules.timeout), place)
        try:
            async with trip.clock:
                came = await self._client.follow(hop, trip, self._read_page, self._gate.permit)
        except TimeoutError:
            reason = f"no whole answer within {self._rules.timeout:g} s"
            error = DeadlineError(url, reason, "it is tried again later")
            error.cost = trip.cost
            raise error from None
        except FetchError as error:
            error.cost = trip.cost
            raise
        return replace(came, cost=trip.cost)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _read_page(self, answer: Answer, hop: Hop, trip: Trip) -> Page | NotModified | Gone:
        """Turn an answer that is no redirect into a value by its status (RFC 9110 15).

        Raises StatusError for a status that brings no page.
        """
        now, status = self._now(), answer.status
        headers = read_headers(answer.headers)
        if status == HTTPStatus.OK:
            async with trip.page():
                body = await self._read_body(answer, hop)
            return Page(
                hop.asked,
                body,
                self._now(),
                hop.target.url,
                status,
                headers,
                moved_to=hop.moved_to,
                robots=trip.verdict,
                crawl_delay=trip.crawl_delay,
            )
        await drain(answer)
        if status == HTTPStatus.NOT_MODIFIED and hop.conditions:
            return NotModified(
                hop.asked, now, headers, hop.moved_to, trip.verdict, trip.crawl_delay
            )
        if status == HTTPStatus.GONE and hop.moved_for_good:
            return Gone(hop.asked, now)
        raise status_error(hop, status, read_retry_after(headers, now))

    async def _read_body(self, answer: Answer, hop: Hop) -> bytes:
        try:
            return await read_whole(answer, self._rules.max_body)
        except (ValueError, httpcore.RemoteProtocolError) as error:
            cut = not isinstance(error, ValueError)
            reason = "the body was cut short or is not framed as announced" if cut else str(error)
            raise BodyError(hop.asked, reason + say_where(hop)) from error
        except BROKEN as error:
            raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error


def _conditions(validators: Validators) -> dict[str, str]:
    """Return the request headers for those validators that are known (RFC 9110 13.1.2, 13.1.3)."""
    both = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in both.items() if value}
