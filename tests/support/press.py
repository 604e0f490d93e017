"""A newspaper that publishes a live blog a day and lists them, fetched without a network.

Its pages have the Guardian's hooks; a test sets what each address shows, and moves the clock.
"""

import asyncio
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from keywire.config import SourceOptions
from keywire.demo.blog import Blog, add, block
from keywire.demo.page import render
from keywire.poll import Poller
from scraper.errors import StatusError
from scraper.page import Cost, NotModified, Page
from store import log, resorting, sources
from store.database import open_database
from store.source import due_at
from store.survey import survey
from store.topics import Selection, TopicRule
from store.window import select_window

SITE = "https://www.theguardian.com"
SERIES = f"{SITE}/harbour/series/harbour-live"
CONSENT = """<html><head><title>Before you continue</title></head><body>
<h1>We value your privacy</h1><button>Accept all</button></body></html>"""
LIVE, ENDED, ARTICLE = 11, 12, 0


def day_path(day, slug="harbour"):
    return f"/news/live/{day:%Y/}{day:%b}/{day:%d}/{slug}".lower()


def day_blog(day, *, slug="harbour", series="Harbour live", first="Good morning"):
    """Return a day's blog with one block."""
    blog = Blog(day_path(day, slug), f"{first}, {day:%A} – live", day, series=series)
    return add(blog, block(f"{slug} {day}", day, f"<p>{first}. This is {day:%A}.</p>"))


def card(url, design, at, title="A day at the harbour"):
    return (
        f'<li><div data-format-theme="0" data-format-design="{design}">'
        f'<a href="{url}" aria-label="{title}"></a><h3>{title}</h3>'
        f'<time datetime="{at:%Y-%m-%dT%H:%M:%S}.000Z">then</time></div></li>'
    )


def series_page(url, *cards, title="Harbour live"):
    """Return a page that lists live blogs, as guardian/dotcom-rendering prints a tag's."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | The Guardian</title>'
        f'<link rel="canonical" href="{url}"></head><body>'
        f'<main data-layout="TagPageLayout"><h2>{title}</h2><ul>{"".join(cards)}</ul></main>'
        "</body></html>"
    )


def rss(url, *items):
    """Return an RSS of a series: addresses, titles and when each was last published."""
    told = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for link, title, at in items
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour live</title>'
        f"<link>{url}</link><copyright>Guardian News and Media</copyright>{told}"
        "</channel></rss>"
    )


class Press:
    """The pages by address; used in place of a Fetcher, with strong validators."""

    def __init__(self, now):
        self.now, self.pages, self.asked = now, {}, []

    def put(self, url, text):
        self.pages[url] = text

    def show(self, blog, *, keywords="", links=()):
        """Publish a blog as it is now; `links` are added to its standfirst."""
        html = render(blog, self.now(), SITE)
        html = html.replace('"toneIds":', f'"keywordIds":"{keywords}","toneIds":', 1)
        anchors = "".join(f'<a href="{link}">Follow it here</a>' for link in links)
        self.put(
            SITE + blog.path,
            html.replace(
                'data-gu-name="standfirst"><p>', f'data-gu-name="standfirst"><p>{anchors}'
            ),
        )
        return SITE + blog.path

    def forget(self):
        self.asked.clear()

    async def fetch(self, url, validators=None, *, headers=None, typed=False, **_):
        self.asked.append((url, dict(headers or {}), typed))
        page = self.pages.get(url)
        if page is None or isinstance(page, int):
            raise StatusError(url, page or 404, f"the server says {page or 404}")
        body = page if isinstance(page, bytes) else page.encode()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        told, cost = {"etag": etag}, Cost(1, len(body))
        if validators and validators.etag == etag:
            return NotModified(url, self.now(), told, cost=Cost(1, 100))
        return Page(url, body, self.now(), headers=told, cost=cost)

    async def aclose(self):
        pass


class Topic:
    """One topic that follows `urls`, on a clock that the test moves."""

    def __init__(self, address, start, *urls, **options):
        self.address, self.at, self.urls, self.options = address, start, urls, options
        self.press = Press(self.now)

    def now(self):
        return self.at

    def __enter__(self):
        self.database = open_database(self.address)
        self.rules = (TopicRule("harbour", "The harbour", self.urls),)
        with self.database.write() as connection:
            sources.follow_sources(connection, self.urls)
            resorting.follow_topics(connection, self.rules, self.at)
        self.poller = Poller(
            database=self.database,
            fetcher=self.press,
            options={url: SourceOptions(url, **self.options) for url in self.urls},
            topics=self.rules,
            now=self.now,
            jitter=lambda: 0.0,
        )
        return self

    def __exit__(self, *_):
        self.poller.close()
        self.database.close()

    def restart(self):
        """Continue as a new process would: only the store is kept."""
        self.__exit__()
        self.__enter__()

    def followed(self):
        with self.database.read() as connection:
            return sources.followed(connection)

    def page(self, url):
        return next(source for source in self.followed() if source.url == url)

    def polled(self):
        """Return the addresses that are polled, without the configured sources."""
        return [source.url for source in self.followed() if not source.configured]

    def source(self, url=None):
        with self.database.read() as connection:
            told = {one.source.url: one for one in survey(connection)}
        return told[url or self.urls[0]]

    def go_on(self, until=None, *, most=400):
        """Poll all that is due, in order, until a time (now, if none is given)."""
        until = until or self.at
        for _ in range(most):
            due = [(due_at(one, self.at), one.id, one) for one in self.followed()]
            due = sorted(((at, n, one) for at, n, one in due if at and at <= until))
            if not due:
                self.at = until
                return
            self.at = max(self.at, due[0][0])
            asyncio.run(self.poller.poll(due[0][2]))
        raise AssertionError(f"polled {most} times before {until}")

    def told(self, *kinds):
        with self.database.read() as connection:
            changes = log.read_after(connection, 0, 9999)
        return [change for change in changes if not kinds or change.type.value in kinds]

    def window(self, selection=Selection.ALL):
        with self.database.read() as connection:
            return select_window(connection, "harbour", selection)

    def days(self):
        """Return the days of the month of the feed's entries, newest joined first."""
        return [stored.entry.published.day for stored in self.window().entries]


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def path_of(url):
    return urlsplit(url).path
