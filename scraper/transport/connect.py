"""Connections to checked addresses only: all that keywire fetches or pushes goes through here.

GuardedBackend resolves a host's name, drops the addresses that the guard refuses and connects to
one of the others, so the address that was checked is the address connected to, however often the
name's answer changes (DNS rebinding).
"""

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, zip_longest
from typing import Any, Final

import httpcore

from scraper.guard import Address, Network, read_address, why_refused
from scraper.transport.stream import Traffic, connect

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

ATTEMPTS: Final = 4  # addresses of one name that are tried
ATTEMPT_TIMEOUT: Final = 3.0  # seconds for each but the last, which has what the deadline leaves
RESOLVERS: Final = 64  # threads; a dead name server must not hold up other names

_NO_NETWORK: Final = (errno.ENETUNREACH, errno.ENETDOWN)
_BROKEN_OFF: Final = re.compile("disconnected|ConnectionTerminated|StreamReset")


class RefusedError(Exception):
    """The host has no address that may be connected to; the text says why."""


class Resolver:
    """Asks the system for a name's addresses, in its own pool of threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Return the addresses as text; raises `socket.gaierror` if there are none."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _ask, host, port)
        return [str(entry[4][0]) for entry in found]

    def close(self) -> None:
        """End the threads without waiting for names that are being resolved."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to permitted addresses only; with `private` (a person typed the URL) to any.

    `own` becomes true if a name has only private addresses: it is the user's own machine.
    """

    def __init__(self, resolve: Resolve, allow: Iterable[Network], *, private: bool) -> None:
        self._resolve, self._allow, self._private = resolve, tuple(allow), private
        self.traffic = Traffic()
        self.own = False

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of a host's permitted addresses that answers, tried in order.

        Raises RefusedError if none is permitted, httpcore's errors if none can be connected to.
        """
        del socket_options  # httpcore gives none
        addresses = self._permit(host, await self._find(host, port))
        self.own = all(map(is_own, addresses))
        for address in addresses[:-1]:
            try:
                return await self._connect(address, port, ATTEMPT_TIMEOUT, local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._connect(addresses[-1], port, timeout, local_address)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raise RefusedError: no publisher is behind a local socket."""
        del timeout, socket_options
        raise RefusedError(f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Sleep, as httpcore asks of a backend."""
        await asyncio.sleep(seconds)

    async def _connect(
        self, address: Address, port: int, seconds: float | None, local_address: str | None
    ) -> httpcore.AsyncNetworkStream:
        return await connect(str(address), port, seconds, local_address, self.traffic)

    async def _find(self, host: str, port: int) -> list[Address]:
        try:
            return [read_address(host)]
        except ValueError:
            pass
        try:
            found = await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        return list(dict.fromkeys(read_address(text) for text in found))

    def _permit(self, host: str, addresses: Sequence[Address]) -> list[Address]:
        reasons = [
            "" if self._private else why_refused(address, self._allow) for address in addresses
        ]
        permitted = [
            address for address, reason in zip(addresses, reasons, strict=True) if not reason
        ]
        if not permitted:
            raise RefusedError(reasons[0] if reasons else f"{host} has no address")
        return _alternate(permitted)[:ATTEMPTS]


def is_own(address: Address) -> bool:
    """Return whether an address is private, hence one of the user's own machines."""
    return bool(why_refused(address))


def is_ours(error: BaseException) -> bool:
    """Return whether an error arose on keywire's side, so that the server is not to blame.

    That is: no network, a name that cannot be resolved, or a header that cannot be sent.
    """
    return isinstance(error, httpcore.LocalProtocolError) or any(
        isinstance(cause, socket.gaierror)
        or (isinstance(cause, OSError) and cause.errno in _NO_NETWORK)
        for cause in _causes(error)
    )


def explain(error: BaseException) -> str:
    """Return in plain words what broke a connection, by the outermost cause that is known."""
    told = next(filter(None, map(_explain_cause, _causes(error))), "")
    if told:
        return told
    if isinstance(error, httpcore.LocalProtocolError):  # its text may hold a credential
        return "a header for the request cannot be sent"
    if isinstance(error, httpcore.ConnectTimeout):
        return "no answer to the attempt to connect"
    if isinstance(error, httpcore.ConnectError):
        return "no connection: no network, or no way to the host"
    if isinstance(error, httpcore.RemoteProtocolError) and not _BROKEN_OFF.search(str(error)):
        return f"the answer is not proper HTTP: {str(error)[:120]}"
    return "connection broke off"


def _explain_cause(cause: BaseException) -> str:
    match cause:
        case socket.gaierror():
            return "no network, or the host name is unknown"
        case ssl.SSLCertVerificationError():
            return f"TLS certificate not valid: {cause.verify_message}"
        case ssl.SSLError():
            return f"TLS failed: {cause.reason or 'no reason told'}".replace("_", " ")
        case ConnectionRefusedError():
            return "connection refused"
        case ConnectionError():
            return "connection broke off"
    return ""


def _ask(host: str, port: int) -> list[tuple[Any, ...]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _alternate(addresses: Sequence[Address]) -> list[Address]:
    """Return addresses with IPv4 and IPv6 alternating, the resolver's first first (RFC 8305 4)."""
    first = [each for each in addresses if each.version == addresses[0].version]
    second = [each for each in addresses if each.version != addresses[0].version]
    return [each for each in chain(*zip_longest(first, second)) if each is not None]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all its causes, each once; httpcore keeps a cause as an argument."""
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        left += [argument for argument in each.args if isinstance(argument, BaseException)]
        left += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        left += [each.__cause__, each.__context__]
