"""When sources are due, as the store keeps it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store import by_hand, sources
from store.source import SourceState

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAMES = ("cut off", "kept all the same", "paused", "due even sooner")


def test_what_was_cut_off_is_due_soon_and_nothing_else_is_moved(database):
    urls = [f"https://news.example/{name}" for name in NAMES]
    with database.write() as connection:
        sources.follow_sources(connection, urls)
        begun = sources.followed(connection)
        after = dict(zip(NAMES, begun, strict=True))
        later = {name: replace(one, next_poll=NOW + HOUR) for name, one in after.items()}
        later["kept all the same"] = replace(later["kept all the same"], polls=1)
        later["due even sooner"] = replace(later["due even sooner"], next_poll=NOW + MINUTE / 2)
        for name, one in later.items():
            moved = replace(one, last_poll=NOW, state=SourceState.OK)
            sources.record(connection, after[name], moved, [])
        by_hand.pause(connection, urls[2])
        sources.put_forward(connection, begun, NOW + MINUTE)
        due = [source.next_poll - NOW for source in sources.followed(connection)]
    assert due == [MINUTE, HOUR, HOUR, MINUTE / 2]
