"""Keep the pages that a source was found to lead to, and what tells a blog's follower."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what following a topic needs; nothing that is kept changes its meaning."""
    op.add_column("sources", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("sources", sa.Column("listing", sa.Text(), nullable=True))
    for name in ("listings", "keywords"):
        op.add_column("blogs", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "found_pages",
        sa.Column("source_id", _ROW, nullable=False),
        sa.Column("page_id", _ROW, nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("found_on", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_found_pages_source_id")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["sources.id"], name=op.f("fk_found_pages_page_id")),
        sa.PrimaryKeyConstraint("source_id", "page_id", name=op.f("pk_found_pages")),
    )
    op.create_index("ix_found_pages_page_id", "found_pages", ["page_id"])
