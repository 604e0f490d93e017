"""Nobody can make the site ask for anything, whatever is sent: neither address nor name."""

import random
import sys
from urllib.parse import quote

import httpx
import pytest
from pages import block, page
from sites import AT, Station

from feeds.site.app import SiteOptions
from store.database import open_database

KEY = "a-key-that-nobody-guesses"
ASKED = []  # what this process tried to connect to, or to look up, while somebody listens
LISTENING = []


def _hear(event, arguments):
    if LISTENING and event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        ASKED.append((event, *map(str, arguments)))


sys.addaudithook(_hear)

HOSTS = (
    *("127.0.0.1:9", "localhost:9", "[::1]:9", "0.0.0.0:9", "169.254.169.254", "10.0.0.1"),
    *("2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "a.example", "a.example."),
    *("user:pass@127.0.0.1:9", "127.0.0.1:9#@a.example", "a.example\\@127.0.0.1", "127.1:9"),
)
URLS = (
    *(f"http://{host}/x" for host in HOSTS),
    *(f"https://{host}/" for host in HOSTS),
    *(f"//{host}/x" for host in HOSTS),
    *("file:///etc/passwd", "gopher://127.0.0.1:9/_x", "dict://127.0.0.1:9/", "ftp://127.0.0.1:9/"),
)
NAMES = ("url", "target", "callback", "hub.callback", "hub.topic", "source", "feed", "next", "q")
HEADERS = ("host", "x_forwarded_host", "forwarded", "referer", "origin", "x_original_url", "via")


@pytest.fixture
def station(tmp_path):
    """A site over SQLite: the driver of PostgreSQL would connect out of Python's sight, to it."""
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    station = Station(database, SiteOptions("Wire", AT, key=KEY))
    station.follow()
    station.poll(page([block("a", 0)]))
    yield station
    database.close()


@pytest.fixture
def asked():
    """Hear what is asked for, of this process."""
    ASKED.clear()
    LISTENING.append(True)
    yield ASKED
    LISTENING.clear()


def everything(station):
    """Give every operation, and what is no operation, as method and path."""
    document = station.ask("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            yield method.upper(), path
    for path in ("/", "/sources", "/search", "/websub", "/proxy", "/metrics", "/no/such/address"):
        yield from (("GET", path), ("POST", path))


def send(chance, station, method, path, url):
    """Send an address in whatever place one could be taken from."""
    for name in ("topic", "selection", "number", "id"):
        path = path.replace(f"{{{name}}}", chance.choice(("harbour", "1", quote(url, safe=""))))
    query = "&".join(f"{name}={quote(url)}" for name in chance.sample(NAMES, 3))
    if path.endswith("/stream"):
        method = "HEAD"
    headers = {name: quote(url) for name in chance.sample(HEADERS, 3)}
    return station.ask(f"{path}?{query}", method, authorization=f"Bearer {KEY}", **headers)


def test_there_are_fifty_addresses_at_least():
    assert len({*URLS}) >= 50


def test_no_endpoint_asks_for_an_address_that_is_sent_to_it(station, asked):
    chance = random.Random(11)
    for method, path in everything(station):
        for url in URLS:
            answer = send(chance, station, method, path, url)
            assert answer.status_code < 500, (method, path, url)
            location = answer.headers.get("location", "/")
            assert location.startswith("/"), (method, path, url, location)
            assert asked == [], (method, path, url)


def test_one_that_did_would_be_noticed(station, asked, monkeypatch):
    def read(_):
        with httpx.Client(timeout=0.2) as client:
            client.get("http://127.0.0.1:9/")

    monkeypatch.setattr("feeds.site.routes.read_sources", read)
    station.ask("/sources.json")
    assert any(event == "socket.connect" and "127.0.0.1" in str(where) for event, *where in asked)
