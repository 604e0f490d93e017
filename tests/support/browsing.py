"""Debian's Chromium, driven by Playwright from a thread of its own.

Playwright keeps an event loop running, which would conflict with the tests' loops in their thread.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread
from typing import Any, TypeVar

_T = TypeVar("_T")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
_NEVER = 120  # seconds until what is waited for is given up


class Browser:
    """A browser; `run` runs a coroutine in its thread and returns the result."""

    def __init__(self, loop: asyncio.AbstractEventLoop, chromium: Any) -> None:
        self._loop, self._chromium = loop, chromium

    def run(self, work: Coroutine[Any, Any, _T], within: float = _NEVER) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within)

    @asynccontextmanager
    async def page(self, **options: Any) -> AsyncIterator[Any]:
        """Yield a page in its own context; uncaught errors of its scripts are in `page.wrongs`."""
        context = await self._chromium.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(_NEVER * 500)
        await context.route("**/*", _only_here)
        page = await context.new_page()
        page.wrongs = []
        page.on("pageerror", lambda error: page.wrongs.append(str(error)))
        try:
            yield page
        finally:
            await context.close()


async def _only_here(route: Any) -> None:
    """Let requests to this machine pass, and abort all others."""
    if route.request.url.startswith("http://127.0.0.1:"):
        await route.continue_()
    else:
        await route.abort()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser while the block lasts."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        started, chromium = asyncio.run_coroutine_threadsafe(_start(), loop).result()
        yield Browser(loop, chromium)
        asyncio.run_coroutine_threadsafe(_stop(started, chromium), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start() -> tuple[Any, Any]:
    from playwright.async_api import async_playwright  # noqa: PLC0415 - which takes half a second

    started = await async_playwright().start()
    unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []  # root cannot have the sandbox
    chromium = await started.chromium.launch(executable_path=CHROMIUM, args=unboxed)
    return started, chromium


async def _stop(started: Any, chromium: Any) -> None:
    await chromium.close()
    await started.stop()
