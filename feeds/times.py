"""Write times and days in English, as precisely as they are known, in any time zone."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from store.entry import TimePrecision

# strftime's names of months depend on the locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SINCE_ANY_MIDNIGHT = timedelta(hours=13)


def day_of(moment: datetime, precision: TimePrecision, zone: tzinfo) -> date:
    """Return the day, in `zone`, on which an entry was published.

    Where the publisher gives only the day, return that day, whatever `zone` is: what is stored is
    midnight in some zone, hours before or after midnight UTC.
    """
    if precision is TimePrecision.DAY:
        return (moment + _SINCE_ANY_MIDNIGHT).astimezone(UTC).date()
    return moment.astimezone(zone).date()


def spoken_time(
    moment: datetime, precision: TimePrecision = TimePrecision.SECOND, zone: tzinfo = UTC
) -> str:
    """Return a time as "13 Dec 2023, 17:25 UTC"; only the day for the precision DAY."""
    day = short_day(day_of(moment, precision, zone))
    return day if precision is TimePrecision.DAY else f"{day}, {clock(moment, zone)}"


def exact_time(
    moment: datetime, precision: TimePrecision = TimePrecision.SECOND, zone: tzinfo = UTC
) -> str:
    """Return a time as `spoken_time` does, but with seconds for the precision SECOND."""
    if precision is not TimePrecision.SECOND:
        return spoken_time(moment, precision, zone)
    return f"{short_day(moment.astimezone(zone))}, {clock(moment, zone, '%H:%M:%S')}"


def clock(moment: datetime, zone: tzinfo, form: str = "%H:%M") -> str:
    """Return the time of day in a zone, with the zone's offset from UTC: "14:30 UTC+3"."""
    local = moment.astimezone(zone)
    return f"{local:{form}} {_distance(local)}"


def _distance(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def short_day(day: date) -> str:
    """Return a day with a short month: "13 Dec 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def long_day(day: date) -> str:
    """Return a day with its month in full: "13 December 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_day(day: date) -> str:
    """Return a day with its weekday: "Wednesday, 13 December 2023"."""
    return f"{_WEEKDAYS[day.weekday()]}, {long_day(day)}"
