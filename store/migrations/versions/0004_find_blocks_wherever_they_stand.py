"""Find a block in whatever blog it stands, and keep when a blog said goodbye."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add an index and a column; nothing that is kept changes its meaning."""
    op.create_index("ix_entries_block_id", "entries", ["block_id"])
    op.add_column("sources", sa.Column("closing_at", sa.BigInteger(), nullable=True))
