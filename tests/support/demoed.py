"""The story of `keywire demo` in a store, as if it had been followed all along."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from keywire.demo.blog import Blog
from keywire.demo.page import render
from keywire.demo.script import SCRIPT, opening
from scraper.page import Page
from scraper.read import read
from store import loading, resorting, sources, timeline
from store.changes import diff
from store.database import Database
from store.decision.history import Outcome
from store.entry import Provenance
from store.topics import TopicRule

NOW = datetime(2026, 11, 26, 14, 31, 20, tzinfo=UTC)
SITE = "https://observer.example"
TOPIC = "lighthouse"
_PACE = 180  # times as slow as the demo, which takes three quarters of a minute
_LOOKS = (timedelta(0), timedelta(minutes=2))  # a retraction needs the second


def tell(database: Database, steps: int = len(SCRIPT)) -> TopicRule:
    """Follow the blog up to a step of the story; return the topic that has its entries."""
    blog = opening(NOW)
    rule = TopicRule(TOPIC, "The lighthouse that moves", (SITE + blog.path,))
    with database.write() as connection:
        sources.follow_sources(connection, rule.follow)
        resorting.follow_topics(connection, [rule], NOW)
    for state, at in _states(blog, steps):
        for look in _LOOKS:
            _take(database, rule, state, at + look)
    return rule


def _states(blog: Blog, steps: int) -> Iterator[tuple[Blog, datetime]]:
    yield blog, NOW
    for step in SCRIPT[:steps]:
        at = NOW + timedelta(seconds=step.at * _PACE)
        blog = step.change(blog, at)
        yield blog, at


def _take(database: Database, rule: TopicRule, blog: Blog, at: datetime) -> None:
    (url,) = rule.follow
    body = render(blog, at, SITE).encode()
    headers = {"content-type": "text/html; charset=utf-8"}
    snapshot = read(Page(url=url, final_url=url, body=body, fetched_at=at, headers=headers))
    seen = Provenance(page_url=url, fetched_at=at, platform=snapshot.platform)
    with database.write() as connection:
        source = sources.followed(connection)[0]
        kept = loading.load(connection, url)
        outcome = diff(kept.history, snapshot, at, provenance=seen)
        assert isinstance(outcome, Outcome), f"the story was not believed at {at}"
        timeline.apply(connection, kept, outcome, at, source_id=source.id, rules=[rule])
