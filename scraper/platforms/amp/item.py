"""One item of an AMP live list: its times, authors, title and body, in any publisher's template.

AMP requires only an `id` and a `data-sort-time` of an item (amp.dev, amp-live-list); the rest is
the publisher's choice. What does not belong to the body is recognised by AMP's own elements, by
headings, and by classes that are plain words; generated class names mean nothing and are ignored.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.markup.html import Ours, figure, ours, picture, pixels, squeeze, stand_in
from scraper.markup.memo import Memo, digest
from scraper.times.instants import Moment, moment
from store.entry import Media

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

TIMES = frozenset({"amp-timeago", "time"})

ADVERTS = frozenset({"amp-ad", "amp-sticky-ad", "amp-embed"})

FURNITURE = ADVERTS | frozenset(
    {"script", "style", "template", "button", "nav", "svg", "form", "noscript", "-comment"}
    | {"amp-social-share", "amp-analytics", "amp-pixel", "amp-list", "amp-state"}
)

IMAGES = frozenset({"amp-img", "amp-anim", "img"})

# For each embed element: the attribute with its address or id, and the prefix that makes an address
# of it.
EMBEDS = {
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/"),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v="),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/"),
    "amp-facebook": ("data-href", ""),
    "amp-tiktok": ("data-src", ""),
    "amp-video": ("src", ""),
    "amp-audio": ("src", ""),
    "amp-iframe": ("src", ""),
}

# Elements that only group others.
HOLDERS = frozenset({"div", "section", "article", "main", "header", "footer", "aside", "span"})

BYLINE = re.compile(
    r"(?:^|[-_])(?:by|byline|author|writer)s?(?:$|[-_]+(?:name|link)$)", re.IGNORECASE
)
STAMP = re.compile(r"(?:^|[-_])(?:date|time|timestamp|datetime|time-?ago)$", re.IGNORECASE)
SHARE = re.compile(
    r"(?:^|[-_])(?:share|sharing|social|ads?|advert|advertisement)(?:$|[-_])", re.IGNORECASE
)
CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: (?:[A-Z]{2,5}|Uhr))?", re.IGNORECASE
)
DATE = re.compile(
    r"(?:\w{2,12},? )?\d{1,2}\.? \w{3,12}\.? \d{4},?(?: at| um|,)?(?: \d{1,2}[:.]\d{2}(?: Uhr)?)?"
    r"|\w{3,12}\.? \d{1,2}, \d{4},?(?: at)?(?: \d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
BY = re.compile(r"by:?\s+", re.IGNORECASE)

# Elements within text that must be converted or left out.
PARTS = re.compile(r"<(?:amp-|img|button|script|style|svg|form|noscript|template|nav)")

# Elements that may be a separate line above the body (a byline, a time).
LINES = frozenset({"p", "span", "a", "small"})


LONGEST_LINE = 80
LONGEST_WRITTEN = 400
LAYERS = 30
NOTHING = Ours("", "")


@dataclass(slots=True)
class Item:
    """What was found in an item.

    `times` are its printed times as written, in page order; `told` are those that could be parsed.
    `placed` is the time of `data-sort-time`, `updated` that of `data-update-time`. `advertises` is
    whether it contains an advertisement, `worded` whether words of the body have been seen.
    """

    times: list[str] = field(default_factory=list)
    title: str = ""
    authors: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    advertises: bool = False
    worded: bool = False
    body: Ours = NOTHING
    told: tuple[Moment, ...] = ()
    placed: Moment | None = None
    updated: Moment | None = None


_ITEMS = Memo[Item]()


def read_item(node: LexborNode, base: str, zone: tzinfo | None) -> Item:
    """Read an item; `base` is the address that its links are relative to.

    A printed time without a zone is read in `zone`, and ignored if `zone` is None; the times in
    attributes are then read as UTC. The returned object is cached for the same markup and must not
    be changed.
    """
    written = (node.html or "").encode("utf-8", "replace")
    return _ITEMS.get(lambda: _read(node, base, zone), (digest(written), base, zone), len(written))


def _read(node: LexborNode, base: str, zone: tzinfo | None) -> Item:
    item = Item()
    item.body = ours("".join(_parts(node, item, base)), base)
    stated = node.attributes
    item.placed = moment(stated.get("data-sort-time") or "", zone or UTC)
    item.updated = moment(stated.get("data-update-time") or "", zone or UTC)
    read = [moment(written, zone or UTC) for written in item.times if written]
    item.told = tuple(told for told in read if told and (told.zoned or zone is not None))
    return item


def _parts(node: LexborNode, item: Item, base: str, depth: int = 0) -> Iterator[str]:
    """Yield the html parts of an item's body in page order; record everything else in `item`."""
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            words = child.html or ""
            item.worded = item.worded or not words.isspace()
            yield " " if words.isspace() else words
        elif tag in FURNITURE:
            item.advertises = item.advertises or tag in ADVERTS
        elif tag in TIMES:
            item.times.append(child.attributes.get("datetime") or "")
        elif tag in HEADINGS and not item.title and not item.worded:
            item.title = squeeze(child.text())
        elif tag in IMAGES or tag == "figure":
            yield _image(child, item, base)
        elif tag in EMBEDS:
            yield _embed(child, tag, base)
        elif not _is_beside(child, item):
            yield _element(child, tag, item, base, depth)


def _element(child: LexborNode, tag: str, item: Item, base: str, depth: int) -> str:
    if tag in HOLDERS and depth < LAYERS:
        within = "".join(_parts(child, item, base, depth + 1)).strip()
        return within if tag == "span" or within.startswith("<") else f"<div>{within}</div>"
    html = child.html or ""
    if depth >= LAYERS or PARTS.search(html) is None:
        item.worded = True
        return html
    within = "".join(_parts(child, item, base, depth + 1))
    return f"<{tag}>{within}</{tag}>"


def _is_beside(node: LexborNode, item: Item) -> bool:
    """Whether an element is a byline, a printed time or share buttons; if so, note it in `item`."""
    stated = node.attributes
    classes = (stated.get("class") or "").split() if stated else []
    by = bool(stated) and _is_byline(stated)
    if any(map(SHARE.search, classes)):
        item.advertises = item.advertises or node.css_first(",".join(ADVERTS)) is not None
        return True
    stamp = any(map(STAMP.search, classes))
    if not by and not stamp and (node.tag not in LINES if not item.worded else node.tag != "span"):
        return False
    written = node.text()
    line = squeeze(written) if len(written) <= LONGEST_WRITTEN else written
    if len(line) > LONGEST_LINE:
        return False
    if by:
        item.authors += _names(node)
    times = [time.attributes.get("datetime") or "" for time in node.css("amp-timeago, time")]
    item.times += times
    return by or stamp or bool(times and not item.worded) or _is_clock(line)


def _is_clock(line: str) -> bool:
    return CLOCK.fullmatch(line) is not None or DATE.fullmatch(line) is not None


def _is_byline(stated: Mapping[str, str | None]) -> bool:
    named = stated.get("rel") == "author" or stated.get("itemprop") == "author"
    return named or any(map(BYLINE.search, (stated.get("class") or "").split()))


def _names(byline: LexborNode) -> Iterator[str]:
    """Yield the names in a byline: those of the innermost bylines within it, else its own text."""
    for node in _bylines(byline) or [byline]:
        name = BY.sub("", squeeze(node.text()), count=1)
        if name and (node.mem_id == byline.mem_id or not _bylines(node)):
            yield name


def _bylines(node: LexborNode) -> list[LexborNode]:
    within = node.css("[class], [rel], [itemprop]")
    return [each for each in within if each.mem_id != node.mem_id and _is_byline(each.attributes)]


def _image(node: LexborNode, item: Item, base: str) -> str:
    if node.tag == "figure":
        drawn = picture(node, base)
        if drawn is None:
            return "".join(_parts(node, item, base, LAYERS))
        item.media.append(drawn[0])
        return figure(*drawn)
    stated = node.attributes
    url = absolute(stated.get("src") or "", base) if stated.get("src") else ""
    if not url:
        return ""
    media = Media(
        url=url,
        alt=squeeze(stated.get("alt") or ""),
        width=pixels(stated.get("width")),
        height=pixels(stated.get("height")),
    )
    item.media.append(media)
    return figure(media, "")


def _embed(node: LexborNode, tag: str, base: str) -> str:
    attribute, before = EMBEDS[tag]
    said = (node.attributes.get(attribute) or "").strip()
    return stand_in(absolute(before + said, base), "") if said else ""
