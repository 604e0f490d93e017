"""A day at the harbour in a store: entries edited, promoted, demoted, retracted and restored."""

from dataclasses import replace
from datetime import timedelta

from pages import PROVENANCE, START, URL, block, page

from store import loading, resorting, sources, timeline
from store.changes import diff
from store.entry import Media, TimePrecision
from store.topics import Match, TopicRule

NOW = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ALL = TopicRule("harbour", "The harbour", (URL,))
KEYS = TopicRule("keys", "What mattered", (URL,), Match(key_event=True))
MEDIA = (Media("https://news.example/a.jpg", alt="A pier", credit="M. Quill", width=9, height=6),)


def follow(database, rules=(ALL, KEYS), url=URL, now=NOW):
    with database.write() as connection:
        sources.follow_sources(connection, [url])
        resorting.follow_topics(connection, rules, now)
        for rule in rules:
            resorting.sort_batch(connection, rule, now)


def poll(database, snapshot, now, rules=(ALL, KEYS)):
    with database.write() as connection:
        source = sources.followed(connection)[0]
        kept = loading.load(connection, snapshot.url)
        provenance = replace(PROVENANCE, fetched_at=now, etag='"1"', layout="v2")
        outcome = diff(kept.history, snapshot, now, provenance=provenance)
        return timeline.apply(connection, kept, outcome, now, source_id=source.id, rules=rules)


def told(snapshot, block_id, **stated):
    """Return the snapshot with more fields stated in every sighting of one block."""
    return replace(
        snapshot,
        sightings=tuple(
            replace(one, **stated) if one.block_id == block_id else one
            for one in snapshot.sightings
        ),
    )


def a_day(database):
    """Store a day of six entries; return the moments of its nine polls, oldest first."""
    follow(database)
    blocks = [block(name, minute) for minute, name in enumerate("abcdef")][::-1]
    moments = []

    def look(shown, **stated):
        moments.append(NOW + len(moments) * 2 * MINUTE)
        snapshot = page(shown)
        snapshot = told(snapshot, "a", time_precision=TimePrecision.ESTIMATED)
        snapshot = told(snapshot, "b", time_precision=TimePrecision.DAY)
        snapshot = told(snapshot, "c", time_precision=TimePrecision.MINUTE, tags=("Sea", "=1+1"))
        snapshot = told(snapshot, "d", authors=("Mara Quill",), credit="JNS", media=MEDIA)
        poll(database, told(snapshot, "d", **stated) if stated else snapshot, moments[-1])

    def changed(name, **how):
        return [replace(b, **how) if b.id == name else b for b in blocks]

    look(blocks)
    blocks = changed("d", body="The pier has moved", updated=moments[-1])
    look(blocks)
    blocks = changed("e", key=True, title="A key event")
    look(blocks)
    blocks = changed("d", body="The pier has moved by two metres")
    look(blocks)
    whole, blocks = blocks, [b for b in blocks if b.id != "c"]
    look(blocks)
    look(blocks)
    blocks = [replace(b, key=False) if b.id == "e" else b for b in whole]
    look(blocks)
    blocks = [b for b in blocks if b.id != "b"]
    look(blocks)
    look(blocks)
    return moments
