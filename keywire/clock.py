"""The one clock, handed to whoever needs it."""

from datetime import UTC, datetime


def clock() -> datetime:
    """Tell the time in UTC."""
    return datetime.now(UTC)
