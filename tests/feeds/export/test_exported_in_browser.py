"""The exported page and TimelineJS in a real browser: all is there, and nothing hostile runs.

TimelineJS is tried where KEYWIRE_NODE_MODULES names a folder that has npm's
@knight-lab/timelinejs.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from browsing import CHROMIUM, DESK, PHONE, Browser, browsing
from editions import HOSTILE, files, hostile

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
MODULES = os.environ.get("KEYWIRE_NODE_MODULES", "")
TIMELINEJS = Path(MODULES) / "@knight-lab/timelinejs/dist"
SHOWN = "[...document.querySelectorAll('.post')].filter((one) => one.checkVisibility()).length"
FIRED = "window.fired = 0; window.alert = () => { window.fired += 1; };"
TIMELINE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="dist/css/timeline.css"><div id="t" style="height: 600px"></div>
<script src="dist/js/timeline.js"></script>
<script>window.shown = new TL.Timeline("t", "timeline.json", {ga_measurement_id: null});</script>
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def page_at(tmp_path):
    """Write an edition as one page, and give its address."""
    with serving(tmp_path) as url:

        def at(entries):
            (tmp_path / "index.html").write_bytes(files("html", entries)["index.html"])
            return f"{url}/index.html"

        yield at


async def _until(page, claim):
    """Wait for what a page is to come to; its policy lets Playwright's own waiting run nothing."""
    look = f"const look = () => ({claim}) ? seen() : requestAnimationFrame(look); look();"
    await page.evaluate(f"new Promise((seen) => {{ {look} }})")


def test_the_page_is_searched_and_sieved(day, browser, page_at):
    url = page_at([day[0], *day])

    async def look():
        async with browser.page() as page:
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(url)
            assert await page.evaluate(SHOWN) == 7
            await page.fill("#words", "PIER two metrés")
            await _until(page, f"{SHOWN} === 1")
            assert await page.inner_text("#found") == "1 entry"
            await page.fill("#words", "")
            await _until(page, f"{SHOWN} === 7")
            await page.check("#keys")
            assert await page.evaluate(SHOWN) == 0
            assert page.wrongs == []
            assert [one for one in asked if not one.endswith("/favicon.ico")] == [url]

    browser.run(look())


@pytest.mark.parametrize("how", [{"viewport": DESK}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_the_page_is_open_to_all(day, browser, page_at, how):
    url = page_at(day)

    async def look():
        async with browser.page(**how) as page:
            await page.goto(url)
            found = await Axe().run(page)
            assert [one["id"] for one in found.response["violations"]] == []
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0

    browser.run(look())


def test_the_page_is_whole_without_script(day, browser, page_at):
    url = page_at(day)

    async def look():
        async with browser.page(java_script_enabled=False) as page:
            await page.goto(url)
            assert await page.locator(".post:visible").count() == 6
            assert not await page.locator("#words").is_visible()
            await page.check("#keys")
            assert await page.locator(".post:visible").count() == 0

    browser.run(look())


@pytest.mark.parametrize("weak", [False, True])
def test_nothing_hostile_runs_in_the_page(day, browser, tmp_path, weak):
    """But where nothing is escaped, it does, and is seen to."""
    body = files("html", [hostile(day[3], text) for text in HOSTILE])["index.html"].decode()
    if weak:
        body = unescape(body).replace("Content-Security-Policy", "x-none")
    (tmp_path / "index.html").write_text(body)

    async def look(url):
        async with browser.page() as page:
            await page.add_init_script(FIRED)
            await page.goto(url)
            if weak:
                await _until(page, "window.fired > 0")
                return
            opened = "for (const one of document.querySelectorAll('details')) one.open = true"
            await page.evaluate(opened)
            assert await page.evaluate(SHOWN) == len(HOSTILE)
            assert await page.evaluate("window.fired") == 0
            assert await page.locator("main script, main img, main iframe, main svg").count() == 0

    with serving(tmp_path) as url:
        browser.run(look(f"{url}/index.html"))


@pytest.mark.skipif(not TIMELINEJS.is_dir(), reason="KEYWIRE_NODE_MODULES has no TimelineJS")
def test_timelinejs_shows_every_entry_and_runs_nothing_of_theirs(day, browser, tmp_path):
    shutil.copytree(TIMELINEJS, tmp_path / "dist")
    (tmp_path / "index.html").write_text(TIMELINE)
    entries = [*day, *(hostile(day[3], text) for text in HOSTILE)]
    made = files("timelinejs", entries, zone="Europe/Berlin")["timeline.json"]
    (tmp_path / "timeline.json").write_bytes(made)

    async def look(url):
        async with browser.page() as page:
            await page.add_init_script(FIRED)
            await page.goto(url)
            await page.wait_for_function(
                f"document.querySelectorAll('.tl-slide').length === {len(entries) + 1}"
            )
            dates = await page.locator(".tl-slide .tl-headline-date").all_text_contents()
            assert "Monday, 4 May 2026, about 11:00 UTC+2 (estimated)" in dates
            assert "Monday, 4 May 2026" in dates
            for _ in range(len(entries)):
                await page.evaluate("window.shown.goToNext()")
            assert await page.evaluate("window.fired") == 0
            assert await page.locator(".tl-message-full").count() == 0

    with serving(tmp_path) as url:
        browser.run(look(f"{url}/index.html"))
