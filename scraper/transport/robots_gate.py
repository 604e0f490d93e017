"""The check of each hop against robots.txt (RFC 9309), which is fetched when due, and kept."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from scraper import robots
from scraper.errors import AddressError, FetchError, NetworkError, RedirectError, RobotsError
from scraper.pace import read_retry_after
from scraper.robots import RobotsNotes
from scraper.transport.answer import BROKEN, Answer
from scraper.transport.attempt import Trip
from scraper.transport.body import drain, read_whole
from scraper.transport.client import Client
from scraper.transport.connect import explain
from scraper.transport.hop import EndlessError, Hop, read_headers, robots_target, say_where
from scraper.transport.host import Server


class RobotsGate:
    """Permits hops by robots.txt, or all if not `obeyed`; `notes` keep it over restarts."""

    def __init__(
        self, client: Client, notes: RobotsNotes, *, obeyed: bool, now: Callable[[], datetime]
    ) -> None:
        self._client, self._notes, self._obeyed, self._now = client, notes, obeyed, now

    async def permit(self, hop: Hop, trip: Trip) -> None:
        """Raise RobotsError if robots.txt forbids the hop; robots.txt is fetched if it is due.

        Sets the trip's `verdict` and `crawl_delay`.
        """
        if not self._obeyed:
            trip.verdict = "robots.txt is set aside by the configuration"
            return
        with self._client.visit(hop) as server:
            known = server.robots
            if known is None or robots.is_due(known, self._now()):
                known = await self._learn_robots(server, hop, trip)
            verdict = server.judge(hop.target.url, self._client.agent)
        trip.verdict, trip.crawl_delay = verdict.reason, server.host.crawl_delay
        if not verdict.allowed:
            raise RobotsError(
                hop.asked,
                verdict.reason + say_where(hop),
                "ask the publisher, and set fetch.robots if they agree",
                not_before=known.due if known.text is None else None,
            )

    async def _learn_robots(self, server: Server, hop: Hop, trip: Trip) -> robots.Robots:
        """Recall robots.txt from the notes, or fetch it once for all hops that wait for it."""
        origin = f"{hop.target.scheme}://{hop.target.authority}"
        async with trip.turn(server.robots_line):
            known = server.robots
            if known is None and not hop.private:
                known = await self._notes.recall(origin)
            if known is None or robots.is_due(known, self._now()):
                known = await self._fetch_robots(hop, trip, known)
                if not hop.private:
                    await self._notes.keep(origin, known)
            if known is not server.robots:
                server.heed(known, self._client.agent)
        return known

    async def _fetch_robots(
        self, hop: Hop, trip: Trip, before: robots.Robots | None
    ) -> robots.Robots:
        """Fetch robots.txt of a hop's origin; if that fails, return Robots that say so.

        Raises NetworkError or AddressError only if the origin itself cannot be reached: then the
        page there cannot be either.
        """
        target = robots_target(hop.target)
        where = start = Hop(hop.asked, target, {}, {}, private=hop.private)

        async def note(here: Hop, _: Trip) -> None:
            nonlocal where
            where = here

        async def read(answer: Answer, _: Hop, __: Trip) -> robots.Robots:
            return await self._read_robots(answer, before)

        try:
            return await self._client.follow(start, trip, read, note)
        except EndlessError:  # RFC 9309 2.3.1.2
            return robots.open_all("there is no robots.txt: too many redirects", self._now())
        except (NetworkError, AddressError) as error:
            if where.target.origin == target.origin:
                reason = error.reason + say_where(hop)
                raise type(error)(
                    hop.asked, reason, error.mend, not_before=error.not_before
                ) from error
            return self._close_robots(error, before)
        except RedirectError as error:
            return self._close_robots(error, before)

    def _close_robots(self, error: FetchError, before: robots.Robots | None) -> robots.Robots:
        reason = f"robots.txt could not be read: {error.reason}"
        return robots.close(reason, self._now(), before, error.not_before)

    async def _read_robots(self, answer: Answer, before: robots.Robots | None) -> robots.Robots:
        """Make Robots of a final answer for robots.txt; Retry-After of a 429 or 503 is kept."""
        now, status = self._now(), answer.status
        wait = read_retry_after(read_headers(answer.headers), now)
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and wait:
            await drain(answer)
            return robots.close(f"robots.txt answers {status}", now, before, wait)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            await drain(answer)
            return robots.read_answer(status, b"", now, before)
        try:
            body = await read_whole(answer, robots.MAX_BODY + 1, cut=True)
        except (ValueError, *BROKEN) as error:
            told = str(error) if isinstance(error, ValueError) else explain(error)
            return robots.close(f"robots.txt could not be read: {told}", now, before)
        return robots.read_answer(status, body, now, before)
