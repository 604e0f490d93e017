import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import ScrapeError
from scraper.markup.document import open_document
from scraper.page import Page
from scraper.read import read
from scraper.stand_ins.wall_marks import WALLS
from scraper.stand_ins.walls import wall
from store.sighting import Kind

FIXTURES = Path(__file__).parents[2] / "fixtures"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
URL = "https://news.example/live/harbour"
FETCHED = datetime(2026, 9, 12, 12, tzinfo=UTC)
WALKS = "From the salt pans to the old lifeboat station there are six walks between two tides. " * 4
ARTICLE = '<meta property="og:type" content="article">'


def page(markup, url=URL, **rest):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return Page(url=url, body=body, fetched_at=FETCHED, **rest)


def told(markup, **rest):
    return wall(open_document(page(markup, **rest)))


def html(body, head="", title="Six walks along the coast"):
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def live(head="", before="", title="Harbour festival"):
    entry = (
        '<li itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" id="1">'
        '<meta itemprop="datePublished" content="2026-09-12T09:01:00Z">'
        '<p itemprop="articleBody">The first boats come in.</p></li>'
    )
    blog = f'<div itemscope itemtype="https://schema.org/LiveBlogPosting"><ul>{entry}</ul></div>'
    return html(before + blog, head, title)


@pytest.mark.parametrize(
    "path",
    [*sorted(CORPUS.glob("*/*/page.*")), *sorted(FIXTURES.glob("[gs]*/*/page.*"))],
    ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}",
)
def test_no_page_that_is_what_it_should_be_is_called_a_wall(path):
    try:
        document = open_document(page(path.read_bytes()))
    except ScrapeError:
        return
    assert wall(document) == ""


# What vendors and publishers put on ordinary pages as well.
FURNITURE = {
    "Sourcepoint": '<script src="https://cdn.privacy-mgmt.com/wrapperMessaging.js"></script>'
    '<div id="sp_message_container_1"></div>',
    "OneTrust": '<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>'
    '<div id="onetrust-banner-sdk" role="dialog"><h2>We value your privacy</h2>'
    "<p>We and our partners store cookies.</p><button>Accept all</button></div>",
    "Didomi": '<div id="didomi-host"><h2>Your privacy</h2><p>Accept all</p></div>',
    "a cookie notice": '<div class="cookie-notice"><h2>We use cookies</h2><p>I agree</p></div>',
    "Cloudflare": "<script>window.__CF$cv$params={r:'0'};a.src='/cdn-cgi/challenge-platform/scripts"
    "/jsd/main.js';</script>",
    "DataDome": '<script src="https://js.datadome.co/tags.js"></script>',
    "HUMAN": "<script>window._pxAppId='PX0';</script>"
    '<script src="https://client.px-cloud.net/PX0/main.min.js"></script>',
    "Imperva": '<script src="/_Incapsula_Resource?SWJIYLWA=0"></script>',
    "AWS WAF": '<script src="https://0.edge.sdk.awswaf.com/0/challenge.js"></script>',
    "a comment form": '<form><div class="g-recaptcha"></div><input type="password"></form>',
    "Piano": '<script src="https://cdn.tinypass.com/api/tinypass.min.js"></script>'
    '<div class="paywall-slot"></div>',
    "a login": '<header><a href="/login">Sign in</a><div role="dialog"><h2>Sign in</h2>'
    '<form><input type="password"></form></div></header>',
    "an application": '<noscript>Enable JavaScript</noscript><div id="root"></div>'
    '<script src="/app.js"></script>',
}


@pytest.mark.parametrize("name", FURNITURE)
def test_what_is_on_ordinary_pages_too_makes_no_wall(name):
    furniture = FURNITURE[name]
    assert read(page(live(before=furniture))).kind is Kind.LIVE_BLOG
    article = html(f"{furniture}<h1>Six walks</h1><p>{WALKS}</p>", ARTICLE)
    assert read(page(article)).kind is Kind.ARTICLE


def test_a_page_within_one_form_or_with_a_class_for_consent_keeps_its_words():
    banner = FURNITURE["OneTrust"]
    for around in ("<body class='cookie-consent-open'>", "<body><div class='has-cookie-bar'>"):
        markup = html(f"<p>{WALKS}</p>{banner}", ARTICLE).replace("<body>", around)
        assert read(page(markup)).kind is Kind.ARTICLE
    form = f"<form id='aspnetForm'><p>{WALKS}</p><input type='password'></form>"
    assert read(page(html(form, ARTICLE))).kind is Kind.ARTICLE


@pytest.mark.parametrize("each", WALLS, ids=lambda each: each.name)
def test_no_vendors_script_alone_makes_a_wall(each):
    for script in each.scripts:
        markup = html(f'<p>{WALKS}</p><script src="//{script.decode()}/a.js"></script>')
        assert told(markup) == ""


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment of joy at the harbour",
        "Access denied to the quay, fishermen say",
        "Error by the referee: what he says",
        "Sign in the sky",
        "Privacy bill passes",
        "500 days of rain",
        "Maintenance of the lighthouse begins",
        "Before you vote",
    ],
)
def test_a_title_that_only_begins_like_a_walls_is_none(title):
    assert told(html(f"<h1>{title}</h1><p>{WALKS}</p>", title=f"{title} | News")) == ""


@pytest.mark.parametrize("title", ["Just a moment...", "Sign in", "Page not found", "Your privacy"])
def test_a_live_blog_that_prints_its_entries_is_one_whatever_it_is_called(title):
    assert read(page(live(title=title))).kind is Kind.LIVE_BLOG


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (html("<h1>News</h1>", title="Site | Nicht gefunden"), ""),
        (html("<p>x</p>", title="Log in to News"), "login"),
        (html("<p>x</p>", title="News - Anmelden"), "login"),
        (html("<p>x</p>", title="We care about your privacy"), "consent wall"),
        (html("<p>x</p>", title="Bevor Sie fortfahren"), "consent wall"),
        (html("<p>x</p>", title="Verifying you are human. This takes a second"), "robots"),
        (html("<p>x</p>", title="Making sure you&#39;re not a bot!"), "robots"),
        (html("<p>x</p>", title="Robot or human?"), "robots"),
        (html("<p>x</p>", title="502 Bad Gateway"), "an error page"),
        (html("<p>x</p>", title="Welcome to nginx!"), "an error page"),
        (html("<p>x</p>", title="Error 404 (Not Found)!!1"), "“not found”"),
        (html("<p>x</p>", title="Sorry, this page could not be found"), "“not found”"),
        (html("<p>x</p>", title="Site under maintenance"), "maintenance"),
        (html("<p>x</p>", title="We'll be right back"), "maintenance"),
        (html("<p>x</p>", title="This content is not available in your country"), "region"),
        ("Fatal error: Uncaught Exception in /srv/www/index.php:3", "an error page"),
        ("upstream connect error or disconnect/reset before headers", "an error page"),
    ],
)
def test_a_wall_is_known_by_what_it_calls_itself(markup, said):
    assert said in told(markup)
    assert bool(said) == bool(told(markup))


def test_what_is_told_ends_with_what_can_be_done():
    assert told(html("<p>x</p>", title="Your privacy")) == (
        "a consent wall stands before the page; "
        "open it in a browser, or give the consent cookie as a header"
    )


def test_where_a_redirect_led_tells_too():
    empty = html("<p>x</p>")
    assert "login" in told(empty, final_url="https://id.news.example/x?return=/live")
    assert "login" in told(empty, final_url="https://news.example/account/signin")
    assert "consent" in told(empty, final_url="https://consent.news.example/")
    assert told(empty, final_url="https://news.example/live/harbour-2") == ""
    assert told(empty, url="https://id.news.example/x") == ""


COPIES = [
    '<script src="//web-static.archive.org/_static/js/bundle-playback.js"></script>',
    '<link rel="canonical" href="https://archive.ph/AbCd">',
    '<link rel="canonical" href="https://news-example.translate.goog/live/harbour?_x_tr_sl=en">',
]


@pytest.mark.parametrize("head", COPIES)
def test_a_copy_is_none_of_the_page_unless_somebody_asked_for_it(head):
    fetched = {"headers": {"content-type": "text/html"}}
    sent = read(page(live(head), **fetched))
    assert sent.kind is Kind.UNKNOWN
    assert "came instead of the page" in sent.why[0]
    assert read(page(live(head))).kind is Kind.LIVE_BLOG
    asked = read(page(live(head), url=f"https://web.archive.org/web/2026/{URL}", **fetched))
    assert asked.kind is Kind.LIVE_BLOG


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"message": "Not Found"}', "“Not Found”"),
        ('{"error": "invalid_token", "error_description": "Sign in"}', "“invalid_token”"),
        ('{"error": {"code": "E7"}}', "“E7”"),
        ('{"errors": []}', "no platform knows it"),
        ('{"error": null, "posts": []}', "no platform knows it"),
        ('[{"id": 1}]', "no platform knows it"),
        ('{"error": "\\u0007 bell\\n  and   more"}', "“bell and more”"),
    ],
)
def test_json_in_a_pages_place_is_quoted(body, said):
    seen = read(page(body))
    assert seen.kind is Kind.UNKNOWN
    assert said in seen.why[0]


def test_an_error_nested_deep_is_not_dug_for():
    assert read(page('{"error":' * 300 + '"x"' + "}" * 300)).kind is Kind.UNKNOWN


def test_a_shell_whose_scripts_may_lead_elsewhere_is_a_shell():
    scripts = "<script>if (old) location.href = '/old.html'</script><script src='/a.js'></script>"
    assert "a shell" in read(page(html(f"<div id='app'></div>{scripts}"))).why[0]


def test_a_page_that_refreshes_itself_does_not_lead_on():
    refresh = (
        '<meta http-equiv="refresh" content="300"><meta http-equiv="Refresh" content="9;url=#">'
    )
    assert "leads on" not in read(page(html("<p>Boats come in.</p>", refresh))).why[0]


@pytest.mark.parametrize(
    "markup",
    [
        html("<p>x</p>", title="not available in your " * 50_000),
        html("<p>x</p>", title="error " * 100_000),
        html("<h1>" + "the page page page " * 50_000 + "</h1>"),
        html("<div>" + "a" * 1_000_000 + "</div>"),
        html("page " * 390),
        html("<i>x</i> " * 390 + "<i></i>" * 100_000),
    ],
    ids=range(6),
)
def test_no_page_takes_long_to_be_told(markup):
    document = open_document(page(markup))
    began = time.process_time()
    wall(document)
    assert time.process_time() - began < 1
