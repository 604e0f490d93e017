import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.page import Page
from scraper.probe import LARGEST, news
from scraper.read import PLATFORMS, read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "guardian"
BLOG = "https://www.theguardian.com/news/live/2026/aug/20/example-harbour-festival-live"
NEWEST = "aa0000000000000000000006"
PROBE = f"{BLOG}.json?lastUpdate=block-{NEWEST}&isLivePage=true&dcr=true"
NOW = datetime(2026, 8, 20, 12, 1, tzinfo=UTC)
NOTHING = {"timeline": "", "numNewBlocks": 0, "html": "", "refreshStatus": True}

LIVE = (FIXTURES / "2026-08-live" / "page.html").read_text()
PAGES = sorted(p.parent for p in CORPUS.glob("*/page.*") if (p.parent / "expected.json").exists())

with_corpus = pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no pages in {CORPUS}")


def seen(markup, url=BLOG, **rest):
    return read(Page(url=url, body=markup.encode(), fetched_at=NOW, **rest))


def page(name):
    return next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()


def saying(name, value):
    """Give the live page with one more property of its client's island."""
    before = "&quot;onFirstPage&quot;"
    assert LIVE.count(before) == 1
    return LIVE.replace(before, f"&quot;{name}&quot;: &quot;{value}&quot;, {before}")


def told(body, platform="guardian", **rest):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Page(url=PROBE, body=body, fetched_at=NOW, final_url=PROBE)
    return news(replace(answer, **rest), platform)


# Where to ask


def test_page_one_of_a_live_blog_says_where_to_ask_for_what_is_newer_than_its_newest_block():
    assert seen(LIVE).probe == PROBE


@pytest.mark.parametrize("more", ["?page=with:block-1#block-1", "?CMP=share_btn&dcr=true", "/"])
def test_what_was_asked_for_with_the_page_is_not_asked_for_again(more):
    assert seen(LIVE, BLOG + more).probe == PROBE


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "https://copy.example.net"])
def test_the_origin_that_answered_is_asked_whatever_the_page_names(origin):
    naming = saying("ajaxUrl", "https://evil.example")
    for markup in (naming, naming.replace("https://www.theguardian.com", "https://evil.example")):
        asked = seen(markup, final_url=f"{origin}/news/live/x").probe
        assert asked == PROBE.replace(BLOG, f"{origin}/news/live/x")


def test_a_page_may_name_another_host_of_its_own_site_and_is_not_believed_in_that():
    named = LIVE.replace("https://www.theguardian.com", "https://other.theguardian.com")
    assert seen(named).url.startswith("https://other.theguardian.com/")
    assert seen(named).probe == PROBE


def test_the_newest_block_is_the_one_published_last_wherever_it_stands():
    drawn = LexborHTMLParser(LIVE).css('article[id^="block-"]')
    first, last = f'id="{drawn[0].id}"', f'id="{drawn[-1].id}"'
    swapped = LIVE.replace(first, "@").replace(last, first).replace("@", last)
    assert seen(swapped).probe == PROBE.replace(NEWEST, drawn[-1].id.removeprefix("block-"))


def test_a_pinned_copy_is_not_the_newest_block():
    pinned = "2026-08-20T08:30:00.000Z"
    assert pinned in LIVE
    assert seen(LIVE.replace(pinned, "2026-08-20T23:30:00.000Z")).probe == PROBE


def test_the_block_that_a_page_names_to_its_client_is_the_newest_though_it_may_not_be_drawn():
    undrawn = "aa0000000000000000000009"
    named = saying("mostRecentBlockId", f"block-{undrawn}")
    assert seen(named).probe == PROBE.replace(NEWEST, undrawn)


@pytest.mark.parametrize("junk", ["", "block-", "block-0", "@evil.example/", f"block-{'f' * 25}"])
def test_what_is_no_blocks_id_is_not_asked_about(junk):
    assert seen(saying("mostRecentBlockId", junk)).probe == PROBE


def test_the_model_of_a_page_says_the_same():
    model = json.loads(page("2026-08-model"))
    assert seen(json.dumps(model), f"{BLOG}.json?dcr").live
    newest = max(model["blocks"], key=lambda block: block["blockFirstPublished"])["id"]
    assert seen(json.dumps(model), f"{BLOG}.json?dcr").probe == PROBE.replace(NEWEST, newest)
    model["mostRecentBlockId"] = f"block-{NEWEST}"
    assert seen(json.dumps(model), f"{BLOG}.json?dcr").probe == PROBE


@pytest.mark.parametrize(
    "name",
    [
        *("2026-08-last-page", "2026-08-match-ended", "2026-08-not-begun"),
        *("2024-01-amp", "2021-08-frontend", "2013-09-body"),
    ],
)
def test_where_no_newest_block_is_shown_or_the_blog_is_not_live_nothing_is_asked(name):
    read_as = seen(page(name))
    assert read_as.kind is Kind.LIVE_BLOG
    assert not read_as.probe


@pytest.mark.parametrize(
    "url",
    ["https://www.theguardian.com/", "https://copy.example.net/get?id=1", "page.html", "http://["],
)
def test_an_address_that_is_not_a_blogs_own_is_not_asked(url):
    assert not seen(LIVE, url).probe


def test_a_filtered_page_is_not_asked_after():
    assert not seen(LIVE, f"{BLOG}?filterKeyEvents=true").probe


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_probe_never_leaves_the_origin_whatever_a_page_says(path, block):
    answered = f"https://copy.example.net/{path}"
    asked = seen(saying("mostRecentBlockId", block.replace('"', "")), answered).probe
    assert not asked or asked.startswith("https://copy.example.net/")


# What the answer says


def test_new_blocks_are_news():
    assert told((FIXTURES / "2026-08-polling" / "two-new.json").read_bytes()) is True


def test_no_new_block_is_no_news():
    assert told((FIXTURES / "2026-08-polling" / "nothing-new.json").read_bytes()) is False
    assert told({"numNewBlocks": 0}) is False
    assert told({**NOTHING, "html": "<style>.dcr-0{}</style>"}) is False


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body>Before you read on</body></html>",
        LIVE.encode(),
        b"null",
        b"0",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"numNewBlocks": 0',
        b'{"numNewBlocks": 0} {"numNewBlocks": 1}',
        b'{"numNewBlocks": 0, "html": "\xff"}',
        {"error": "not found"},
        {"timeline": "", "html": "", "refreshStatus": True},
        *({**NOTHING, "numNewBlocks": count} for count in (None, False, True, "0", -1, 0.5, [])),
    ],
    ids=range(20),
)
def test_what_is_no_polling_answer_tells_nothing(body):
    assert told(body) is None


@pytest.mark.parametrize(
    "other",
    [
        {"html": f'<article id="block-{NEWEST}"></article>'},
        {"html": None},
        {"mostRecentBlockId": f"block-{NEWEST}"},
        {"refreshStatus": False},
        {"refreshStatus": "off"},
    ],
    ids=str,
)
def test_an_answer_that_contradicts_itself_or_wants_no_more_questions_tells_nothing(other):
    assert told({**NOTHING, **other}) is None


def test_an_answer_from_elsewhere_with_an_error_or_too_large_tells_nothing():
    assert told(NOTHING, final_url="") is False
    assert told(NOTHING, final_url=BLOG) is None
    assert told(NOTHING, status=203) is None
    assert told(b" " * LARGEST + json.dumps(NOTHING).encode()) is None


def test_a_platform_without_a_polling_answer_is_told_nothing():
    without = [platform.name for platform in PLATFORMS if platform.polling is None]
    assert without
    for name in (*without, "nobody", ""):
        assert told(NOTHING, name) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(body):
    assert told(body) in {True, False, None}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("numNewBlocks", *NOTHING), anything)))
def test_no_news_is_only_ever_the_count_zero(body):
    said = told(body)
    count = body.get("numNewBlocks")
    assert said is None or (isinstance(count, int | float) and said is (count > 0))


# The corpus


@with_corpus
@pytest.mark.parametrize("folder", PAGES, ids=lambda f: f.name)
def test_a_real_page_asks_as_its_own_client_does(folder):
    wanted = json.loads((folder / "expected.json").read_text())
    markup = next(path for path in folder.iterdir() if path.stem == "page").read_text()
    url = wanted.get("url") or BLOG
    island = LexborHTMLParser(markup).css_first('gu-island[name="Liveness"]')
    client = json.loads(unescape(island.attributes["props"])) if island else {}
    probe = seen(markup, url).probe
    if client.get("onFirstPage") and client["mostRecentBlockId"]:
        asked = parse_qs(urlsplit(probe).query)
        assert urlsplit(probe).path == f"/{client['pageId']}.json"
        assert asked["lastUpdate"] == [client["mostRecentBlockId"]]
        assert asked["lastUpdate"] == [f"block-{wanted['entries'][0]['id']}"]
    else:
        assert not probe


@with_corpus
@pytest.mark.parametrize("name", ["poll-2026-08-1-to-2", "poll-2026-08-nothing-new"])
def test_a_real_polling_answer_is_understood(name):
    wanted = json.loads((CORPUS / name / "expected.json").read_text())
    assert told((CORPUS / name / "page.json").read_bytes()) is bool(wanted["n_entries"])


@with_corpus
def test_what_other_platforms_answer_tells_nothing():
    others = [*CORPUS.parent.glob("bbc/*/poll.json"), *CORPUS.parent.glob("superdesk-api/*/*.json")]
    assert others
    for other in others:
        assert told(other.read_bytes()) is None
