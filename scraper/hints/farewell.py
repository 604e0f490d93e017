"""Whether an entry says that its live blog ends: pure, and only a hint for the polling pace.

Platforms read a publisher's own flag for the end. Many publishers forget the flag, or set it an
hour later, but say goodbye in the last entry.
"""

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 1_500  # characters of an entry that are searched: a goodbye is short

_BLOG_EN = r"(?:live[ -]?blog|blog|live (?:coverage|updates|page|feed|report(?:ing)?)|coverage)"
_BLOG_DE = r"(?:live-?(?:blog|ticker)|news-?blog|ticker|liveblogs|livetickers)"
_BLOG_FR = r"(?:direct|live|suivi(?: en direct)?)"
_BLOG_ES = r"(?:cobertura|directo|en vivo|minuto a minuto|narración|retransmisión|blog)"
_BLOG_PT = r"(?:cobertura|acompanhamento|direto|ao minuto|minuto a minuto|live ?blog)"
_BLOG_IT = r"(?:diretta|live ?blog|live|cronaca)"
_BLOG_NL = r"(?:live-?blog|live-?verslag|blog)"
_BLOG_NORDIC = (
    r"(?:live-?blogg?(?:en)?|direkterapport\w*|direktrapport\w*|live-?dækning\w*|liverapport\w*"
    r"|dekning\w*|studio\w*)"
)
# By the first part of the page's language (BCP 47).
_SAID: Final = {
    "en": (
        rf"\b(?:we|i)(?:'re|'m|'ll be| are| am| will be)?(?: now| about to| going to)*"
        rf" (?:clos|wrapp|end|finish|leav|wind|paus|shutt)(?:e|ing)?(?: up| down| off)?"
        rf" (?:this|our|the|today's|tonight's) (?:\w+ ){{0,2}}{_BLOG_EN}"
        rf"|\b(?:this|our|the|today's) (?:\w+ )?{_BLOG_EN} (?:is|has)(?: now)?"
        r" (?:closed|closing|over|ended|ending|finished|concluded|paused"
        r"|come to (?:an end|a close))"
        rf"|\b(?:this|our|today's) (?:\w+ )?{_BLOG_EN} (?:ends|closes|concludes|finishes)\b"
        rf"|\bbring(?:s|ing)? (?:this|our|the|today's) (?:\w+ )?{_BLOG_EN} to (?:a close|an end)"
        r"|\bthat(?:'s| is| will be) (?:all|it)(?: \w+)? (?:from (?:us|me)|for (?:today|tonight)"
        rf"|(?:from|for) (?:this|our|the|today's) (?:\w+ )?{_BLOG_EN})"
    ),
    "de": (
        rf"\b(?:wir|ich) (?:beenden?|schließen?)(?: \w+){{0,4}} {_BLOG_DE}"
        rf"|\b(?:dieser|der|unser) {_BLOG_DE} (?:endet|schließt|ist(?: \w+)? "
        r"(?:beendet|geschlossen|zu ende))"
        rf"|\bdamit (?:endet|schließt|schließen wir|beenden wir)(?: \w+){{0,3}} {_BLOG_DE}"
    ),
    "fr": (
        rf"\b(?:nous (?:fermons|clôturons|terminons|mettons (?:un terme|fin) à)|fin de)"
        rf"(?: \w+)? (?:ce|notre|le) {_BLOG_FR}"
        rf"|\b(?:ce|notre|le) {_BLOG_FR} (?:est(?: \w+)? (?:terminé|clos|fini)"
        r"|s'achève|se termine|s'arrête|touche à sa fin|prend fin)"
    ),
    "es": (
        r"\b(?:cerramos|finalizamos|terminamos|concluimos|damos por "
        r"(?:cerrad|finalizad|terminad|concluid)[oa])(?: aquí)?"
        rf" (?:esta|este|nuestra|nuestro|la|el)(?: \w+)? ?{_BLOG_ES}"
        r"|\b(?:hasta aquí|aquí (?:termina|finaliza|concluye|acaba))"
        rf" (?:la|el|nuestra|nuestro|esta|este)(?: \w+)? ?{_BLOG_ES}"
    ),
    "pt": (
        r"\b(?:encerramos|terminamos|finalizamos|fechamos)(?: aqui| agora)?"
        rf" (?:a|o|esta|este|nossa|nosso|a nossa|o nosso)(?: \w+)? ?{_BLOG_PT}"
        r"|\b(?:termina|encerra-se|acaba|fica por) aqui"
        rf" (?:a|o|esta|este|a nossa|o nosso)(?: \w+)? ?{_BLOG_PT}"
    ),
    "it": (
        rf"\b(?:chiudiamo|terminiamo|concludiamo|si chiude|finisce|termina)(?: qui)?"
        rf" (?:la|il|questa|questo|la nostra|il nostro) {_BLOG_IT}"
        rf"|\b(?:la|il|questa|questo)(?: nostr[ao])? {_BLOG_IT}"
        r" (?:si chiude|finisce|termina|è (?:chius|finit|terminat|conclus)[ao])"
    ),
    "nl": (
        rf"\b(?:we|wij) (?:sluiten|stoppen|beëindigen)(?: \w+){{0,3}} {_BLOG_NL}"
        rf"|\b(?:dit|het|ons) {_BLOG_NL} (?:is|wordt|eindigt|stopt)(?: \w+)?"
        r"(?: (?:gesloten|beëindigd|afgesloten|ten einde)|\b)"
    ),
    "nordic": (
        rf"\b(?:vi|jeg|jag) (?:lukker|avslutter|afslutter|avslutar|stänger|runder av|rundar av)"
        rf"(?: \w+){{0,3}} {_BLOG_NORDIC}"
        rf"|\b(?:denne|dette|denna|vår|vores) {_BLOG_NORDIC} (?:er|är)(?: \w+)?"
        r" (?:avsluttet|afsluttet|avslutad|lukket|stängd|slut)"
    ),
    "pl": (
        r"\b(?:kończymy|zamykamy)(?: \w+){0,3} (?:relacj|transmisj)\w*"
        r"|\bkoniec (?:naszej )?relacji"
    ),
    "tr": r"\bcanlı (?:anlatım|blog|yayın|aktarım)\w*(?: \w+){0,3} (?:sona er|sonlandır|bit)\w*",
    "ru": r"\b(?:завершаем|заканчиваем)(?: \w+){0,3} (?:онлайн|трансляци|хроник)\w*",
    "uk": r"\b(?:завершуємо|закінчуємо)(?: \w+){0,3} (?:онлайн|трансляці|хронік)\w*",
    "ja": r"(?:ライブ|速報|中継|実況|タイムライン).{0,12}(?:終了|終わり)",
    "zh": r"(?:直播|滚动报道|实时更新|即時更新).{0,6}(?:结束|結束|到此)",
    "ko": r"(?:라이브|실시간|생중계).{0,14}(?:마칩니다|마치겠습니다|종료)",
    "ar": r"(?:ننهي|نختم|نختتم|انتهت|تنتهي).{0,20}(?:التغطية|البث|تغطيتنا)",
    "he": r"(?:סיום|נסיים|מסיימים|הסתיים|הסתיימו).{0,20}(?:העדכונים|הדיווח|השידור)",
}
_KIN: Final = dict.fromkeys(("da", "no", "nb", "nn", "sv"), "nordic")
_STRAIGHT: Final = str.maketrans("’‘ʼ", "'''")


def says_goodbye(title: str, text: str, language: str = "") -> bool:
    """Return whether an entry says, in its page's language (BCP 47), that the live blog ends.

    If `language` is "", the phrases of all languages are tried.
    """
    said = f"{title}\n{text[:LONGEST]}".lower().translate(_STRAIGHT)
    return any(pattern.search(said) for pattern in _patterns(language.lower()))


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    first = language.partition("-")[0]
    wanted = _SAID.get(_KIN.get(first, first))
    if wanted is not None:
        return (re.compile(wanted),)
    return tuple(map(re.compile, _SAID.values())) if not first else ()
