"""A day at an invented harbour, as entries, and pages that print them."""

# ruff: noqa: E501 - sentences are sentences
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

NEWEST = datetime(2026, 11, 18, 15, 42, 10, tzinfo=UTC)
APART = (7, 13, 4, 22, 9, 31, 3, 17, 11, 26)

WORDS = {
    "en": (
        (
            "Crane two stands still again",
            "The second crane has stopped for the third time today, and its driver has gone to fetch a longer ladder.",
        ),
        (
            "Ferry turns back in thick fog",
            "The noon ferry turned round half a mile out because nobody on board could see the pier any more.",
        ),
        (
            "Mayor promises a new breakwater",
            "Mayor Odile Brandt told reporters that the breakwater would be rebuilt before the winter storms arrive.",
        ),
        (
            "Fishermen count their losses",
            "Eleven boats came home without a catch, the cooperative said, and two more have not been heard from since dawn.",
        ),
        (
            "School choir sings on the quay",
            "Forty children sang three songs on the quay while the pumps went on working behind them.",
        ),
        (
            "Water falls by a hand",
            "The gauge at the old lock shows a hand less water than an hour ago, the first fall since Monday.",
        ),
        (
            "Divers reach the sunken barge",
            "Two divers reached the barge and found its hatches closed, which the owners call a very good sign.",
        ),
        (
            "Lighthouse keeper speaks at last",
            "The keeper, who had said nothing for two days, now says that the lamp was never dark at all.",
        ),
        (
            "Trains run again to the north",
            "The line to the north is open on one track, and trains are running at half their usual speed.",
        ),
        (
            "Insurers send their first people",
            "Insurers have sent six people with cameras, and the harbour office has lent them a small boat.",
        ),
    ),
    "de": (
        (
            "Kran zwei steht wieder still",
            "Der zweite Kran ist heute zum dritten Mal stehen geblieben, und sein Fahrer holt gerade eine längere Leiter.",
        ),
        (
            "Fähre kehrt im Nebel um",
            "Die Mittagsfähre drehte eine halbe Meile vor dem Ufer um, weil niemand an Bord den Steg noch sehen konnte.",
        ),
        (
            "Bürgermeisterin verspricht neue Mole",
            "Bürgermeisterin Odile Brandt sagte vor der Presse, die Mole werde noch vor den Winterstürmen erneuert.",
        ),
        (
            "Fischer zählen ihre Verluste",
            "Elf Boote kamen ohne Fang zurück, teilte die Genossenschaft mit, von zwei weiteren fehlt jede Spur.",
        ),
        (
            "Schulchor singt auf dem Kai",
            "Vierzig Kinder sangen drei Lieder auf dem Kai, während hinter ihnen die Pumpen weiterliefen.",
        ),
        (
            "Wasser fällt um eine Handbreit",
            "Der Pegel an der alten Schleuse zeigt eine Handbreit weniger Wasser als vor einer Stunde.",
        ),
        (
            "Taucher erreichen das Wrack",
            "Zwei Taucher erreichten den Kahn und fanden die Luken geschlossen, was die Eigner ein gutes Zeichen nennen.",
        ),
        (
            "Leuchtturmwärter bricht sein Schweigen",
            "Der Wärter, der zwei Tage lang geschwiegen hatte, sagt nun, die Lampe sei nie dunkel gewesen.",
        ),
    ),
    "fr": (
        (
            "La grue numéro deux à l’arrêt",
            "La deuxième grue s’est arrêtée pour la troisième fois, et son conducteur est parti chercher une échelle plus longue.",
        ),
        (
            "Le bac fait demi-tour dans le brouillard",
            "Le bac de midi a fait demi-tour à un demi-mille du quai, car personne à bord ne voyait plus rien.",
        ),
        (
            "La maire promet une nouvelle digue",
            "La maire Odile Brandt a déclaré à la presse que la digue serait refaite avant les tempêtes de l’hiver.",
        ),
        (
            "Les pêcheurs comptent leurs pertes",
            "Onze bateaux sont rentrés sans rien, selon la coopérative, et deux autres n’ont plus donné signe de vie.",
        ),
        (
            "Une chorale chante sur le quai",
            "Quarante enfants ont chanté trois chansons sur le quai pendant que les pompes travaillaient.",
        ),
        (
            "L’eau baisse d’une main",
            "L’échelle de la vieille écluse indique une main d’eau de moins qu’il y a une heure.",
        ),
    ),
    "ar": (
        (
            "توقف الرافعة الثانية مجددا",
            "توقفت الرافعة الثانية للمرة الثالثة اليوم وذهب سائقها ليحضر سلما أطول من المستودع.",
        ),
        (
            "العبارة تعود أدراجها في الضباب",
            "عادت عبارة الظهر بعد نصف ميل لأن أحدا على متنها لم يعد يرى الرصيف.",
        ),
        (
            "رئيسة البلدية تعد بحاجز جديد",
            "قالت رئيسة البلدية للصحفيين إن الحاجز سيعاد بناؤه قبل وصول عواصف الشتاء.",
        ),
        (
            "الصيادون يحصون خسائرهم",
            "عاد أحد عشر قاربا دون صيد كما قالت التعاونية ولم يسمع عن قاربين آخرين منذ الفجر.",
        ),
        (
            "جوقة المدرسة تغني على الرصيف",
            "غنى أربعون طفلا ثلاث أغنيات على الرصيف بينما كانت المضخات تعمل خلفهم.",
        ),
    ),
    "he": (
        (
            "המנוף השני שוב עומד",
            "המנוף השני נעצר בפעם השלישית היום, והנהג הלך להביא סולם ארוך יותר מן המחסן.",
        ),
        (
            "המעבורת חזרה בגלל הערפל",
            "מעבורת הצהריים הסתובבה חצי מיל מהחוף, כי איש על הסיפון לא ראה עוד את הרציף.",
        ),
        (
            "ראש העיר מבטיחה שובר גלים חדש",
            "ראש העיר אמרה לכתבים כי שובר הגלים ייבנה מחדש לפני סופות החורף.",
        ),
        (
            "הדייגים סופרים את ההפסדים",
            "אחת עשרה סירות חזרו בלי שלל, אמרו בקואופרטיב, ומשתיים נוספות אין סימן חיים.",
        ),
        (
            "מקהלת בית הספר שרה על המזח",
            "ארבעים ילדים שרו שלושה שירים על המזח בזמן שהמשאבות עבדו מאחוריהם.",
        ),
    ),
    "ja": (
        (
            "二号クレーンが再び停止",
            "二号クレーンが今日三度目の停止をし、運転手はより長いはしごを取りに倉庫へ向かった。",
        ),
        (
            "濃霧でフェリーが引き返す",
            "正午のフェリーは桟橋が見えなくなったため、沖合半マイルの地点で引き返した。",
        ),
        (
            "市長が新しい防波堤を約束",
            "市長は記者団に対し、冬の嵐が来る前に防波堤を造り直すと述べた。",
        ),
        (
            "漁師たちが損失を数える",
            "組合によると十一隻が漁獲なしで帰港し、さらに二隻とは夜明けから連絡が取れない。",
        ),
        (
            "小学校の合唱団が岸壁で歌う",
            "四十人の子どもたちが岸壁で三曲を歌い、その後ろでポンプが動き続けた。",
        ),
    ),
    "ru": (
        (
            "Второй кран снова стоит",
            "Второй кран сегодня остановился в третий раз, и крановщик ушёл на склад за более длинной лестницей.",
        ),
        (
            "Паром повернул назад из-за тумана",
            "Полуденный паром повернул назад в полумиле от берега, потому что причала никто уже не видел.",
        ),
        (
            "Мэр обещает новый волнорез",
            "Мэр сообщила журналистам, что волнорез будет восстановлен до начала зимних штормов.",
        ),
        (
            "Рыбаки подсчитывают убытки",
            "Одиннадцать лодок вернулись без улова, сообщил кооператив, ещё о двух нет вестей с рассвета.",
        ),
        (
            "Школьный хор поёт на набережной",
            "Сорок детей спели на набережной три песни, пока за их спиной работали насосы.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its newsroom knows it; `at` is UTC."""

    id: str
    at: datetime
    title: str
    words: str
    more: str = ""
    author: str = ""
    key: bool = False
    pinned: bool = False
    updated: datetime | None = None

    def local(self, zone):
        return self.at.astimezone(ZoneInfo(zone))

    @property
    def epoch(self):
        return int(self.at.timestamp())

    @property
    def iso(self):
        return self.at.isoformat().replace("+00:00", "Z")

    @property
    def html(self):
        return f"<p>{self.words}</p>" + (f"<p>{self.more}</p>" if self.more else "")


@dataclass(frozen=True, slots=True)
class Story:
    """A page, its address and time of fetch, and what a reader must find on it.

    `asked` names the fields of entries that are compared; `kind` "" marks a page that must not be
    taken for a live blog.
    """

    name: str
    url: str
    html: str
    entries: tuple[Entry, ...] = ()
    kind: str = "live-blog"
    zone: str = ""
    to_the_minute: bool = False
    asked: frozenset[str] = frozenset({"id", "title", "published", "text"})
    fetched_at: datetime = NEWEST + timedelta(minutes=20)
    more: dict = field(default_factory=dict)


def entries(count=10, language="en", *, newest=NEWEST, ids="{n}", whole=False, step=1):
    """Return entries, newest first."""
    told, at = [], newest
    words = WORDS[language]
    for n in range(count):
        title, said = words[n % len(words)]
        if n >= len(words):
            title, said = f"{title} ({n})", f"{chr(65 + n)}, once more. {said}"
        told.append(
            Entry(
                id=ids.format(
                    n=880_410 + 37 * (count - n), hex=f"{0x6A1F3C9D52B0 + 7919 * n:024x}"
                ),
                at=at.replace(second=0) if whole else at,
                title=title,
                words=said,
                author=("Ada Lindqvist", "Tom Okafor")[n % 2],
            )
        )
        at -= timedelta(minutes=step * APART[n % len(APART)], seconds=11)
    return tuple(told)


def without(told, **fields):
    """Return entries without some of their fields."""
    return tuple(replace(each, **fields) for each in told)


def page(title, body, *, head="", language="en", url="", kind="article"):
    """Return a page as newspapers print it: a head, navigation, the body, a footer."""
    canonical = f'<link rel="canonical" href="{url}">' if url else ""
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} | The Quay</title>
<meta property="og:type" content="{kind}"><meta property="og:title" content="{title}">{canonical}{head}</head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>
<li><a href="/sport">Sport</a></li></ul></nav></header>
<main>{body}</main>
<aside class="most-read"><h2>Most read</h2><ol><li><a href="/news/1">Why the gulls left</a></li>
<li><a href="/news/2">A recipe for plain soup</a></li></ol></aside>
<footer><p>© 2026 The Quay. <a href="/terms">Terms</a></p></footer></body></html>"""
