"""Charsets, right, missing and lying: from a page's bytes to its feeds.

What stands in an entry is the right text, or the page is refused; the feeds are well-formed.
"""

import json
from datetime import UTC, datetime

import pytest
from lxml import etree

from feeds.atom import render_atom
from feeds.feed import Feed
from feeds.jsonfeed import render_json
from feeds.rss import render_rss
from keywire.demo.blog import add, block
from keywire.demo.page import render
from keywire.demo.script import opening
from scraper.errors import ScrapeError
from scraper.markup.charset import probable
from scraper.page import Page
from scraper.read import read
from store.changes import diff
from store.decision.history import BlogHistory, Outcome
from store.entry import Provenance

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SITE = "https://observer.example"
WESTERN = "Café “Süd” – 5 €"
CENTRAL = "Žluťoučký kůň, łódź, őszi eső"
CYRILLIC = "Ночь тиха, объявляют жители"
BALTIC = "Šiąnakt žvaigždės, ķēniņš"
GREEK = "Καλημέρα κόσμε"
TURKISH = "Şiddetli yağmur, ığdır"
HEBREW, ARABIC, THAI = "ערב טוב לכולם", "مساء الخير", "สวัสดีตอนเย็น"
JAPANESE, CHINESE, TRADITIONAL, KOREAN = (
    "夜は静かだ、と住民",
    "夜晚很安静",
    "夜晚很安靜",
    "밤은 고요하다",
)
# The name on the web, Python's name, the language, words of it.
ENCODINGS = [
    ("utf-8", "utf-8", "en", WESTERN),
    ("windows-1252", "cp1252", "en", WESTERN),
    ("iso-8859-1", "cp1252", "en", WESTERN),
    ("iso-8859-15", "iso8859-15", "fr", "Café à 5 €, œuvre"),
    ("macintosh", "mac-roman", "en", WESTERN),
    ("windows-1250", "cp1250", "cs", CENTRAL.replace("łódź", "noc")),
    ("iso-8859-2", "iso8859-2", "pl", CENTRAL),
    ("windows-1251", "cp1251", "ru", CYRILLIC),
    ("koi8-r", "koi8-r", "ru", CYRILLIC),
    ("koi8-u", "koi8-u", "uk", "Ніч тиха, їжак"),
    ("iso-8859-5", "iso8859-5", "bg", CYRILLIC),
    ("ibm866", "cp866", "ru", CYRILLIC),
    ("x-mac-cyrillic", "mac-cyrillic", "ru", CYRILLIC),
    ("windows-1253", "cp1253", "el", GREEK),
    ("iso-8859-7", "iso8859-7", "el", GREEK),
    ("windows-1254", "cp1254", "tr", TURKISH),
    ("windows-1255", "cp1255", "he", HEBREW),
    ("windows-1256", "cp1256", "ar", ARABIC),
    ("windows-1257", "cp1257", "lt", BALTIC),
    ("iso-8859-13", "iso8859-13", "lv", BALTIC),
    ("windows-874", "cp874", "th", THAI),
    ("shift_jis", "cp932", "ja", JAPANESE),
    ("euc-jp", "euc-jp", "ja", JAPANESE),
    ("iso-2022-jp", "iso2022-jp", "ja", JAPANESE),
    ("gbk", "gbk", "zh", CHINESE),
    ("gb18030", "gb18030", "zh", CHINESE),
    ("big5", "big5", "zh-TW", TRADITIONAL),
    ("euc-kr", "euc-kr", "ko", KOREAN),
]
DECLARING = {
    "in HTTP": ("", "text/html; charset={}"),
    "in a meta element": ('<meta charset="{}">', "text/html"),
    "in an old meta element": (
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        "text/html",
    ),
    "in both, and quoted": ("<meta charset='{}'>", 'text/html; charset="{}"'),
}
# Those that a page without a word is taken for, by its language.
PROBABLE = [
    ("cp1252", "en", WESTERN),
    ("cp1252", "", WESTERN),
    ("cp1252", "tlh", WESTERN),
    ("cp1250", "cs", CENTRAL.replace("łódź", "noc")),
    ("iso8859-2", "pl", CENTRAL),
    ("iso8859-2", "hu-HU", CENTRAL),
    ("cp1251", "ru", CYRILLIC),
    ("cp1251", "uk-UA", "Ніч тиха, їжак"),
    ("cp1251", "sr", "Ноћ је тиха"),
    ("iso8859-7", "el", GREEK),
    ("cp1254", "tr", TURKISH),
    ("cp1255", "he", HEBREW),
    ("cp1256", "fa", ARABIC),
    ("cp1257", "lv", BALTIC),
    ("cp874", "th", THAI),
    ("cp932", "ja", JAPANESE),
    ("gb18030", "zh", CHINESE),
    ("gb18030", "zh-CN", CHINESE),
    ("big5", "zh-TW", TRADITIONAL),
    ("euc-kr", "ko-KR", KOREAN),
]


def written(words, language="en", meta=""):
    """Write the demo's blog with one entry of these words on top, and `meta` about its charset."""
    blog = add(opening(START), block("words", START, f"<p>{words}</p>"))
    text = render(blog, START, SITE)
    assert '<meta charset="utf-8">' in text
    assert '<html lang="en"' in text
    lang = f'<html lang="{language}"' if language else "<html"
    return text.replace('<meta charset="utf-8">', meta).replace('<html lang="en"', lang)


def bytes_of(words, encoding, language="en", meta=""):
    return written(words, language, meta).encode(encoding, "xmlcharrefreplace")


def feeds_of(body, content_type="text/html"):
    """Read a page, see that its feeds are well-formed, and give its newest entry's text.

    None where the page was refused.
    """
    url = SITE + opening(START).path
    page = Page(url, body, START, url, 200, {"content-type": content_type})
    try:
        snapshot = read(page)
    except ScrapeError:
        return None
    outcome = diff(BlogHistory(url), snapshot, START, provenance=Provenance(url, START))
    if not isinstance(outcome, Outcome):
        return None
    entries = tuple(one.stored for one in outcome.after.entries.values())
    feed = Feed(id="urn:x", title=snapshot.title, updated=START, entries=entries)
    strict = etree.XMLParser(recover=False, resolve_entities=False)
    for rendered in (render_atom(feed), render_rss(feed)):
        etree.fromstring(rendered, strict)
    items = json.loads(render_json(feed))["items"]
    assert len(items) == len(entries)
    newest = max(entries, key=lambda stored: stored.entry.published)
    newest.entry.text.encode()  # no lone surrogate
    return newest.entry.text


def is_said(words, body, content_type="text/html"):
    return feeds_of(body, content_type) == words


@pytest.mark.parametrize("where", DECLARING)
@pytest.mark.parametrize(("label", "encoding", "language", "words"), ENCODINGS)
def test_what_is_declared_and_true_is_read_right(label, encoding, language, words, where):
    meta, content_type = DECLARING[where]
    body = bytes_of(words, encoding, language, meta.format(label))
    assert is_said(words, body, content_type.format(label))


@pytest.mark.parametrize(("encoding", "language", "words"), PROBABLE)
def test_a_page_without_a_word_is_read_by_its_language(encoding, language, words):
    assert is_said(words, bytes_of(words, encoding, language))


@pytest.mark.parametrize("words", [WESTERN, CYRILLIC, HEBREW, JAPANESE])
def test_utf_8_is_known_by_itself(words):
    assert is_said(words, bytes_of(words, "utf-8", "ru"))


MARKED = {
    "UTF-8": (b"\xef\xbb\xbf", "utf-8"),
    "UTF-16, little end first": (b"\xff\xfe", "utf-16le"),
    "UTF-16, big end first": (b"\xfe\xff", "utf-16be"),
}


@pytest.mark.parametrize("told", ["text/html", "text/html; charset=koi8-r", "text/html; charset=x"])
@pytest.mark.parametrize(("mark", "encoding"), MARKED.values(), ids=MARKED)
@pytest.mark.parametrize("words", [WESTERN, CYRILLIC])
def test_a_byte_order_mark_goes_before_all_that_is_told(mark, encoding, words, told):
    meta = '<meta charset="windows-1252">'
    assert is_said(words, mark + bytes_of(words, encoding, "en", meta), told)


LIES = {
    "utf-8 in HTTP, windows-1252 in truth": ("cp1252", "", "text/html; charset=utf-8"),
    "utf-8 in the page, windows-1252 in truth": ("cp1252", '<meta charset="utf-8">', "text/html"),
    "latin-1 in HTTP, utf-8 in truth": ("utf-8", "", "text/html; charset=iso-8859-1"),
    "windows-1252 in the page, utf-8 in truth": (
        "utf-8",
        '<meta charset="windows-1252">',
        "text/html",
    ),
    "latin-1 of what has windows-1252's marks": ("cp1252", "", "text/html; charset=iso-8859-1"),
    "ascii of windows-1252": ("cp1252", '<meta charset="us-ascii">', "text/html"),
    "utf-16 in the page, utf-8 in truth": ("utf-8", '<meta charset="utf-16">', "text/html"),
    "utf-16 in the page, windows-1252 in truth": ("cp1252", '<meta charset="utf-16">', "text/html"),
    "a name of nothing": ("utf-8", '<meta charset="latin-99">', "text/html; charset=klingon"),
    "two that differ, the first true": (
        "cp1252",
        '<meta charset="koi8-r">',
        "text/html; charset=windows-1252",
    ),
    "shift_jis of utf-8": ("utf-8", '<meta charset="shift_jis">', "text/html; charset=euc-kr"),
}


@pytest.mark.parametrize(("encoding", "meta", "told"), LIES.values(), ids=LIES)
def test_a_lie_that_the_bytes_give_away_is_not_believed(encoding, meta, told):
    assert is_said(WESTERN, bytes_of(WESTERN, encoding, "en", meta), told)


CHARACTERS = {
    "NUL": ("before\0after", "beforeafter"),
    "a reference to NUL": ("before&#0;after", "before\ufffdafter"),
    "a reference to a surrogate": ("before&#xD800;after", "before\ufffdafter"),
    "references to a pair of surrogates": ("a&#xD83D;&#xDE00;b", "a\ufffd\ufffdb"),
    "a reference beyond Unicode": ("a&#x110000;b", "a\ufffdb"),
    "a reference to windows-1252's dash": ("a &#150; b", "a – b"),
    "a vertical tab": ("a\x0bb", None),
    "a form feed": ("a\x0cb", None),
    "an escape": ("a\x1b[31mb", None),
    "a backspace": ("a\x08b", None),
    "U+FFFE": ("a\ufffeb", None),
    "U+FFFF": ("a\uffffb", None),
    "a character beyond the first plane": ("a 😀 b", "a 😀 b"),
    "a C1 control": ("a\x85b", None),
    "a byte order mark inside": ("a\ufeffb", None),
    "turned writing": ("a\u202eb", None),
    "mojibake that the publisher printed": ("CafÃ© â€“ live", "CafÃ© â€“ live"),
}


@pytest.mark.parametrize(("words", "said"), CHARACTERS.values(), ids=CHARACTERS)
def test_characters_that_no_feed_can_hold_break_none(words, said):
    text = feeds_of(bytes_of(words, "utf-8", "en", '<meta charset="utf-8">'))
    assert text is not None
    assert said is None or text == said


BROKEN = {
    "half a character at the end": lambda body: body + b"\xe2\x82",
    "a surrogate in UTF-8": lambda body: body.replace(b"Caf", b"\xed\xa0\x80Caf"),
    "an overlong slash": lambda body: body.replace(b"Caf", b"\xc0\xafCaf"),
    "a lone byte that continues": lambda body: body.replace(b"Caf", b"\x80Caf"),
    "a byte that never stands in UTF-8": lambda body: body.replace(b"Caf", b"\xffCaf"),
}


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN)
def test_a_broken_character_costs_itself_alone(spoil):
    body = bytes_of(f"{WESTERN} {CYRILLIC}", "utf-8", "en", '<meta charset="utf-8">')
    text = feeds_of(spoil(body))
    assert text.replace("\ufffd", "") == f"{WESTERN} {CYRILLIC}"


ESCAPED = {
    "a lone surrogate": r"before \ud83d after",
    "a lone low surrogate": r"before \ude00 after",
    "a whole pair": r"before \ud83d\ude00 after",
    "NUL": r"before \u0000 after",
    "a noncharacter": r"before \uffff after",
}


@pytest.mark.parametrize("escape", ESCAPED.values(), ids=ESCAPED)
def test_what_json_can_escape_breaks_no_feed(escape):
    linked = (
        '{"@context":"https://schema.org","@type":"LiveBlogPosting","@id":"/live/a",'
        '"headline":"A day",'
        '"liveBlogUpdate":[{"@type":"BlogPosting","@id":"b1","headline":"One",'
        f'"datePublished":"2026-05-04T08:00:00Z","articleBody":"{escape}"}},'
        '{"@type":"BlogPosting","@id":"b2","headline":"Two","datePublished":"2026-05-04T08:30:00Z",'
        '"articleBody":"Words."}]}'
    )
    body = f'<html lang="en"><script type="application/ld+json">{linked}</script><p>x</p></html>'
    feeds_of(body.encode())


WRONG = ["utf-16le", "utf-16be", "utf-32", "utf-7"]


@pytest.mark.parametrize("encoding", WRONG)
def test_what_cannot_be_told_is_refused_or_right(encoding):
    text = feeds_of(bytes_of(WESTERN, encoding))
    assert text in {None, WESTERN} or "+" in text


def test_a_page_that_is_taken_for_western_whatever_it_is_would_be_noticed(monkeypatch):
    western = probable(b"")
    monkeypatch.setattr("scraper.markup.document.probable", lambda _: western)
    wrong = [
        words
        for encoding, language, words in PROBABLE
        if not is_said(words, bytes_of(words, encoding, language))
    ]
    assert len(wrong) > len(PROBABLE) / 2


def test_lies_that_are_believed_would_be_noticed(monkeypatch):
    monkeypatch.setattr("scraper.markup.document._is_utf8", lambda _: False)
    wrong = [
        name
        for name, (encoding, meta, told) in LIES.items()
        if not is_said(WESTERN, bytes_of(WESTERN, encoding, "en", meta), told)
    ]
    assert len(wrong) >= 4


def test_the_inputs_are_as_many_as_they_should_be():
    counted = [
        *(None for _ in ENCODINGS for _ in DECLARING),
        *PROBABLE,
        *LIES,
        *CHARACTERS,
        *BROKEN,
        *ESCAPED,
        *WRONG,
    ]
    assert len(counted) + 4 + 3 * 3 * 2 >= 140
