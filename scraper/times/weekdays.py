"""The names of weekdays, and how words are folded to be compared with them."""

import unicodedata

from scraper.markup.html import squeeze
from scraper.times.digits import ascii_digits

# By day from Monday: English, German, Dutch, the Romance languages and Russian, some of them cut;
# the Nordic languages, Polish, Czech and Slovak, Hungarian, Turkish, Indonesian, Ukrainian; Greek,
# Arabic, Hebrew; Chinese, Japanese and Korean.
_NAMES = (
    """mon monday mo montag lundi lunes lunedi segunda luni maandag пн понедельник
    mandag måndag maanantai poniedziałek pondělí pondelok hétfő pazartesi senin понеділок
    Δευτέρα الاثنين שני 月 月曜 月曜日 周一 星期一 월 월요일""",
    """tue tues tuesday di dienstag mardi martes martedi terca marți dinsdag вт вторник
    tirsdag tisdag tiistai wtorek úterý utorok kedd salı selasa вівторок
    Τρίτη الثلاثاء שלישי 火 火曜 火曜日 周二 星期二 화 화요일""",
    """wed wednesday mi mittwoch mercredi miercoles mercoledi quarta miercuri woensdag ср среда
    onsdag keskiviikko środa středa streda szerda çarşamba rabu середа
    Τετάρτη الأربعاء רביעי 水 水曜 水曜日 周三 星期三 수 수요일""",
    """thu thurs thursday do donnerstag jeudi jueves giovedi quinta joi donderdag чт четверг
    torsdag torstai czwartek čtvrtek štvrtok csütörtök perşembe kamis четвер
    Πέμπτη الخميس חמישי 木 木曜 木曜日 周四 星期四 목 목요일""",
    """fri friday fr freitag vendredi viernes venerdi sexta vineri vrijdag пт пятница
    fredag perjantai piątek pátek piatok péntek cuma jumat ятниця
    Παρασκευή الجمعة שישי 金 金曜 金曜日 周五 星期五 금 금요일""",
    """sat saturday sa samstag sonnabend samedi sabado sâmbătă zaterdag сб суббота
    lørdag lördag lauantai sobota szombat cumartesi sabtu субота
    Σάββατο السبت שבת 土 土曜 土曜日 周六 星期六 토 토요일""",
    """sun sunday so sonntag dimanche domingo domenica duminică zondag вс воскресенье
    søndag söndag sunnuntai niedziela neděle nedeľa vasárnap pazar minggu неділя
    Κυριακή الأحد ראשון 日 日曜 日曜日 周日 星期日 星期天 일 일요일""",
)


def folded(text: str) -> str:
    """Fold a text: lower case, ASCII digits, no diacritics; Korean is split into its letters."""
    text = ascii_digits(squeeze(text).casefold())
    if text.isascii():
        return text
    text = text.replace("ä", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


WEEKDAYS = {folded(name): n for n, names in enumerate(_NAMES) for name in names.split()}
