"""How many pages are in hand at once; a slow one does not keep its place."""

import asyncio
import contextlib

import pytest
from fetching import RULES, SHORT, fetching
from origin import Origin, answer, drip

from scraper.errors import DeadlineError
from scraper.page import NotModified, Page, Validators
from scraper.transport import page_budget
from scraper.transport.page_budget import Desk


async def waits(awaited, seconds=0.1):
    """Say whether something is still not there after a moment."""
    done, _ = await asyncio.wait({awaited}, timeout=seconds)
    return not done


def test_a_body_is_read_when_there_is_a_place_and_that_wait_is_no_part_of_its_deadline():
    async def scenario():
        async with (
            Origin({"*": answer(body=b"<p>A page.</p>")}) as origin,
            fetching(SHORT) as fetcher,
        ):
            table = Desk(1)
            with table.place() as first, table.place() as second:
                await fetcher.fetch(origin.url("/1"), place=first)
                waiting = asyncio.create_task(fetcher.fetch(origin.url("/2"), place=second))
                assert await waits(waiting, 2 * SHORT.timeout)
                first.leave()
                assert isinstance(await waiting, Page)

    asyncio.run(scenario())


def test_an_answer_that_brings_no_page_needs_no_place():
    async def scenario():
        async with Origin({"*": answer(304)}) as origin, fetching() as fetcher:
            table = Desk(1)
            with table.place() as first, table.place() as second:
                await first.take()
                known = Validators(etag='"1"')
                came = await fetcher.fetch(origin.url("/"), known, place=second)
                assert isinstance(came, NotModified)

    asyncio.run(scenario())


def test_a_slow_body_gives_its_place_to_others(monkeypatch):
    monkeypatch.setattr(page_budget, "SLOW", 0.2)
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow slow"
    routes = {"/slow": drip(slow, 0.05), "/fast": answer(body=b"fast")}

    async def scenario(table):
        async with Origin(routes) as one, Origin(routes) as two, fetching(RULES) as fetcher:
            with table.place() as first, table.place() as second:
                dripping = asyncio.create_task(fetcher.fetch(one.url("/slow"), place=first))
                await asyncio.sleep(0.1)
                page = await fetcher.fetch(two.url("/fast"), place=second)
                assert not dripping.done()
                assert page.body == b"fast"
                with contextlib.suppress(asyncio.CancelledError):
                    dripping.cancel()
                    await dripping

    asyncio.run(scenario(Desk(1)))


@pytest.mark.parametrize("ends", ["fails", "is cancelled"])
def test_a_place_is_free_again_however_its_poll_ends(ends):
    async def scenario():
        table = Desk(1)
        with contextlib.suppress(DeadlineError, asyncio.CancelledError), table.place() as place:
            await place.take()
            raise DeadlineError("", "") if ends == "fails" else asyncio.CancelledError
        with table.place() as place:
            await asyncio.wait_for(place.take(), 1)

    asyncio.run(scenario())


def test_a_place_given_up_twice_is_one_place():
    async def scenario():
        table = Desk(1)
        with table.place() as first, table.place() as second, table.place() as third:
            await first.take()
            first.leave()
            first.leave()
            await second.take()
            taking = asyncio.create_task(third.take())
            assert await waits(taking)
            taking.cancel()

    asyncio.run(scenario())
