"""The most probable charset of a page that declares none, by the page's language.

HTML Standard, 13.2.3.2, the table of fallbacks by locale; browsers go by the reader's locale, this
module by the page's own `lang`.
"""

import re
from typing import Final

import webencodings

DEFAULT: Final = "windows-1252"
_WITHIN: Final = 4_096  # bytes in which <html lang> is searched for
_LANG: Final = re.compile(
    rb"<html\b[^>]*?\s(?:xml:)?lang\s*=\s*[\"']?\s*([a-zA-Z-]+)", re.IGNORECASE
)
_BY_LANGUAGE: Final = {
    **dict.fromkeys(
        ("ba", "be", "bg", "kk", "ky", "mk", "ru", "sah", "sr", "tg", "tt", "uk"), "windows-1251"
    ),
    **dict.fromkeys(("ar", "fa"), "windows-1256"),
    **dict.fromkeys(("az", "ku", "tr"), "windows-1254"),
    **dict.fromkeys(("cs", "hr", "sk"), "windows-1250"),
    **dict.fromkeys(("hu", "pl", "sl"), "iso-8859-2"),
    **dict.fromkeys(("et", "lt", "lv"), "windows-1257"),
    "el": "iso-8859-7",
    "he": "windows-1255",
    "ja": "shift_jis",
    "ko": "euc-kr",
    "th": "windows-874",
    "vi": "windows-1258",
    "zh": "gb18030",
    "zh-hant": "big5",
    "zh-hk": "big5",
    "zh-tw": "big5",
}


def probable(body: bytes) -> webencodings.Encoding:
    """Return the most probable encoding of a body that declares none and is not UTF-8."""
    found = _LANG.search(body[:_WITHIN])
    language = found[1].decode("ascii").lower() if found else ""
    first = language.partition("-")[0]
    label = _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(first) or DEFAULT
    return webencodings.lookup(label)
