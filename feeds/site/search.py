"""Read the queries of /search and /search.atom, and find the entries that match them."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import uuid5

from sqlalchemy import Connection

from feeds.atom import render_atom
from feeds.feed import Feed, rfc3339
from feeds.site.addresses import read_number, read_query
from feeds.site.content_rules import give_out
from feeds.site.cursors import LAST_SEQ
from feeds.site.feed_documents import NAMESPACE
from feeds.site.options import SiteOptions
from feeds.site.responses import Refusal
from feeds.xml import line
from store.catalogue import followed_topics, topic_or_heir
from store.search import finding as search
from store.search import query
from store.search.finding import Found
from store.topics import TOPIC_NAME

MOST = 50
ORDERS = NEWEST, BEST = "newest", "best"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search for `text` in `topic`, "" for all topics.

    `before` is the cursor of a further page, None on the first; `best` puts the best matches first
    instead of the newest entries.
    """

    text: str = ""
    topic: str = ""
    before: int | None = None
    best: bool = False

    @property
    def query(self) -> query.Query:
        """The text, parsed as a query."""
        return query.read_query(self.text)

    def again(self, path: str) -> str:
        """Return the address at `path` of this very search, its page and order included."""
        return self.target(path, self.before, best=self.best)

    def target(self, path: str, before: int | None = None, *, best: bool = False) -> str:
        """Return the address at `path` of a search for the same words, with this page and order."""
        asked = {"q": self.text, "topic": self.topic, "before": before, "order": best and BEST}
        return f"{path}?{urlencode({name: said for name, said in asked.items() if said})}"


def read_asked(query_string: bytes) -> Asked | Refusal:
    """Return what a query string asks for, or why it cannot. Unknown parameters are ignored."""
    asked = read_query(query_string)
    if isinstance(asked, Refusal):
        return asked
    before = read_number(asked, "before", LAST_SEQ, least=1, most=LAST_SEQ)
    if isinstance(before, Refusal):
        return before
    topic = asked.get("topic", "")
    if topic and not TOPIC_NAME.fullmatch(topic):
        return _no_topic(topic)
    order = asked.get("order", NEWEST)
    if order not in ORDERS:
        return Refusal(400, f"order: write {' or '.join(ORDERS)}.")
    return Asked(
        line(asked.get("q", ""))[: query.LONGEST],
        topic,
        None if before == LAST_SEQ else before,
        order == BEST,
    )


def find(connection: Connection, asked: Asked) -> Found | Asked | Refusal:
    """Return the entries found, cut to what their topics publish.

    Where the topic was renamed, return the same search under the topic's new name.
    """
    if asked.topic:
        topic = topic_or_heir(connection, asked.topic)
        if topic is None or not topic.followed:
            return _no_topic(asked.topic)
        if topic.name != asked.topic:
            return replace(asked, topic=topic.name)
    found = search.find(
        connection,
        asked.query,
        topic=asked.topic,
        before=asked.before,
        most=MOST,
        ranked=asked.best,
    )
    return Found(tuple(give_out(connection, found.entries)), found.older)


def render_feed(
    connection: Connection, asked: Asked, options: SiteOptions
) -> bytes | Asked | Refusal:
    """Render the newest matching entries as an Atom feed that people can subscribe to."""
    found = find(connection, asked)
    if not isinstance(found, Found):
        return found
    topics = followed_topics(connection)
    born = min((topic.created for topic in topics), default=None)
    in_topic = next((f" in {t.title}" for t in topics if t.name == asked.topic), "")
    if born is None:
        return Refusal(404, "No topic is followed yet, so there is nothing to be found.")
    name = f"{rfc3339(born)} search {asked.topic} {asked.text}"
    feed = Feed(
        id=f"urn:uuid:{uuid5(NAMESPACE, name)}",
        title=f"Search: {asked.text}{in_topic}",
        subtitle=f"The newest entries that answer {asked.text}{in_topic}",
        home_url=options.link(asked.target("/search")),
        self_url=options.link(asked.target("/search.atom")),
        updated=max((one.changed_at for one in found.entries), default=born),
        entries=found.entries,
    )
    return render_atom(feed)


def _no_topic(name: str) -> Refusal:
    return Refusal(404, f"topic: no topic {name[:63]!a} is followed; / lists them.")
