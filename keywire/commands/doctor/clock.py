"""Compare the machine's clock with this program's age, the store and the database's server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from keywire.commands.doctor.finding import Finding, bad, good
from store.upkeep.facts import Facts

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # this program did not exist before
TOLERANCE = timedelta(seconds=5)


def examine_clock(now: datetime, facts: Facts | None) -> Iterator[Finding]:
    """Compare our clock `now` (UTC) with the store's newest time and its server's clock."""
    mend = "set this machine's clock, and let it follow a time server"
    newest = facts.newest if facts else None
    server = facts.clock if facts else None
    if now < EARLIEST:
        yield bad("clock", f"it says {_show(now)}, which is long past; {mend}")
    elif newest is not None and newest > now + TOLERANCE:
        yield bad("clock", f"it says {_show(now)}, the store has seen {_show(newest)}; {mend}")
    elif server is not None and abs(server - now) > TOLERANCE:
        apart = abs(server - now).total_seconds()
        yield bad("clock", f"{apart:.0f} s apart from the database server's; {mend}")
    else:
        yield good("clock", _show(now))


def _show(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
