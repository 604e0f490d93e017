"""Let entries come into the index of words a moment after they are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Note which entries are still to come into it."""
    op.create_table(
        "unindexed",
        sa.Column("number", _ROW, nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["entries.number"], name=op.f("fk_unindexed_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_unindexed")),
    )
    op.execute(
        "INSERT INTO unindexed (number) SELECT number FROM entries WHERE number <= "
        "(SELECT CAST(value AS BIGINT) FROM store_facts WHERE name = 'unindexed')"
    )
    op.execute("DELETE FROM store_facts WHERE name = 'unindexed'")
