from datetime import UTC, datetime, timedelta

import pytest

from scraper.times.ago import age_in, instant_in

NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGES = {
    "5m ago": 5 * MINUTE,
    "an hour ago": HOUR,
    "1 month ago": 30 * DAY,
    "• 2 hrs ago": 2 * HOUR,
    "just now": timedelta(),
    "vor 5 Minuten": 5 * MINUTE,
    "vor einer Stunde": HOUR,
    "vor 2 Tagen": 2 * DAY,
    "gerade eben": timedelta(),
    "il y a 1 mois": 30 * DAY,
    "il y a 12 min": 12 * MINUTE,
    "hace 3 horas": 3 * HOUR,
    "há 2 minutos": 2 * MINUTE,
    "2 ore fa": 2 * HOUR,
    "10 minuten geleden": 10 * MINUTE,
    "10 minut temu": 10 * MINUTE,
    "3 часа назад": 3 * HOUR,
    "5分前": 5 * MINUTE,
    "3小时前": 3 * HOUR,
    "منذ 5 دقائق": 5 * MINUTE,
    "לפני 5 דקות": 5 * MINUTE,
}
NO_AGES = (
    "5 min",
    "5 min read",
    "in 5 minutes",
    "10:42",
    "5m",
    "vor Ort",
    "",
    "ago",
    "2024",
    "x" * 500,
)


@pytest.mark.parametrize(("text", "age"), AGES.items(), ids=AGES)
def test_a_time_is_told_against_now_in_the_pages_language(text, age):
    assert age_in(text) == age
    assert instant_in(text, NOW) == NOW - age


@pytest.mark.parametrize("text", NO_AGES, ids=lambda text: text[:20])
def test_what_tells_no_age_gives_none(text):
    assert age_in(text) is None
    assert instant_in(text, NOW) is None
