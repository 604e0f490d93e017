"""The bodies of entries in publishers' own models, turned into markup.

The markup is not safe yet: it goes through `markup.html.ours` as any page's markup does.
"""

from collections.abc import Iterator, Mapping
from html import escape

from scraper.markup.html import stand_in
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.state import Refer

Said = Mapping[str, object]

DEEPEST = 30

# The types of Arc's elements whose content is words, and the tag for each.
WORDS = {"text": "p", "header": "h3", "raw_html": "div", "table": "div"}
LISTS = {"ordered": "ol", "unordered": "ul"}

# CNBC's tags that are HTML's own, and the HTML for its other tags.
_PLAIN = """
    a b blockquote br em h1 h2 h3 h4 h5 h6 hr i li ol p strong sub sup ul
"""
PLAIN = frozenset(_PLAIN.split())
MEANT = {"subtitle": "h2", "pullquote": "blockquote", "pullquote_quote": "p", "div": "div"}
WITHIN = frozenset({"group", "pullquote_attribution", "pullquote_title"})
EMBEDS = frozenset({"Enhancement", "EmbedRichTextElement", "Twitter"})


def ans(said: Said, refer: Refer, depth: int = 0) -> str:
    """Turn Arc's elements (github.com/washingtonpost/ans-schema) into markup."""
    if depth > DEEPEST:
        return ""
    return "".join(
        _element(element, refer, depth)
        for each in list_in(said, "content_elements")
        if isinstance(element := refer(each), dict)
    )


def _element(said: Said, refer: Refer, depth: int) -> str:
    kind, content = string_in(said, "type"), string_in(said, "content")
    if kind in WORDS:
        return f"<{WORDS[kind]}>{content}</{WORDS[kind]}>"
    if kind in {"list", "list_element"}:
        return _list(said, depth)
    if kind == "quote":
        return f"<blockquote>{ans(said, refer, depth + 1)}</blockquote>"
    if kind == "image":
        return _image(said)
    return _embed(object_in(said, "raw_oembed")) if kind == "oembed_response" else ""


def _list(said: Said, depth: int) -> str:
    if depth > DEEPEST:
        return ""
    tag = LISTS.get(string_in(said, "list_type"), "ul")
    items = "".join(
        f"<li>{string_in(item, 'content')}{_list(item, depth + 1) if 'items' in item else ''}</li>"
        for item in list_in(said, "items")
        if isinstance(item, dict)
    )
    return f"<{tag}>{items}</{tag}>"


def _image(said: Said) -> str:
    caption = string_in(said, "caption") or string_in(said, "credits_caption_display")
    return drawn(string_in(said, "url"), string_in(said, "alt_text"), caption, _credit(said))


def _credit(said: Said) -> str:
    people = list_in(object_in(said, "credits"), "by")
    sources = list_in(object_in(said, "credits"), "affiliation")
    return "/".join(name for each in (*people, *sources) if (name := string_in(each, "name")))


def _embed(said: Said) -> str:
    html = string_in(said, "html")
    return html if "<blockquote" in html else stand_in(string_in(said, "url"), "")


def tree(said: Said, refer: Refer) -> str:
    """Turn CNBC's tree of tags into markup."""
    content = list_in(object_in(object_in(said, "data"), "body"), "content")
    return "".join(_branches(content or list_in(said, "children"), refer, 0))


def _branches(nodes: list[object], refer: Refer, depth: int) -> Iterator[str]:
    for node in nodes if depth <= DEEPEST else ():
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            yield _branch(node, refer, depth)


def _branch(node: Said, refer: Refer, depth: int) -> str:
    name, stated = string_in(node, "tagName"), object_in(node, "attributes")
    within = "".join(_branches(list_in(node, "children"), refer, depth + 1))
    if name in {"image", "infographic"}:
        credit = string_in(stated, "copyrightHolder")
        alt = string_in(stated, "altText")
        return drawn(string_in(stated, "url"), alt, string_in(stated, "caption"), credit)
    if name == "cnbcvideo":
        film = object_in(node, "data")
        return stand_in(string_in(film, "url"), string_in(film, "headline"))
    if name == "service-embed":
        return stand_in(string_in(stated, "src"), "")
    if name == "a":
        return f'<a href="{escape(string_in(stated, "href"))}">{within}</a>'
    tag = name if name in PLAIN else MEANT.get(name, "")
    if tag:
        return f"<{tag}>{within}</{tag}>" if tag not in {"br", "hr"} else f"<{tag}>"
    return within if name in WITHIN else ""


def nodes(said: Said, refer: Refer) -> str:
    """Turn Haaretz' nodes into markup."""
    return _within(list_in(said, "body"), refer, 0)


def _node(said: Said, refer: Refer, depth: int) -> str:
    kind, tag = string_in(said, "__typename"), string_in(said, "tag")
    if kind == "HtmlNode":
        content = string_in(said, "content")
        return f"<{tag}>{content}</{tag}>" if tag in PLAIN else content
    if kind == "QuoteRichTextElement":
        return f"<blockquote>{string_in(said, 'quote')}</blockquote>"
    if kind in {"ImageRichTextElement", "htz_image_Image"}:
        return _picture(refer(said.get("image")) if "image" in said else said, refer)
    within = said.get("item" if kind == "Enhancement" else "content")
    if isinstance(within, str):
        return within if kind in EMBEDS else ""
    return _within(within, refer, depth) if kind in EMBEDS else ""


def _within(said: object, refer: Refer, depth: int) -> str:
    items = said if isinstance(said, list) else [said]
    meant = (refer(item) for item in items) if depth < DEEPEST else ()
    return "".join(_node(item, refer, depth + 1) for item in meant if isinstance(item, dict))


def _picture(said: object, refer: Refer) -> str:
    """Return a picture's markup if its file has a whole address; most have only a part of one."""
    files = list_in(said, "files")
    url = string_in(refer(files[0]), "url") if files else ""
    return drawn(url, "", string_in(said, "caption"), string_in(said, "credit"))


def drawn(url: str, alt: str, caption: str, credit: str) -> str:
    """Return a picture's markup in the form that a page would print; "" without an address."""
    if not url:
        return ""
    words = f"<span>{caption}</span> {credit}" if caption or credit else ""
    below = f"<figcaption>{words}</figcaption>" if words else ""
    return f'<figure><img src="{escape(url)}" alt="{escape(alt)}">{below}</figure>'
