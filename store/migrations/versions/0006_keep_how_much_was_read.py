"""Keep how much of each blog has been read, and when the next older page is due."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what walking back needs; of blogs that are kept nothing is known yet."""
    op.add_column("sources", sa.Column("older_due", sa.BigInteger(), nullable=True))
    op.add_column("blogs", sa.Column("coverage", sa.Text(), nullable=False, server_default="{}"))
