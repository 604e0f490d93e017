"""Fetching in tests: a fetcher for loopback, its clock, and names resolved as a test says."""

import socket
import ssl
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scraper.fetch import Fetcher, FetchRules

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = FetchRules(
    "keywire/0.1", "https://example.org/bot", timeout=3, allow_private=("127.0.0.1",)
)
SHORT = replace(RULES, timeout=0.3)
CLOSED = replace(RULES, allow_private=())
SMALL = replace(RULES, max_body=1_000)
TLS = Path(__file__).parents[1] / "scraper" / "tls"
MB = 1_000_000


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@asynccontextmanager
async def fetching(rules=RULES, *, kind=Fetcher, **options):
    fetcher = kind(rules, **{"now": Clock(), "resolve": names(), **options})
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


def names(**addresses):
    """Return a resolver that knows these names (_ for .) and no others."""

    async def resolve(host, _):
        found = addresses.get(host.replace(".", "_"))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return found() if callable(found) else found

    return resolve


def trusting():
    return ssl.create_default_context(cafile=TLS / "localhost.pem")


def serving_tls(*protocols):
    """Return a server's TLS context with the test certificate, offering these ALPN protocols."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost.key")
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


class Notes:
    """Keeps robots.txt answers in memory for longer than one fetcher."""

    def __init__(self):
        self.kept = {}

    async def recall(self, origin):
        return self.kept.get(origin)

    async def keep(self, origin, robots):
        self.kept[origin] = robots
