"""Find entries by their words: an index, into which those that are kept come later."""

from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Make the index, and note that every entry is still to come into it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize='ascii')"
        )
    else:
        op.execute("CREATE TABLE search (place BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_search_words ON search USING gin (words)")
    op.execute(
        "INSERT INTO store_facts (name, value) "
        "SELECT 'unindexed', CAST(coalesce(max(number), 0) AS VARCHAR(20)) FROM entries"
    )
