"""What servers do wrong, in bulk: each check says what went wrong, and a weak fetcher fails it."""

import asyncio
import gc
import gzip
import tracemalloc
import zlib
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import origin as scripted
import pytest
from fetching import MB, NOW, RULES, fetching, serving_tls, trusting
from origin import Origin, answer, drip, endless, late, raw, redirect, reset, silence
from origin2 import Origin2, answer2, drip2, endless2, frames2, silence2
from unhurried import own_time

from scraper.errors import (
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    RedirectError,
    RobotsError,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.pace import next_due
from scraper.page import Gone, NotModified, Page
from scraper.transport import hop
from scraper.transport.attempt import Line
from scraper.transport.hop import read_headers

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


async def came_of(fetcher, url, **options):
    """Give what comes of a fetch: a value or its FetchError."""
    try:
        return await fetcher.fetch(url, **options)
    except FetchError as error:
        return error


# Statuses that bring no page, and when it is asked for again

PLAIN = [
    *(100 + code for code in (101, 102, 103, 104, 105, 106, 107, 126)),
    *(300, 304, 305, 306, 399, 400, 401, 403, 404, 408, 409, 418, 421, 425, 429, 431, 451, 499),
    *(500, 501, 502, 503, 504, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 530, 598, 599),
]
TOLD = {
    "0": 0,
    "1": 1,
    "120": 120,
    "007": 7,
    "86400": 86_400,
    "999999999999": 86_400,
    format_datetime(NOW + timedelta(minutes=7), usegmt=True): 420,
    "Sunday, 01-Mar-26 12:08:00 GMT": 480,
    "Sun Mar  1 12:09:00 2026": 540,
    format_datetime(NOW - timedelta(minutes=7), usegmt=True): None,
    "soon": None,
    "-5": None,
    "1.5": None,
}
STATUSES = [(status, "", None) for status in PLAIN] + [
    (status, told, seconds)
    for status in (429, 503, 500, 522, 408)
    for told, seconds in TOLD.items()
]


async def check_statuses(inputs, kind=Fetcher):
    """Tell which statuses were taken for a page, or asked for again at another time than said."""
    wrong = []
    async with Origin({}) as origin, fetching(kind=kind) as fetcher:
        for status, told, seconds in inputs:
            headers = {"Retry-After": told} if told else {}
            origin.routes["/live"] = answer(status, b"", **headers)
            came = await came_of(fetcher, origin.url("/live"))
            if not isinstance(came, StatusError) or f"says {status}" not in came.reason:
                wrong.append((status, came))
                continue
            due = next_due(NOW, failures=1, throttled=status == 429, not_before=came.not_before).at
            if due != NOW + timedelta(seconds=max(60, seconds or 0)):
                wrong.append((status, told, due))
    return wrong


def test_no_status_is_taken_for_a_page_and_retry_after_is_kept_to_the_second():
    assert len(STATUSES) >= 60
    assert asyncio.run(check_statuses(STATUSES)) == []


class Credulous(Fetcher):
    """Takes whatever is called a success for a page."""

    async def _read_page(self, answer, hop, trip):
        if answer.status == 304 or 200 <= answer.status < 300:
            return Page(hop.asked, b"", NOW, headers=read_headers(answer.headers))
        return await super()._read_page(answer, hop, trip)


def test_weak_fetchers_fail_the_check_of_statuses(monkeypatch):
    assert len(asyncio.run(check_statuses(STATUSES, Credulous))) >= 5
    monkeypatch.setattr("scraper.fetch.read_retry_after", lambda *_: None)
    assert len(asyncio.run(check_statuses(STATUSES))) >= 20


# Slowness

SLOW = {
    "silence": silence(),
    **{f"{size} bytes every {every} s": drip(HEAD + b"x" * 100_000, every, size)
       for size, every in ((1, 0.05), (40, 0.1), (100, 0.1), (999, 0.3), (1_000, 1))},
    **{f"a head that drips after {size} bytes": drip(HEAD * 9, 0.06, size) for size in (2, 3, 5)},
    **{f"chunks of {size}": drip(CHUNKED + b"\r\n" + b"1\r\nx\r\n" * 999, 0.06, size)
       for size in (1, 6, 7, 30)},
    "a chunk that never comes": raw(CHUNKED + b"\r\n9\r\n"),
    "a trailer that drips": drip(CHUNKED + b"\r\n0\r\n" + b"X: y\r\n" * 999, 0.06, 6),
    "a body that never comes": raw(HEAD),
    "a body without its last byte": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"),
    "a body without an end": raw(b"HTTP/1.1 200 OK\r\n\r\nabc"),
    "a head without its last line": raw(HEAD[:-2]),
    "interim answers": drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 999, 0.06, 25),
    "early hints": drip(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 999, 0.06, 41),
    "packed, dripping": drip(
        scripted.head(200, {"Content-Encoding": "gzip"}) + gzip.compress(bytes(10**6)), 0.06, 9
    ),
    "redirects that dawdle": late(0.15, redirect("/next")),
    "late": late(9, answer(200, b"x")),
    "an empty line now and then": drip(b"\r\n" * 999, 0.06, 2),
}  # fmt: skip
BROKEN = {
    **{f"reset after {size} bytes": reset((HEAD + b"x" * 99)[:size])
       for size in (0, 5, 20, 44, 99)},
    **{f"closed after {size} bytes": raw((HEAD + b"x" * 99)[:size], close=True)
       for size in (0, 5, 20, 44, 99)},
    "closed within a chunk": raw(CHUNKED + b"\r\n9\r\nabc", close=True),
    "closed between chunks": raw(CHUNKED + b"\r\n3\r\nabc\r\n", close=True),
    "closed within gzip": raw(
        scripted.head(200, {"Content-Encoding": "gzip"}) + gzip.compress(b"x" * 999)[:20],
        close=True,
    ),
}  # fmt: skip
SLOW_2 = {
    "silence": silence2(),
    "drip": drip2(b"x" * 999, 0.06),
    "endless tiny frames": frames2(b"x"),
    "endless empty frames": frames2(b""),
}
BRIEF = replace(RULES, timeout=0.6)


async def check_slowness(names, kind=Fetcher):
    """Tell which fetches did not fail in time, and who else was late meanwhile."""
    wrong = []
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(fetching(BRIEF, kind=kind, tls=trusting()))
        tls, tls2 = serving_tls(), serving_tls("h2")

        async def open_origin(where, name):
            if where == "h2":
                return await stack.enter_async_context(Origin2({"/live": SLOW_2[name]}, tls=tls2))
            play = {**SLOW, **BROKEN}[name]
            routes = {
                "robots": {"/robots.txt": play, "/live": answer(200, b"x")},
                "redirect": {"/live": redirect("/end"), "/end": play},
            }.get(where, {"/live": play})
            routes.setdefault("/next", redirect("/live?again"))
            return await stack.enter_async_context(
                Origin(routes, tls=tls if where == "tls" else None)
            )

        async def fetch(where, name):
            origin = await open_origin(where, name)
            began = own_time()
            try:
                async with asyncio.timeout(2.5):
                    came = await came_of(fetcher, origin.url("/live"))
            except TimeoutError:
                wrong.append((where, name, "no end"))
                return
            took = own_time() - began
            kinds = (DeadlineError, NetworkError, BodyError, RobotsError, RedirectError)
            if not isinstance(came, kinds) or took > BRIEF.timeout + 1.0:
                wrong.append((where, name, came, took))

        async def be_punctual():
            healthy = await stack.enter_async_context(Origin({"/live": answer(200, b"x")}))
            for _ in range(8):
                began = own_time()
                await asyncio.gather(came_of(fetcher, healthy.url("/live")))
                if own_time() - began > 1.0:
                    wrong.append(("healthy", own_time() - began))
                await asyncio.sleep(0.05)

        await asyncio.gather(*(fetch(*name) for name in names), be_punctual())
    return wrong


def slow_inputs():
    ways = [(where, name) for name in SLOW for where in ("page", "robots", "redirect", "tls")]
    ways.remove(("robots", "redirects that dawdle"))  # RFC 9309 2.3.1.2: then there is none
    ways += [(where, name) for name in BROKEN for where in ("page", "redirect")]
    return [*ways, *(("h2", name) for name in SLOW_2)]


def test_every_slow_or_broken_answer_ends_with_the_deadline_and_holds_up_nobody_else():
    inputs = slow_inputs()
    assert len(inputs) >= 105
    for start in range(0, len(inputs), 40):
        assert asyncio.run(check_slowness(inputs[start : start + 40])) == []


class Patient(Fetcher):
    """Waits as long as bytes come."""

    async def fetch(self, *args, **options):
        self._rules = replace(self._rules, timeout=60)
        return await super().fetch(*args, **options)


class OneLine(Fetcher):
    """Lets all servers' fetches wait in one line."""

    def __init__(self, *rules, **more):
        super().__init__(*rules, **more)
        servers, line = self._client._servers, Line()
        make = servers._make

        def make_in_line(hop, host):
            server = make(hop, host)
            server.line = line
            return server

        servers._make = make_in_line


@pytest.mark.parametrize("kind", [Patient, OneLine])
def test_weak_fetchers_fail_the_check_of_slowness(kind):
    inputs = [("page", "silence"), ("page", "late"), ("page", "a body that never comes")]
    assert asyncio.run(check_slowness(inputs, kind)) != []


# Size

ZEROS = bytes(MB)


def packed_in_chunks(packed):
    return raw(
        CHUNKED
        + b"Content-Encoding: gzip\r\n\r\n"
        + b"".join(b"%x\r\n" % len(part) + part + b"\r\n"
                   for part in (packed[i : i + 9_000] for i in range(0, len(packed), 9_000)))
        + b"0\r\n\r\n"
    )  # fmt: skip


def gzip_named(size):
    """Pack a page into gzip whose name field (RFC 1952 2.3.1) has so many bytes."""
    head = b"\x1f\x8b\x08\x08" + bytes(6)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return head + b"n" * size + b"\0" + deflate.compress(b"x") + deflate.flush() + bytes(8)


def sizes():
    """List plays that would fill our memory."""
    bombs = {size: scripted.bomb(size * 2**20) for size in (11, 50, 200)}
    plays = {}
    for size, packed in bombs.items():
        plays |= {
            f"gzip of {size} MB": answer(200, packed, Content_Encoding="gzip"),
            f"gzip of {size} MB in chunks": packed_in_chunks(packed),
            f"x-gzip of {size} MB without a length": raw(
                scripted.head(200, {"Content-Encoding": "x-gzip"}) + packed, close=True
            ),
            f"h2: gzip of {size} MB": answer2(200, packed, content_encoding="gzip"),
        }
    small = bombs[50]
    for coding in ("br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "br,gzip", "bz2"):
        plays[f"coded {coding}"] = answer(200, small, Content_Encoding=coding)
    for layers in (2, 3):
        packed = scripted.bomb(50 * 2**20, layers=layers)
        plays[f"{layers} layers"] = answer(200, packed, Content_Encoding="gzip")
        plays[f"{layers} layers told"] = answer(200, packed, Content_Encoding="gzip, gzip")
    for length in ("10000001", "99999999999999999999", "-1", "abc", "1e9", "5, 6", "0x10"):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: " + length.encode() + b"\r\n\r\n"
        plays[f"Content-Length: {length}"] = endless(head, ZEROS)
    both = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    plays |= {
        "a length and chunks": endless(both, b"10000\r\n" + bytes(65_536) + b"\r\n"),
        "two lengths": raw(HEAD[:-2] + b"Content-Length: 3\r\n\r\nabc"),
        "more than its length": endless(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", ZEROS),
        "a length for gzip that is short": raw(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n" + small
        ),
        "endless": endless(b"HTTP/1.1 200 OK\r\n\r\n", ZEROS),
        "endless chunks": endless(CHUNKED + b"\r\n", b"10000\r\n" + bytes(65_536) + b"\r\n"),
        "endless tiny chunks": endless(CHUNKED + b"\r\n", b"1\r\nx\r\n" * 9_000),
        "an endless chunk": endless(CHUNKED + b"\r\nffffffffffffffff\r\n", ZEROS),
        "an endless chunk size": endless(CHUNKED + b"\r\n", b"1" * 65_536),
        "an endless chunk extension": endless(CHUNKED + b"\r\n1;", b"e" * 65_536),
        "endless trailers": endless(CHUNKED + b"\r\n0\r\n", b"X: y\r\n" * 9_000),
        "an endless head": endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 9_000),
        "an endless header": endless(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65_536),
        "an endless status": endless(b"HTTP/1.1 200 ", b"O" * 65_536),
        "an endless error page": endless(b"HTTP/1.1 500 No\r\n\r\n", ZEROS),
        "an endless redirect": endless(b"HTTP/1.1 302 No\r\nLocation: /x\r\n\r\n", ZEROS),
        "interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
        "gzip with an endless name": answer(200, gzip_named(9 * MB), Content_Encoding="gzip"),
        "gzip of many members": answer(200, gzip.compress(b"") * 9_000, Content_Encoding="gzip"),
        "h2: endless": endless2(b"", bytes(65_536)),
        "h2: 11 MB": answer2(200, bytes(11 * MB)),
        "h2: tiny frames": frames2(b"x"),
    }
    return plays


async def check_sizes(plays, seconds=1):
    """Tell which answers were taken for a page over 10 MB, or took over 64 MB of memory."""
    wrong = []
    rules = replace(RULES, timeout=seconds)
    async with (
        Origin({}) as one,
        Origin2({}, tls=serving_tls("h2")) as two,
        fetching(rules, tls=trusting()) as fetcher,
    ):
        for name, play in plays.items():
            origin = two if name.startswith("h2") else one
            origin.routes["/live"] = play
            await came_of(fetcher, origin.url("/none"))
            gc.collect()
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            came = await came_of(fetcher, origin.url("/live"))
            extra = tracemalloc.get_traced_memory()[1] - before
            if extra > 64 * MB or (isinstance(came, Page) and len(came.body) > 10 * MB):
                wrong.append((name, extra // MB))
    return wrong


@pytest.fixture
def measured():
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("measured")
def test_no_body_costs_more_than_10_mb_decoded_or_64_mb_of_memory():
    plays = sizes()
    assert len(plays) >= 40
    assert asyncio.run(check_sizes(plays)) == []


class Boundless:
    """Decodes whatever comes, as most clients do."""

    full = False

    def __init__(self, coding, *_, **__):
        self._coding, self._parts = coding, []

    def add(self, raw):
        self._parts.append(raw)

    def finish(self):
        whole = b"".join(self._parts)
        return gzip.decompress(whole) if "gzip" in self._coding else whole


@pytest.mark.usefixtures("measured")
def test_a_fetcher_without_bounds_fails_the_check_of_sizes(monkeypatch):
    monkeypatch.setattr("scraper.transport.body.Body", Boundless)
    plays = {name: play for name, play in sizes().items() if name in ("gzip of 50 MB", "h2: 11 MB")}
    assert len(asyncio.run(check_sizes(plays, seconds=20))) == 2


# Redirects


def chain(*statuses, end=None):
    """Redirect from /live to /1, /2, …, with these statuses."""
    names = ["/live", *(f"/{i}" for i in range(1, len(statuses) + 1))]
    hops = {
        here: redirect(there, status)
        for here, there, status in zip(names, names[1:], statuses, strict=False)
    }
    return {**hops, names[-1]: end or answer(200, b"x")}


BAD_LOCATIONS = [
    *("", "//", "http://", "http:///x", "http://[::1", "http://a b/", "\\\\evil.test\\x", "http:x"),
    *("ftp://news.test/", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"),
    *("http://u:p@news.test/", "http://news.test:0/", "http://news.test:99999/", "http://127.1/"),
    *("http://a..b/", "http://0x7f000001/", "/\t/x", "http://" + "a" * 9_000, "about:blank"),
]
TURNS = [
    *((chain(*[302] * hops), hops <= 5, "") for hops in (1, 4, 5, 6, 7, 10, 20)),
    *((chain(*[301] * hops), hops <= 5, f"/{hops}") for hops in (1, 2, 5, 6, 20)),
    (chain(308, 301), True, "/2"),
    (chain(301, 302), True, "/1"),
    (chain(302, 301), True, ""),
    (chain(307, 308, 301), True, ""),
    (chain(301, 303, 301), True, "/1"),
    *(
        (chain(*[status] * 2, end=redirect("/live", status)), False, "")
        for status in (301, 302, 307)
    ),
    *(({"/live": redirect("/live", status)}, False, "") for status in (301, 302, 303, 307, 308)),
    ({"/live": redirect("#top")}, False, ""),
    ({"/live": redirect("http://down.test/")}, False, ""),
    ({"/live": redirect("http://127.0.0.1:1/", 301)}, False, ""),
    ({"/live": redirect("/other-article"), "/other-article": answer(200, b"x")}, True, ""),
    *(({"/live": redirect(location)}, False, "") for location in BAD_LOCATIONS),
]


async def check_turns():
    """Tell which redirects led where they must not, or too far, or were called lasting."""
    wrong = []
    async with Origin({}, tls=serving_tls()) as origin, fetching(tls=trusting()) as fetcher:
        for routes, leads, moved_to in TURNS:
            origin.routes = {"/robots.txt": origin.routes["/robots.txt"], **routes}
            origin.asked.clear()
            came = await came_of(fetcher, origin.url("/live"))
            if leads:
                wanted = moved_to and origin.url(moved_to)
                if not isinstance(came, Page) or came.moved_to != wanted:
                    wrong.append((list(routes), came))
            elif not isinstance(came, RedirectError):
                wrong.append((list(routes), came))
            if len(origin.paths()) > 6:
                wrong.append((list(routes), "too far"))
    return wrong


def test_redirects_lead_five_hops_at_most_and_never_down_and_are_called_lasting_with_care():
    assert len(TURNS) >= 40
    assert asyncio.run(check_turns()) == []


def test_410_at_the_end_stops_for_good_only_when_all_that_led_there_is_for_good():
    async def scenario():
        async with Origin({}) as origin, fetching() as fetcher:
            for statuses in ((), (301,), (308, 301), (302,), (301, 302), (302, 301), (307, 308)):
                origin.routes |= chain(*statuses, end=answer(410))
                came = await came_of(fetcher, origin.url("/live"))
                lasting = not {302, 307} & set(statuses)
                assert isinstance(came, Gone if lasting else StatusError), statuses
            assert not isinstance(came, NotModified)

    asyncio.run(scenario())


def test_weak_fetchers_fail_the_check_of_redirects(monkeypatch):
    sound = hop.redirect
    with monkeypatch.context() as weak:
        weak.setattr("scraper.transport.hop.MAX_REDIRECTS", 50)
        assert asyncio.run(check_turns()) != []
    with monkeypatch.context() as weak:
        weak.setattr("scraper.transport.hop._PERMANENT", (301, 302, 307, 308))
        assert asyncio.run(check_turns()) != []

    def go_down(here, status, location):
        plain = replace(here, target=replace(here.target, scheme="http"))
        return sound(plain, status, location)

    monkeypatch.setattr("scraper.transport.client.redirect", go_down)
    assert asyncio.run(check_turns()) != []
