"""Fetching from scripted origins on loopback: what arrives, what is refused, and in what words."""

import asyncio
import gc
import gzip
import re
import socket
import tracemalloc
import zlib
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import origin as scripted
import pytest
from fetching import (
    CLOSED,
    MB,
    NOW,
    RULES,
    SHORT,
    SMALL,
    Clock,
    Notes,
    fetching,
    names,
    serving_tls,
    trusting,
)
from origin import Origin, answer, drip, endless, in_turn, late, raw, redirect, reset, silence
from unhurried import own_time

from scraper.errors import (
    AddressError,
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    RedirectError,
    RobotsError,
    StatusError,
)
from scraper.page import Gone, NotModified, Page, Validators


def fetch(routes, *, rules=RULES, validators=None, **options):
    """Fetch /live from an origin with these routes; give what came and the origin."""

    async def scenario():
        async with Origin(routes) as origin, fetching(rules) as fetcher:
            url = origin.url("/live")
            came = await fetcher.fetch(url, validators or Validators(), **options)
            return came, origin

    return asyncio.run(scenario())


def fail(routes, error, **options):
    """Fetch /live, which must fail with exactly this error; give it."""
    with pytest.raises(FetchError) as caught:
        fetch(routes, **options)
    assert isinstance(caught.value, error), caught.value
    assert caught.value.url.endswith("/live")
    assert "\n" not in str(caught.value)
    return caught.value


# What is asked for and what comes


def test_a_page_is_fetched_with_its_headers_in_lower_case():
    page, origin = fetch({"/live": answer(200, b"<p>Hi", ETag='"1"', X_Two="a")})
    assert page == Page(
        origin.url("/live"),
        b"<p>Hi",
        NOW,
        origin.url("/live"),
        200,
        {"etag": '"1"', "x-two": "a", "content-length": "5"},
        robots="there is no robots.txt (404)",
        cost=page.cost,
    )


def test_requests_are_honest_ask_for_gzip_only_and_keep_no_cookies():
    async def scenario():
        play = answer(200, b"x", Set_Cookie="seen=1; Path=/")
        async with Origin({"/live": play}) as origin, fetching() as fetcher:
            page = await fetcher.fetch(origin.url("/live"))
            await fetcher.fetch(origin.url("/live"))
            return page, origin

    page, origin = asyncio.run(scenario())
    assert "set-cookie" not in page.headers
    robots, first, second = origin.asked
    assert robots.path == "/robots.txt"
    for asked in (robots, first, second):
        assert asked.get("user-agent") == b"keywire/0.1 (+https://example.org/bot)"
        assert asked.get("accept-encoding") == b"gzip"
        assert asked.get("host") == f"127.0.0.1:{origin.port}".encode()
        sent = {name.lower() for name, _ in asked.headers}
        assert sent == {b"host", b"user-agent", b"accept", b"accept-encoding"}
        assert len(asked.headers) == len(sent)
    assert second.path == "/live"


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('"abc"', "Sun, 01 Mar 2026 11:00:00 GMT"),
        ('W/"a,b"', ""),
        ("unquoted", "not a date"),
        ("", "Sun, 1 Mar 26 11:00"),
        ('"caf\xe9 \xff"', ""),
        ('"-gzip"', "Thu, 01 Jan 1970 00:00:00 GMT"),
    ],
)
def test_validators_go_back_byte_for_byte_and_304_is_no_change(etag, modified):
    async def scenario():
        sent = {"ETag": etag.encode("latin-1"), "Last_Modified": modified.encode("latin-1")}
        sent = {name: value for name, value in sent.items() if value}
        play = in_turn(answer(200, b"x", **sent), answer(304, Age="7"))
        async with Origin({"/live": play}) as origin, fetching() as fetcher:
            url = origin.url("/live")
            headers = (await fetcher.fetch(url)).headers
            kept = Validators(headers.get("etag", ""), headers.get("last-modified", ""))
            came = await fetcher.fetch(url, kept)
            said = "there is no robots.txt (404)"
            assert came == NotModified(url, NOW, {"age": "7"}, robots=said, cost=came.cost)
            assert origin.accepted == 1
            return origin

    asked = asyncio.run(scenario()).asked
    assert asked[1].get("if-none-match") is asked[1].get("if-modified-since") is None
    assert asked[2].get("if-none-match") == (etag.encode("latin-1") or None)
    assert asked[2].get("if-modified-since") == (modified.encode("latin-1") or None)


def test_gone_is_a_value_unless_a_passing_redirect_led_there():
    gone = {"/gone": answer(410)}
    came, origin = fetch({"/live": answer(410)})
    assert came == Gone(origin.url("/live"), NOW, came.cost)
    assert isinstance(fetch({"/live": redirect("/gone", 301), **gone})[0], Gone)
    assert fail({"/live": redirect("/gone", 302), **gone}, StatusError).status == 410


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (201, "Created"), (203, ""), (204, "No Content"), (206, "Partial Content"),
        (300, ""), (304, "Not Modified, though nothing was known before"), (305, ""),
        (400, "Bad Request"), (401, "Unauthorized"), (402, ""), (403, "Forbidden"),
        (404, "Not Found"), (405, ""), (408, "Request Timeout"), (418, ""), (421, ""), (425, ""),
        (429, "Too Many Requests"), (451, ""), (499, ""), (500, "Internal Server Error"),
        (501, ""), (502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Timeout"),
        (507, ""), (520, ""), (521, ""), (522, "Connection Timed Out"), (525, ""), (599, ""),
    ],
)  # fmt: skip
def test_a_status_that_brings_no_page_says_so(status, words):
    error = fail({"/live": answer(status, b"")}, StatusError)
    assert error.status == status
    assert error.reason.startswith(f"the server says {status} {words}".strip())
    assert error.not_before is None


@pytest.mark.parametrize("status", [429, 503, 403, 500, 522])
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        (format_datetime(NOW + timedelta(minutes=7), usegmt=True), 420),
        ("999999999999", 86_400),
        ("nonsense", None),
    ],
)
def test_retry_after_is_kept_to_the_second(status, told, seconds):
    error = fail({"/live": answer(status, Retry_After=told)}, StatusError)
    wanted = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert error.not_before == wanted


def test_one_connection_serves_a_host_one_request_at_a_time():
    async def scenario():
        routes = {"/live": late(0.05, answer(200, b"x")), "/missing": answer(404, b"no")}
        async with Origin(routes) as origin, fetching() as fetcher:
            pages = [fetcher.fetch(origin.url(f"/live?{i}")) for i in range(6)]
            await asyncio.gather(*pages)
            with pytest.raises(StatusError):
                await fetcher.fetch(origin.url("/missing"))
            await fetcher.fetch(origin.url("/live"))
            assert (origin.accepted, origin.most_together) == (1, 1)
            assert len(origin.asked) == 9, "robots.txt was asked for once"

    asyncio.run(scenario())


def test_waiting_in_line_behind_a_slow_page_is_not_held_against_a_fetch():
    async def scenario():
        play = late(0.2, answer(200, b"x"))
        async with Origin({"/live": play}) as origin, fetching(SHORT) as fetcher:
            came = await asyncio.gather(*(fetcher.fetch(origin.url("/live")) for _ in range(4)))
            assert all(isinstance(page, Page) for page in came)

    asyncio.run(scenario())


def test_the_time_in_line_is_not_counted_for_those_who_come_back_to_a_line_either():
    """The first fetch asks for robots.txt while others queue up, then must queue up behind them."""

    async def scenario():
        play = late(0.2, answer(200, b"x"))
        async with (
            Origin({"/live": redirect("/next"), "/next": play}) as origin,
            fetching(SHORT) as fetcher,
        ):
            came = await asyncio.gather(*(fetcher.fetch(origin.url("/live")) for _ in range(6)))
            assert all(isinstance(page, Page) for page in came)

    asyncio.run(scenario())


def test_a_slow_host_does_not_hold_up_others():
    async def scenario():
        async with (
            Origin({"/live": silence()}) as slow,
            Origin({"/live": answer(200, b"x")}) as quick,
            fetching(SHORT) as fetcher,
        ):
            stuck = [asyncio.create_task(fetcher.fetch(slow.url("/live"))) for _ in range(2)]
            await asyncio.sleep(0.1)
            began = own_time()
            for _ in range(20):
                await fetcher.fetch(quick.url("/live"))
            assert own_time() - began < 0.5
            failed = await asyncio.gather(*stuck, return_exceptions=True)
            assert {type(error) for error in failed} == {DeadlineError}

    asyncio.run(scenario())


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again():
    async def hang_up(_, stage):
        stage.close = True

    async def scenario():
        play = in_turn(answer(200, b"1"), hang_up, answer(200, b"2"), hang_up, hang_up)
        async with Origin({"/live": play}) as origin, fetching() as fetcher:
            url = origin.url("/live")
            assert [(await fetcher.fetch(url)).body for _ in range(2)] == [b"1", b"2"]
            assert origin.accepted == 2
            with pytest.raises(NetworkError, match="connection broke off"):
                await fetcher.fetch(url)
            assert origin.paths() == ["/live"] * 5, "tried once more, and only once"

    asyncio.run(scenario())


def test_the_callers_headers_are_sent_but_never_replace_our_own():
    given = {
        "Authorization": "Bearer s3cret",
        "cookie": "consent=1",
        "accept": "text/plain",
        "Host": "evil.example",
        "Accept-Encoding": "br",
        "User-Agent": "Mozilla/5.0",
        "Range": "bytes=0-1",
    }
    _, origin = fetch({"/live": answer(200, b"x")}, headers=given)
    robots, asked = origin.asked
    assert asked.get("authorization") == b"Bearer s3cret"
    assert asked.get("cookie") == b"consent=1"
    assert asked.get("accept") == b"text/plain"
    assert asked.get("host") == f"127.0.0.1:{origin.port}".encode()
    assert asked.get("accept-encoding") == b"gzip"
    assert asked.get("user-agent").startswith(b"keywire/")
    assert asked.get("range") is None
    assert robots.get("authorization") is robots.get("cookie") is None


def test_a_header_that_cannot_be_sent_is_not_shown():
    error = fail({}, NetworkError, rules=replace(RULES, obey_robots=False), headers={"X": "a\nkey"})
    assert "header" in error.reason
    assert "key" not in str(error).replace("keywire", "")


# Bodies


def test_gzip_is_decoded_in_one_member_or_several_and_with_padding():
    page = b"<p>live</p>" * 1_000
    whole, halves = gzip.compress(page), gzip.compress(page[:99]) + gzip.compress(page[99:])
    for body in (whole, halves, whole + bytes(512)):
        for coding in ("gzip", "GZip", "x-gzip"):
            assert fetch({"/live": answer(200, body, Content_Encoding=coding)})[0].body == page
    dripped = scripted.head(200, {"Content-Encoding": "gzip", "Content-Length": str(len(halves))})
    assert fetch({"/live": drip(dripped + halves, 0.001, 3)})[0].body == page
    assert fetch({"/live": answer(200, b"plain", Content_Encoding="identity")})[0].body == b"plain"


def test_chunks_and_bodies_that_end_with_the_connection_are_whole():
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert fetch({"/live": raw(chunked)})[0].body == b"abcde"
    assert fetch({"/live": raw(b"HTTP/1.0 200 OK\r\n\r\nabc", close=True)})[0].body == b"abc"
    assert fetch({"/live": answer(200, b"")})[0].body == b""


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "br, gzip", "gzip, br", "utf-8"]
)
def test_a_coding_that_was_not_asked_for_is_refused_by_name(coding):
    error = fail({"/live": answer(200, b"x", Content_Encoding=coding)}, BodyError)
    assert coding in error.reason


PACKED = gzip.compress(bytes(range(256)) * 40)
BROKEN = {
    "gzip cut short": answer(200, PACKED[:-9], Content_Encoding="gzip"),
    "gzip without its checksum": answer(200, PACKED[:-8], Content_Encoding="gzip"),
    "gzip header alone": answer(200, PACKED[:10], Content_Encoding="gzip"),
    "gzip that is empty": answer(200, b"", Content_Encoding="gzip"),
    "gzip with a wrong checksum": answer(200, PACKED[:-8] + bytes(8), Content_Encoding="gzip"),
    "gzip that is none": answer(200, b"<p>plain</p>", Content_Encoding="gzip"),
    "gzip that is zlib": answer(200, zlib.compress(b"x"), Content_Encoding="gzip"),
    "gzip of a second member cut short": answer(200, PACKED + PACKED[:20], Content_Encoding="gzip"),
    "thousands of empty gzip members": answer(
        200, gzip.compress(b"") * 5_000, Content_Encoding="gzip"
    ),
    "less than its Content-Length": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", close=True
    ),
    "chunks without an end": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", close=True
    ),
    "a chunk cut short": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", close=True
    ),
    "a chunk of no size": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", close=True
    ),
}


@pytest.mark.parametrize("play", BROKEN.values(), ids=BROKEN)
def test_a_body_that_is_not_whole_is_no_page(play):
    fail({"/live": play}, BodyError)


@pytest.mark.parametrize(
    "play",
    [
        answer(200, b"x" * 1_001),
        answer(200, gzip.compress(b"x" * 1_001), Content_Encoding="gzip"),
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_001, close=True),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1_001),
    ],
)
def test_a_body_one_byte_over_the_limit_is_refused(play):
    assert "larger" in (told := fail({"/live": play}, BodyError, rules=SMALL).reason) or (
        "limit" in told
    )


def test_a_body_of_just_the_limit_is_read():
    for body in (b"x" * 1_000, gzip.compress(b"x" * 1_000)):
        coding = "gzip" if body[0] == 0x1F else "identity"
        page, _ = fetch({"/live": answer(200, body, Content_Encoding=coding)}, rules=SMALL)
        assert page.body == b"x" * 1_000


def test_a_content_length_over_the_limit_is_refused_before_reading():
    play = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10000001\r\n\r\n")
    began = own_time()
    assert "10 MB" in fail({"/live": play}, BodyError).reason
    assert own_time() - began < 1


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
BOMBS = {
    "a gzip bomb": answer(200, scripted.bomb(200 * 2**20), Content_Encoding="gzip"),
    "a gzip bomb in chunks": endless(
        CHUNKED + b"Content-Encoding: gzip\r\n\r\n",
        b"%x\r\n" % len(packed := scripted.bomb(64 * 2**20)) + packed + b"\r\n",
    ),
    "endless chunks": endless(CHUNKED + b"\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
    "an endless body": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "endless gzip": endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:10],
        b"\x00\x00\x80\xff\x7f" + b"x" * 0x8000,  # RFC 1951 3.2.4: a stored block, not the last
    ),
}  # fmt: skip


@pytest.mark.parametrize("play", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_more_memory_than_a_page(play):
    gc.collect()
    tracemalloc.start()
    try:
        error = fail({"/live": play}, BodyError, rules=replace(RULES, timeout=10))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MB
    assert error.reason


def test_a_bomb_within_a_gzip_is_left_packed():
    body = scripted.bomb(50 * 2**20, layers=2)
    page, _ = fetch({"/live": answer(200, body, Content_Encoding="gzip")})
    assert page.body == gzip.decompress(body)


# Deadlines and connections


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
SLOW = {
    "no answer": silence(),
    "a head that drips": drip(HEAD, 0.05),
    "a body that drips": drip(HEAD + b"x" * 1_000, 0.02),
    "1 kB/s": drip(HEAD + b"x" * 100_000, 1, 1_000),
    "chunks that drip": drip(CHUNKED + b"\r\n" + b"1\r\nx\r\n" * 999, 0.03, 6),
    "interim answers for ever": drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 999, 0.02, 25),
    "an error page that drips": drip(HEAD.replace(b"200 OK", b"200 ok") + b"x" * 999, 0.04),
    "redirects that dawdle": late(0.2, redirect("/live?again")),
}


@pytest.mark.parametrize("play", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("where", ["/live", "/robots.txt"])
def test_a_slow_answer_ends_with_the_total_deadline(play, where):
    began = own_time()
    fail({"/live": late(9, answer()), where: play}, DeadlineError, rules=SHORT)
    assert 0.25 < own_time() - began < 0.8


def test_a_dripping_error_page_still_tells_its_status():
    body = drip(b"HTTP/1.1 503 No\r\nContent-Length: 999\r\n\r\n" + b"x" * 999, 0.005, 50)
    routes = {"/live": late(0, body)}
    assert fail(routes, StatusError).status == 503
    stuck = raw(b"HTTP/1.1 503 No\r\nContent-Length: 9\r\nRetry-After: 5\r\n\r\n")
    assert fail({"/live": stuck}, StatusError).not_before == NOW + timedelta(seconds=5)


def test_a_black_hole_is_left_at_the_deadline():
    hole = socket.socket()
    hole.bind(("127.0.0.1", 0))
    hole.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)  # noqa: FBT003
        filler.connect_ex(hole.getsockname())

    async def scenario():
        async with fetching(SHORT) as fetcher:
            began = own_time()
            with pytest.raises(DeadlineError, match=re.escape("no whole answer within 0.3 s")):
                await fetcher.fetch(f"http://127.0.0.1:{hole.getsockname()[1]}/live")
            assert own_time() - began < 1.0

    try:
        asyncio.run(scenario())
    finally:
        for each in (hole, *fillers):
            each.close()


def test_a_name_that_is_never_resolved_is_left_at_the_deadline():
    async def never(*_):
        await asyncio.sleep(99)

    async def scenario():
        async with fetching(SHORT, resolve=never) as fetcher:
            with pytest.raises(DeadlineError):
                await fetcher.fetch("http://news.test/live")

    asyncio.run(scenario())


BREAKS = {
    "reset at once": (reset(), "connection broke off"),
    "reset in the head": (reset(b"HTTP/1.1 200 OK\r\n"), "connection broke off"),
    "reset in the body": (reset(HEAD + b"abc"), "connection broke off"),
    "closed at once": (raw(b"", close=True), "connection broke off"),
    "closed in the head": (raw(b"HTTP/1.1 200 OK\r\nContent", close=True), "connection broke off"),
    "no HTTP": (raw(b"220 ftp ready\r\n\r\n", close=True), "not proper HTTP"),
    "a head without end": (endless(HEAD[:17], b"X: " + b"y" * 9_000 + b"\r\n"), "HTTP"),
    "two lengths": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        "not proper HTTP",
    ),
    "a length below nothing": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "HTTP"),
}  # fmt: skip


@pytest.mark.parametrize(("play", "words"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("obey", [True, False])
def test_a_broken_connection_is_told_in_plain_words(play, words, obey):
    rules = replace(RULES, obey_robots=obey)
    assert words in fail({"/live": play}, NetworkError, rules=rules).reason


def test_a_fetch_after_a_failure_is_as_good_as_new():
    async def scenario():
        breaks = (reset(HEAD), silence(), BOMBS["endless chunks"], reset(HEAD + b"x"))
        plays = in_turn(*breaks, answer(200, b"x"))
        async with Origin({"/live": plays}) as origin, fetching(SHORT) as fetcher:
            for _ in breaks:
                with pytest.raises(FetchError):
                    await fetcher.fetch(origin.url("/live"))
            assert (await fetcher.fetch(origin.url("/live"))).body == b"x"

    asyncio.run(scenario())


def test_hosts_that_are_unknown_or_refuse_are_told_as_such_not_as_robots():
    async def scenario():
        async with Origin({}) as origin:
            port = origin.port
        async with fetching(resolve=names(news_test=["127.0.0.1"])) as fetcher:
            with pytest.raises(NetworkError, match=r"^connection refused") as caught:
                await fetcher.fetch(f"http://127.0.0.1:{port}/live")
            assert "robots" not in str(caught.value)
            with pytest.raises(NetworkError, match="no network, or the host name is unknown"):
                await fetcher.fetch("http://unknown.test/live")

    asyncio.run(scenario())


def test_the_next_address_is_tried_when_the_first_refuses():
    rules = replace(RULES, allow_private=("127.0.0.1", "127.0.0.9"))

    async def scenario():
        resolve = names(news_test=["127.0.0.9", "127.0.0.1"])
        async with Origin({"/live": answer(200, b"x")}) as origin:
            async with fetching(rules, resolve=resolve) as fetcher:
                page = await fetcher.fetch(origin.url("/live", "news.test"))
            assert page.body == b"x"
            assert origin.asked[-1].get("host") == f"news.test:{origin.port}".encode()

    asyncio.run(scenario())


# TLS


def test_tls_is_checked_against_the_name_that_was_asked_for():
    async def scenario():
        resolve = names(news_test=["127.0.0.1"], other_test=["127.0.0.1"])
        async with Origin({"/live": answer(200, b"x")}, tls=serving_tls()) as origin:
            async with fetching(resolve=resolve, tls=trusting()) as fetcher:
                url = origin.url("/live", "news.test")
                assert (await fetcher.fetch(url)).body == b"x"
                with pytest.raises(NetworkError, match="TLS certificate not valid: Hostname mism"):
                    await fetcher.fetch(origin.url("/live", "other.test"))
            async with fetching(resolve=resolve) as fetcher:
                with pytest.raises(NetworkError, match="TLS certificate not valid: self-signed"):
                    await fetcher.fetch(url)

    asyncio.run(scenario())


def test_tls_with_a_server_that_speaks_none_is_told():
    async def scenario():
        async def greet(_, writer):
            writer.write(b"220 mail.test ESMTP\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, fetching(tls=trusting()) as fetcher:
            with pytest.raises(NetworkError, match="TLS failed"):
                await fetcher.fetch(f"https://127.0.0.1:{port}/live")

    asyncio.run(scenario())


def test_https_never_goes_down_to_http_but_http_goes_up():
    async def scenario():
        async with (
            Origin({"/live": answer(200, b"plain")}) as plain,
            Origin({"/down": redirect(plain.url("/live")), "/live": answer(200, b"up")},
                   tls=serving_tls()) as secure,
            fetching(tls=trusting()) as fetcher,
        ):  # fmt: skip
            with pytest.raises(RedirectError, match="from https down to http"):
                await fetcher.fetch(secure.url("/down"))
            assert plain.accepted == 0
            plain.routes["/up"] = redirect(secure.url("/live"))
            page = await fetcher.fetch(plain.url("/up"))
            assert (page.body, page.final_url) == (b"up", secure.url("/live"))
            secure.routes["/robots.txt"] = redirect(plain.url("/robots.txt"))
            async with fetching(tls=trusting()) as other:
                with pytest.raises(RobotsError, match="down to http"):
                    await other.fetch(secure.url("/live"))

    asyncio.run(scenario())


# A key of one's own


def test_a_secret_is_sent_with_the_query_and_stands_in_nothing_that_is_told():
    page, origin = fetch({"/live": answer(200, b"x")}, secret="api-key=k1")
    assert origin.asked[-1].path == "/live?api-key=k1"
    assert (page.url, page.final_url) == (origin.url("/live"), origin.url("/live"))
    assert "k1" not in repr(page)
    error = fail({"/live": answer(500, b"")}, StatusError, secret="api-key=k1")
    assert "k1" not in str(error) + repr(error)


def test_a_secret_that_a_redirect_repeats_is_taken_out_and_sent_again():
    routes = {
        "/live": redirect("/new?a=b&api-key=k1"),
        "/new": answer(200, b"x"),
    }
    page, origin = fetch(routes, secret="api-key=k1")
    assert page.final_url == origin.url("/new?a=b")
    assert origin.asked[-1].path == "/new?a=b&api-key=k1"


def test_a_secret_goes_to_no_other_origin():
    async def scenario():
        async with Origin({"/other": answer(200, b"x")}) as other, Origin({}) as origin:
            origin.routes["/live"] = redirect(other.url("/other"))
            async with fetching() as fetcher:
                page = await fetcher.fetch(origin.url("/live"), secret="api-key=k1")
            return page, [asked.path for asked in other.asked]

    page, asked = asyncio.run(scenario())
    assert page.body == b"x"
    assert asked[-1] == "/other"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_both_addresses_told(status):
    routes = {"/live": redirect("new?a=b#frag", status), "/new": answer(200, b"x")}
    page, origin = fetch(routes, validators=Validators('"1"'))
    assert (page.url, page.final_url) == (origin.url("/live"), origin.url("/new?a=b"))
    assert origin.paths() == ["/live", "/new?a=b"]
    assert origin.asked[-1].get("if-none-match") == b'"1"'
    assert origin.asked[-1].get("referer") is None


MOVES = [
    ((301,), 1),
    ((308,), 1),
    ((302,), 0),
    ((303,), 0),
    ((307,), 0),
    ((301, 308, 301), 3),
    ((301, 302), 1),
    ((308, 301, 307, 301), 2),
    ((302, 301), 0),
    ((302, 301, 308, 301, 301), 0),
    ((301, 301, 301, 301, 301), 5),
]


@pytest.mark.parametrize(("statuses", "for_good"), MOVES)
@pytest.mark.parametrize("status", [200, 304])
def test_what_moved_for_good_is_told_up_to_the_first_passing_redirect(statuses, for_good, status):
    names = ["/live", *(f"/{i}" for i in range(1, len(statuses) + 1))]
    routes = {
        here: redirect(there, code)
        for here, there, code in zip(names, names[1:], statuses, strict=False)
    }
    routes[names[-1]] = answer(status, b"" if status == 304 else b"x")
    came, origin = fetch(routes, validators=Validators('"1"'))
    assert isinstance(came, Page if status == 200 else NotModified)
    assert came.moved_to == (origin.url(names[for_good]) if for_good else "")
    assert came.url == origin.url("/live")


def test_a_page_that_has_not_moved_says_so():
    assert fetch({"/live": answer(200, b"x")})[0].moved_to == ""


# What it costs


def test_every_outcome_tells_what_it_cost():
    body, no_robots = b"x" * 5_000, len(scripted.NO_ROBOTS)
    page = scripted.head(200, {"Content-Length": "5000"}) + body
    came, _ = fetch({"/live": raw(page)})
    assert (came.cost.requests, came.cost.received) == (2, no_robots + len(page))
    packed = gzip.compress(bytes(100_000))
    came, _ = fetch({"/live": answer(200, packed, Content_Encoding="gzip")})
    assert came.cost.received < no_robots + len(packed) + 200
    came, _ = fetch({"/live": redirect("/new", 301), "/new": answer(410)})
    assert came.cost.requests == 3
    for play, error, least in (
        (answer(503, b"x" * 900), StatusError, 900),
        (redirect("/live"), RedirectError, 50),
        (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), NetworkError, 40),
        (answer(200, b"x" * 1_001), BodyError, 30),
        (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b"x" * 999, 0.02, 20),
         DeadlineError, 60),
    ):  # fmt: skip
        cost = fail({"/live": play}, error, rules=replace(SMALL, timeout=0.3)).cost
        assert cost.requests == 2
        assert least < cost.received - no_robots < least + 2_000
    forbid = {"/robots.txt": answer(200, FORBID), "/live": answer()}
    assert fail(forbid, RobotsError).cost.requests == 1


def test_what_one_fetch_costs_is_not_charged_to_another():
    async def scenario():
        routes = {"/live": late(0.01, answer(200, b"x" * 1_000)), "/small": answer(200, b"x")}
        async with Origin(routes) as origin, fetching() as fetcher:
            await fetcher.fetch(origin.url("/small"))
            paths = ["/live", "/small"] * 10
            came = await asyncio.gather(*(fetcher.fetch(origin.url(path)) for path in paths))
            assert {page.cost.requests for page in came} == {1}
            for page in came:
                assert 0 < page.cost.received - len(page.body) < 100

    asyncio.run(scenario())


def test_five_redirects_are_followed_and_a_sixth_is_not():
    hops = {f"/{i}": redirect(f"/{i + 1}", 301) for i in range(20)} | {"/20": answer(200, b"x")}
    page, origin = fetch({"/live": redirect("/16"), **hops})
    assert page.final_url.endswith("/20")
    assert len(origin.paths()) == 6
    for start in ("/15", "/0"):
        error = fail({"/live": redirect(start), **hops}, RedirectError)
        assert error.reason == "more than 5 redirects"


@pytest.mark.parametrize(
    "routes",
    [
        {"/live": redirect("/live")},
        {"/live": redirect("#top")},
        {"/live": redirect("/a"), "/a": redirect("/live")},
        {"/live": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/a")},
    ],
)
def test_a_redirect_loop_ends(routes):
    assert "circle" in fail(routes, RedirectError).reason


@pytest.mark.parametrize(
    "location",
    [
        "", "http://", "//", "http:///x", "http://[::1", "http://a b/", "http://exa\\mple.test/",
        "\\\\evil.test\\x", "ftp://news.test/", "javascript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "http://user:hunter2@news.test/", "//user@news.test/",
        "http://news.test:0/", "http://news.test:99999/", "http://news.test:x/", "http://a..b/",
        "http:x", "http:/x", "http://127.1/", "http://0x7f000001/",
        "/\t/127.0.0.1/", "http://" + "a" * 9_000,
    ],
)  # fmt: skip
def test_a_location_that_leads_nowhere_is_told(location):
    error = fail({"/live": redirect(location)}, RedirectError)
    assert "redirects to" in error.reason
    assert "hunter2" not in str(error)


def test_a_location_in_raw_utf_8_is_followed():
    routes = {"/live": redirect("/größe".encode()), "/gr%C3%B6%C3%9Fe": answer(200, b"x")}
    assert fetch(routes)[0].body == b"x"


# Private addresses


def test_what_a_person_typed_may_be_private_and_redirect_within_its_own_origin():
    async def scenario():
        routes = {"/live": redirect("/new"), "/new": answer(200, b"x")}
        async with (
            Origin(routes) as origin,
            Origin({"*": answer(200, b"y")}) as other,
            fetching(CLOSED, resolve=None) as fetcher,
        ):
            assert (await fetcher.fetch(origin.url("/live"), typed=True)).body == b"x"
            origin.routes["/other"] = redirect(other.url("/"))
            origin.routes["/name"] = redirect(origin.url("/new", "localhost"))
            for path in ("/other", "/name"):
                with pytest.raises(AddressError, match="is a loopback address"):
                    await fetcher.fetch(origin.url(path), typed=True)
            assert other.accepted == 0

    asyncio.run(scenario())


def test_a_connection_opened_for_a_typed_url_serves_no_other():
    async def scenario():
        resolve = names(news_test=["127.0.0.1"])
        async with (
            Origin({"*": answer(200, b"x")}) as origin,
            fetching(CLOSED, resolve=resolve) as fetcher,
        ):
            for url in (origin.url("/live"), origin.url("/live", "news.test")):
                await fetcher.fetch(url, typed=True)
                asked = len(origin.asked)
                with pytest.raises(AddressError):
                    await fetcher.fetch(url)
                assert len(origin.asked) == asked

    asyncio.run(scenario())


def test_a_public_site_cannot_send_a_typed_url_back_to_its_private_origin():
    async def scenario():
        async with Origin({}) as typed, Origin({}, host="127.0.0.3") as public:
            typed.routes |= {"/live": redirect(public.url("/hop")), "/end": answer(200, b"x")}
            public.routes["/hop"] = redirect(typed.url("/end"))
            async with fetching(replace(CLOSED, allow_private=("127.0.0.3",))) as fetcher:
                with pytest.raises(AddressError, match="loopback"):
                    await fetcher.fetch(typed.url("/live"), typed=True)
            assert typed.paths() == ["/live"]

    asyncio.run(scenario())


def test_localhost_by_the_systems_resolver_is_refused_until_it_is_allowed():
    async def scenario():
        async with Origin({"/live": answer(200, b"x")}) as origin:
            url = origin.url("/live", "localhost")
            async with fetching(CLOSED, resolve=None) as fetcher:
                with pytest.raises(AddressError, match=r"loopback address.*fetch\.allow_private"):
                    await fetcher.fetch(url)
                assert origin.accepted == 0
            async with fetching(resolve=None) as fetcher:
                assert (await fetcher.fetch(url)).body == b"x"

    asyncio.run(scenario())


# robots.txt


FORBID = b"User-agent: *\nDisallow: /live\n"


def test_robots_txt_is_obeyed_for_typed_urls_too_unless_it_is_set_aside():
    routes = {"/robots.txt": answer(200, FORBID), "/live": answer(200, b"x")}
    for typed in (True, False):
        error = fail(routes, RobotsError, typed=typed)
        assert error.reason == "robots.txt disallows it by “Disallow: /live”"
    page, origin = fetch(routes, rules=replace(RULES, obey_robots=False))
    assert page.body == b"x"
    assert [asked.path for asked in origin.asked] == ["/live"]


def test_the_verdict_of_robots_txt_comes_with_the_page():
    def told(text, **options):
        return fetch({"/robots.txt": text, "/live": answer(200, b"x")}, **options)[0].robots

    rules = b"User-agent: *\nDisallow: /\nAllow: /live # the blog\n"
    assert told(answer(200, rules)) == "robots.txt allows it by “Allow: /live # the blog”"
    assert told(answer(200, b"User-agent: *\nDisallow: /x")) == "nothing in robots.txt forbids it"
    assert told(answer(404)) == "there is no robots.txt (404)"
    aside = "robots.txt is set aside by the configuration"
    assert told(answer(404), rules=replace(RULES, obey_robots=False)) == aside


def test_a_hundred_restarts_ask_for_robots_txt_once():
    async def scenario():
        notes, clock = Notes(), Clock()
        async with Origin({"/live": answer(200, b"x")}) as origin:
            origin.routes["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /private")
            for _ in range(100):
                async with fetching(notes=notes, now=clock) as fetcher:
                    page = await fetcher.fetch(origin.url("/live"))
                    assert page.robots == "nothing in robots.txt forbids it"
                    with pytest.raises(RobotsError):
                        await fetcher.fetch(origin.url("/private"))
                clock.now += timedelta(minutes=10)
            asked = [asked.path for asked in origin.asked]
            assert (asked.count("/robots.txt"), asked.count("/live")) == (1, 100)
            assert list(notes.kept) == [origin.url("/")[:-1]]
            clock.now = NOW + timedelta(hours=24)
            async with fetching(notes=notes, now=clock) as fetcher:
                await fetcher.fetch(origin.url("/live"))
            assert [asked.path for asked in origin.asked].count("/robots.txt") == 2

    asyncio.run(scenario())


def test_a_robots_txt_that_could_not_be_read_is_remembered_too():
    async def scenario():
        notes, clock = Notes(), Clock()
        async with Origin({"/robots.txt": answer(500), "/live": answer(200, b"x")}) as origin:
            for minutes, asked in ((0, 1), (0.9, 1), (1, 2), (2.9, 2), (3, 3)):
                clock.now = NOW + timedelta(minutes=minutes)
                async with fetching(notes=notes, now=clock) as fetcher:
                    with pytest.raises(RobotsError, match="answers 500"):
                        await fetcher.fetch(origin.url("/live"))
                assert len(origin.asked) == asked

    asyncio.run(scenario())


def test_robots_txt_of_a_typed_private_address_is_not_noted():
    async def scenario():
        notes = Notes()
        async with (
            Origin({"/live": answer(200, b"x")}) as origin,
            fetching(CLOSED, notes=notes) as fetcher,
        ):
            await fetcher.fetch(origin.url("/live"), typed=True)
        assert notes.kept == {}

    asyncio.run(scenario())


def test_robots_txt_is_asked_for_once_a_day():
    async def scenario():
        clock = Clock()
        async with Origin({"/live": answer(200, b"x")}) as origin, fetching(now=clock) as fetcher:
            for hours in (0, 1, 23.9, 24, 47.9, 48):
                clock.now = NOW + timedelta(hours=hours)
                await fetcher.fetch(origin.url("/live"))
            asked = [asked.path for asked in origin.asked]
            assert asked.count("/robots.txt") == 3

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (answer(500), "answers 500"),
        (answer(503, Retry_After="1"), "answers 503"),
        (answer(200, b"x", Content_Encoding="br"), "coding “br”"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nU", close=True), "could not be read"),
        (redirect("http://127.0.0.2:1/robots.txt"), "is a loopback address"),
        (redirect("http://127.0.0.1:1/robots.txt"), "connection refused"),
        (redirect("ftp://127.0.0.1/"), "only http"),
    ],
)
def test_robots_txt_that_cannot_be_read_forbids_and_is_asked_for_after_a_minute(play, words):
    async def scenario():
        clock = Clock()
        routes = {"/robots.txt": play, "/live": answer(200, b"x")}
        async with Origin(routes) as origin, fetching(now=clock) as fetcher:
            for seconds in (0, 59):
                clock.now = NOW + timedelta(seconds=seconds)
                with pytest.raises(RobotsError, match=words) as caught:
                    await fetcher.fetch(origin.url("/live"))
                assert caught.value.not_before == NOW + timedelta(seconds=60)
            assert len(origin.asked) == 1
            origin.routes["/robots.txt"] = answer(404)
            clock.now = NOW + timedelta(seconds=60)
            assert (await fetcher.fetch(origin.url("/live"))).body == b"x"

    asyncio.run(scenario())


def test_robots_txt_that_asks_us_to_wait_is_kept_to():
    for status in (429, 503):
        error = fail({"/robots.txt": answer(status, Retry_After="7200")}, RobotsError)
        assert error.not_before == NOW + timedelta(hours=2)


def test_robots_txt_may_lie_behind_five_redirects_even_on_another_host():
    async def scenario():
        async with Origin({"/rules": answer(200, FORBID)}) as other, Origin({}) as origin:
            hops = {f"/r{i}": redirect(f"/r{i + 1}") for i in range(4)}
            origin.routes |= {**hops, "/r4": redirect(other.url("/rules")), "/live": answer()}
            for start, error in (("/r1", RobotsError), ("/r0", None), ("/robots.txt", None)):
                origin.routes["/robots.txt"] = redirect(start)
                async with fetching() as fetcher:
                    if error is None:
                        await fetcher.fetch(origin.url("/live"))
                        continue
                    with pytest.raises(error):
                        await fetcher.fetch(origin.url("/live"))

    asyncio.run(scenario())


def test_each_hop_is_subject_to_the_robots_txt_of_its_host():
    async def scenario():
        routes = {"/robots.txt": answer(200, FORBID), "/live": answer(200, b"x")}
        async with (
            Origin(routes) as other,
            Origin({"/live": redirect(other.url("/live"))}) as first,
        ):
            async with fetching() as fetcher:
                with pytest.raises(RobotsError, match=re.escape(f"at {other.url('/live')}")):
                    await fetcher.fetch(first.url("/live"))
            assert other.paths() == []

    asyncio.run(scenario())


def test_the_first_500_kib_of_a_huge_robots_txt_count():
    text = b"User-agent: *\n" + b"# filler\n" * 56_000 + b"Disallow: /live\n" + b"# more\n" * 10**6
    assert len(text) > 512 * 1024
    began = own_time()
    play = answer(200, text)
    fail({"/robots.txt": play, "/live": answer()}, RobotsError)
    packed = answer(200, gzip.compress(text), Content_Encoding="gzip")
    fail({"/robots.txt": packed, "/live": answer()}, RobotsError)
    bomb = answer(200, scripted.bomb(64 * 2**20), Content_Encoding="gzip")
    assert fetch({"/robots.txt": bomb, "/live": answer(200, b"x")})[0].body == b"x"
    assert own_time() - began < 5


# A process that lives long


def test_hosts_that_are_long_unused_are_let_go(monkeypatch):
    monkeypatch.setattr("scraper.transport.host.KEPT_SERVERS", 3)

    async def scenario():
        async with Origin({"/live": answer(200, b"x")}) as origin:
            addresses = {f"n{i}_test": ["127.0.0.1"] for i in range(20)}
            async with fetching(resolve=names(**addresses)) as fetcher:
                for i in range(20):
                    await fetcher.fetch(origin.url("/live", f"n{i}.test"))
                    assert len(fetcher._client._servers) <= 3

    asyncio.run(scenario())


def test_a_cancelled_fetch_leaves_its_host_free():
    async def scenario():
        play = in_turn(silence(), answer(200, b"x"))
        async with Origin({"/live": play}) as origin, fetching() as fetcher:
            for _ in range(2):
                task = asyncio.create_task(fetcher.fetch(origin.url("/live")))
                waiting = asyncio.create_task(fetcher.fetch(origin.url("/live")))
                await asyncio.sleep(0.1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert (await waiting).body == b"x"
                break

    asyncio.run(scenario())
