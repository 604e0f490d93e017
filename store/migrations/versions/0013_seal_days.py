"""Seal the days of topics that are over, as archive documents."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables; days that are over are sealed when keywire runs."""
    op.create_table(
        "archives",
        sa.Column("topic", sa.String(63), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.String(10), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "day", name=op.f("pk_archives")),
    )
    op.create_table(
        "archived_entries",
        sa.Column("topic", sa.String(63), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("entries.number", name=op.f("fk_archived_entries_number")),
            nullable=False,
        ),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "day", "place", name=op.f("pk_archived_entries")),
    )
    op.create_index("ix_archived_entries_number", "archived_entries", ["number", "topic"])
