"""Make a store in which every blog of a fleet has been read once, without a network."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, update

from bench.fleet import QUIET_ENTRIES, Fleet, Templates, is_edited, tag_of
from bench.pages import NOON, html_page
from scraper.read import read
from store import loading, resorting, schema, sources, timeline
from store.blog_addresses import add_alias
from store.changes import diff
from store.database import open_database
from store.decision.history import BlogHistory, Outcome
from store.entry import Provenance
from store.source import Source, SourceState
from store.topics import TopicRule

HOSTS_OF_A_TOPIC = 10
_AT_A_TIME = 500


def topics_of(fleet: Fleet) -> tuple[TopicRule, ...]:
    """Return topics that each follow the blogs of a few hosts."""
    followed = HOSTS_OF_A_TOPIC * fleet.each
    return tuple(
        TopicRule(
            f"topic-{first // followed}",
            f"Topic {first // followed}",
            tuple(map(fleet.url, range(first, min(first + followed, fleet.size)))),
        )
        for first in range(0, fleet.size, followed)
    )


def seed(path: Path, fleet: Fleet) -> None:
    """Make the store as an SQLite file at `path`."""
    database = open_database(f"sqlite:///{path}")
    rules = topics_of(fleet)
    edited, quiet = Templates(fleet.entries)[0], Templates(QUIET_ENTRIES)[0]
    try:
        with database.write() as connection:
            sources.follow_sources(connection, map(fleet.url, range(fleet.size)))
            resorting.follow_topics(connection, rules, NOON)
            followed = sources.followed(connection)
        for first in range(0, fleet.size, _AT_A_TIME):
            with database.write() as connection:
                for number, source in enumerate(followed[first : first + _AT_A_TIME], first):
                    body = fleet.fill(edited if is_edited(number) else quiet, number)
                    rule = rules[fleet.host(number) // HOSTS_OF_A_TOPIC]
                    _take(connection, source, body, rule)
    finally:
        database.close()


def _take(connection: Connection, source: Source, body: bytes, rule: TopicRule) -> None:
    snapshot = read(html_page(source.url, body))
    provenance = Provenance(page_url=source.url, fetched_at=NOON, status=200)
    outcome = diff(BlogHistory(snapshot.url), snapshot, NOON, provenance=provenance)
    assert isinstance(outcome, Outcome)
    kept = loading.load(connection, snapshot.url)
    applied = timeline.apply(connection, kept, outcome, NOON, source_id=source.id, rules=[rule])
    add_alias(connection, applied.kept.id, snapshot.url)
    after = replace(
        source,
        state=SourceState.OK,
        kind=snapshot.kind.value,
        platform=snapshot.platform,
        etag=tag_of(0),
        last_poll=NOON,
        last_change=NOON,
        last_status=200,
    )
    sources.record(connection, source, after, [rule.name])


def set_due(connection: Connection, dues: Sequence[datetime]) -> None:
    """Set when the source of each blog is due, by the blog's number."""
    statement = update(schema.sources).where(schema.sources.c.id == bindparam("which"))
    connection.execute(
        statement, [{"which": number + 1, "next_poll": due} for number, due in enumerate(dues)]
    )
