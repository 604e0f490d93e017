"""Messages to targets: the guard of fetches, one deadline, no redirect, no secret in errors."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from fetching import CLOSED, RULES, names, serving_tls, trusting
from origin import Origin, answer, bomb, drip, endless, head, raw, redirect, reset, silence
from receiver import Receiver
from spellings import spellings
from unhurried import own_time

from scraper import guard
from scraper.errors import AddressError, DeadlineError, FetchError, NetworkError
from scraper.send import READ, Message, Sender
from scraper.transport import connect

DEADLINE = 0.5


def send(url, body=b"{}", rules=RULES, **more):
    """Send one message, and give what came back or raise what went wrong."""

    async def run():
        sender = Sender(rules, deadline=DEADLINE, **more)
        try:
            return await sender.send(Message("POST", url, body, {"X-Key": "hunter2"}))
        finally:
            await sender.aclose()

    return asyncio.run(run())


def playing(play, *more, path="/", **options):
    """Send one message to an origin that plays so; give what came, and the origin."""

    async def run():
        async with Origin({"*": play}) as origin:
            sender = Sender(RULES, deadline=DEADLINE, **options)
            try:
                return await sender.send(Message("POST", origin.url(path), *more)), origin
            finally:
                await sender.aclose()

    return asyncio.run(run())


def test_a_message_arrives_whole_and_its_answer_comes_back_whatever_its_status():
    async def run():
        async with Receiver(lambda _: (418, b"short", {"X-Note": "stout"})) as receiver:
            sender = Sender(RULES, deadline=DEADLINE)
            for n in range(3):
                sent = await sender.send(
                    Message("PUT", f"{receiver.url}/{n}", "é".encode(), {"X-Key": "v"})
                )
                assert (sent.status, sent.body, sent.headers["x-note"]) == (418, b"short", "stout")
            await sender.aclose()
            return receiver.got

    got = asyncio.run(run())
    assert [(one.method, one.path, one.body) for one in got] == [
        ("PUT", f"/{n}", "é".encode()) for n in range(3)
    ]
    assert got[0].headers["x-key"] == "v"
    assert got[0].headers["user-agent"].startswith("keywire/")


def test_no_redirect_is_followed():
    sent, origin = playing(redirect("/elsewhere", 307), b"x")
    assert sent.status == 307
    assert origin.paths() == ["/"]


def test_no_robots_txt_is_asked_for():
    assert [asked.path for asked in playing(answer(200))[1].asked] == ["/"]


@pytest.mark.parametrize(
    "play",
    [
        silence(),
        drip(head(200, {"Content-Length": "9"}) + b"123456789", 0.2),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500, 0.05),
        drip(head(200, {"Content-Length": "100000"}) + bytes(100_000), 0.1, 1_000),
    ],
)
def test_a_target_that_takes_its_time_has_no_more_than_the_deadline(play):
    began = own_time()
    with pytest.raises(DeadlineError, match=r"no whole answer within 0\.5 s"):
        playing(play)
    assert own_time() - began < 5


@pytest.mark.parametrize(
    "play",
    [reset(), reset(b"HTTP/1.1 200"), raw(b"nonsense\r\n\r\n", close=True), raw(b"", close=True)],
)
def test_a_target_that_breaks_off_is_a_failure_in_plain_words(play):
    with pytest.raises(NetworkError):
        playing(play)


def test_of_an_endless_answer_little_is_read():
    sent, _ = playing(endless(head(200, {}), bytes(10_000)))
    assert len(sent.body) == READ
    sent, _ = playing(answer(200, bomb(2**24), Content_Encoding="gzip"))
    assert len(sent.body) <= READ


def test_a_connection_that_was_closed_meanwhile_is_not_used_and_nothing_is_sent_twice():
    async def run():
        async with Origin({"*": raw(head(200, {"Content-Length": "0"}), close=True)}) as origin:
            sender = Sender(RULES, deadline=DEADLINE)
            for _ in range(3):
                assert (await sender.send(Message("POST", origin.url(), b""))).status == 200
                await asyncio.sleep(0.3)  # until the end of the connection has come, too
            await sender.aclose()
            assert len(origin.asked) == 3

    asyncio.run(run())


def test_a_kept_connection_is_used_again():
    async def run():
        async with Origin({"*": answer(200)}) as origin:
            sender = Sender(RULES, deadline=DEADLINE)
            for _ in range(5):
                await sender.send(Message("POST", origin.url(), b""))
            await asyncio.gather(*(sender.send(Message("POST", origin.url())) for _ in range(20)))
            await sender.aclose()
            assert origin.accepted <= 20

    asyncio.run(run())


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_is_whole_at_once_and_its_connection_is_kept(status):
    async def run():
        async with Origin({"*": raw(f"HTTP/1.1 {status} Fine\r\n\r\n".encode())}) as origin:
            sender = Sender(RULES, deadline=DEADLINE)
            for _ in range(2):
                sent = await sender.send(Message("POST", origin.url("/"), b"{}"))
                assert (sent.status, sent.body) == (status, b"")
            await sender.aclose()
            assert origin.accepted == 1

    asyncio.run(run())


def test_a_certificate_that_nobody_vouches_for_is_refused():
    async def run(tls):
        async with Origin({"*": answer(200)}, tls=serving_tls("http/1.1")) as origin:
            url = origin.url("/", "localhost")
            sender = Sender(RULES, deadline=3, tls=tls, resolve=names(localhost=["127.0.0.1"]))
            try:
                return await sender.send(Message("POST", url))
            finally:
                await sender.aclose()

    assert asyncio.run(run(trusting())).status == 200
    with pytest.raises(NetworkError, match="TLS certificate not valid"):
        asyncio.run(run(None))


def test_errors_name_the_host_and_nothing_of_the_address_that_may_be_secret():
    with pytest.raises(FetchError) as caught:
        send("http://127.0.0.1:9/bot123:TOKEN/send?key=hunter2")
    assert "TOKEN" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)


async def _reached(limit=None):
    """Tell by which spellings of a target's address a private listener was reached."""
    reached = []
    async with Receiver() as private:
        port = int(private.url.rpartition(":")[2])
        sender = Sender(CLOSED, deadline=DEADLINE)
        for url in spellings(port)[:limit]:
            with contextlib.suppress(FetchError):
                await sender.send(Message("POST", url, b"x"))
            if private.got:
                reached.append(url)
                private.got.clear()
        await sender.aclose()
    return reached


def test_no_spelling_of_a_private_address_is_connected_to():
    assert asyncio.run(_reached()) == []


def test_a_sender_without_the_guard_fails_that_check(monkeypatch):
    for module in (connect, guard):
        monkeypatch.setattr(module, "why_refused", lambda *_: "")
    monkeypatch.setattr("scraper.send.why_refused", lambda *_: "")
    assert asyncio.run(_reached(40))


def test_a_name_that_leads_to_a_private_address_now_and_then_is_never_followed():
    turns = iter(range(1_000))

    def rebind():
        return ["127.0.0.1"] if next(turns) % 2 else ["127.0.0.1", "10.0.0.1"]

    async def run():
        async with Receiver() as private:
            port = private.url.rpartition(":")[2]
            sender = Sender(CLOSED, deadline=DEADLINE, resolve=names(evil_test=rebind))
            for _ in range(100):
                with pytest.raises(AddressError):
                    await sender.send(Message("POST", f"http://evil.test:{port}/"))
            await sender.aclose()
            assert private.got == []

    asyncio.run(run())


def test_allow_private_opens_what_it_names():
    rules = replace(CLOSED, allow_private=("127.0.0.1",))

    async def run():
        async with Receiver(200) as receiver:
            sender = Sender(rules, deadline=DEADLINE)
            assert (await sender.send(Message("POST", receiver.url))).status == 200
            await sender.aclose()

    asyncio.run(run())
