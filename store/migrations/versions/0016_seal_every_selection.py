"""Seal the key events and summaries of topics too, and a crowded day in several documents."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD = ("archives", "archived_entries")


def upgrade() -> None:
    """Make the tables anew with wider keys; what is sealed is the first volume of all entries."""
    op.drop_index("ix_archived_entries_number", "archived_entries")
    for name in _OLD:
        op.rename_table(name, f"old_{name}")
        if op.get_bind().dialect.name == "postgresql":  # there a key's name is the schema's, too
            op.execute(f"ALTER INDEX pk_{name} RENAME TO pk_old_{name}")
    op.create_table(
        "archives",
        *_key(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.String(10), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "selection", "day", "volume", name=op.f("pk_archives")),
    )
    op.create_table(
        "archived_entries",
        *_key(),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", _ROW, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["entries.number"], name=op.f("fk_archived_entries_number")
        ),
        sa.PrimaryKeyConstraint(
            *("topic", "selection", "day", "volume", "place"), name=op.f("pk_archived_entries")
        ),
    )
    op.create_index(
        "ix_archived_entries_number", "archived_entries", ["number", "topic", "selection"]
    )
    for name, rest in (
        ("archives", "title, content, sealed_at, modified, updated, document"),
        ("archived_entries", "place, number, changed_at"),
    ):
        op.execute(
            f"INSERT INTO {name} (topic, selection, day, volume, {rest}) "  # noqa: S608 - names of ours
            f"SELECT topic, 'all', day, 1, {rest} FROM old_{name}"
        )
    for name in reversed(_OLD):
        op.drop_table(f"old_{name}")


def _key() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    return (
        sa.Column("topic", sa.String(63), nullable=False),
        sa.Column("selection", sa.String(12), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
    )
