"""The pages in a real browser: whole without script, still while they move, and open to all."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from urllib.parse import quote

import pytest
from axe_playwright_python.async_playwright import Axe
from browsing import CHROMIUM, DESK, PHONE, Browser, browsing
from demoed import TOPIC, tell
from harm import fragments
from pages import URL, at_another, block, page
from served import served_aside
from sites import MINUTE, NOW, RULE, Station

from feeds.site.responses import page_policy
from store.database import open_database
from store.entry import Media, Provenance
from store.source import SourceState
from store.topics import TopicRule

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const moved = shift.sources.map((one) => one.node && (one.node.outerHTML || one.node.data));
    if (!shift.hadRecentInput) shifts.push([shift.value, ...moved]);
  }
}).observe({type: "layout-shift", buffered: true});
"""


# What a page that inserts by itself would do; where it is scrolled browsers would make up for it.
# Again and again until it is seen: what moves just after a click does not count as a shift.
INTRUDE = """
document.documentElement.style.overflowAnchor = "none";
new Promise((seen) => {
  const intrude = () => {
    if (shifts.length) return seen();
    document.getElementById("timeline").prepend(document.createElement("hr"));
    setTimeout(intrude, 50);
  };
  intrude();
})
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[str]:
    """The address of a site over the story of the demo, with a source that is not well."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('story')}/kept.db")
    rule = tell(database)
    station = Station(database)
    station.record(rule.follow[0], state=SourceState.BROKEN, reason="it answers 503", polls=3)
    with served_aside(station.site) as url:
        yield url
    database.close()


@pytest.fixture
def station(database):
    station = Station(database)
    station.follow()
    station.poll(page([block("b", 10, title="Second title"), block("a", 0)]))
    return station


TIMELINE = f"/topics/{TOPIC}"
PATHS = (
    "/",
    TIMELINE,
    f"{TIMELINE}/summaries",
    "/entries/1",
    "/entries/7",
    "/search?q=tower",
    "/sources",
)


async def violations(page):
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("size", "scheme", "paths"),
    [(PHONE, "light", PATHS), (DESK, "dark", PATHS[:2] + PATHS[3:4])],
    ids=["phone-light", "desk-dark"],
)
def test_axe_finds_nothing_against_any_page(browser, story, size, scheme, paths):
    async def look():
        found = {}
        async with browser.page(viewport=size, color_scheme=scheme) as page:
            for path in paths:
                await page.goto(story + path)
                for details in await page.query_selector_all("summary"):
                    await details.click()
                found[path] = await violations(page)
                wide = "document.documentElement.scrollWidth > innerWidth"
                assert not await page.evaluate(wide), f"{path} is wider than its window"
            assert page.wrongs == []
        return found

    assert browser.run(look()) == {path: [] for path in paths}


def test_axe_finds_what_is_wrong(browser, story):
    async def look():
        async with browser.page(bypass_csp=True) as page:
            await page.goto(story + TIMELINE)
            worsen = (
                "document.querySelector('h1').outerHTML = '<h4 style=color:#eee>x</h4><img src=x>'"
            )
            await page.evaluate(worsen)
            return await violations(page)

    found = {one.partition(":")[0] for one in browser.run(look())}
    assert {"image-alt", "page-has-heading-one"} <= found


def test_without_script_key_events_older_entries_and_comparisons_are_a_click_away(browser, station):
    station.poll(page([block(f"n{i}", i, key=i % 20 == 0) for i in range(60)][::-1]))
    station.poll(page([block("n0", 0, "Other words")], shows_bottom=False), NOW + MINUTE)

    async def read(url):
        async with browser.page(java_script_enabled=False) as tab:
            await tab.goto(f"{url}/topics/harbour")
            counts = [await tab.locator("article").count()]
            await tab.get_by_role("link", name="Older entries").click()
            counts.append(await tab.locator("article").count())
            await tab.get_by_role("link", name="Key events", exact=True).click()
            counts.append(await tab.locator("article").count())
            await tab.locator("article").last.locator("a").first.click()
            await tab.get_by_label("From", exact=True).select_option("2")
            await tab.get_by_label("to", exact=True).select_option("1")
            await tab.get_by_role("button", name="Compare").click()
            return counts, tab.url, await tab.locator(".diff ins").inner_text()

    with served_aside(station.site) as url:
        counts, address, came = browser.run(read(url))
    assert counts == [50, 12, 3]
    assert "?from=2&to=1#changes" in address
    assert "What n0 says" in came


def test_new_entries_are_told_as_they_come_and_move_nothing_until_asked_for(browser, station):
    blocks = [block(f"n{i}", i, f"The words of {i}") for i in range(30)][::-1]
    station.poll(page(blocks))

    async def read(url):
        async with browser.page(viewport=PHONE) as tab:
            await tab.add_init_script(SHIFTS)
            opened = asyncio.Event()
            tab.on("request", lambda one: opened.set() if "/events/stream" in one.url else None)
            await tab.goto(f"{url}/topics/harbour")
            await opened.wait()
            await tab.mouse.wheel(0, 500)
            more = [block("x", 41, title="Just in"), block("y", 40), *blocks]
            await asyncio.to_thread(station.poll, page(more), NOW + MINUTE)
            button = tab.get_by_role("link", name="Show 2 new entries")
            await button.wait_for()
            more[5] = more[5].edited("Other words")
            await asyncio.to_thread(station.poll, page(more), NOW + 2 * MINUTE)
            await tab.get_by_role("link", name="Show 2 new entries, 1 changed").wait_for()
            told = await tab.get_by_role("status").inner_text()
            assert await tab.title() == "(2) The harbour · Wire"
            assert await violations(tab) == []
            assert await tab.evaluate("shifts") == []
            assert await tab.get_by_text("Just in").count() == 0
            await button.click()
            await tab.get_by_text("Just in").wait_for()
            focused = await tab.evaluate("document.activeElement.id")
            assert await tab.get_by_text("Other words").count() == 1
            assert await tab.locator("#news").is_hidden()
            assert await tab.evaluate("shifts") == []
            await asyncio.to_thread(station.poll, page([block("z", 42), *more]), NOW + 3 * MINUTE)
            await tab.get_by_role("link", name="Show 1 new entry").wait_for()
            await tab.evaluate(INTRUDE)  # which would have been seen
            assert tab.wrongs == []
            return told, focused

    with served_aside(station.site) as url:
        told, focused = browser.run(read(url))
    assert told == "2 new entries, 1 changed."
    assert focused.startswith("e")


def test_a_page_of_key_events_tells_of_those_alone(browser, station):
    async def read(url):
        async with browser.page() as tab:
            opened = asyncio.Event()
            tab.on("request", lambda one: opened.set() if "/events/stream" in one.url else None)
            await tab.goto(f"{url}/topics/harbour/key-events")
            await opened.wait()
            before = [block("b", 10, title="Second title"), block("a", 0)]
            more = [block("k", 31, key=True), block("x", 30), *before]
            await asyncio.to_thread(station.poll, page(more), NOW + MINUTE)
            await tab.get_by_role("link", name="Show 1 new entry").click()
            await tab.locator("article").first.wait_for()
            return await tab.locator("article").count()

    with served_aside(station.site) as url:
        assert browser.run(read(url)) == 1


def test_a_page_of_one_publisher_tells_of_its_entries_alone(browser, station):
    other = "https://other.example/live/quay"
    station.follow(replace(RULE, follow=(URL, other)), urls=(URL, other))
    ours, theirs = [block("a", 0)], [block("t", 5)]
    station.poll(page(ours))
    station.poll(at_another(page(theirs), other))

    async def read(url):
        async with browser.page() as tab:
            opened = asyncio.Event()
            tab.on("request", lambda one: opened.set() if "/events/stream" in one.url else None)
            await tab.goto(f"{url}/topics/harbour?publisher=other.example")
            await opened.wait()
            for n in (1, 2):
                more = page([block(f"o{n}", 10 + n), *ours])
                await asyncio.to_thread(station.poll, more, NOW + n * MINUTE)
                more = at_another(page([block(f"n{n}", 20 + n), *theirs]), other)
                await asyncio.to_thread(station.poll, more, NOW + n * MINUTE)
            await tab.get_by_role("link", name="Show 2 new entries").click()
            await tab.get_by_text("What n2 says").wait_for()
            assert tab.wrongs == []
            return await tab.locator("article").all_inner_texts()

    with served_aside(station.site) as url:
        told = browser.run(read(url))
    assert len(told) == 3
    assert not any("What o" in one for one in told)


def test_a_page_older_than_what_is_remembered_of_changes_offers_to_be_read_anew(browser, station):
    async def stale(route):
        answer = await route.fetch()
        text = re.sub(r"after=\d+", "after=999", await answer.text())
        await route.fulfill(response=answer, body=text)

    async def read(url):
        async with browser.page() as tab:
            await tab.route(f"{url}/topics/harbour", stale, times=1)
            await tab.goto(f"{url}/topics/harbour")
            await tab.get_by_role("link", name="Show what is new").click()
            await tab.locator("#news").wait_for(state="hidden")
            assert tab.wrongs == []
            return await tab.locator("#timeline").get_attribute("data-stream")

    with served_aside(station.site) as url:
        assert browser.run(read(url)).endswith("&after=3")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser, story):
    async def walk():
        async with browser.page() as tab:
            await tab.goto(story + TIMELINE)
            await tab.keyboard.press("Tab")
            skip = await tab.evaluate("document.activeElement.getBoundingClientRect().left")
            await tab.keyboard.press("Enter")
            await tab.keyboard.press("Tab")
            first = await tab.evaluate("document.activeElement.textContent")
            outline = await tab.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            reached = set()
            for _ in range(80):
                await tab.keyboard.press("Tab")
                reached.add(await tab.evaluate("document.activeElement.getAttribute('href')"))
            links = await tab.eval_on_selector_all(
                "main a:not([hidden])", "(all) => all.map((one) => one.getAttribute('href'))"
            )
            return skip, first, outline, {*links} - reached

    skip, first, outline, missed = browser.run(walk())
    assert skip >= 0
    assert (first, outline) == ("Everything", "3px")
    assert missed <= {TIMELINE}


FRAGMENTS, HOUR = 60, 3600
# --- harm -----------------------------------------------------------------------------------------

WATCH = "window.ran = []; window.alert = (what) => top.ran.push(what);"
PROVOKE = """
(() => {
  const kinds = ["mouseover", "pointerenter", "focus", "focusin", "load", "error", "toggle"];
  const within = (frame) => { try { return frame.contentDocument; } catch { return null; } };
  const frames = [...document.querySelectorAll("iframe")].map(within);
  for (const one of [document, ...frames].filter((one) => one))
    for (const node of one.querySelectorAll("body *"))
      for (const kind of kinds) node.dispatchEvent(new Event(kind));
  return [...document.links].filter((link) => !/^https?:$/.test(link.protocol)).map(String);
})()
"""


def harm(database, some):
    """Fill a store with fragments in every slot of every page."""
    station = Station(database)
    urls = [f"{URL}-{n}" for n in range(1, len(some))]
    topics = [
        TopicRule(f"t{n}", one, (url,))
        for n, (one, url) in enumerate(zip(some[1:], urls, strict=True))
    ]
    station.follow(TopicRule("harbour", some[0], (URL,)), *topics, urls=[URL, *urls])
    blocks = [block(f"n{n}", n) for n in range(len(some))]
    blog = page(blocks)
    hostile = [
        replace(
            sighting,
            title=one,
            html=one,
            text=one,
            permalink=one,
            authors=(one,),
            credit=one,
            tags=(one,),
            language=one[:35],
            media=(Media(one, alt=one, credit=one),),
        )
        for sighting, one in zip(blog.sightings, some, strict=True)
    ]
    station.rules = station.rules[:1]
    station.poll(replace(blog, title=some[0], sightings=tuple(hostile)))
    edited = [replace(one, html=f"{one.html}{one.html}", text=f"x{one.text}") for one in hostile]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sites.PROVENANCE", Provenance(some[0], NOW, **dict.fromkeys(SEEN, some[0])))
        station.poll(replace(blog, title=some[0], sightings=tuple(edited)), NOW + MINUTE)
    for url, one in zip(urls, some[1:], strict=True):
        station.record(
            url, state=SourceState.BROKEN, reason=one, warnings=(one,), platform=one[:40], pace=one
        )
    return station


SEEN = ("etag", "last_modified", "sha256", "platform", "layout", "view")


async def visit(browser, url, paths):
    """Open pages without their policy, provoke what is on them, and see whether anything runs."""
    async with browser.page(bypass_csp=True) as tab:
        await tab.add_init_script(WATCH)
        for path in paths:
            await tab.goto(url + path)
            assert await tab.evaluate(PROVOKE) == [], path
            assert await tab.evaluate("ran") == [], path


def harmed(database, browser, some, entries):
    station = harm(database, some)
    leaves, path = [], "/topics/harbour"
    while path:
        leaves.append(path)
        found = re.search('<a href="([^"]*)" rel="next"', station.ask(path).text)
        path = found[1] if found else ""
    assert len(leaves) == -(-len(some) // 50)
    numbers = range(1, len(some) + 1, len(some) // entries)
    paths = ["/", "/sources", "/search?q=alert", *leaves, *(f"/entries/{n}" for n in numbers)]
    paths += [f"/topics/{quote(one, safe='', errors='replace')}" for one in some[:5]]
    with served_aside(station.site) as url:
        browser.run(visit(browser, url, paths), within=HOUR)


def test_no_fragment_in_any_slot_of_any_page_runs(browser, database):
    harmed(database, browser, fragments(FRAGMENTS), 5)


@pytest.mark.torture("500 fragments")
@pytest.mark.parametrize("part", range(14))
def test_none_of_seven_thousand_fragments_runs(browser, database, part):
    harmed(database, browser, fragments(7_000)[part * 500 : (part + 1) * 500], 25)


def test_such_fragments_run_where_nobody_escapes_them_and_the_policy_alone_stops_them(
    browser, story
):
    async def show(policy):
        async with browser.page() as tab:
            await tab.add_init_script(WATCH)
            await tab.route(f"{story}/harm", lambda route: route.fulfill(body=body, headers=policy))
            await tab.goto(f"{story}/harm")
            await tab.evaluate(PROVOKE)
            return len(await tab.evaluate("ran")), await tab.evaluate("frames.length")

    framed = (f'<iframe srcdoc="{escape(one)}"></iframe>' for one in fragments(FRAGMENTS))
    body = f"<!DOCTYPE html>{''.join(framed)}"
    html = {"content-type": "text/html"}
    freely = browser.run(show(html))
    walled = browser.run(show({**html, "content-security-policy": page_policy(pictures=True)}))
    assert freely[0] > 20
    assert walled[0] == 0
    assert freely[1] == walled[1] == FRAGMENTS
