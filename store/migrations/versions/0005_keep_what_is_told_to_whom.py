"""Keep what alerts tell, to whom, and what they hold back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Add the outbox; nothing that is kept changes its meaning."""
    op.create_table(
        "notices",
        sa.Column("id", _ROW, autoincrement=True, nullable=False),
        sa.Column("alert", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("number", _ROW, nullable=True),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", _ROW, nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name=op.f("fk_notices_seq")),
        sa.ForeignKeyConstraint(["number"], ["entries.number"], name=op.f("fk_notices_number")),
        sa.ForeignKeyConstraint(["digest"], ["notices.id"], name=op.f("fk_notices_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_number", "notices", ["number"])
    op.create_index("ix_notices_written", "notices", ["alert", "written_at"])
    op.create_index("ix_notices_digest", "notices", ["digest"])
    op.create_table(
        "deliveries",
        sa.Column("id", _ROW, autoincrement=True, nullable=False),
        sa.Column("notice_id", _ROW, nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["lane", "due"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_deliveries_number", "deliveries", ["lane", "number"])
    op.create_index("ix_deliveries_notice", "deliveries", ["notice_id"])
    op.create_table(
        "lanes",
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lanes")),
    )
