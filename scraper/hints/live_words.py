"""The words by which publishers call a page a live blog, in their languages."""

import re
from functools import lru_cache

from scraper.markup.document import Document
from scraper.markup.visible import fold

# English; German and Dutch; French; Spanish; Portuguese; Italian; Polish and Czech; the Nordic
# languages; Turkish; Greek; Romanian and Hungarian; the South Slavic languages and Slovak; the
# Baltic languages and Estonian, Catalan, Basque, Icelandic; Vietnamese and Indonesian; Russian and
# Ukrainian.
_SPACED = (
    r"live|live-?blog\w*|as it happened|minute by minute|rolling coverage|updates?|latest",
    r"\w*(?<!\bs)ticker|newsblog|minutenprotokoll|liveverslag",
    r"en direct|le direct|notre direct|fil info|minute par minute",
    r"en directo|en vivo|minuto a minuto|última hora",
    r"ao vivo|em direto|direto|ao minuto|acompanhe",
    r"diretta|minuto per minuto",
    r"na żywo|relacja|minuta po minucie|živě|on-?line",
    r"direkterapport\w*|direktrapport\w*|direkte|minut(?:t)? for minut(?:t)?|suora|hetki hetkeltä",
    r"följ (?:läget|utvecklingen|direkt|live)|følg (?:med|direkte|live)|\w*seuranta|löpande",
    r"canl[ıi]|dakika dakika",
    r"ζωντανά|λεπτό προς λεπτό",
    r"live text|în direct|percről percre|élő",
    r"uživo|uzivo|iz minute u minutu|v živo|naživo|minúta po minúte|на живо|уживо",
    r"otseblogi|otse|tiešraid\w+|tiesiogiai|en directe|directe|minut a minut|zuzenean|í beinni",
    r"trực tiếp|tường thuật|live report|laporan langsung",
    r"онлайн|онлайн-трансляция|прямая трансляция|прямой эфир|хроника|наживо|хроніка",
)
# Arabic, Persian, Hebrew, Hindi, Japanese, Chinese, Korean and others, whose words are matched
# anywhere, without a border before or after them.
_UNSPACED = (
    r"مباشر|لحظة بلحظة|على مدار الساعة|زنده|لحظه به لحظه|עדכונים שוטפים|עדכונים חיים|דיווח חי"
    r"|בזמן אמת|שידור חי|लाइव|ライブ|速報|実況|中継|リアルタイム|直播|实时|實時|即時更新"
    r"|라이브|실시간|생중계|เกาะติด|รายงานสด|সরাসরি|লাইভ|நேரலை|లైవ్|براہ راست"
)
# Words that other news has too: they mean a live blog only if they begin a title, or are a folder
# of the address, separated as `_said` does.
_HEADING = r"^\W{0,3}(?:direct|directo|direkt|vivo|studio|en bref)\s?[:|–—]"
_FOLDERS = r" / (?:direct|directo|direkt|vivo|studio|ticker|latest-?updates) /"
LIVE = re.compile(rf"\b(?:{'|'.join(_SPACED)})\b|{_UNSPACED}|{_HEADING}|{_FOLDERS}")
# Phrases that only sound like a live blog: performances, broadcasts, scores, programmes, lists.
OTHERWISE = re.compile(
    r"\blive ?stream\w*|\bwatch live"
    r"|\blive (?:like|with|without|longer|well|near)\b|\b(?:we|you|they|people|who|to) live\b"
    r"|\blive (?:stream|tv|music|scores?|departures?|chat|camera|help|cam|show|session|concert)s?\b"
    r"|\blive (?:auction|tide)s?\b"
    r"|\bhow to\b|\bschedules?\b|\btimetables?\b|\bprogram(?:me|m)?s?\b|\bcalendar\b|\bagenda\b"
    r"|\btv[ -]?(?:guide|programm|tipps|listings)|\bfahrplan|\bspielplan|\bprogrammazione\b"
    r"|\bpalinsesto|\bhoraires?\b|\bepisodes?\b|\brelease notes|\bchangelog|\brevision history"
    r"|\btranscripts?\b|\btranskript|\btranscripci[oó]n|\btrascrizione"
    r"|\bplaylists?\b|\bline-?ups?\b|\bnow playing"
    r"|\bsearch results|\bsuchergebnisse"
)
# A text alone beside a title which means that the story is a live blog.
_BADGE = re.compile(
    r"\W*(?:(?:now |en |in |im |em |på |w )?(?:live|direct|directo|vivo|diretta|direto|direkt)"
    r"(?:[ -]?(?:blog|ticker|text|feed|coverage|report|updates?|now))?|ao vivo|ao minuto"
    r"|live[ -]?blog\w*|(?:news|live)?[ -]?ticker|newsblog|minuto a minuto|minute par minute"
    r"|direkte|direkterapport|direktrapport|suora|na żywo|relacja na żywo|relacja|živě|élő"
    r"|canlı|canlı anlatım|ζωντανά|live text|în direct|онлайн|прямой эфир|онлайн-трансляция|наживо"
    r"|مباشر|زنده|שידור חי|עדכונים שוטפים|देखें लाइव|लाइव|ライブ|速報|直播|实时|라이브|실시간)\W*"
)
_LONGEST = 1000
# Phrases that make a link worth following; words that other news has too count only if set apart.
_LINK_WORDS = re.compile(
    r"\blive[ -]?(?:blog|ticker|updates?|text|coverage|report(?:ing)?|news)\w*"
    r"|\blive\s*:|^live\s*[|–—-]\s|(?:[|–—:]|\s-)\s*live\W*$|[(\[]live[)\]]"
    r"|\bas it happen(?:ed|s)\b|\bminute by minute\b|\brolling coverage\b"
    r"|(?<!\bs)ticker\b|\bnewsblog\b|\bminutenprotokoll\b|\bliveverslag\b"
    r"|\ben direct\b|^direct\s*[:.|–—-]|\bminute par minute\b"
    r"|\ben (?:directo|vivo)\b|\bminuto a minuto\b"
    r"|\bao vivo\b|\bem direto\b|^ao minuto\s*[:.|–—-]"
    r"|(?:^|\bla )diretta\b(?! (?:tv|streaming))|\bdiretta\s*[:|–—]|\bminuto per minuto\b"
    r"|\bna żywo\b|\brelacja live\b|\bminuta po minucie\b"
    r"|\bdirekterapport|\bdirektrapport|\bminut(?:t)? for minut(?:t)?\b|\bhetki hetkeltä\b"
    r"|\bcanlı (?:anlatım|blog)|\bdakika dakika\b|\bλεπτό προς λεπτό\b|\bpercről percre\b"
    r"|\bонлайн-трансляция\b"
    r"|لحظة بلحظة|لحظه به لحظه|עדכונים שוטפים|עדכונים חיים|דיווח חי|लाइव अपडेट|लाइव ब्लॉग"
    r"|ライブブログ|文字直播|实时更新|實時更新|即時更新|문자중계|실시간 중계"
)
_LINK_PATH = re.compile(
    r"/(?:[\w-]+-)?live/"
    r"|(?<![^\W_])(?:live[-_]?blogs?|live-?ticker|live-(?:updates?|coverage|news|report)|newsticker"
    r"|ticker|newsblog|as-it-happened|minute-by-minute|liveverslag|en-direct|en-directo|en-vivo"
    r"|minuto-a-minuto|ao-vivo|ao-minuto|diretta|minute-par-minute|na-zywo|relacja-live)(?![^\W_])"
)


def may_lead_to_live_blog(title: str, path: str) -> bool:
    """Return whether a link's text or the path of its address calls its target a live blog.

    It is a guess to choose which pages to read; the page itself shows what it is.
    """
    words = OTHERWISE.sub(" ", fold(title[:_LONGEST]))
    named = _LINK_PATH.search(path[:_LONGEST].lower())
    return named is not None or _LINK_WORDS.search(words) is not None


def is_live_badge(folded: str) -> bool:
    """Return whether a short text, folded, marks the story beside it as a live blog."""
    return _BADGE.fullmatch(folded) is not None


def means_otherwise(title: str) -> bool:
    """Return whether a title names something else that is live: a performance, a broadcast."""
    return OTHERWISE.search(fold(title[:_LONGEST])) is not None


def called_live(document: Document) -> bool:
    """Return whether a page's title, first heading or address calls it a live blog."""
    return _is_live(_said(document))


def called_otherwise(document: Document) -> bool:
    """Return whether title, first heading or address call a page something else with times.

    That is a programme, a timetable, a stream or the like.
    """
    return OTHERWISE.search(_said(document)) is not None


@lru_cache(maxsize=256)
def _is_live(words: str) -> bool:
    return LIVE.search(OTHERWISE.sub(" ", words)) is not None


def _said(document: Document) -> str:
    heading = document.tree.css_first("h1")
    words = (
        f"{document.title} {heading.text() if heading else ''} {document.canonical or document.url}"
    )
    return fold(words[:_LONGEST]).replace("-", " ").replace("_", " ").replace("/", " / ")
