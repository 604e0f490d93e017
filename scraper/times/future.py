"""Times that lie ahead of now: no entry was published then, whatever its page says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scraper.times.zones import Zone
from store.entry import TimePrecision
from store.sighting import Sighting, Snapshot

# By how much clocks differ; what is written in advance lies further ahead.
CLOCKS_APART = timedelta(minutes=5)
# A page that is this far ahead of now has its times in another zone than it says.
AHEAD = timedelta(minutes=15)

WIDEST_ZONE = timedelta(hours=14, minutes=30)

WARNING = "{} times lie ahead of now, so that they tell no instant; a configured zone may help"


def not_ahead(snapshot: Snapshot, now: datetime) -> Snapshot:
    """Remove times that lie more than five minutes ahead of now, and warn how many there were."""
    latest = now + CLOCKS_APART
    late = [n for n, each in enumerate(snapshot.sightings) if _newest(each) > latest]
    if not late:
        return snapshot
    sightings = list(snapshot.sightings)
    for n in late:
        sightings[n] = _without(sightings[n], latest)
    return replace(
        snapshot,
        sightings=tuple(sightings),
        warnings=(*snapshot.warnings, WARNING.format(len(late))),
    )


def as_local(sightings: Sequence[Sighting], zone: Zone, now: datetime) -> tuple[Sighting, ...]:
    """Read times that claim to be UTC in `zone`, where the newest lies well ahead of now (AHEAD).

    All move by the same amount. They are left as they are where the newest would still lie ahead.
    Times so read are estimates unless a person named the zone.
    """
    newest = max(map(_published, sightings), default=now)
    if not now + AHEAD < newest < now + WIDEST_ZONE:
        return tuple(sightings)
    moved = newest.replace(tzinfo=zone.zone).astimezone(UTC) - newest
    if newest + moved > now + AHEAD or not moved:
        return tuple(sightings)
    return tuple(
        replace(
            each,
            published=each.published and _moved(each.published, moved),
            updated=each.updated and _moved(each.updated, moved),
            time_precision=each.time_precision if zone.by_a_person else TimePrecision.ESTIMATED,
        )
        for each in sightings
    )


def _moved(at: datetime, by: timedelta) -> datetime:
    """Move an instant; one that would leave the calendar stays, since it is no real time anyway."""
    try:
        return at + by
    except OverflowError:
        return at


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _published(sighting: Sighting) -> datetime:
    return sighting.published or _LONG_AGO


def _newest(sighting: Sighting) -> datetime:
    return max(_published(sighting), sighting.updated or _LONG_AGO)


def _without(sighting: Sighting, latest: datetime) -> Sighting:
    late = _published(sighting) > latest
    return replace(
        sighting,
        published=None if late else sighting.published,
        time_precision=None if late else sighting.time_precision,
        updated=None if sighting.updated and sighting.updated > latest else sighting.updated,
    )
