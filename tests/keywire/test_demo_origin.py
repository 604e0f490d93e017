import asyncio
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from keywire.demo import blog as desk
from keywire.demo.blog import Blog, Kind, Picture, block, block_id
from keywire.demo.origin import Fault, Origin, Refusal
from keywire.demo.page import paged, render
from keywire.demo.script import SCRIPT, opening
from scraper.page import Page
from scraper.probe import news
from scraper.read import read

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, seconds):
        self.now += timedelta(seconds=seconds)


def a_blog(count=3, **fields):
    blocks = [
        block(f"b{n}", NOON - timedelta(minutes=10 * (count - n)), f"<p>Entry {n}.</p>")
        for n in range(count)
    ]
    empty = Blog(path="/live/2026/jul/01/test", title="A test – live", opened=NOON, **fields)
    return desk.add(empty, *blocks)


def ids(html):
    return [
        node.attributes["id"].removeprefix("block-")
        for node in LexborHTMLParser(html).css("#liveblog-body > article[id]")
    ]


def props(html, island):
    node = LexborHTMLParser(html).css_first(f'gu-island[name="{island}"]')
    return None if node is None else json.loads(node.attributes["props"])


def key_events(html):
    found = props(html, "KeyEventsCarousel")
    return [] if found is None else [event["id"] for event in found["keyEvents"]]


def serving(check, blog=None, **options):
    """Run an asynchronous check with an origin, its clock and a client that decodes nothing."""

    async def run():
        clock = Clock()
        async with (
            Origin(blog or a_blog(), now=clock, **options) as origin,
            httpx.AsyncClient(headers={"Accept-Encoding": "identity"}, timeout=5) as client,
        ):
            await check(origin, client, clock)

    asyncio.run(run())


# The desk


def test_a_block_id_is_24_hex_digits_of_its_second_and_its_name():
    assert block_id("a", NOON) == block_id("a", NOON + timedelta(milliseconds=900))
    assert block_id("a", NOON) != block_id("b", NOON)
    assert block_id("a", NOON) != block_id("a", NOON + timedelta(seconds=1))
    assert int(block_id("a", NOON)[:8], 16) == NOON.timestamp()
    assert len(block_id("a", NOON)) == 24


def test_a_new_block_stands_where_its_time_belongs():
    blog = a_blog(3)
    late = block("late", NOON - timedelta(minutes=15), "<p>From an hour ago.</p>")
    shown = desk.add(blog, late).blocks
    assert [b.published for b in shown] == sorted((b.published for b in shown), reverse=True)
    assert shown[1] == late


def test_every_function_of_the_desk_gives_a_new_blog_and_leaves_the_old_one():
    blog = a_blog(3)
    before = repr(blog)
    middle = blog.blocks[1].id
    for changed in (
        desk.edit(blog, middle, NOON, "<p>Other words.</p>"),
        desk.edit(blog, middle, NOON),
        desk.edit(blog, middle, None, title="A title, quietly"),
        desk.promote(blog, middle),
        desk.pin(blog, middle),
        desk.retract(blog, middle),
        desk.reorder(blog, [b.id for b in reversed(blog.blocks)]),
        desk.paginate(blog, 2),
        desk.close(blog),
    ):
        assert changed != blog
    assert repr(blog) == before


def test_what_was_done_can_be_undone():
    blog = a_blog(3)
    middle = blog.blocks[1].id
    assert desk.restore(desk.retract(blog, middle), middle) == blog
    assert desk.demote(desk.promote(blog, middle), middle) == blog
    assert desk.unpin(desk.pin(blog, middle)) == blog
    assert desk.reopen(desk.close(blog)) == blog


def test_retracting_a_pinned_block_takes_its_copy_too():
    blog = a_blog(3)
    newest = blog.blocks[0].id
    retracted = desk.retract(desk.pin(blog, newest), newest)
    assert newest not in render(retracted, NOON, SITE)
    assert desk.restore(retracted, newest) == blog, "it comes back unpinned"


def test_a_block_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="no block abc in /live/"):
        desk.edit(a_blog(), "abc", NOON, "<p></p>")
    with pytest.raises(KeyError, match="no block named 'nobody'"):
        desk.named(a_blog(), "nobody")
    with pytest.raises(KeyError, match="among the withdrawn"):
        desk.restore(a_blog(), a_blog().blocks[0].id)
    with pytest.raises(ValueError, match="every block once"):
        desk.reorder(a_blog(), [])


# The page


def test_the_same_blog_at_the_same_moment_is_the_same_page():
    assert render(a_blog(), NOON, SITE) == render(a_blog(), NOON, SITE)


def test_a_page_shows_its_blocks_newest_first_with_time_title_and_permalink():
    blog = a_blog(2)
    blog = desk.edit(blog, blog.blocks[0].id, NOON, title="A title & more")
    page = LexborHTMLParser(render(blog, NOON, SITE))
    first, second = page.css("#liveblog-body > article.block")
    newest = blog.blocks[0]
    assert first.attributes["id"] == f"block-{newest.id}"
    assert first.css_first("header time").attributes["datetime"] == "2026-07-01T11:50:00.000Z"
    assert first.css_first("header a").attributes["href"] == (
        f"?page=with%3Ablock-{newest.id}#block-{newest.id}"
    )
    assert first.css_first("header h2").text() == "A title & more"
    assert first.css_first("footer time").attributes["datetime"] == "2026-07-01T12:00:00.000Z"
    assert second.css_first("footer time") is None
    assert second.css_first("header h2") is None
    assert second.css_first("p").text() == "Entry 0."


def test_a_page_says_where_it_belongs_and_whether_it_is_live():
    for blog in (a_blog(), desk.close(a_blog())):
        html = render(blog, NOON, SITE)
        page = LexborHTMLParser(html)
        assert page.css_first("link[rel=canonical]").attributes["href"] == SITE + blog.path
        configured = html.split("window.guardian = ", 1)[1]
        said = json.JSONDecoder().raw_decode(configured)[0]["config"]["page"]
        assert said["pageId"] == blog.path.strip("/")
        assert said["isLive"] is blog.live
        assert (page.css_first('gu-island[name="Liveness"]') is not None) is blog.live


def test_the_carousel_names_every_key_event_of_the_blog_on_every_page_with_its_text():
    blog = desk.paginate(a_blog(5), 2)
    oldest, newest = blog.blocks[-1].id, blog.blocks[0].id
    blog = desk.promote(desk.promote(blog, oldest), newest, Kind.SUMMARY)
    for page in ("", f"with:block-{oldest}"):
        html = render(blog, NOON, SITE, page)
        first, second = props(html, "KeyEventsCarousel")["keyEvents"]
        assert [first["id"], second["id"]] == [newest, oldest]
        assert first["title"] == "Summary"
        assert first["attributes"] == {"pinned": False, "keyEvent": False, "summary": True}
        assert second["attributes"] == {"pinned": False, "keyEvent": True, "summary": False}
        assert second["elements"][0]["html"] == "<p>Entry 0.</p>"
        assert "title" not in second
        assert second["blockFirstPublished"] == blog.blocks[-1].published.timestamp() * 1000
    assert key_events(render(a_blog(), NOON, SITE)) == []


def test_a_pinned_copy_has_no_id_and_stands_on_the_first_page_alone():
    blog = desk.paginate(a_blog(4), 2)
    oldest = blog.blocks[-1].id
    html = render(desk.pin(blog, oldest), NOON, SITE)
    copy = LexborHTMLParser(html).css_first("#pinned-post article.block")
    assert "id" not in copy.attributes
    assert oldest in copy.css_first("header a").attributes["href"]
    assert copy.css_first("p").text() == "Entry 0."
    assert oldest not in ids(html)
    assert "pinned-post" not in render(desk.pin(blog, oldest), NOON, SITE, f"with:block-{oldest}")


def test_the_pages_together_show_each_block_once_and_lead_to_each_other():
    blog = desk.paginate(a_blog(7), 3)
    assert [len(page) for page in paged(blog)] == [3, 3, 1]
    seen, page = [], ""
    while page is not None:
        html = render(blog, NOON, SITE, page)
        seen += ids(html)
        links = {
            link.text(): unescape(link.attributes["href"])
            for link in LexborHTMLParser(html).css("#liveblog-navigation a")
        }
        following = links.get("Next")
        page = httpx.URL(SITE + following).params["page"] if following else None
    assert seen == [b.id for b in blog.blocks]
    assert links["Newest"] == "?#liveblog-navigation"
    assert "liveblog-navigation" not in render(a_blog(3), NOON, SITE)


def test_a_picture_has_a_whole_address_text_and_credit():
    shot = Picture("/media/x.svg", alt="A <tower>", caption="Up", credit="Drawing: us")
    blog = desk.add(a_blog(0), block("p", NOON, "<p>See.</p>", shot, kind=Kind.KEY_EVENT))
    html = render(blog, NOON, SITE)
    figure = LexborHTMLParser(html).css_first("article[id] figure")
    assert figure.css_first("img").attributes["src"] == f"{SITE}/media/x.svg"
    assert figure.css_first("img").attributes["alt"] == "A <tower>"
    assert "Drawing: us" in figure.css_first("figcaption").text()
    image = props(html, "KeyEventsCarousel")["keyEvents"][0]["elements"][1]
    assert image["media"]["allImages"][0]["url"] == f"{SITE}/media/x.svg"


def test_words_that_are_markup_stay_words():
    blog = replace(a_blog(1), title='</script><b>"', standfirst="<i>", author="<u>", series="<s>")
    blog = desk.edit(blog, blog.blocks[0].id, NOON, title="<script>x</script>")
    page = LexborHTMLParser(render(desk.promote(blog, blog.blocks[0].id), NOON, SITE))
    assert page.css_first("h1").text() == '</script><b>"'
    assert page.css_first("article h2").text() == "<script>x</script>"
    assert not page.css("body b, body i, body u, body s, body script")


# The script


def test_the_script_is_a_whole_day_within_a_minute():
    assert 45 <= SCRIPT[-1].at <= 55
    assert all(earlier.at + 3 <= later.at for earlier, later in pairwise(SCRIPT))
    assert all(step.says and "\n" not in step.says for step in SCRIPT)

    start = opening(NOON)
    assert len(start.blocks) == 4
    assert start.live
    states = [start]
    for step in SCRIPT:
        states.append(step.change(states[-1], NOON + timedelta(seconds=step.at)))
    assert all(old != new for old, new in pairwise(states))

    end = states[-1]
    first = start.blocks[-1]
    assert not end.live
    assert end.title != start.title
    assert end.blocks[0].kind is Kind.SUMMARY
    assert end.pinned
    assert [b.title for b in end.withdrawn] == [""]
    assert "490" in first.body[0]
    assert "940" in desk.find(end, first.id).body[0]
    assert first.id not in ids(render(end, NOON, SITE)), "the oldest has left page one"
    late = len(key_events_of(end)) - len(key_events_of(states[5]))
    assert late == 2, "one was promoted, and the summary came"


def key_events_of(blog):
    return key_events(render(blog, NOON, SITE))


def test_what_the_script_retracts_has_neighbours_on_both_sides_and_was_on_page_one():
    states = [opening(NOON)]
    for step in SCRIPT:
        states.append(step.change(states[-1], NOON + timedelta(seconds=step.at)))
    for before, after in pairwise(states):
        if len(after.withdrawn) > len(before.withdrawn):
            gone = after.withdrawn[-1].id
            assert gone in ids(render(before, NOON, SITE))
            assert gone not in render(after, NOON, SITE)
            assert set(ids(render(before, NOON, SITE))) - {gone} <= set(
                ids(render(after, NOON, SITE))
            )
            return
    pytest.fail("the script retracts nothing")


# The server


def test_the_origin_serves_the_blog_at_its_address():
    async def check(origin, client, _clock):
        answer = await client.get(origin.url)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text == render(origin.blog, NOON, origin.site)
        oldest = origin.blog.blocks[-1].id
        older = await client.get(origin.url, params={"page": f"with:block-{oldest}"})
        assert oldest in ids(older.text)
        assert (await client.get(origin.url, params={"page": "with:block-0"})).status_code == 404
        assert (await client.get(f"{origin.site}/live/nothing")).status_code == 404
        assert (await client.post(origin.url)).status_code == 405

    serving(check, desk.paginate(a_blog(), 2))


def test_the_bytes_change_when_the_blog_does_and_not_before():
    async def check(origin, client, clock):
        first = await client.get(origin.url)
        clock.forward(90)
        again = await client.get(origin.url)
        assert again.content == first.content
        assert again.headers["etag"] == first.headers["etag"]
        origin.show(desk.close(origin.blog))
        third = await client.get(origin.url)
        assert third.content != first.content
        assert third.headers["etag"] != first.headers["etag"]
        assert third.headers["last-modified"] == "Wed, 01 Jul 2026 12:01:30 GMT"

    serving(check)


def test_a_conditional_request_is_answered_with_304_while_nothing_changed():
    async def check(origin, client, clock):
        first = await client.get(origin.url)
        tag, date = first.headers["etag"], first.headers["last-modified"]
        for held in (
            {"If-None-Match": tag},
            {"If-None-Match": f'"x", W/{tag}'},
            {"If-None-Match": "*"},
            {"If-Modified-Since": date},
            {"If-None-Match": tag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        ):
            answer = await client.get(origin.url, headers=held)
            assert (answer.status_code, answer.content) == (304, b""), held
            assert answer.headers["etag"] == tag
        for held in (
            {"If-None-Match": '"x"', "If-Modified-Since": date},
            {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
            {"If-Modified-Since": "yesterday"},
        ):
            assert (await client.get(origin.url, headers=held)).status_code == 200, held
        origin.show(desk.close(origin.blog))  # within the same second
        assert (await client.get(origin.url, headers={"If-None-Match": tag})).status_code == 200
        clock.forward(1)
        origin.show(desk.reopen(origin.blog))
        late = await client.get(origin.url, headers={"If-Modified-Since": date})
        assert late.status_code == 200

    serving(check)


def test_gzip_is_served_where_it_is_asked_for_under_a_tag_of_its_own():
    async def check(origin, client, _clock):
        plain = await client.get(origin.url)
        zipped = await client.get(origin.url, headers={"Accept-Encoding": "gzip"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert int(zipped.headers["content-length"]) < len(plain.content)
        assert zipped.content == plain.content  # httpx unpacked it
        assert zipped.headers["etag"] != plain.headers["etag"]
        assert zipped.headers["vary"] == "Accept-Encoding"
        async with client.stream(
            "GET", origin.url, headers={"Accept-Encoding": "gzip"}
        ) as streamed:
            raw = b"".join([part async for part in streamed.aiter_raw()])
        assert gzip.decompress(raw) == plain.content
        assert raw[4:8] == bytes(4), "no time of packing, or the bytes would change"

    serving(check)


def test_robots_pictures_and_the_front_page_are_there():
    async def check(origin, client, _clock):
        robots = await client.get(f"{origin.site}/robots.txt")
        assert robots.text == "User-agent: *\nAllow: /\n"
        origin.robots = "User-agent: *\nDisallow: /\n"
        assert "Disallow: /" in (await client.get(f"{origin.site}/robots.txt")).text
        picture = await client.get(f"{origin.site}/media/any.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
        origin.show(replace(desk.close(a_blog(1)), path="/live/2026/jul/02/next"))
        front = LexborHTMLParser((await client.get(origin.site)).text)
        cards = {
            card.css_first("a").attributes["href"]: card.attributes["data-format-design"]
            for card in front.css("main [data-format-design]")
        }
        assert cards == {"/live/2026/jul/01/test": "11", "/live/2026/jul/02/next": "12"}

    serving(check)


def test_connections_are_kept_and_requests_counted():
    async def check(origin, client, _clock):
        for _ in range(3):
            assert (await client.get(origin.url)).status_code == 200
        assert len(origin._connections) == 1
        head = await client.head(origin.url)
        assert (head.status_code, head.content) == (200, b"")
        assert origin.hits(origin.blog.path) == 4
        assert origin.hits("/robots.txt") == 0
        last = origin.requests[-1]
        assert (last.method, last.target, last.status) == ("HEAD", origin.blog.path, 200)
        assert last.headers["accept-encoding"] == "identity"
        assert last.at == NOON

    serving(check)


def test_an_origin_that_closes_lets_nobody_hang():
    async def run():
        async with httpx.AsyncClient() as client:
            async with Origin(a_blog(), now=Clock()) as origin:
                await client.get(origin.url)
            with pytest.raises(httpx.TransportError):
                await client.get(origin.url)

    asyncio.run(asyncio.wait_for(run(), 5))


def test_a_request_that_is_no_http_harms_nobody():
    async def check(origin, client, _clock):
        for sent in (b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET", b"x" * 100_000):
            host, port = origin.site.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(sent)
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
            await writer.wait_closed()
        assert (await client.get(origin.url)).status_code == 200

    serving(check)


# Its faults


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_begins_and_ends_when_it_is_told_to(fault):
    async def check(origin, client, _clock):
        origin.show(desk.retract(origin.blog, origin.blog.blocks[0].id))
        good = (await client.get(origin.url)).content
        origin.fault = fault
        try:
            bad = (await client.get(origin.url)).content
        except httpx.TransportError:
            bad = None
        assert (bad == good) is (fault is Fault.DRIP)
        origin.fault = None
        assert (await client.get(origin.url)).content == good

    serving(check, drip=0.0)


def test_a_refusal_has_its_status_and_says_when_to_come_back():
    async def check(origin, client, _clock):
        origin.fault = Refusal(503, "120")
        answer = await client.get(origin.url)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
        origin.fault = Refusal(429)
        answer = await client.get(origin.url)
        assert answer.status_code == 429
        assert "retry-after" not in answer.headers
        assert (await client.get(f"{origin.site}/robots.txt")).status_code == 200

    serving(check)


def test_a_page_that_is_not_the_blog_shows_none_of_its_blocks():
    async def check(origin, client, _clock):
        for fault in (Fault.EMPTY, Fault.CONSENT_WALL, Fault.ANOTHER_ARTICLE, Fault.NEW_LAYOUT):
            origin.fault = fault
            answer = await client.get(origin.url)
            assert answer.status_code == 200
            assert ids(answer.text) == []
        assert "Entry 1." in answer.text, "a new layout has the old words"
        origin.fault = Fault.HOME
        answer = await client.get(origin.url)
        assert (answer.status_code, answer.headers["location"]) == (302, f"{origin.site}/")

    serving(check)


def test_a_truncated_page_stops_in_its_last_block():
    async def check(origin, client, _clock):
        whole = (await client.get(origin.url)).text
        origin.fault = Fault.TRUNCATED
        cut = (await client.get(origin.url)).text
        assert whole.startswith(cut)
        assert "</html>" not in cut
        assert cut.count("</article>") == len(origin.blog.blocks) - 1

    serving(check)


def test_a_stale_copy_is_the_page_before_the_last_change_with_its_old_validators():
    async def check(origin, client, clock):
        before = await client.get(origin.url)
        clock.forward(60)
        origin.show(desk.retract(origin.blog, origin.blog.blocks[1].id))
        origin.fault = Fault.STALE
        stale = await client.get(origin.url)
        assert stale.content == before.content
        assert stale.headers["last-modified"] == before.headers["last-modified"]
        assert stale.headers["etag"] == before.headers["etag"]

    serving(check)


def test_a_body_that_is_cut_short_is_announced_in_full():
    async def check(origin, client, _clock):
        origin.fault = Fault.CUT_SHORT
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(origin.url)
        origin.fault = Fault.RESET
        with pytest.raises(httpx.ReadError):
            await client.get(origin.url)
        assert origin.requests[-1].status == 0

    serving(check)


def test_a_drip_outlasts_a_client_that_will_not_wait():
    async def check(origin, client, _clock):
        origin.fault = Fault.DRIP
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.get(origin.url), 0.3)

    serving(check, drip=0.05)


# What is newer


def test_the_page_says_where_to_ask_and_the_origin_answers_what_is_newer():
    async def check(origin, client, clock):
        def probe(page):
            return read(Page(str(page.url), page.content, clock())).probe

        async def ask(address):
            answer = await client.get(address)
            return news(Page(address, answer.content, clock()), "guardian"), answer

        page = await client.get(origin.url)
        asked = probe(page)
        said, answer = await ask(asked)
        assert said is False
        assert len(answer.content) < len(page.content) / 50
        assert origin.requests[-1].sent == len(answer.content)

        origin.show(desk.edit(origin.blog, origin.blog.blocks[0].id, clock(), "<p>Edited.</p>"))
        assert (await ask(asked))[0] is False, "it never tells of an edit"

        clock.forward(60)
        for name in "abcdefg":
            origin.show(desk.add(origin.blog, block(name, clock(), f"<p>{name}</p>")))
        said, answer = await ask(asked)
        assert said is True
        assert answer.json()["numNewBlocks"] == 5, "it tells of five blocks at most"
        assert answer.json()["mostRecentBlockId"] == f"block-{origin.blog.blocks[0].id}"
        assert "Entry 0." not in answer.json()["html"]

        asked = probe(await client.get(origin.url))
        assert (await ask(asked))[0] is False
        origin.show(desk.close(origin.blog))
        assert (await ask(asked))[0] is False, "it never tells of the end"
        assert probe(await client.get(origin.url)) == ""

    serving(check)


def test_about_a_block_that_was_taken_away_nothing_newer_is_told():
    async def check(origin, client, clock):
        asked = f"{origin.url}.json?lastUpdate=block-{origin.blog.blocks[0].id}"
        origin.show(desk.retract(origin.blog, origin.blog.blocks[0].id))
        origin.show(desk.add(origin.blog, block("new", clock(), "<p>New.</p>")))
        assert (await client.get(asked)).json()["numNewBlocks"] == 0

    serving(check)


@pytest.mark.parametrize("fault", [*Fault, Refusal(503)], ids=str)
def test_no_fault_is_taken_for_news(fault):
    async def check(origin, client, clock):
        asked = read(Page(origin.url, (await client.get(origin.url)).content, clock())).probe
        origin.fault = fault
        try:
            answer = await client.get(asked, follow_redirects=True)
        except httpx.TransportError:
            return
        page = Page(asked, answer.content, clock(), str(answer.url), answer.status_code)
        assert news(page, "guardian") is (False if fault in SOUND else None)

    serving(check, drip=0)


SOUND = {Fault.STALE, Fault.DRIP, Fault.NEW_LAYOUT}


def test_only_a_blogs_polling_address_is_one():
    async def check(origin, client, _):
        for path in (".json", ".json?lastUpdate=", "x.json?lastUpdate=block-1"):
            assert (await client.get(origin.url + path)).status_code == 404
        page = await client.get(f"{origin.url}?lastUpdate=block-1")
        assert page.text == (await client.get(origin.url)).text

    serving(check)
