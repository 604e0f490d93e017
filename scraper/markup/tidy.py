"""Sanitising without a parser, for markup so tidy that the result is certain.

Most of what live blogs print is paragraphs, lists, links and emphasis, every tag closed in turn. A
parser makes of those exactly what is written, and cleaning only drops attributes, at ten times the
cost. Tidy markup is a small part of HTML, every form of which is listed here; for any other, the
functions return None.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from typing import NamedTuple

# A host without port, number or punycode: cleaning changes some forms of those.
_HOST = r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"
_SIGNS = r"[A-Za-z0-9/._~!$'()*+,;:@%=?#-]*+"
_ADDRESS = re.compile(rf"https?://{_HOST}(?:[/?#]{_SIGNS}(?:&amp;{_SIGNS})*+)?+")
_ORIGIN = re.compile(rf"https?://{_HOST}(?=[/?#]|$)")
# A path from the root of a site, without "." and ".." as parts.
_PATH = re.compile(
    r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*+)++/?+(?:\?(?:[A-Za-z0-9=._-]|&amp;)++)?+(?:#[A-Za-z0-9_-]++)?+"
)

# Most blocks are only paragraphs with text, the quickest to recognise. No paragraph is empty.
_PARAGRAPHS = re.compile(r'(?:<p(?: class="[^"<>]*+")?+>[^<&\s][^<]*+</p>)++')
_OPENED = re.compile("<p [^<>]*>")
_PLAIN_REFERENCE = re.compile("&(?:amp|lt|gt|nbsp);")

_TAG = re.compile("(<[^<>]{1,2000}>)")
_STATED = re.compile(r' ([a-z][a-z0-9_:-]*+)="([^"<>]*+)"')
_OPENING = re.compile(r'<([a-z][a-z0-9]*+)((?: [a-z][a-z0-9_:-]*+="[^"<>]*+")*+) ?(/?)>')
# The form of most links, tried first: of all tags, links are the least often the same.
_LINK = re.compile(
    r'<a(?: (?:class|target|rel|data-[a-z-]++)="[^"<>]*+")*+ href="([^"<>]*+)"'
    r'(?: (?:class|target|rel|data-[a-z-]++)="[^"<>]*+")*+>'
)
_CLOSING = re.compile("</([a-z][a-z0-9]*+)>")
# A drawing, which is removed with its content.
_DRAWING = re.compile(
    r'<svg(?: [a-zA-Z:-]++="[^"<>]*+")*+>(?:<title>[^<>&]*+</title>)?+'
    r'(?:<path(?: [a-z-]++="[^"<>]*+")*+></path>)*+</svg>'
)

# What may follow an ampersand in tidy markup.
_ENTITY = re.compile(
    r"&(?:([A-Za-z]{2,10};)"
    r"|#(?:3[2-9]|[4-9][0-9]|1[016-9][0-9]|12[0-6]|[2-9][0-9]{2}|[1-9][0-9]{3});"
    r"|#[xX](?:2[0-9a-fA-F]|20[0-9a-fA-F]{2});"
    r"|[A-Za-z]?(?=[ \n&<]|$))"
)
# Characters that cleaning writes, or may write, as references.
_ESCAPED = ("&", ">", "\xa0")
_INLINE = frozenset(
    {"a", "b", "cite", "code", "del", "em", "i", "ins", "mark", "s", "small", "span", "strong"}
    | {"sub", "sup", "time", "u", "var"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HOLDERS = frozenset({"article", "blockquote", "div", "figcaption", "figure", "section"})
_LISTS = frozenset({"ul", "ol"})
_FLOW = _INLINE | _HEADINGS | _HOLDERS | _LISTS | {"p"}
# The elements that each element ("" for the fragment) may hold without a parser moving them.
_WITHIN = {
    **dict.fromkeys(("", "li", *_HOLDERS), _FLOW),
    **dict.fromkeys(("p", *_HEADINGS, *_INLINE), _INLINE),
    **dict.fromkeys(_LISTS, frozenset({"li"})),
}
# Elements that may be within another of the same name, at any depth.
_NESTED = _HOLDERS | _LISTS | {"li", "span"}
_CLOSED = _FLOW | {"li"}
_VOID = frozenset({"br", "img", "meta"})
# Elements that are dropped, but not their content.
_BARE = frozenset({"article", "meta", "section", "span", "time"})

# Attributes that are kept as they are written if they have this form; with another form, or with
# one of _UNTOLD, the fragment is not tidy. All other attributes are dropped.
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
    """A fragment as cleaning leaves it, and its text, with blanks for tags that separate words.

    `words` is None for a fragment with figures or quoted posts, not all of whose text counts.
    """

    html: str
    words: str | None


class _Tag(NamedTuple):
    """A tag as cleaning leaves it, its blank in text, and the element that it opens or closes."""

    made: str
    blank: str
    opens: str = ""
    closes: str = ""


def plain_paragraphs(fragment: str) -> Tidy | None:
    """Return a fragment that is only paragraphs of text, as `tidied` does; None for any other."""
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
    """Return a fragment as cleaning leaves it; None if it is not tidy.

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
        # All at once: of a hundred texts between tags only two have anything to escape.
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
    """Return the texts between tags with references resolved; None if they are not tidy.

    `written` is all of them joined by "<".
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
    """Return whether every tag is closed in turn, and every element is in one that may hold it."""
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
    """Return an element's attributes as cleaning writes them; None if they are not tidy."""
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
    """Return whether a blockquote's class is no quoted post's, and so is dropped."""
    return name == "blockquote" and "tweet" not in value
