# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers with spoken dates: East Asian, without a year, by weekday."""

from datetime import UTC, datetime, timedelta

from stories import NEWEST, Story, entries, page, without

ALL = frozenset({"title", "published", "text"})
MODIFIED = '<meta property="article:modified_time" content="2026-11-18T15:50:00Z">'
NEW_YEAR = datetime(2027, 1, 1, 0, 21, tzinfo=UTC)
RU_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")  # fmt: skip
DE_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
KO_WORDS = "부두의 두 번째 크레인이 오늘 세 번째로 멈췄고 기사는 더 긴 사다리를 가지러 갔다고 항만 사무소가 밝혔다."

SPAN = '<div class="item"><span class="when">{stamp}</span><h3>{e.title}</h3>{e.html}</div>'
BLOCK = '<div class="item"><p class="when">{stamp}</p><h3>{e.title}</h3>{e.html}</div>'
HEADING = "<h3>{stamp} {e.title}</h3>{e.html}"
BOLD = "<p><strong>{stamp}</strong></p><h3>{e.title}</h3>{e.html}"
BOLD_HEADLINE = "<p><strong>{stamp} – {e.title}</strong></p>{e.html}"
RUN_IN = "<p><strong>{stamp}</strong> {e.words}</p>"
BELOW = '<div class="item"><h3>{e.title}</h3><p class="when">{stamp}</p>{e.html}</div>'
BELOW_IN_A_ROW = '<h3>{e.title}</h3><p class="when">{stamp}</p>{e.html}'
BESIDE = '<div class="item"><header><h3>{e.title}</h3> <span>{stamp}</span></header>{e.html}</div>'


def dated(name, title, stamp, form, *, zone="UTC", language="en", head=MODIFIED, **options):
    """Return a story of entries whose stamps are written by `stamp`, given the local time."""

    def made():
        url = f"https://www.{name}.example/live/harbour"
        told = without(
            entries(
                8,
                options.get("words", language),
                whole=True,
                newest=options.get("newest", NEWEST),
                step=options.get("step", 1),
            ),
            id=None,
        )
        if "says" in options:
            told = without(told, words=options["says"])
        if form is RUN_IN:
            told = without(told, title="")
        if options.get("rising"):
            told = told[::-1]
        rows = "".join(form.format(e=e, stamp=stamp(e.local(zone))) for e in told)
        return Story(
            name,
            url,
            page(title, f"<h1>{title}</h1><div class='body'>{rows}</div>", language=language, head=head, url=url),
            told,
            zone=zone,
            to_the_minute=True,
            asked=ALL,
            fetched_at=options.get("newest", NEWEST) + options.get("later", timedelta(minutes=20)),
        )  # fmt: skip

    return made


def ja_half(at):
    return f"{'午前' if at.hour < 12 else '午後'}{at.hour % 12}時{at.minute:02}分"


def ko_stamp(at):
    return (
        f"{at.month}월 {at.day}일 {'오전' if at.hour < 12 else '오후'} {at.hour % 12 or 12}:{at:%M}"
    )


def zh_stamp(at):
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def body_children():
    url = "https://www.bare-body.example/live/storm"
    told = without(entries(8), id=None)
    rows = "".join(
        f'<article><time datetime="{e.iso}">{e.at:%H:%M}</time><h2>{e.title}</h2>{e.html}</article>'
        for e in told
    )
    html = f'<!DOCTYPE html><html lang="en"><head><title>Storm live</title></head><body class="has-sidebar"><h1>Storm live</h1>{rows}</body></html>'
    return Story("body-children", url, html, told, asked=ALL)


def body_clocks():
    url = "https://www.bare-clock.example/live/storm"
    told = without(entries(8, whole=True), id=None)
    rows = "".join(f"<div><span>{e.at:%H:%M}</span><h2>{e.title}</h2>{e.html}</div>" for e in told)
    html = f'<!DOCTYPE html><html lang="en"><head><title>Storm live</title>{MODIFIED}</head><body class="has-sidebar"><h1>Storm live</h1>{rows}</body></html>'
    return Story("body-clocks", url, html, told, zone="UTC", to_the_minute=True, asked=ALL)


DATED = (
    dated("ja-full", "港の嵐 ライブ", lambda at: f"{at.year}年{at.month}月{at.day}日 {at.hour}時{at.minute:02}分", SPAN, zone="Asia/Tokyo", language="ja"),
    dated("ja-weekday", "港の嵐 ライブ", lambda at: f"{at.month}月{at.day}日({'月火水木金土日'[at.weekday()]}) {at:%H:%M}", BLOCK, zone="Asia/Tokyo", language="ja"),
    dated("ja-half", "港の嵐 ライブ", ja_half, HEADING, zone="Asia/Tokyo", language="ja"),
    dated("ja-half-span", "港の嵐 ライブ", ja_half, SPAN, zone="Asia/Tokyo", language="ja"),
    dated("ja-rising", "港の嵐", ja_half, HEADING, zone="Asia/Tokyo", language="ja", rising=True, head='<meta property="article:modified_time" content="2026-11-18T21:50:00+09:00">', newest=NEWEST - timedelta(hours=3)),
    dated("zh-bold", "海港风暴 直播", zh_stamp, BOLD, zone="Asia/Shanghai", language="zh", words="ja"),
    dated("zh-half", "海港风暴 直播", lambda at: f"{at.year}年{at.month}月{at.day}日 {'上午' if at.hour < 12 else '下午'}{at.hour % 12 or 12}:{at:%M}", SPAN, zone="Asia/Shanghai", language="zh", words="ja"),
    dated("ko-span", "항구 폭풍 실시간", ko_stamp, SPAN, zone="Asia/Seoul", language="ko", words="en", says=KO_WORDS),
    dated("ko-dots", "항구 폭풍 실시간", lambda at: f"{at.year}. {at.month}. {at.day}. {at:%H:%M}", BLOCK, zone="Asia/Seoul", language="ko", words="en", says=KO_WORDS),
    dated("ko-bold", "항구 폭풍 실시간", ko_stamp, BOLD, zone="Asia/Seoul", language="ko", words="en", says=KO_WORDS),
    dated("day-first-bold", "Storm live", lambda at: f"{at:%-d %b %H:%M}", BOLD),
    dated("day-first-span", "Storm live", lambda at: f"{at:%-d %b %H:%M}", SPAN),
    dated("day-first-headline", "Storm live", lambda at: f"{at:%-d %b %H:%M}", BOLD_HEADLINE),
    dated("day-first-run-in", "Storm live", lambda at: f"{at:%-d %b %H:%M}", RUN_IN),
    dated("month-first-bold", "Storm live", lambda at: f"{at:%b %-d, %-I:%M %p}", BOLD, zone="America/New_York"),
    dated("month-first-span", "Storm live", lambda at: f"{at:%b %-d, %-I:%M %p}", SPAN, zone="America/New_York"),
    dated("ru-bold", "Шторм в порту: онлайн", lambda at: f"{at.day} {RU_MONTHS[at.month - 1]}, {at:%H:%M}", BOLD, zone="Europe/Moscow", language="ru"),
    dated("ru-span", "Шторм в порту: онлайн", lambda at: f"{at.day} {RU_MONTHS[at.month - 1]}, {at:%H:%M}", SPAN, zone="Europe/Moscow", language="ru"),
    dated("new-year", "Storm live", lambda at: f"{at:%-d %b %H:%M}", BOLD, head="", newest=NEW_YEAR),
    dated("last-year", "Storm live", lambda at: f"{at:%b %-d, %-I:%M %p}", SPAN, head="", newest=datetime(2025, 12, 28, 15, 42, tzinfo=UTC), later=timedelta(days=334)),
    dated("weekday-below", "Sturm im Liveticker", lambda at: f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr", BELOW, zone="Europe/Berlin", language="de", step=12),
    dated("weekday-row", "Sturm im Liveticker", lambda at: f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr", BELOW_IN_A_ROW, zone="Europe/Berlin", language="de", step=12),
    dated("weekday-beside", "Storm live", lambda at: f"{at:%A %-I:%M}{at:%p}".replace("AM", "am").replace("PM", "pm"), BESIDE, zone="America/New_York", step=12),
    dated("weekday-undated", "Storm live", lambda at: f"{at:%A %-I:%M}{at:%p}".lower().capitalize(), BELOW, head="", step=12),
    dated("rising-by-address", "The storm at the harbour", lambda at: f"{at:%H:%M}", HEADING, rising=True),
    dated("rising-over-midnight", "The storm at the harbour", lambda at: f"{at:%H:%M}", HEADING, rising=True, newest=datetime(2026, 11, 18, 1, 42, tzinfo=UTC), head='<meta property="article:modified_time" content="2026-11-18T01:50:00Z">'),
    dated("rising-undated", "The storm at the harbour", lambda at: f"{at:%-d %b %H:%M}", BOLD, rising=True, head="", newest=NEW_YEAR),
    dated("weekday-bold", "Sturm im Liveticker", lambda at: f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr", BOLD, zone="Europe/Berlin", language="de", step=12),
    dated("weekday-headline", "Sturm im Liveticker", lambda at: f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr", HEADING, zone="Europe/Berlin", language="de", step=12),
    dated("weekday-run-in", "Sturm im Liveticker", lambda at: f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr:", RUN_IN, zone="Europe/Berlin", language="de", step=12),
    dated("day-first-heading", "Storm live", lambda at: f"{at:%-d %b %H:%M}", HEADING),
    dated("day-below-row", "Storm live", lambda at: f"{at:%-d %b %H:%M}", BELOW_IN_A_ROW),
    body_children, body_clocks,
)  # fmt: skip
