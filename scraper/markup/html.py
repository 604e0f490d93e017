"""Publishers' markup reduced to a small safe subset with absolute links, and its plain text."""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Literal, NamedTuple

import nh3
from selectolax.lexbor import LexborNode

from scraper.address import absolute, host
from scraper.markup.memo import Memo
from scraper.markup.nesting import too_deep
from scraper.markup.tidy import plain_paragraphs, tidied
from store.entry import Media

_KEPT = """
    a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5
    h6 hr i img ins kbd li mark ol p pre q s samp small strong sub sup table tbody td tfoot th
    thead tr u ul var
"""
# Removed with all their content: what runs, what is drawn, and what asks to be clicked.
_GONE = """
    applet audio base button canvas embed form frame frameset iframe input link math meta noembed
    noframes noscript object script select style svg template textarea title video
"""
_ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# The words of a quoted post are not the publisher's; by these classes `plain_text` leaves them out.
_POST_CLASSES = {"twitter-tweet", "nojs-tweet"}
_SCHEMES = {"http", "https", "mailto"}

# Shorter fragments cannot be nested deep enough to cost anything.
_LONG = 10_000
_BLANKS = " \t\r\n\f"
_LAYERS = 64  # of empty elements within empty elements
_HOLLOW = re.compile(r"<(p|div|figure|li)>(?:\s|&nbsp;|<br>)*</\1>")
# Matches from tag to tag, which is three times as fast as from character to character.
_TO_CAPTIONS_END = "<figcaption>[^<]*+(?:<(?!/figcaption>)[^<]*+)*+</figcaption>"
_ASIDE = re.compile(
    f"{_TO_CAPTIONS_END}|<figure><a [^<>]*>[^<>]*</a></figure>"
    '|<blockquote class="[^"<>]*tweet[^"<>]*">[^<]*+(?:<(?!/blockquote>)[^<]*+)*+</blockquote>'
)
_BARE_STAND_IN = re.compile(r"<figure><a [^<>]*>https?:[^<>]*</a></figure>")
_CAPTION = re.compile(_TO_CAPTIONS_END)
_CREDIT = re.compile(
    r"\b(?:Photographs?|Composite|Illustration|Image|Graphic|Credit|Handout|Screengrab): "
)
# A credit in an element with the caption beside it, where usually the reverse holds.
_CREDIT_ALONE = re.compile(r"\((?:Image|Picture|Photo): ")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|s|samp|small|strong|sub|sup|u|var)"
    r"(?: [^<>]*)?>"
)
_ANY_TAG = re.compile(r"<[^<>]*>")


class Ours(NamedTuple):
    """A fragment as sanitised html and as plain text."""

    html: str
    text: str


_OURS = Memo[Ours]()


def ours(fragment: str, base: str) -> Ours:
    """Return a fragment of any markup reduced to the safe subset, and its plain text.

    `base` is the address that relative links are relative to; if it is no http or https address,
    they are dropped. Results are kept in a memo. Never raises.
    """
    return _OURS.get(lambda: made_ours(fragment, base), (fragment, base), 2 * len(fragment))


def sanitise(fragment: str, base: str) -> str:
    """Return a fragment reduced to the safe subset with absolute links, as `ours` does."""
    return ours(fragment, base).html


def made_ours(fragment: str, base: str) -> Ours:
    """Do what `ours` does without a memo, for callers that keep more than this result."""
    if "<" not in fragment:
        words = unescape(_encodable(fragment))
        html = escape(words, quote=False).replace("\xa0", "&nbsp;").strip(_BLANKS)
        return Ours(html, squeeze(words))
    paragraphs = plain_paragraphs(fragment)
    if paragraphs is not None:
        return Ours(paragraphs.html, squeeze(paragraphs.words or ""))
    tidy = tidied(fragment, base)
    if tidy is None:
        html = _sanitised(fragment, base)
        return Ours(html, plain_text(html))
    html = _filled(tidy.html)
    if tidy.words is None or len(html) < len(tidy.html.strip(_BLANKS)):
        return Ours(html, plain_text(html))
    return Ours(html, squeeze(tidy.words))


def _sanitised(fragment: str, base: str) -> str:
    if len(fragment) > _LONG and too_deep(fragment.encode("utf-8", "replace")):
        return escape(squeeze(unescape(_ANY_TAG.sub(" ", fragment))), quote=False)
    return _cleaned(fragment, base)


def _cleaned(fragment: str, base: str) -> str:
    cleaner = _cleaner(base)
    try:
        clean = cleaner.clean(fragment)
    except UnicodeEncodeError:
        clean = cleaner.clean(_encodable(fragment))
    return _filled(clean.replace('<blockquote class="">', "<blockquote>"))


def _filled(clean: str) -> str:
    """Remove empty elements, up to 64 within one another, and white space at the ends."""
    for _ in range(_LAYERS):
        clean, emptied = _HOLLOW.subn("", clean)
        if not emptied:
            break
    return clean.strip(_BLANKS)


def _encodable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, by question marks."""
    return text.encode("utf-8", "replace").decode()


def plain_text(html: str) -> str:
    """Return the text of html that `sanitise` made, without captions, stand-ins and quoted posts.

    Block elements and line breaks separate words, inline elements do not. If there is no text but
    that of quoted posts and stand-ins, it is returned. Never raises.
    """
    if "<" not in html:
        return squeeze(unescape(html))
    if "<figure" not in html and "<blockquote class" not in html:
        return _words(html)
    return _words(_ASIDE.sub(" ", html)) or _words(_CAPTION.sub(" ", html))


def every_word(html: str) -> str:
    """Return the text of html that `sanitise` made, with captions and quoted posts.

    A bare address that stands in for an embed is left out.
    """
    return _words(_BARE_STAND_IN.sub(" ", html) if "<figure" in html else html)


def _words(html: str) -> str:
    return squeeze(unescape(_ANY_TAG.sub(" ", _INLINE.sub("", html))))


def squeeze(text: str) -> str:
    """Return text with every run of white space made one blank, and none at the ends."""
    # The blank is the only printable white space.
    if not text.isprintable():
        return " ".join(text.split())
    # `rfind` takes half the time of `in` here.
    while text.rfind("  ") >= 0:
        text = text.replace("  ", " ")
    return text.strip(" ")


def stand_in(address: str, label: str) -> str:
    """Return a figure with a link to an embed that feeds cannot carry; "" if it is no web link."""
    if not host(address):
        return ""
    words = escape(squeeze(label) or address, quote=False)
    return f'<figure><a href="{escape(address)}">{words}</a></figure>'


def figure(media: Media, caption: str) -> str:
    """Return html of a figure with a picture, and its caption and credit below."""
    sizes = "".join(
        f' {name}="{size}"'
        for name, size in (("width", media.width), ("height", media.height))
        if size
    )
    words = squeeze(f"{caption} {media.credit}")
    below = f"<figcaption>{escape(words, quote=False)}</figcaption>" if words else ""
    drawn = f'<img src="{escape(media.url)}" alt="{escape(media.alt)}"{sizes}>'
    return f"<figure>{drawn}{below}</figure>"


def picture(
    node: LexborNode, base: str, caption_in: str = "figcaption"
) -> tuple[Media, str] | None:
    """Return the image of a `figure` and its caption without the credit; None without an image.

    `caption_in` selects the element with the caption. In it the caption is in child elements and
    the credit beside them; if all is one text, the credit begins at a word like "Photograph:".
    """
    image = node.css_first("img, amp-img")
    if image is None:
        return None
    stated = image.attributes
    source = stated.get("src")
    url = absolute(source, base) if source else ""
    if not url:
        return None
    caption, credit = _caption(node.css_first(caption_in))
    media = Media(
        url=url,
        alt=squeeze(stated.get("alt") or ""),
        credit=credit,
        width=pixels(stated.get("width")),
        height=pixels(stated.get("height")),
    )
    return media, caption


def _caption(node: LexborNode | None) -> tuple[str, str]:
    """Split a figcaption's text into caption and credit; "" for what is missing."""
    if node is None:
        return "", ""
    within, beside = [], []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            beside.append(child.text_content or "")
        elif child.css_first("svg") is None:
            within.append(child.text())
    caption, credit = squeeze(" ".join(within)), squeeze(" ".join(beside))
    if caption and credit:
        return (credit, caption) if _CREDIT_ALONE.match(caption) else (caption, credit)
    words = caption or credit
    found = _CREDIT.search(words)
    return (
        (words[: found.start()].strip(), words[found.start() :].strip()) if found else (words, "")
    )


def pixels(value: object) -> int | None:
    """Return a size in whole pixels, given as a number or text, rounded down; None if none."""
    try:
        size = int(float(value)) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return None
    return size if 0 < size < 100_000 else None  # noqa: PLR2004


@lru_cache(maxsize=64)
def _cleaner(base: str) -> nh3.Cleaner:
    """Return the cleaner of markup whose links are relative to `base`; "" drops such links."""
    if not host(base):
        return _cleaner_with("deny")
    try:
        return _cleaner_with(("rewrite_with_base", base))
    except ValueError:  # its host is invalid: it contains U+FFFD, say
        return _cleaner_with("deny")


def _cleaner_with(
    relative: Literal["deny"] | tuple[Literal["rewrite_with_base"], str],
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_KEPT.split()),
        clean_content_tags=set(_GONE.split()),
        attributes=_ATTRIBUTES,
        allowed_classes={"blockquote": _POST_CLASSES},
        url_schemes=_SCHEMES,
        url_relative=relative,
        link_rel=None,
    )
