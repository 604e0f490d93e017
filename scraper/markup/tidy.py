"""Markup so tidy that what cleaning would make of it can be told without a parser.

Most of what live blogs print is paragraphs, lists, links and emphasis, every tag closed in its
turn. Of those a parser makes exactly what is written, and cleaning drops attributes, at ten times
the cost. What is taken for tidy is a small part of HTML, every form of which is listed here; of
anything else nothing is told.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from typing import NamedTuple

# A host without port, number or punycode, which are kept in some forms only.
_HOST = r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"
_SIGNS = r"[A-Za-z0-9/._~!$'()*+,;:@%=?#-]*+"
_ADDRESS = re.compile(rf"https?://{_HOST}(?:[/?#]{_SIGNS}(?:&amp;{_SIGNS})*+)?+")
_ORIGIN = re.compile(rf"https?://{_HOST}(?=[/?#]|$)")
# A path from the root of a site, without the dots that lead elsewhere.
_PATH = re.compile(
    r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*+)++/?+(?:\?(?:[A-Za-z0-9=._-]|&amp;)++)?+(?:#[A-Za-z0-9_-]++)?+"
)

# Most blocks are no more than that, and it is told the fastest. No paragraph is hollow.
_PARAGRAPHS = re.compile(r'(?:<p(?: class="[^"<>]*+")?+>[^<&\s][^<]*+</p>)++')
_OPENED = re.compile("<p [^<>]*>")
_PLAIN_REFERENCE = re.compile("&(?:amp|lt|gt|nbsp);")

_TAG = re.compile("(<[^<>]{1,2000}>)")
_STATED = re.compile(r' ([a-z][a-z0-9_:-]*+)="([^"<>]*+)"')
_OPENING = re.compile(r'<([a-z][a-z0-9]*+)((?: [a-z][a-z0-9_:-]*+="[^"<>]*+")*+) ?(/?)>')
# Most of what is linked is linked so; no other tag is as often another.
_LINK = re.compile(
    r'<a(?: (?:class|target|rel|data-[a-z-]++)="[^"<>]*+")*+ href="([^"<>]*+)"'
    r'(?: (?:class|target|rel|data-[a-z-]++)="[^"<>]*+")*+>'
)
_CLOSING = re.compile("</([a-z][a-z0-9]*+)>")
# A drawing, which goes with all that is in it.
_DRAWING = re.compile(
    r'<svg(?: [a-zA-Z:-]++="[^"<>]*+")*+>(?:<title>[^<>&]*+</title>)?+'
    r'(?:<path(?: [a-z-]++="[^"<>]*+")*+></path>)*+</svg>'
)

# What an ampersand may stand for.
_ENTITY = re.compile(
    r"&(?:([A-Za-z]{2,10};)"
    r"|#(?:3[2-9]|[4-9][0-9]|1[016-9][0-9]|12[0-6]|[2-9][0-9]{2}|[1-9][0-9]{3});"
    r"|#[xX](?:2[0-9a-fA-F]|20[0-9a-fA-F]{2});"
    r"|[A-Za-z]?(?=[ \n&<]|$))"
)
# What is written otherwise, or may be.
_ESCAPED = ("&", ">", "\xa0")
_INLINE = frozenset(
    {"a", "b", "cite", "code", "del", "em", "i", "ins", "mark", "s", "small", "span", "strong"}
    | {"sub", "sup", "time", "u", "var"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HOLDERS = frozenset({"article", "blockquote", "div", "figcaption", "figure", "section"})
_LISTS = frozenset({"ul", "ol"})
_FLOW = _INLINE | _HEADINGS | _HOLDERS | _LISTS | {"p"}
# What may stand in what, so that no parser moves it elsewhere.
_WITHIN = {
    **dict.fromkeys(("", "li", *_HOLDERS), _FLOW),
    **dict.fromkeys(("p", *_HEADINGS, *_INLINE), _INLINE),
    **dict.fromkeys(_LISTS, frozenset({"li"})),
}
# What may stand within its own kind, the nearest or not.
_NESTED = _HOLDERS | _LISTS | {"li", "span"}
_CLOSED = _FLOW | {"li"}
_VOID = frozenset({"br", "img", "meta"})
# Of these only what they hold is kept.
_BARE = frozenset({"article", "meta", "section", "span", "time"})

# Attributes that are kept as they are written where they have a known form; others are dropped,
# but for some of which nothing is told.
_FORMS = {
    ("a", "href"): _ADDRESS,
    ("img", "src"): _ADDRESS,
    ("img", "alt"): re.compile(r"[^&\xa0]*"),
    ("img", "width"): re.compile("[0-9]{1,5}"),
    ("img", "height"): re.compile("[0-9]{1,5}"),
    ("blockquote", "class"): re.compile("twitter-tweet"),
    ("p", "lang"): re.compile("[a-z]{2,3}"),
}
_UNTOLD = frozenset({"lang", "title", "start", "reversed"})


class Tidy(NamedTuple):
    """A fragment as cleaning leaves it, and its words, blanks where tags part them.

    No words are told where some may not be the fragment's own: in figures, in quoted posts.
    """

    html: str
    words: str | None


class _Tag(NamedTuple):
    """A tag as cleaning leaves it and among words, and the element that it opens or closes."""

    made: str
    blank: str
    opens: str = ""
    closes: str = ""


def plain_paragraphs(fragment: str) -> Tidy | None:
    """Give paragraphs of nothing but words, as `tidied` does; None for what is more, or less."""
    if _PARAGRAPHS.fullmatch(fragment) is None or fragment.count(">") > fragment.count("<"):
        return None
    if "\xa0" in fragment or _has_replaced(fragment):
        return None
    html = _OPENED.sub("<p>", fragment) if "<p " in fragment else fragment
    words = html[len("<p>") : -len("</p>")].replace("</p><p>", " ")
    if "&" not in words:
        return Tidy(html, words)
    if len(_PLAIN_REFERENCE.findall(words)) < words.count("&"):
        return None
    return Tidy(html, unescape(words))


def tidied(fragment: str, base: str) -> Tidy | None:
    """Give a tidy fragment as cleaning leaves it; None for one of which that cannot be told.

    `base` is the address that links are relative to.
    """
    if _has_replaced(fragment):
        return None
    pieces = _TAG.split(_DRAWING.sub("", fragment) if "<svg" in fragment else fragment)
    tags = _known_tags(pieces[1::2], _origin(base))
    written = "<".join(pieces[::2])
    words = _unescaped(pieces[::2], written)
    if tags is None or words is None or not _nest(tags):
        return None
    if any(each in written for each in _ESCAPED):
        # All at once: of a hundred texts between tags two have anything to escape.
        pieces[::2] = _escaped("\x00".join(words)).split("\x00")
    pieces[1::2] = [tag.made for tag in tags]
    html = "".join(pieces)
    if "<figure" in html or "<blockquote class" in html:
        return Tidy(html, None)
    pieces[::2] = words
    pieces[1::2] = [tag.blank for tag in tags]
    return Tidy(html, "".join(pieces))


def _has_replaced(fragment: str) -> bool:
    if "\r" in fragment or "\x00" in fragment or "\ufeff" in fragment:
        return True
    try:
        return not (fragment.isascii() or fragment.encode())
    except UnicodeEncodeError:  # lone surrogates
        return True


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    found = _ORIGIN.match(base)
    return found[0] if found else ""


def _unescaped(texts: list[str], written: str) -> list[str] | None:
    """Give the texts between tags as they are read; None where that cannot be told.

    `written` is all of them, with one "<" between any two.
    """
    if written.count("<") >= len(texts):
        return None
    if "&" not in written:
        return texts
    names = _ENTITY.findall(written)
    if len(names) != written.count("&") or not all(name in html5 for name in names if name):
        return None
    return [unescape(text) if "&" in text else text for text in texts]


def _escaped(text: str) -> str:
    text = escape(text, quote=False)
    return text.replace("\xa0", "&nbsp;") if "\xa0" in text else text


def _nest(tags: Sequence[_Tag]) -> bool:
    """Whether every tag is closed in its turn, and no element stands where none of it may."""
    above = [""]
    for tag in tags:
        opens = tag.opens
        if opens:
            if opens not in _WITHIN[above[-1]] or (opens in above and opens not in _NESTED):
                return False
            above.append(opens)
        elif tag.closes and above.pop() != tag.closes:
            return False
    return len(above) == 1


def _known_tags(tags: Sequence[str], origin: str) -> list[_Tag] | None:
    known = [_known(tag, origin) for tag in tags]
    return None if None in known else [tag for tag in known if tag]


@lru_cache(maxsize=2048)
def _known(tag: str, origin: str) -> _Tag | None:
    if found := _CLOSING.fullmatch(tag):
        name = found[1]
        return _made(name, f"</{name}>", closes=name) if name in _CLOSED else None
    if (link := _LINK.fullmatch(tag)) and (kept := _kept("a", [("href", link[1])], origin)):
        return _Tag(f"<a{kept}>", "", opens="a")
    found = _OPENING.fullmatch(tag)
    if found is None:
        return None
    name, stated, slash = found.groups()
    closed = name in _CLOSED
    if not (name in _VOID or (closed and not slash)):
        return None
    kept = _kept(name, _STATED.findall(stated), origin)
    return None if kept is None else _made(name, f"<{name}{kept}>", opens=name if closed else "")


def _made(name: str, tag: str, *, opens: str = "", closes: str = "") -> _Tag:
    bare = name in _BARE
    parts = not bare and name not in _INLINE
    return _Tag("" if bare else tag, " " if parts else "", opens, closes)


def _kept(name: str, stated: Sequence[tuple[str, str]], origin: str) -> str | None:
    """Write an element's attributes as cleaning leaves them; None where that cannot be told."""
    if len(stated) > 1 and len({attribute for attribute, _ in stated}) < len(stated):
        return None
    kept = ""
    for attribute, value in stated:
        form = _FORMS.get((name, attribute))
        if form is not None and form.fullmatch(value):
            kept += f' {attribute}="{value}"'
        elif attribute == "href" and name == "a" and origin and _PATH.fullmatch(value):
            kept += f' href="{origin}{value}"'
        elif attribute in _UNTOLD or (form is not None and not _is_ordinary(name, value)):
            return None
    return kept


def _is_ordinary(name: str, value: str) -> bool:
    """Whether a class is one that is dropped: only quoted posts keep theirs."""
    return name == "blockquote" and "tweet" not in value
