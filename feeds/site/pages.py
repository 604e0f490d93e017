"""The pages for people, made on the server, without script."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from feeds.site.answers import Refusal
from feeds.site.giving import give_out
from feeds.site.options import SiteOptions
from feeds.site.sources import read_sources
from feeds.site.views import say_why_empty, view_days, view_source, view_topic
from feeds.xml import line
from store.catalogue import followed_topics, newest_entries

MEDIA_TYPE = "text/html; charset=utf-8"
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Pages:
    """The templates, and the site that they are filled in for."""

    options: SiteOptions
    templates: Environment

    def front(self, connection: Connection) -> bytes:
        """Render /: topics with their feeds, the newest entries, and how the sources are."""
        topics = followed_topics(connection)
        followed = read_sources(connection)
        newest = newest_entries(connection, [topic.name for topic in topics], NEWEST)
        return self._render(
            "front.html",
            topics=[view_topic(topic, self.options) for topic in topics],
            days=view_days(give_out(connection, newest), followed),
            why_empty=say_why_empty(followed),
            sources=[view_source(one) for one in followed],
        )

    def sources(self, connection: Connection) -> bytes:
        """Render /sources: everything known of each source."""
        followed = read_sources(connection)
        return self._render("sources.html", sources=[view_source(one) for one in followed])

    def refusal(self, refusal: Refusal) -> bytes:
        """Render a page that says no and what there is instead."""
        return self._render("refusal.html", refusal=refusal)

    def _render(self, template: str, **values: object) -> bytes:
        page = self.templates.get_template(template).render(
            site=line(self.options.title) or "keywire",
            options=self.options,
            prefix=self.options.prefix,
            **values,
        )
        return page.encode()


def make_pages(options: SiteOptions) -> Pages:
    """Load the templates. All that is put into them is escaped."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Pages(options, templates)
