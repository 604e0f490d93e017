"""Let entries be forgotten, for a reason that is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    """Add the reason; entries that are kept were not forgotten."""
    op.add_column("entries", sa.Column("forgotten", sa.Text(), nullable=True))
