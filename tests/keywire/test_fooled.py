"""A good blog, then a page that is not the blog it should be, then the good blog again."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pytest
from origin import Origin, answer, redirect
from sites import Station

from keywire.config import SourceOptions
from keywire.poll import Poller
from scraper import read as reading
from scraper.fetch import Fetcher, FetchRules
from store import log, resorting, sources
from store.database import open_database
from store.history_cache import Histories
from store.sighting import Kind
from store.source import SourceState
from store.topics import TopicRule

WALLS = Path(__file__).parents[1] / "fixtures" / "walls"
START = datetime(2026, 9, 12, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PATH = "/live/harbour"
FEEDS = [f"/feeds/news.{form}" for form in ("atom", "rss", "json")]
SAID = [
    "The first boats come in past the old lighthouse.",
    "The fish market opens its doors, and the queue is long.",
    "A brass band plays on the quay until the rain comes.",
    "The mayor speaks, and the microphone does not work.",
    "The race is on: eleven sails round the northern buoy.",
    "Number seven wins the race by the length of an oar.",
]
IN_FRENCH = [
    "Les premiers bateaux passent devant le vieux phare.",
    "Le marché aux poissons ouvre, et la file est longue.",
    "Une fanfare joue sur le quai jusqu'à la pluie.",
    "La maire parle, et le micro ne marche pas.",
    "La course est lancée, onze voiles passent la bouée.",
    "Le numéro sept gagne d'une rame.",
]


def blog(
    site, said=SAID, *, lang="en", path=PATH, first=1, gone=(), attributes="", banner="", head=""
):
    """Print a live blog in microdata, the newest entry first."""
    items = [
        f'<li itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting"'
        f' id="{number}"><meta itemprop="url" content="{site}{path}#{number}">'
        f'<meta itemprop="datePublished" content="{START + number * MINUTE:%Y-%m-%dT%H:%M:%SZ}">'
        f'<div itemprop="articleBody"><p>{escape(text)}</p></div></li>'
        for number, text in enumerate(said, first)
        if number not in gone
    ]
    return f"""<!doctype html>
<html lang="{lang}" {attributes}><head><meta charset="utf-8"><title>Harbour festival</title>{head}
<link rel="canonical" href="{site}{path}"></head><body>{banner}
<div itemscope itemtype="https://schema.org/LiveBlogPosting"><h1 itemprop="headline">Harbour
festival</h1><ul>{"".join(reversed(items))}</ul></div></body></html>"""


@dataclass
class Shown:
    """What the origin answers with, and how old it says that is."""

    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    redirect: str = ""


class World:
    """A scripted origin, a poller with its store, and a site over it, on a clock set by hand."""

    def __init__(self, tmp_path):
        self.at = START + timedelta(hours=1)
        self.shown = Shown()
        self.database = open_database(f"sqlite:///{tmp_path}/keywire.db")

    def now(self):
        return self.at

    async def play(self, asked, stage):
        shown = self.shown
        if shown.redirect and asked.path == PATH:
            await redirect(shown.redirect)(asked, stage)
        else:
            headers = {"Content-Type": "text/html; charset=utf-8", **shown.headers}
            await answer(200, shown.body.encode(), **headers)(asked, stage)

    async def __aenter__(self):
        self.origin = await Origin({"*": self.play}).__aenter__()
        self.site, url = self.origin.url(""), self.origin.url(PATH)
        self.good = self.shown = Shown(blog(self.site))
        rule = TopicRule("news", "News", (url,))
        self.station = Station(self.database)
        self.station.follow(rule, urls=(url,))
        with self.database.write() as connection:
            resorting.follow_topics(connection, [rule], START)
        self.fetcher = Fetcher(
            FetchRules("keywire/test", timeout=2, allow_private=("127.0.0.1",)), now=self.now
        )
        self.poller = Poller(
            database=self.database,
            fetcher=self.fetcher,
            options={url: SourceOptions(url, every=MINUTE)},
            topics=(rule,),
            now=self.now,
            jitter=lambda: 0.0,
        )
        return self

    async def __aexit__(self, *_):
        self.poller.close()
        await self.fetcher.aclose()
        await self.origin.__aexit__(None, None, None)
        self.database.close()

    async def poll(self, shown):
        self.shown = shown
        self.at += MINUTE
        with self.database.read() as connection:
            source = sources.followed(connection)[0]
        report = await self.poller.poll(source)
        self.station.site.shelf.mark_changed()
        return report.source

    async def feeds(self):
        answers = [await self.station.ask_async(path) for path in FEEDS]
        assert {each.status_code for each in answers} == {200}
        return [each.content for each in answers]

    def told(self):
        with self.database.read() as connection:
            return [change.type.value for change in log.read_after(connection, 0, 999)]


def story(tmp_path, tell):
    async def run():
        async with World(tmp_path) as world:
            await tell(world)

    asyncio.run(run())


ROBOTS, CONSENT, LOGIN = "check for robots", "consent wall", "login, registration or paywall"
NAMED = {
    "robots-cloudflare.html": f"{ROBOTS} stands before the page (Cloudflare)",
    "robots-cloudflare-block.html": f"{ROBOTS} stands before the page (Cloudflare)",
    "robots-datadome.html": f"{ROBOTS} stands before the page (DataDome)",
    "robots-human.html": f"{ROBOTS} stands before the page (HUMAN",
    "robots-akamai.html": f"{ROBOTS} stands before the page (Akamai)",
    "robots-imperva.html": f"{ROBOTS} stands before the page (Imperva)",
    "robots-aws.html": f"{ROBOTS} stands before the page (AWS WAF)",
    "robots-kasada.html": f"{ROBOTS} stands before the page (Kasada)",
    "robots-hcaptcha.html": f"{ROBOTS} stands before the page (hCaptcha)",
    "robots-recaptcha.html": f"{ROBOTS} stands before the page (reCAPTCHA)",
    "robots-german.html": ROBOTS,
    "robots-text.txt": ROBOTS,
    "consent-sourcepoint.html": f"{CONSENT} stands before the page (Sourcepoint)",
    "consent-onetrust.html": f"{CONSENT} stands before the page (OneTrust)",
    "consent-didomi.html": f"{CONSENT} stands before the page (Didomi)",
    "consent-usercentrics.html": f"{CONSENT} stands before the page (Usercentrics)",
    "consent-quantcast.html": f"{CONSENT} stands before the page (Quantcast)",
    "consent-google.html": f"{CONSENT} stands before the page (Google)",
    "consent-yahoo.html": f"{CONSENT} stands before the page (Yahoo)",
    "consent-or-pay.html": CONSENT,
    "consent-french.html": CONSENT,
    "login.html": LOGIN,
    "login-untitled.html": LOGIN,
    "paywall.html": f"{LOGIN} stands before the page (Piano)",
    "registration-french.html": LOGIN,
    "region.html": "not available in the region",
    "region-451.html": "not available in the region",
    "maintenance.html": "under maintenance",
    "maintenance-german.html": "under maintenance",
    "not-found.html": "“not found”",
    "not-found-german.html": "“not found”",
    "error.html": "an error page",
    "error-varnish.html": "an error page",
    "error-script.html": "an error page",
    "shell.html": "a shell that its scripts fill",
    "shell-noscript.html": "a shell that its scripts fill",
    "refresh.html": "only leads on to http",
    "leading-on.html": "only leads on to https://news.example/live/harbour-2",
    "frameset.html": "only a frame around https://frames.example/harbour",
    "frame.html": "only a frame around https://frames.example/harbour",
    "error.json": "an error came in JSON instead of a page: “The content service is resting”",
    "errors.json": "“No such story”",
    "feed.xml": "a listing stands where a live blog was: an RSS",
    "nothing.html": "no words at all",
    "front.html": "the front of its site",
    "article.html": "an ordinary article",
}


def saved(name):
    return lambda _: Shown((WALLS / name).read_text("utf-8"))


def linked(site, said=SAID):
    """Print what a blog's head states in JSON-LD, in which bodies are often cut."""
    updates = [
        {
            "@type": "BlogPosting",
            "@id": f"{site}{PATH}#{number}",
            "datePublished": f"{START + number * MINUTE:%Y-%m-%dT%H:%M:%SZ}",
            "articleBody": text,
        }
        for number, text in enumerate(said, 1)
    ]
    posting = {"@type": "LiveBlogPosting", "headline": "Festival", "liveBlogUpdate": updates}
    return f'<script type="application/ld+json">{json.dumps(posting)}</script>'


def under_the_blogs_head(name, said=SAID):
    def show(world):
        head = f'<link rel="canonical" href="{world.site}{PATH}">{linked(world.site, said)}</head>'
        return Shown(saved(name)(world).body.replace("</head>", head))

    return show


def changed(**options):
    return lambda world: Shown(blog(world.site, **options))


def headed(**headers):
    return lambda world: replace(world.good, body=world.good.body + "<!-- -->", headers=headers)


def led(path, name):
    return lambda world: replace(saved(name)(world), redirect=f"{world.site}{path}")


OTHERS = {
    "no body": (lambda _: Shown(), "the body is empty"),
    "no entries": (changed(said=[]), ""),
    "the ends alone": (changed(gone={2, 3, 4, 5}), "until a person confirms"),
    "another blog": (changed(path="/live/regatta", first=70), "another live blog"),
    "cut short": (lambda w: Shown(w.good.body[: len(w.good.body) // 2]), "cut short"),
    "translated by the publisher": (changed(said=IN_FRENCH, lang="fr"), "another language"),
    "translated by Google": (
        changed(said=IN_FRENCH, lang="fr", attributes='class="js translated-ltr"'),
        "a machine translation (Google)",
    ),
    "translated under the old language": (
        changed(said=IN_FRENCH, head='<meta http-equiv="X-Translated-By" content="Google">'),
        "a machine translation (Google)",
    ),
    "the Wayback Machine": (
        changed(banner='<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base"></div>'),
        "an archived copy (Wayback Machine)",
    ),
    "an archive by its headers": (
        headed(memento_datetime="Sat, 12 Sep 2026 08:00:00 GMT"),
        "an archived copy",
    ),
    "a cache": (changed(banner='<div id="google-cache-hdr"></div>'), "a cached copy (Google)"),
    "the front page": (led("/", "article.html"), "leads to"),
    "another page": (led("/walks", "article.html"), "leads to"),
    "a login elsewhere": (led("/account/login", "nothing.html"), LOGIN),
    "a consent page elsewhere": (led("/v2/collectConsent?x=1", "nothing.html"), CONSENT),
    "a challenge by its headers": (
        lambda world: replace(saved("nothing.html")(world), headers={"cf-mitigated": "challenge"}),
        f"{ROBOTS} stands before the page (Cloudflare)",
    ),
    "a check under the blog's head": (under_the_blogs_head("robots-cloudflare.html"), ROBOTS),
    "consent under the blog's head": (under_the_blogs_head("consent-french.html"), CONSENT),
    "a vendor's check under the blog's head": (
        under_the_blogs_head("robots-datadome.html"),
        ROBOTS,
    ),
    "a banner over nothing but the blog's head": (
        under_the_blogs_head("consent-onetrust.html"),
        f"{CONSENT} stands before the page (OneTrust)",
    ),
    "a paywall under the blog's head": (under_the_blogs_head("paywall.html"), LOGIN),
    "a login under the blog's head": (under_the_blogs_head("login.html"), LOGIN),
}
WRONG = {**{name: (saved(name), said) for name, said in NAMED.items()}, **OTHERS}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_page_is_named_at_first_sight_and_moves_no_feed(tmp_path, name):
    show, said = WRONG[name]

    async def tell(world):
        assert (await world.poll(world.good)).state is SourceState.OK
        before, told = await world.feeds(), len(world.told())
        for failures in (1, 2):
            source = await world.poll(show(world))
            assert source.state in {SourceState.BROKEN, SourceState.HELD}
            assert said in source.reason
            assert source.failures in {0, failures}
            assert await world.feeds() == before
        assert not [kind for kind in world.told()[told:] if kind.startswith("entry.")]
        assert (await world.poll(world.good)).state is SourceState.OK
        assert await world.feeds() == before
        assert not [kind for kind in world.told()[told:] if kind.startswith("entry.")]

    story(tmp_path, tell)


def test_a_stale_copy_is_named_and_moves_no_feed(tmp_path):
    async def tell(world):
        def copy(said, hour):
            modified = format_datetime(START + timedelta(hours=hour), usegmt=True)
            return Shown(blog(world.site, said), {"Last-Modified": modified})

        await world.poll(copy(SAID, 0))
        good = copy([*SAID[:5], "Number seven wins, after a protest of number two.", "Rain."], 1)
        await world.poll(good)
        before = await world.feeds()
        source = await world.poll(copy(SAID, 0))
        assert source.state is SourceState.BROKEN
        assert "stale copy" in source.reason
        assert await world.feeds() == before
        assert (await world.poll(good)).state is SourceState.OK
        assert await world.feeds() == before

    story(tmp_path, tell)


def test_a_head_that_states_all_in_other_words_edits_nothing(tmp_path):
    async def tell(world):
        good = Shown(blog(world.site, head=linked(world.site)))
        await world.poll(good)
        before = await world.feeds()
        for forgetting in (False, True):
            if forgetting:
                world.poller.histories = Histories()
            cut = [f"{text[:20]} …" for text in SAID]
            source = await world.poll(under_the_blogs_head("shell.html", cut)(world))
            assert source.state is SourceState.BROKEN
            assert "a part of the page is missing or hidden (microdata)" in source.reason
            assert await world.feeds() == before
        assert (await world.poll(good)).state is SourceState.OK
        assert await world.feeds() == before

    story(tmp_path, tell)


def test_a_source_that_begins_with_a_wall_says_so(tmp_path):
    async def tell(world):
        source = await world.poll(saved("consent-sourcepoint.html")(world))
        assert source.state is SourceState.BROKEN
        assert CONSENT in source.reason
        assert (await world.poll(world.good)).state is SourceState.OK
        assert world.told().count("entry.published") == len(SAID)

    story(tmp_path, tell)


def test_another_name_of_the_language_is_no_translation(tmp_path):
    async def tell(world):
        await world.poll(world.good)
        before = await world.feeds()
        for lang in ("en-GB", "fr", "en"):
            assert (await world.poll(changed(lang=lang)(world))).state is SourceState.OK
        assert await world.feeds() == before

    story(tmp_path, tell)


def test_without_its_guards_the_same_pages_move_the_feeds(tmp_path, monkeypatch):
    """The control: whoever takes every page for the blog loses entries to most of them."""

    def trust(page):
        snapshot = reading.read(page)
        if snapshot.kind is Kind.LIVE_BLOG:
            return snapshot
        everything = {"kind": Kind.LIVE_BLOG, "shows_top": True, "shows_bottom": True}
        return replace(snapshot, url=page.url, **everything)

    monkeypatch.setattr("keywire.polling.pages.read", trust)
    monkeypatch.setattr("scraper.read.copied", lambda _: "")
    monkeypatch.setattr("scraper.read.wall", lambda _: "")
    monkeypatch.setattr("store.changes.find_fault", lambda *_: None)
    monkeypatch.setattr("store.decision.absence._mass", lambda *_: "")
    moved = set()
    for name in ("shell.html", "robots-aws.html", "translated by the publisher", "no entries"):

        async def tell(world, name=name):
            await world.poll(world.good)
            before = await world.feeds()
            for _ in range(2):
                await world.poll(WRONG[name][0](world))
            if await world.feeds() != before:
                moved.add(name)

        folder = tmp_path / name
        folder.mkdir()
        story(folder, tell)
    assert len(moved) >= 3
