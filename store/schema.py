"""The tables; the comment above each says what a row is."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from store.column_types import Json, Row64, UtcTime

VERSION = "0017"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Facts of the whole store, by name: its epoch, and notes of processes to each other.
store_facts = Table(
    "store_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# One row with the seq of the newest change; its lock orders the commits.
log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

# The configured sources, and the pages that they led to, with their state (`store/source`).
sources = Table(
    "sources",
    metadata,
    Column("id", Row64, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False, unique=True),
    Column("followed", Boolean, nullable=False, default=True),
    Column("state", String(10), nullable=False, default="new"),
    Column("reason", Text, nullable=False, default=""),
    Column("kind", String(20), nullable=False, default=""),
    Column("platform", String(40), nullable=False, default=""),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("body_hash", String(32), nullable=False, default=""),
    Column("last_poll", UtcTime),
    Column("next_poll", UtcTime),
    Column("not_before", UtcTime),
    Column("last_change", UtcTime),
    Column("last_status", Integer),
    Column("failures", Integer, nullable=False, default=0),
    Column("confirming", Boolean, nullable=False, default=False),
    Column("warnings", Json, nullable=False, default=list),
    Column("live", Boolean),
    Column("ended_at", UtcTime),
    Column("closing_at", UtcTime),
    Column("rhythm", Json),
    Column("pace", Text, nullable=False, default=""),
    Column("probe", Text, nullable=False, default=""),
    Column("last_whole", UtcTime),
    Column("moved_to", Text, nullable=False, default=""),
    Column("moved_seen", Integer, nullable=False, default=0),
    Column("robots", Text, nullable=False, default=""),
    Column("polls", BigInteger, nullable=False, default=0),
    Column("unchanged", BigInteger, nullable=False, default=0),
    Column("requests", BigInteger, nullable=False, default=0),
    Column("received", BigInteger, nullable=False, default=0),
    Column("delay", Float),
    Column("since", UtcTime),
    Column("listing", Json),
    Column("older_due", UtcTime),
    Column("turned_at", UtcTime),
)

# Which source led to which page, where the link was found, and its `Standing`.
found_pages = Table(
    "found_pages",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("page_id", ForeignKey("sources.id"), primary_key=True),
    Column("found_at", UtcTime, nullable=False),
    Column("found_on", Text, nullable=False),
    Column("standing", String(10), nullable=False),
    Index("ix_found_pages_page_id", "page_id"),
)

# The robots.txt of each origin as last fetched, and when it is fetched again.
robots_notes = Table(
    "robots_notes",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("due", UtcTime, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text),
    Column("failures", Integer, nullable=False),
)

# The blogs, each with the facts of its last believed page.
blogs = Table(
    "blogs",
    metadata,
    Column("id", Row64, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, default=""),
    Column("language", String(40), nullable=False, default=""),
    Column("state", String(10), nullable=False, default="upcoming"),
    Column("live", Boolean),
    Column("page_order", Json, nullable=False, default=list),
    Column("page_time", UtcTime),
    Column("modified", UtcTime),
    Column("generated", UtcTime),
    Column("whole", Boolean, nullable=False, default=False),
    Column("claimed_url", Text, nullable=False, default=""),
    Column("held", Boolean, nullable=False, default=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("version", BigInteger, nullable=False, default=0),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("listings", Json, nullable=False, default=list),
    Column("keywords", Json, nullable=False, default=list),
    Column("coverage", Json, nullable=False, default=dict),
)

# Other addresses under which a blog was found.
blog_aliases = Table(
    "blog_aliases",
    metadata,
    Column("address", Text, primary_key=True),
    Column("blog_id", ForeignKey("blogs.id"), nullable=False),
)

# Which source (or page that a source led to) shows which blog.
source_blogs = Table(
    "source_blogs",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("blog_id", ForeignKey("blogs.id"), primary_key=True),
)

CONTENT = ("title", "html", "text", "permalink", "authors", "credit", "media", "tags", "language")


def _content_columns() -> list[Column[Any]]:
    return [
        Column("title", Text, nullable=False, default=""),
        Column("html", Text, nullable=False, default=""),
        Column("text", Text, nullable=False, default=""),
        Column("permalink", Text, nullable=False, default=""),
        Column("authors", Json, nullable=False, default=list),
        Column("credit", Text, nullable=False, default=""),
        Column("media", Json, nullable=False, default=list),
        Column("tags", Json, nullable=False, default=list),
        Column("language", String(40), nullable=False, default=""),
        Column("updated", UtcTime),
    ]


# The entries as they are now.
entries = Table(
    "entries",
    metadata,
    Column("number", Row64, primary_key=True, autoincrement=True),
    Column("blog_id", ForeignKey("blogs.id"), nullable=False),
    Column("block_id", Text, nullable=False),
    Column("guid", Text, nullable=False, unique=True),
    Column("published", UtcTime, nullable=False),
    Column("time_precision", String(10), nullable=False),
    Column("key_event", Boolean),
    Column("summary", Boolean),
    Column("pinned", Boolean),
    *_content_columns(),
    Column("revision", Integer, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("retracted_at", UtcTime),
    Column("missing_since", UtcTime),
    Column("content_view", Integer, nullable=False),
    Column("provenance", Json),
    Column("forgotten", Text),
    UniqueConstraint("blog_id", "block_id"),
    Index("ix_entries_block_id", "block_id"),
)

# The content of each revision of each entry.
revisions = Table(
    "revisions",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    *_content_columns(),
    Column("digest", String(40), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("provenance", Json),
)

# The digest that each view of an entry had at its last sighting.
view_memories = Table(
    "view_memories",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("view", Integer, primary_key=True),
    Column("digest", String(40), nullable=False),
    Column("updated", UtcTime),
)

# When entries were pinned above all others on their page, by keywire's clock.
pins = Table(
    "pins",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("pinned_at", UtcTime, primary_key=True),
    Column("unpinned_at", UtcTime),
)

# The log: changes of entries, blogs and sources, in the order of `seq`; `told` is the part of
# an /events item that is stored as JSON.
changes = Table(
    "changes",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(20), nullable=False),
    Column("occurred_at", UtcTime, nullable=False),
    Column("blog_id", ForeignKey("blogs.id")),
    Column("entry", ForeignKey("entries.number")),
    Column("revision", Integer, nullable=False, default=0),
    Column("backfill", Boolean, nullable=False, default=False),
    Column("topics", Json, nullable=False, default=list),
    Column("told", Json, nullable=False, default=dict),
    Index("ix_changes_entry", "entry"),
)

# Which changes belong to which topic.
change_topics = Table(
    "change_topics",
    metadata,
    Column("topic", String(63), primary_key=True),
    Column("seq", ForeignKey("changes.seq"), primary_key=True),
)

# The topics, with the rule by which their entries are sorted; while a new rule is applied,
# `sorted_to` is the number of the last entry sorted by it, else NULL.
topics = Table(
    "topics",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("title", Text, nullable=False, default=""),
    Column("born", String(63), nullable=False),
    Column("rule", Json, nullable=False),
    Column("followed", Boolean, nullable=False, default=True),
    Column("created", UtcTime, nullable=False),
    Column("sorted_to", BigInteger),
)

# Names that topics had before.
topic_aliases = Table(
    "topic_aliases",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("topic", ForeignKey("topics.name"), nullable=False),
)

# A row for each feed of a topic (all, key events, summaries), with the feed's stamps.
selections = Table(
    "selections",
    metadata,
    Column("topic", ForeignKey("topics.name"), primary_key=True),
    Column("selection", String(12), primary_key=True),
    Column("updated", UtcTime, nullable=False),
    Column("modified", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, default=0),
)

# Which entry joined which selection of which topic, and when.
joined = Table(
    "joined",
    metadata,
    Column("topic", String(63), primary_key=True),
    Column("selection", String(12), primary_key=True),
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("joined_at", UtcTime, nullable=False),
    Column("joined_seq", BigInteger, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index(
        "ix_joined_newest", "topic", "selection", text("joined_at DESC"), text("joined_seq DESC")
    ),
    Index("ix_joined_changed", "topic", "selection", "changed_at"),
    Index("ix_joined_number", "number"),
)

_OF_SOURCE = text("source IS NOT NULL")
# One alert's notice of a change or a source: to be sent, held back (`why`), or put in a digest.
notices = Table(
    "notices",
    metadata,
    Column("id", Row64, primary_key=True, autoincrement=True),
    Column("alert", String(63), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("why", String(20)),
    Column("reason", Text, nullable=False),
    Column("seq", ForeignKey("changes.seq")),
    Column("number", ForeignKey("entries.number")),
    Column("before", Integer, nullable=False, default=0),
    Column("written_at", UtcTime, nullable=False),
    Column("digest", ForeignKey("notices.id")),
    Column("source", BigInteger),
    Column("since", UtcTime),
    Index("ix_notices_number", "number"),
    Index("ix_notices_written", "alert", "written_at"),
    Index("ix_notices_digest", "digest"),
    Index("ix_notices_source", "source", sqlite_where=_OF_SOURCE, postgresql_where=_OF_SOURCE),
)

_WAITING = text("state = 'waiting'")
# The sending of a notice to one target (its `lane`), and the result.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Row64, primary_key=True, autoincrement=True),
    Column("notice_id", ForeignKey("notices.id"), nullable=False),
    Column("lane", String(80), nullable=False),
    Column("number", BigInteger),
    Column("state", String(10), nullable=False, default="waiting"),
    Column("due", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("tried_at", UtcTime),
    Column("status", Integer),
    Column("answer", Text, nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    Index(
        "ix_deliveries_waiting",
        "lane",
        "due",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index("ix_deliveries_number", "lane", "number"),
    Index("ix_deliveries_notice", "notice_id"),
)

# Targets that failed lately, and targets to which nothing is sent any more (`stopped_at`).
lanes = Table(
    "lanes",
    metadata,
    Column("lane", String(80), primary_key=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("not_before", UtcTime),
    Column("stopped_at", UtcTime),
    Column("reason", Text, nullable=False, default=""),
)

# The archive feeds: one rendered document for each volume of a past day of a selection.
archives = Table(
    "archives",
    metadata,
    Column("topic", String(63), primary_key=True),
    Column("selection", String(12), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("volume", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("content", String(10), nullable=False),
    Column("sealed_at", UtcTime, nullable=False),
    Column("modified", UtcTime, nullable=False),
    Column("updated", UtcTime, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

# Which entry is in which archive feed, with its `changed_at` there.
archived_entries = Table(
    "archived_entries",
    metadata,
    Column("topic", String(63), primary_key=True),
    Column("selection", String(12), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("volume", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("number", ForeignKey("entries.number"), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_archived_entries_number", "number", "topic", "selection"),
)

# The bodies of kept pages, each once; most are stored as a delta to their `base`.
page_bodies = Table(
    "page_bodies",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("base", ForeignKey("page_bodies.sha256")),
    Column("packed", LargeBinary, nullable=False),
    Index("ix_page_bodies_base", "base"),
)

# The fetches of kept pages: when which address answered with which body.
page_fetches = Table(
    "page_fetches",
    metadata,
    Column("id", Row64, primary_key=True, autoincrement=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("asked", Text, nullable=False, default=""),
    Column("fetched_at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False, default=dict),
    Column("sha256", ForeignKey("page_bodies.sha256"), nullable=False),
    Index("ix_page_fetches_url", "url"),
    Index("ix_page_fetches_source_id", "source_id"),
    Index("ix_page_fetches_sha256", "sha256"),
)

# Entries whose index of words is out of date, with the title and text that are indexed.
unindexed = Table(
    "unindexed",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("published", UtcTime),
    Column("title", Text),
    Column("text", Text),
)

# The index of words, made differently in each database; store/search/index.py knows both.
_INDEX_OF_WORDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE search (place BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_words ON search USING gin (words)",
    ),
}


@event.listens_for(metadata, "after_create")
def _make_index(_: MetaData, connection: Connection, **__: object) -> None:
    for statement in _INDEX_OF_WORDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(metadata, "before_drop")
def _drop_index(_: MetaData, connection: Connection, **__: object) -> None:
    connection.exec_driver_sql("DROP TABLE IF EXISTS search")
