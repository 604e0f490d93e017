"""Times as pages write them relative to now: "5m ago", "vor 2 Stunden", "il y a 1 mois".

Such a time is only as exact as its unit, so that it is marked as an estimate.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from scraper.markup.html import squeeze

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# By unit: how long it is, and its names in the languages read here, written in full or cut.
_UNITS = (
    (
        timedelta(seconds=1),
        r"""s secs? seconds? sek\.? sekunden? secondes? segundos? secondi секунд\w* ثانية ثوان
        שניות 秒 초""",
    ),
    (
        _MINUTE,
        r"""m mins?\.? minutes? minuten? minutos? minut[oi]? minuut minutter minuuttia мин\.?
        минут\w* хвилин\w* دقائق دقيقة דקות דקה 分 分钟 分鐘 분 dk dakika λεπτά perc""",
    ),
    (
        _HOUR,
        r"""h hrs?\.? hours? std\.? stunden? heures? horas? or[ae] uur godzin\w* godz\.? timer?
        timmar tim tuntia ч\.? час\w* годин\w* ساعات ساعة שעות שעה 時間 小时 小時 시간 saat ώρες""",
    ),
    (
        _DAY,
        r"""d days? tage?n? jours? j d[ií]as? giorn[oi] dag(?:en|ar|e)? dni dzień päivää дн\.?
        дн(?:я|ей|і|ів) день أيام يوم ימים יום 日 天 일 gün""",
    ),
    (
        7 * _DAY,
        r"""w wks? weeks? wochen? semaines? semanas? settiman[ae] weken week tygodni\w* uker?
        недел\w+ тижн\w+ أسابيع أسبوع שבועות שבוע 週間 周 주 hafta""",
    ),
    (
        30 * _DAY,
        r"""mo mths? months? monate?n? mois mes(?:es)? m[eê]s(?:es)? mes[ei] maand(?:en)? miesi\w+
        måned(?:er)? месяц\w* місяц\w+ أشهر شهر חודשים חודש か月 ヶ月 个月 個月 개월 ay""",
    ),
    (
        365 * _DAY,
        r"""y yrs? years? jahre?n? ans? années? años? anos? ann[oi] jaar lat rok år лет год\w*
        роки? سنوات سنة שנים שנה 年 년 yıl""",
    ),
)
_NUMBER = r"(?P<n>\d{1,4}|an?|eine[mrns]?|une?|un[ao]?|uma?|einer)"
_BEFORE = r"vor|il y a|il ya|hace|h[aá]|منذ|قبل|לפני|πριν(?: από)?|acum|за"
_AFTER = (
    r"ago|fa|atr[aá]s|geleden|temu|siden|sedan|sitten|назад|тому|önce|前|전|ezelőtt|zpět|starszy"
)
_NAMED = "|".join(f"(?P<u{n}>{'|'.join(names.split())})" for n, (_, names) in enumerate(_UNITS))
_RELATIVE = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s+)?(?:(?:about|over|ca\.?|etwa|env\.?|около|circa)\s+)?"
    rf"{_NUMBER}\s?(?:{_NAMED})(?:\s?(?P<after>{_AFTER}))?",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?:just now|now|moments? ago|a moment ago|gerade eben|soeben|jetzt|à l[’']instant|maintenant"
    r"|ahora(?: mismo)?|adesso|ora|agora|zojuist|teraz|przed chwilą|akkurat nå|just nu|только что"
    r"|сейчас|الآن|עכשיו|たった今|刚刚|剛剛|방금|şimdi|az önce)",
    re.IGNORECASE,
)
_LONGEST = 40
_SIGNS = re.compile(r"^[\s•·|/(\[–—-]+|[\s•·|/)\].–—-]+$")


@lru_cache(maxsize=2048)
def age_in(text: str) -> timedelta | None:
    """Return how long ago a text says that something was; None where it does not say that.

    The text has to be that and nothing else: "5m ago", "vor 2 Stunden". A number and a unit without
    a word for the past are not a time ("5 min" is how long reading takes).
    """
    if len(text) > _LONGEST:
        return None
    said = _SIGNS.sub("", squeeze(text))
    if _NOW.fullmatch(said):
        return timedelta()
    found = _RELATIVE.fullmatch(said)
    if found is None or not (found["before"] or found["after"]):
        return None
    unit = next(length for n, (length, _) in enumerate(_UNITS) if found[f"u{n}"])
    return (int(found["n"]) if found["n"].isdigit() else 1) * unit


def instant_in(text: str, now: datetime) -> datetime | None:
    """Return the instant, to the minute, that a text states relative to `now`; None if none."""
    age = age_in(text)
    return None if age is None else (now - age).replace(second=0, microsecond=0)
