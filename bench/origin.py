"""The origin of a fleet of live blogs: a process that serves many hosts as cheaply as possible.

It serves all hosts by TLS on one port of the loopback interface, decides only between 200 and 304,
and records every request, so that a poller's own account can be checked.
"""

import asyncio
import shutil
import ssl
import subprocess
import sys
from array import array
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import cast

import msgspec
import uvloop

from bench.child import obey
from bench.fleet import DOMAIN, QUIET_ENTRIES, Fleet, Templates, is_edited, number_of, tag_of

_END = b"\r\n\r\n"
_NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0" + _END


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of the origin's certificate and its key."""

    public: Path
    key: Path


def make_certificate(folder: Path) -> Certificate | None:
    """Return a self-signed certificate for all hosts of the origin; None without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    made = Certificate(folder / "origin.pem", folder / "origin.key")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    names = ("-subj", "/CN=keywire bench", "-addext", f"subjectAltName=DNS:*.{DOMAIN}")
    files = ("-keyout", str(made.key), "-out", str(made.public))
    subprocess.run([openssl, "req", *kind, *names, *files], check=True, capture_output=True)  # noqa: S603 - openssl itself
    return made


@dataclass(frozen=True, slots=True)
class Told:
    """The requests since the log began, by blog and by host.

    `times` are the seconds since 1970 of each blog's requests, `unconditional` counts those without
    validators. Of the connections that sent a request, `opened` counts each host's new ones, and
    `most` is how many it had at once.
    """

    times: list[list[float]]
    unconditional: list[int]
    opened: list[int]
    most: list[int]


class Log:
    """The requests since the log began, as in `Told`; `now` counts each host's open connections."""

    def __init__(self, fleet: Fleet) -> None:
        self.times = [array("d") for _ in range(fleet.size)]
        self.unconditional = array("L", bytes(8 * fleet.size))
        self.opened = array("L", bytes(8 * fleet.hosts))
        self.now = array("L", bytes(8 * fleet.hosts))
        self.most = array("L", bytes(8 * fleet.hosts))

    def begin(self) -> None:
        """Begin anew: forget all but the open connections."""
        for times in self.times:
            del times[:]
        for counts in (self.unconditional, self.opened):
            counts[:] = array("L", bytes(8 * len(counts)))
        self.most[:] = self.now

    def open(self, host: int) -> None:
        """Count a new connection of a host."""
        self.opened[host] += 1
        self.now[host] += 1
        self.most[host] = max(self.most[host], self.now[host])

    def told(self) -> Told:
        """Return the content of the log."""
        times = [list(times) for times in self.times]
        return Told(times, list(self.unconditional), list(self.opened), list(self.most))


class Answers:
    """Makes the answers of all blogs; the first `silent` hosts send none."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.log, self.silent = fleet, Log(fleet), 0
        self._versions = array("L", bytes(8 * fleet.size))
        self._edited = Templates(fleet.entries)
        self._quiet = Templates(QUIET_ENTRIES)
        self._same = _head("304 Not Modified", tag_of(0))

    def answer(self, number: int, head: bytes) -> bytes:
        """Return the answer to a request for a blog; `head` is the request's head in lower case."""
        self.log.times[number].append(time())
        if b"\r\nif-none-match:" not in head:
            self.log.unconditional[number] += 1
        edited = is_edited(number)
        if edited:
            self._versions[number] += 1
        elif b'"v0"' in head:
            return self._same
        version = self._versions[number]
        body = self.fleet.fill((self._edited if edited else self._quiet)[version], number)
        return _head("200 OK", tag_of(version), len(body)) + body


class Connection(asyncio.Protocol):
    """One client connection."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._buffer = b""
        self._host = -1
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, to which answers are written."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are complete."""
        self._buffer += data
        while _END in self._buffer:
            head, _, self._buffer = self._buffer.partition(_END)
            self._take(head.lower())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Stop counting the connection."""
        if self._host >= 0:
            self._answers.log.now[self._host] -= 1

    def _take(self, head: bytes) -> None:
        if self._host < 0:
            self._host = int(head.partition(b"\r\nhost: h")[2][:5])
            self._answers.log.open(self._host)
        path = head.split(b" ", 2)[1]
        page = path != b"/robots.txt"
        answer = self._answers.answer(number_of(path.decode()), head) if page else _NO_ROBOTS
        if self._host >= self._answers.silent:
            self._transport.write(answer)


def _head(status: str, tag: str, length: int | None = None) -> bytes:
    kind = "" if length is None else f"\r\nContent-Type: text/html; charset=utf-8{_length(length)}"
    return f"HTTP/1.1 {status}\r\nETag: {tag}{kind}\r\n\r\n".encode()


def _length(length: int) -> str:
    return f"\r\nContent-Length: {length}"


async def serve(fleet: Fleet, certificate: Certificate) -> None:
    """Serve the fleet until there are no more orders."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate.public, certificate.key)
    answers: Answers
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(answers), "127.0.0.1", 0, ssl=tls, backlog=fleet.hosts
    )
    port = server.sockets[0].getsockname()[1]
    answers = Answers(replace(fleet, port=port))

    async def tell_port() -> int:
        return int(port)

    async def begin(silent: int) -> None:
        answers.log.begin()
        answers.silent = silent

    async def tell() -> Told:
        return answers.log.told()

    await obey({"port": tell_port, "begin": begin, "tell": tell})


def main(fleet: str, public: str, key: str) -> None:
    certificate = Certificate(Path(public), Path(key))
    uvloop.run(serve(msgspec.json.decode(fleet, type=Fleet), certificate))


if __name__ == "__main__":
    main(*sys.argv[1:])
