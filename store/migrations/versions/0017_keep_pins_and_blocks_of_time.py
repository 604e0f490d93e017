"""Keep when entries were pinned, and in which blocks of time words stand (PostgreSQL)."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table, and add blocks to the index of words.

    What is pinned was so, as far as is known, when its page was last seen.
    """
    op.create_table(
        "pins",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("entries.number", name=op.f("fk_pins_number")),
            nullable=False,
        ),
        sa.Column("pinned_at", sa.BigInteger(), nullable=False),
        sa.Column("unpinned_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", "pinned_at", name=op.f("pk_pins")),
    )
    op.execute(
        "INSERT INTO pins (number, pinned_at) SELECT entries.number, blogs.last_seen "
        "FROM entries JOIN blogs ON blogs.id = entries.blog_id WHERE entries.pinned"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE search SET words = words || array_to_tsvector("
            "ARRAY(SELECT n || '/' || (place >> 28) / (1440 * (4 ^ n)::bigint) "
            "FROM generate_series(0, 4) AS n))"
        )
