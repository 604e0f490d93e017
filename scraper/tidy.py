"""Markup so tidy that what cleaning would make of it can be told without a parser.

Most of what live blogs print is paragraphs, lists, links and emphasis, every tag closed in its
turn. Of those a parser makes exactly what is written, and cleaning drops attributes, at ten times
the cost. What is taken for tidy is a small part of HTML, every form of which is listed here; of
anything else nothing is told.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_DROPPED = r'(?: (?:class|id|style|rel|target|data-[a-z-]++)="[^"<>]*+")*+'
# A host without port, number or punycode, which are kept in some forms only.
_ADDRESS = (
    r"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"
    r"(?:[/?#](?:[A-Za-z0-9/._~!$'()*+,;:@%=?#-]|&amp;)*+)?+"
)
# Most blocks are no more than that, and it is told the fastest.
_LETTERS = r"[^<>&\xa0\x00\r\ufeff\ud800-\udfff]*+"
_PARAGRAPHS = re.compile(
    rf'(?:<p(?: class="[^"<>]*+")?+>{_LETTERS}(?:&(?:amp|lt|gt|nbsp);{_LETTERS})*+</p>)++'
)
_ATTRIBUTES = re.compile("<p [^<>]*>")
_TAG = re.compile("(<[^<>]{1,1000}>)")
_CLOSING = re.compile(
    "</(p|a|strong|em|b|i|u|span|h2|h3|ul|ol|li|div|sub|sup|blockquote|figure|figcaption)>"
)
# Each with the name of its element, and what is kept beside it.
_OPENINGS = (
    re.compile(rf"<(p|strong|em|b|i|u|span|h2|h3|ul|ol|li|div|sub|sup){_DROPPED}()>"),
    re.compile(rf'<(a){_DROPPED}( href="{_ADDRESS}"){_DROPPED}>'),
    re.compile(r'<(p)( lang="[a-z]{2,3}")(?: dir="ltr")?+>'),
    re.compile(r"<(blockquote|figure|figcaption)()>"),
    re.compile(r'<(blockquote)( class="twitter-tweet")>'),
    re.compile(r'<(blockquote) class="quoted"()>'),
)
_IMAGE = re.compile(
    rf'<img src="{_ADDRESS}" alt="[^"<>&]*+"'
    r'(?: width="[0-9]{1,5}")?+(?: height="[0-9]{1,5}")?+>'
)
_BREAK = re.compile("<br ?/?>")
_ENTITY = re.compile("&(?:(?:amp|lt|gt|nbsp);| )")
# What parsers replace or drop.
_REPLACED = ("\r", "\x00", "\xa0", "\ufeff")

_INLINE = frozenset({"a", "b", "em", "i", "span", "strong", "sub", "sup", "u"})
_WORDED = _INLINE | {"p", "ul", "ol"}
_BLOCKS = _WORDED | {"h2", "h3", "figure", "blockquote"}
# What may stand in what, so that no parser moves it elsewhere; no element within its own kind.
_WITHIN = {
    "": _BLOCKS | {"div"},
    "div": _BLOCKS,
    **dict.fromkeys(("p", "h2", "h3", "figcaption", *_INLINE), _INLINE),
    **dict.fromkeys(("ul", "ol"), frozenset({"li"})),
    "li": _INLINE | {"p"},
    "blockquote": _WORDED,
    "figure": frozenset({"a", "figcaption"}),
}


class _Tag(NamedTuple):
    """A tag as cleaning leaves it, and the element that it opens or closes, "" for neither."""

    made: str
    opens: str = ""
    closes: str = ""


def tidied(fragment: str) -> str | None:
    """Give a tidy fragment as cleaning leaves it; None for one of which that cannot be told."""
    if _PARAGRAPHS.fullmatch(fragment):
        return _ATTRIBUTES.sub("<p>", fragment)
    parts = _TAG.split(fragment)
    if not _are_plain(fragment, "\n".join(parts[::2])):
        return None
    above = [""]
    for place in range(1, len(parts), 2):
        tag = _known(parts[place])
        if tag is None:
            return None
        if tag.opens:
            if tag.opens not in _WITHIN[above[-1]] or tag.opens in above:
                return None
            above.append(tag.opens)
        elif tag.closes and above.pop() != tag.closes:
            return None
        parts[place] = tag.made
    return None if len(above) > 1 else "".join(parts).replace("& ", "&amp; ")


def _are_plain(fragment: str, words: str) -> bool:
    """Whether no character between the tags is printed otherwise than it is written."""
    if "<" in words or ">" in words or any(each in fragment for each in _REPLACED):
        return False
    if "&" in words and words.count("&") != len(_ENTITY.findall(words)):
        return False
    try:
        return fragment.isascii() or bool(fragment.encode())
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=2048)
def _known(tag: str) -> _Tag | None:
    if found := _CLOSING.fullmatch(tag):
        name = found[1]
        return _Tag("" if name == "span" else tag, closes=name)
    if found := next(filter(None, (form.fullmatch(tag) for form in _OPENINGS)), None):
        name, kept = found[1], found[2]
        return _Tag("" if name == "span" else f"<{name}{kept}>", opens=name)
    if _IMAGE.fullmatch(tag):
        return _Tag(tag)
    return _Tag("<br>") if _BREAK.fullmatch(tag) else None
