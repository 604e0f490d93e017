"""A store with some of everything in it: entries, edits, a retraction, topics, alerts."""

from datetime import timedelta

from pages import PROVENANCE, START, URL, block, page
from sqlalchemy import func, select

from store import loading, resorting, sources, timeline
from store.alerting.alerts import AlertRule, Target
from store.changes import diff
from store.schema import metadata
from store.topics import TopicRule

RULE = TopicRule("harbour", "The harbour", (URL,))
ALERT = AlertRule("desk", ("harbour",), targets=(Target("desk-1"),))
NOW = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def poll(database, snapshot, now):
    with database.write() as connection:
        sources.follow_sources(connection, [URL])
        resorting.follow_topics(connection, [RULE], now)
        source = sources.followed(connection)[0]
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
        timeline.apply(
            connection, kept, outcome, now, source_id=source.id, rules=[RULE], alerts=[ALERT]
        )


def fill(database, entries=30):
    """Follow a blog for four polls: entries, one edited, one retracted, one new and alerted."""
    blocks = [block(f"b{n}", n, f"Åre 🌊 {n} ships") for n in range(entries)][::-1]
    poll(database, page(blocks), NOW)
    told = [block("new", 59, "A storm"), blocks[0].edited("Two ships", NOW), *blocks[1:]]
    without = [one for one in told if one.id != "b5"]
    for n in range(1, 4):
        poll(database, page(without), NOW + n * MINUTE)


def add(database, name, now):
    """Publish one more entry."""
    with database.read() as connection:
        known = loading.load(connection, URL).history.order
    shown = [block(name, 59), *(block(one, 10) for one in known)]
    poll(database, page(shown, shown=1, shows_top=None, shows_bottom=None), now)


def count(database):
    """Return the number of rows of every table."""
    with database.read() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def rows(database, *but):
    """Return every row of every table, except the tables named."""
    with database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in but
        }
