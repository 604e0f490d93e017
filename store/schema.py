"""The tables, each with a word on what its rows are."""

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

# Facts of the whole store, by name: its epoch, and what processes leave for each other.
store_facts = Table(
    "store_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# One row: the seq of the newest change, whose lock orders the commits.
log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

# The configured addresses, and the pages that they led to: how each stands (`store/source`).
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

# Which source led to which page, where it was found, and how the page stands with it.
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

# Each origin's robots.txt as it was last answered, and when it is asked again.
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

# The live blogs, each with what its last believed page showed.
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

# Which source's page shows which blog.
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

# What each entry said, revision by revision.
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

# When entries stood pinned above all others on their page, by our clock.
pins = Table(
    "pins",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("pinned_at", UtcTime, primary_key=True),
    Column("unpinned_at", UtcTime),
)

# The log: what became of entries, blogs and sources, in the order of `seq`; `told` is what
# /events says.
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

# Which changes are of which topic.
change_topics = Table(
    "change_topics",
    metadata,
    Column("topic", String(63), primary_key=True),
    Column("seq", ForeignKey("changes.seq"), primary_key=True),
)

# The topics with the rule by which their entries were sorted; `sorted_to` is how far a new rule
# got.
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

# A row for each feed of a topic: all, key events, summaries. Its stamps are the feed's.
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
# What alerts made of changes: to be sent, held back (`why`), or gathered in a digest.
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
# Each notice on its way to each target (its `lane`), and what came of it.
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

# Targets that failed lately, and those that are asked no more.
lanes = Table(
    "lanes",
    metadata,
    Column("lane", String(80), primary_key=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("not_before", UtcTime),
    Column("stopped_at", UtcTime),
    Column("reason", Text, nullable=False, default=""),
)

# Days of a selection that are over, as the archive feeds have them.
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

# Which entry stands in which archived day, as of which change.
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

# Bodies of kept pages, each once, most as what differs from their `base`.
page_bodies = Table(
    "page_bodies",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("base", ForeignKey("page_bodies.sha256")),
    Column("packed", LargeBinary, nullable=False),
    Index("ix_page_bodies_base", "base"),
)

# When which address was answered with which body.
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

# Entries that are not in the index as they are now, and what of them is.
unindexed = Table(
    "unindexed",
    metadata,
    Column("number", ForeignKey("entries.number"), primary_key=True),
    Column("published", UtcTime),
    Column("title", Text),
    Column("text", Text),
)

# The index of words, which each database has in its own way; store/search/index.py knows both.
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
