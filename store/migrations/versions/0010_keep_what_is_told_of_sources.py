"""Keep what is told of sources, and when they came to stand as they do."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
_OF_SOURCE = sa.text("source IS NOT NULL")


def upgrade() -> None:
    """Add columns; when a source that is kept last turned is not known."""
    op.add_column("sources", sa.Column("turned_at", sa.BigInteger(), nullable=True))
    op.add_column("notices", sa.Column("source", sa.BigInteger(), nullable=True))
    op.add_column("notices", sa.Column("since", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_notices_source",
        "notices",
        ["source"],
        sqlite_where=_OF_SOURCE,
        postgresql_where=_OF_SOURCE,
    )
