"""The one clock, passed to whatever needs the time."""

from datetime import UTC, datetime


def clock() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
