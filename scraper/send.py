"""Sending of push messages to their targets, behind the same address guard as fetches.

No redirect is followed and robots.txt is not asked for: a target is configured by its owner.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from scraper.errors import AddressError, DeadlineError, FetchError, NetworkError
from scraper.fetch import FetchRules
from scraper.guard import Target, check_url, read_allowed, why_refused
from scraper.transport.answer import BROKEN, Answer
from scraper.transport.channel import Channel
from scraper.transport.connect import GuardedBackend, RefusedError, Resolve, Resolver, explain
from scraper.transport.hop import read_headers
from scraper.transport.trust import trusted

DEADLINE: Final = 20.0  # seconds for a whole call; Standard Webhooks: 15 to 30
READ: Final = 65_536  # bytes of an answer that are read
KEPT: Final = 8  # idle connections to one origin
MOST_KEPT: Final = 256  # idle connections to all origins


@dataclass(frozen=True, slots=True)
class Message:
    """One request with a body. The URL may hold a secret, so that no error shows it whole."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer, whatever its status. `body` is cut at READ bytes, its coding not undone."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Sender:
    """Sends messages; one for each process. `rules` give the agent and permitted private addresses.

    `resolve` and `tls` default to the system's and certifi's, as a Fetcher's do; `deadline` is in
    seconds for each message.
    """

    def __init__(
        self,
        rules: FetchRules,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._agent, self._deadline = rules.user_agent, deadline
        self._allow = read_allowed(rules.allow_private)
        self._resolver = Resolver()
        self._resolve = resolve or self._resolver
        self._tls = tls
        self._idle: OrderedDict[tuple[str, str, int], list[Channel]] = OrderedDict()

    async def send(self, message: Message) -> Sent:
        """Send one message within the total deadline; raises FetchError if no answer came.

        Errors name the target's host, never its whole address.
        """
        target = check_url(message.url)
        shown = f"{target.scheme}://{target.authority}/…"
        if target.address is not None and (reason := why_refused(target.address, self._allow)):
            raise _refuse(shown, reason)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._exchange(message, target)
        except TimeoutError:
            raise DeadlineError(shown, f"no whole answer within {self._deadline:g} s") from None
        except RefusedError as error:
            raise _refuse(shown, str(error)) from None
        except BROKEN as error:
            raise NetworkError(shown, explain(error)) from error

    async def aclose(self) -> None:
        """Close every connection."""
        idle, self._idle = self._idle, OrderedDict()
        for channels in idle.values():
            for channel in channels:
                await channel.aclose()
        self._resolver.close()

    async def _exchange(self, message: Message, target: Target) -> Sent:
        channel = self._take(target)
        whole = False
        try:
            headers = self._headers(message, target)
            answer = await channel.post(message.method.encode(), target, headers, message.body)
            try:
                sent = Sent(answer.status, read_headers(answer.headers), await _read(answer))
            finally:
                await channel.release(answer)
            whole = answer.whole
        finally:
            if whole:
                await self._put_back(target, channel)
            else:
                await channel.aclose()
        return sent

    def _headers(self, message: Message, target: Target) -> list[tuple[bytes, bytes]]:
        named = {
            "Host": target.authority,
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Content-Length": str(len(message.body)),
            **message.headers,
        }
        return [(name.encode(), value.encode()) for name, value in named.items()]

    def _take(self, target: Target) -> Channel:
        channels = self._idle.get(target.origin)
        if channels:
            return channels.pop()
        backend = GuardedBackend(self._resolve, self._allow, private=False)
        if self._tls is None and target.scheme == "https":
            self._tls = trusted()
        return Channel(target, backend, self._tls)

    async def _put_back(self, target: Target, channel: Channel) -> None:
        """Keep a connection for later messages; beyond MOST_KEPT close the oldest origin's."""
        channels = self._idle.setdefault(target.origin, [])
        self._idle.move_to_end(target.origin)
        surplus = [channel] if len(channels) >= KEPT else []
        if not surplus:
            channels.append(channel)
        while sum(map(len, self._idle.values())) > MOST_KEPT:
            surplus += self._idle.popitem(last=False)[1]
        for one in surplus:
            await one.aclose()


async def _read(answer: Answer) -> bytes:
    body = bytearray()
    async with aclosing(answer.parts()) as parts:
        async for part in parts:
            body += part
            if len(body) >= READ:
                break
    return bytes(body[:READ])


def _refuse(shown: str, reason: str) -> FetchError:
    mend = "open it with fetch.allow_private if it is meant"
    return AddressError(shown, reason, mend)
