"""Render the pages for people on the server; they are complete without scripts."""

from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from feeds.site.assets import Assets
from feeds.site.content_rules import give_out
from feeds.site.diffs import EntryKey
from feeds.site.documents import Document, constant_headers, make_document
from feeds.site.entry_page import read_page
from feeds.site.feed_cache import no_longer_followed, not_followed
from feeds.site.options import SiteOptions
from feeds.site.page_addresses import LeafKey
from feeds.site.responses import Answer, Refusal, page_policy, redirect
from feeds.site.search import Asked, find
from feeds.site.search_results import view_result
from feeds.site.sources import read_sources
from feeds.site.timeline import read_timeline
from feeds.site.views import say_why_empty, view_days, view_source, view_topic
from feeds.xml import line
from store.catalogue import followed_topics, newest_entries, topic_or_heir
from store.search.indexing import BATCH, waiting

MEDIA_TYPE = "text/html; charset=utf-8"
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page's HTML, and its Content-Security-Policy."""

    body: bytes
    policy: str

    def document(self, *, gzipped: bool) -> Document:
        """Return the page as a document that can be served."""
        constant = constant_headers(self.policy)
        return make_document(self.body, MEDIA_TYPE, gzipped=gzipped, constant=constant)


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders each page of a site from its template."""

    options: SiteOptions
    templates: Environment
    assets: Assets

    def front(self, connection: Connection) -> Page:
        """Render /: topics with their feeds, the newest entries, and the states of the sources."""
        topics = followed_topics(connection)
        followed = read_sources(connection)
        newest = newest_entries(connection, [topic.name for topic in topics], NEWEST)
        return self._render(
            "front.html",
            topics=[view_topic(topic, self.options) for topic in topics],
            days=view_days(give_out(connection, newest), followed, self.options),
            why_empty=say_why_empty(followed, self.options),
            sources=[view_source(one, self.options) for one in followed],
        )

    def timeline(self, connection: Connection, key: LeafKey) -> Page | Answer | Refusal:
        """Render one leaf of a topic; redirect where the topic has a new name."""
        topic = topic_or_heir(connection, key.topic)
        if topic is None:
            return not_followed(key.topic)
        if not topic.followed:
            return no_longer_followed(key.topic)
        if topic.name != key.topic:
            return redirect(self.options.prefix + replace(key, topic=topic.name).target)
        shown = read_timeline(connection, topic, key, self.options)
        if isinstance(shown, Refusal):
            return shown
        policy = page_policy(pictures=self.options.pictures, live=bool(shown.stream))
        return self._render("timeline.html", policy, shown=shown)

    def entry(self, connection: Connection, key: EntryKey) -> Page | Refusal:
        """Render the page of an entry with its history."""
        shown = read_page(connection, key, self.options)
        if isinstance(shown, Refusal):
            return shown
        policy = page_policy(pictures=self.options.pictures)
        return self._render("entry.html", policy, shown=shown)

    def sources(self, connection: Connection) -> Page:
        """Render /sources: all that is known about each source."""
        followed = read_sources(connection)
        return self._render(
            "sources.html", sources=[view_source(one, self.options) for one in followed]
        )

    def search(self, connection: Connection, asked: Asked) -> Page | Answer | Refusal:
        """Render /search: the form and the results; redirect where the topic has a new name."""
        found = find(connection, asked)
        if isinstance(found, Refusal):
            return found
        if isinstance(found, Asked):
            return redirect(self.options.prefix + found.again("/search"))
        query = asked.query
        return self._render(
            "search.html",
            asked=asked,
            topics=followed_topics(connection),
            waiting=waiting(connection),
            batch=BATCH,
            results=[view_result(stored, query, self.options) for stored in found.entries],
            feed_url=self.options.link(asked.target("/search.atom")),
            newest_url=self.options.prefix + asked.target("/search"),
            best_url=self.options.prefix + asked.target("/search", best=True),
            older_url=self.options.prefix + asked.target("/search", found.older)
            if found.older
            else "",
        )

    def refusal(self, refusal: Refusal) -> Page:
        """Render the page of a refusal, with its message."""
        return self._render("refusal.html", refusal=refusal)

    def _render(self, template: str, policy: str | None = None, **values: object) -> Page:
        body = self.templates.get_template(template).render(
            site=line(self.options.title) or "keywire",
            options=self.options,
            prefix=self.options.prefix,
            assets=self.assets.paths,
            **values,
        )
        return Page(body.encode(), policy or page_policy())


def make_pages(options: SiteOptions, assets: Assets) -> Pages:
    """Return the pages of a site, with templates that escape every value put into them."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return Pages(options, templates, assets)
