"""The nested, typed blocks that the BBC's editor makes a text of, converted to html.

Types are those of github.com/bbc/simorgh, src/app/models/types/optimo.ts and Post/index.tsx. In a
block of an unknown type the known blocks within it are converted, so that no words are lost.
"""

from collections.abc import Callable, Iterator, Mapping
from html import escape

from scraper.address import absolute
from scraper.markup.html import figure, pixels, squeeze, stand_in
from scraper.markup.loose_json import list_in, object_in, string_in
from store.entry import Media

ICHEF = "https://ichef.bbci.co.uk/ace/ws/800/"
EMPHASIS = {"bold": "strong", "italic": "em"}
AROUND = {
    "paragraph": "p",
    "unorderedList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "subheadline": "h3",
    "heading": "h3",
    "blockquote": "blockquote",
    "quote": "blockquote",
}
DEEPEST = 24


def within(block: object) -> list[object]:
    """Return the blocks inside a block."""
    return list_in(object_in(block, "model"), "blocks")


def words_of(block: object, depth: int = 0) -> str:
    """Return the text of a block: its own, or that of the paragraphs and fragments inside it."""
    kind = string_in(block, "type")
    said = string_in(object_in(block, "model"), "text")
    if said and kind in {"paragraph", "fragment", "urlLink"}:
        return squeeze(said)
    if depth > DEEPEST:
        return ""
    return squeeze(" ".join(words_of(each, depth + 1) for each in within(block)))


def drawn(blocks: list[object], base: str) -> tuple[str, tuple[Media, ...]]:
    """Convert blocks to html; return it with the pictures among them, in page order."""
    media = list[Media]()
    html = "".join(_drawn(block, base, media, 0) for block in blocks)
    return html, tuple(media)


def _drawn(block: object, base: str, media: list[Media], depth: int) -> str:
    kind, model = string_in(block, "type"), object_in(block, "model")
    if kind in LEAVES:
        return LEAVES[kind](model, base, media)
    inner = "".join(
        _drawn(each, base, media, depth + 1) for each in (within(block) if depth < DEEPEST else ())
    )
    # Some paragraphs have a text and no fragments.
    inner = inner or escape(string_in(model, "text"), quote=False)
    if kind == "urlLink":
        address = absolute(string_in(model, "locator"), base)
        return f'<a href="{escape(address)}">{inner}</a>' if address else inner
    tag = AROUND.get(kind)
    return f"<{tag}>{inner}</{tag}>" if tag and inner.strip() else inner


def _fragment(model: Mapping[str, object], _base: str, _media: list[Media]) -> str:
    html = escape(string_in(model, "text"), quote=False)
    for attribute in list_in(model, "attributes"):
        tag = EMPHASIS.get(attribute) if isinstance(attribute, str) else None
        html = f"<{tag}>{html}</{tag}>" if tag and html.strip() else html
    return html


def _image(model: Mapping[str, object], _base: str, media: list[Media]) -> str:
    """Convert a picture; its raw image, alternative text and caption are sibling blocks."""
    parts = {string_in(part, "type"): part for part in list_in(model, "blocks")}
    raw = object_in(parts.get("rawImage"), "model")
    address = _image_address(raw)
    if not address:
        return ""
    image = Media(
        url=address,
        alt=words_of(parts.get("altText")),
        credit=squeeze(string_in(raw, "copyrightHolder")),
        width=pixels(raw.get("width")),
        height=pixels(raw.get("height")),
    )
    media.append(image)
    return figure(image, words_of(parts.get("caption")))


def _image_address(raw: Mapping[str, object]) -> str:
    """Return a picture's address, built as the site does (lib/utilities/ichefURL), or ""."""
    locator, origin = string_in(raw, "locator"), string_in(raw, "originCode")
    if locator.startswith("http"):
        return absolute(locator, "")
    return absolute(f"{ICHEF}{origin or 'cpsprodpb'}/{locator}", "") if locator else ""


def _social(model: Mapping[str, object], _base: str, _media: list[Media]) -> str:
    return stand_in(absolute(string_in(model, "href"), ""), "") if "href" in model else ""


def _film(model: Mapping[str, object], _base: str, _media: list[Media]) -> str:
    """Return a figure with the caption of a film or recording, which has no address of its own."""
    words = " ".join(_captions(model, 0))
    return (
        f"<figure><figcaption>{escape(words, quote=False)}</figcaption></figure>" if words else ""
    )


def _captions(model: Mapping[str, object], depth: int) -> Iterator[str]:
    for block in list_in(model, "blocks"):
        if string_in(block, "type") == "caption":
            yield words_of(block)
        elif depth < DEEPEST:
            yield from _captions(object_in(block, "model"), depth + 1)


LEAVES: Mapping[str, Callable[[Mapping[str, object], str, list[Media]], str]] = {
    "fragment": _fragment,
    "image": _image,
    "social": _social,
    "video": _film,
    "audio": _film,
}
