"""A connection's bytes: whole in any pieces, bounded while nobody reads them, and its end."""

import asyncio
import ssl
import tracemalloc
from contextlib import asynccontextmanager

import httpcore
import pytest
from fetching import serving_tls, trusting

from scraper.transport import stream
from scraper.transport.stream import Traffic

LONG = bytes(range(256)) * 4_096  # a megabyte, no two records of it alike in the end
SECURED = [False, True]


@asynccontextmanager
async def line(serve, *, secured, traffic=None):
    """Connect to a server that plays `serve(reader, writer)`."""
    tasks = set()

    async def play(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    tls = serving_tls() if secured else None
    server = await asyncio.start_server(play, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    made = await stream.connect("127.0.0.1", port, 3, None, traffic or Traffic())
    if secured:
        made = await made.start_tls(trusting(), "localhost")
    try:
        yield made
    finally:
        await made.aclose()
        for task in tasks:
            task.cancel()
        server.close()


async def read_all(made, most):
    whole = b""
    while data := await made.read(most):
        assert len(data) <= most
        whole += data
    return whole


async def write_on(made):
    for _ in range(50):
        await made.write(b"are you there?")
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("secured", SECURED)
@pytest.mark.parametrize("most", [1_000, 65_536])
def test_all_bytes_come_in_order_and_are_counted(secured, most):
    async def send(_, writer):
        for start in range(0, len(LONG), 100_000):
            writer.write(LONG[start : start + 100_000])
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def scenario():
        traffic = Traffic()
        async with line(send, secured=secured, traffic=traffic) as made:
            assert await read_all(made, most) == LONG
        assert traffic.received == len(LONG)

    asyncio.run(scenario())


@pytest.mark.parametrize("secured", SECURED)
def test_what_is_written_arrives_whole_though_the_server_is_slow_to_read(secured):
    came = asyncio.Event()

    async def take(reader, _):
        await asyncio.sleep(0.1)
        assert await reader.readexactly(len(LONG)) == LONG
        came.set()

    async def scenario():
        async with line(take, secured=secured) as made:
            await made.write(LONG)
            await asyncio.wait_for(came.wait(), 3)

    asyncio.run(scenario())


@pytest.mark.parametrize("secured", SECURED)
def test_what_nobody_reads_is_left_with_the_server(secured):
    async def flood(_, writer):
        while True:
            writer.write(LONG)
            await writer.drain()

    async def scenario():
        async with line(flood, secured=secured) as made:
            assert await made.read(10)
            tracemalloc.start()
            await asyncio.sleep(0.3)
            held = [
                trace.size
                for trace in tracemalloc.take_snapshot().traces
                if trace.traceback[0].filename == stream.__file__
            ]
            tracemalloc.stop()
            assert sum(held) < 16 * stream.MOST_WAITING
            assert await made.read(10)

    asyncio.run(scenario())


@pytest.mark.parametrize("secured", SECURED)
def test_a_reset_is_an_error_and_no_end(secured):
    async def reset(reader, writer):
        await reader.read(1)
        writer.transport.abort()

    async def scenario():
        async with line(reset, secured=secured) as made:
            await made.write(b"hello")
            try:
                ended = await made.read(10)
            except httpcore.ReadError:
                ended = b""
            assert ended == b""
            with pytest.raises(httpcore.WriteError):
                await write_on(made)

    asyncio.run(scenario())


def test_what_tls_cannot_believe_fails_as_a_connection_that_never_was():
    async def scenario():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=serving_tls())
        port = server.sockets[0].getsockname()[1]
        made = await stream.connect("127.0.0.1", port, 3, None, Traffic())
        with pytest.raises(httpcore.ConnectError) as told:
            await made.start_tls(ssl.create_default_context(), "localhost")
        assert isinstance(told.value.args[0], ssl.SSLCertVerificationError)
        server.close()

    asyncio.run(scenario())


def test_no_server_is_an_error_in_time():
    async def scenario():
        with pytest.raises(httpcore.ConnectError):
            await stream.connect("127.0.0.1", 1, 3, None, Traffic())

    asyncio.run(scenario())


def test_tls_keeps_no_more_of_a_page_than_a_record(monkeypatch):
    """OpenSSL's buffer stays as large as what ever waited in it; fed whole, it is the page."""
    most = {}

    async def measure(fed):
        monkeypatch.setattr(stream, "FED", fed)

        async def send(_, writer):
            writer.write(LONG)
            await writer.drain()
            await asyncio.sleep(10)

        async with line(send, secured=True) as made:
            read, most[fed] = 0, 0
            while read < len(LONG):
                read += len(await made.read(65_536))
                most[fed] = max(most[fed], made._incoming.pending)

    usual = stream.FED
    asyncio.run(measure(usual))
    asyncio.run(measure(10_000_000))
    assert most[usual] < 16_384 + usual
    assert most[10_000_000] > 4 * most[usual]
