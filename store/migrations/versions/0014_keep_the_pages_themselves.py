"""Keep the pages themselves, each body once, of topics that wish it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the pages; none of those that were read before is there."""
    op.create_table(
        "page_bodies",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["base"], ["page_bodies.sha256"], name=op.f("fk_page_bodies_base")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_page_bodies")),
    )
    op.create_index("ix_page_bodies_base", "page_bodies", ["base"])
    op.create_table(
        "page_fetches",
        sa.Column("id", _ROW, autoincrement=True, nullable=False),
        sa.Column("source_id", _ROW, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_page_fetches_source_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["page_bodies.sha256"], name=op.f("fk_page_fetches_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_fetches")),
    )
    op.create_index("ix_page_fetches_url", "page_fetches", ["url"])
    op.create_index("ix_page_fetches_source_id", "page_fetches", ["source_id"])
    op.create_index("ix_page_fetches_sha256", "page_fetches", ["sha256"])
