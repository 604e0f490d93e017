"""Clients that are slow on purpose cost the others nothing they would notice."""

import asyncio
import socket
import time
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from pages import block, page
from served import served_aside
from sites import Station

SLOW = 200
ASKED = 300
BLOCKS = [block(f"b{n}", n, "word " * 400) for n in range(60)][::-1]
FEED = b"GET /feeds/harbour.json HTTP/1.1\r\nHost: x\r\n\r\n"
STREAM = b"GET /events/stream?after=0 HTTP/1.1\r\nHost: x\r\n\r\n"


class OneAtATime:
    """A weak control: a site that is done with one answer before it looks at the next."""

    def __init__(self, site):
        self.site, self.lock = site, None

    async def __call__(self, scope, receive, send):
        self.lock = self.lock or asyncio.Lock()
        async with self.lock:
            await self.site(scope, receive, send)

    def close(self):
        self.site.close()


@pytest.fixture
def station(database):
    station = Station(database)
    station.follow()
    station.poll(page(BLOCKS))
    return station


@contextmanager
def slow_clients(url, number):
    """Let some never finish asking, some take no feed, some take no stream."""
    address = url.removeprefix("http://").split(":")
    with ExitStack() as stack:
        clients = []
        for n in range(number):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((address[0], int(address[1])))
            asking = (b"GET /feeds/harbour.json HTTP/1.1\r\nX-Slow: ", FEED * 8, STREAM)[n % 3]
            client.sendall(asking)
            clients.append(client)
        yield clients


def ask(url, clients):
    """Ask for a feed again and again while the slow ones dribble; give the seconds it took."""
    taken = []
    with httpx.Client(base_url=url, trust_env=False, timeout=5) as client:
        for n in range(ASKED):
            which = n % len(clients)
            if which % 3 == 0:
                clients[which].sendall(b"x")
            elif n % 2:
                clients[which].recv(1)
            begun = time.perf_counter()
            assert client.get("/feeds/harbour.atom").status_code == 200
            taken.append(time.perf_counter() - begun)
    return sorted(taken)


@pytest.mark.alone
def test_a_feed_comes_as_fast_while_two_hundred_clients_are_slow(station):
    with served_aside(station.site) as url, slow_clients(url, SLOW) as clients:
        assert ask(url, clients)[int(ASKED * 0.95)] <= 0.2


@pytest.mark.alone
def test_a_site_that_waits_for_slow_clients_would_have_been_noticed(station):
    with (
        served_aside(OneAtATime(station.site)) as url,
        slow_clients(url, 6) as clients,
        pytest.raises(httpx.TimeoutException),
    ):
        ask(url, clients)
