"""A page decoded once and parsed once, for all code that reads it."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import webencodings
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.address import absolute
from scraper.markup.charset import probable
from scraper.markup.cut import Gap, Run, run_at
from scraper.markup.held import gap_for, plain_value
from scraper.markup.html import squeeze
from scraper.markup.look import Look
from scraper.markup.parsed import LeavesOut, Parsed, parsed, refuse_depth, unreadable
from scraper.page import Page

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_META_CHARSET = re.compile(
    rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# The HTML Standard looks for a declaration in the first 1024 bytes; publishers put it later.
_DECLARED_WITHIN = 4096
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4096
_PIECE = 1 << 14
_HIGH = bytes(range(0x80, 0x100))
# A body passes as UTF-8 with more than this many whole non-ASCII characters for each broken one.
_FORGIVEN = 4
# Selectors take a tenth of the time of looking at each element.
_SAID_IN_HEAD = 'meta:not(noscript meta), link[rel~="canonical" i]:not(noscript link)'
_SAID_IN_BODY = 'body link[rel~="canonical" i], body meta[property], body meta[name]'
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Document:
    """A page as markup (UTF-8) and tree, or as the JSON that its body is; equal only to itself.

    `data` is None for markup; for JSON, `tree` is empty. `canonical` is the absolute address of the
    page's canonical link, "" if none; `meta` maps a meta element's property, name or http-equiv to
    its content. `whole` is whether the page's end arrived. `runs` are the blocks that were cut out
    of the tree, `held` the long attribute values that were; the markup has both. `elements` is the
    markup without long scripts and styles if the tree was parsed from that, else empty
    (`markup/elements` returns it for any page). `told` keeps the results of functions decorated
    with `once` (`markup/once`), by function.
    """

    page: Page
    markup: bytes
    tree: LexborHTMLParser
    data: object
    canonical: str
    meta: Mapping[str, str]
    language: str
    whole: bool
    look: Look
    runs: Sequence[Run] = ()
    held: Sequence[Gap] = ()
    elements: bytes = b""
    told: dict[Callable[..., object], object] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address that answered."""
        return self.page.final_url or self.page.url

    @property
    def title(self) -> str:
        """The title for sharing (og:title, twitter:title), else that of the title element."""
        return self.meta.get("og:title") or self.meta.get("twitter:title") or self._head_title()

    def _head_title(self) -> str:
        node = self.tree.css_first("title:not(svg title)")
        return squeeze(node.text()) if node else ""

    def holds(self, sign: bytes) -> bool:
        """Return whether a sign is anywhere in the markup."""
        return self.look.holds(sign)

    def may_print(self, sign: bytes) -> bool:
        """Return whether a sign of an element may be on the page; long scripts may be left out."""
        return self.look.holds(sign, self.elements)

    def run_at(self, node: LexborNode) -> Run:
        """Return the blocks that a node stands in for; none if it is no stand-in."""
        return run_at(node, self.runs)

    def written_at(self, node: LexborNode, attribute: str) -> memoryview:
        """Return an attribute's value as written if it was left out of the tree, else nothing."""
        gap = gap_for(node, attribute, self.held)
        return memoryview(self.markup)[gap.start : gap.end] if gap else memoryview(b"")

    def stated_by(self, node: LexborNode, attribute: str) -> str:
        """Return an attribute's value, left out of the tree or not; "" if there is none."""
        written = self.written_at(node, attribute)
        return plain_value(written) if written else node.attributes.get(attribute) or ""


def open_document(
    page: Page, leaves_out: LeavesOut | None = None, signs: frozenset[bytes] = frozenset()
) -> Document:
    """Decode and parse a page; raises UnreadableError if its body is neither text nor markup.

    `leaves_out` describes what a platform's reader needs no tree for, so that it is not parsed.
    The markup is searched for all `signs` at once when `look.holds_any` is first called.
    """
    markup = _as_utf8(page)
    if not markup or markup.isspace():
        raise unreadable(page, "the body is empty")
    data = _json(page, markup)
    if data is not None:
        made = Parsed(LexborHTMLParser(b""), markup)
    else:
        made = parsed(page, markup, leaves_out)
    tree, markup = made.tree, made.markup
    canonical, meta = _head(tree, page.final_url or page.url)
    return Document(
        page=page,
        markup=markup,
        tree=tree,
        data=data,
        canonical=canonical,
        meta=meta,
        language=_language(tree),
        whole=data is not None or _is_whole(markup),
        look=Look(markup, signs),
        runs=made.runs,
        held=made.held,
        elements=made.elements,
    )


def _as_utf8(page: Page) -> bytes:
    """Return the body in UTF-8; raises UnreadableError if its bytes are no text.

    A byte order mark decides first (HTML Standard, 13.2.3.2). Bytes that are valid UTF-8 and not
    all ASCII are UTF-8 whatever is declared: text in another charset is never valid UTF-8 by
    accident, while servers that declare one charset for everything are common. Then follow the
    charset of the HTTP header, that of the page, and the one usual for the page's language.
    """
    body = page.body
    if body.startswith(_BINARY):
        raise unreadable(page, "the body is a file of another kind, no text")
    mark, label = next((bom for bom in _BOMS if body.startswith(bom[0])), (b"", ""))
    if label == "utf-8" or (not label and _is_utf8(body) and not _is_other(page)):
        return _text_only(page, body[len(mark) :])
    if label:
        text = body[len(mark) :].decode(label, "replace")
    else:
        text = _as_declared(page) or probable(body).codec_info.decode(body, "replace")[0]
    return _text_only(page, text.encode("utf-8", "replace"))


def _text_only(page: Page, markup: bytes) -> bytes:
    sample = markup[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 20 > len(sample):
        raise unreadable(page, "the body is binary, no text")
    return markup


def _is_utf8(body: bytes) -> bool:
    """Return whether bytes are UTF-8, but for a few broken characters (at a cut end).

    They are decoded in pieces: one string of a whole page takes more memory than its tree.
    """
    view, read = memoryview(body), 0
    try:
        while read < len(body):
            piece = view[read : read + _PIECE]
            read += codecs.utf_8_decode(piece, "strict", read + _PIECE >= len(body))[1]
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        beyond_ascii = len(text) - len(body.translate(None, _HIGH))
        return beyond_ascii > _FORGIVEN * text.count("\ufffd")
    return True


def _is_other(page: Page) -> bool:
    """Return whether a body of only ASCII bytes is declared in another charset than UTF-8.

    In some, such as ISO-2022-JP, ASCII bytes stand for other characters.
    """
    return page.body.isascii() and any(_declared(page))


def _as_declared(page: Page) -> str | None:
    for encoding in _declared(page):
        try:
            text: str = encoding.codec_info.decode(page.body, "strict")[0]
        except UnicodeError:
            continue
        return text
    return None


def _declared(page: Page) -> list[webencodings.Encoding]:
    """Return the encodings that HTTP header and page declare, in this order, without UTF-8."""
    in_header = _HEADER_CHARSET.search(page.headers.get("content-type", ""))
    in_markup = _META_CHARSET.search(page.body[:_DECLARED_WITHIN])
    labels = [in_header[1]] if in_header else []
    # A page whose meta element could be found is not in UTF-16 (HTML Standard, 13.2.3.2).
    if in_markup and not in_markup[1].lower().startswith(b"utf-16"):
        labels.append(in_markup[1].decode("ascii", "replace"))
    found = (webencodings.lookup(label) for label in labels)
    return [encoding for encoding in found if encoding and encoding.name != "utf-8"]


def _json(page: Page, markup: bytes) -> object:
    if not _JSON.match(markup):
        return None
    refuse_depth(page, markup)
    try:
        return msgspec.json.decode(markup)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable(page, f"JSON that cannot be read: {error}") from error


def _head(tree: LexborHTMLParser, base: str) -> tuple[str, dict[str, str]]:
    canonical, meta = "", dict[str, str]()
    for node in _head_nodes(tree):
        stated = node.attributes
        if node.tag == "link":
            canonical = canonical or absolute(stated.get("href") or "", base)
        elif name := stated.get("property") or stated.get("name") or stated.get("http-equiv"):
            meta.setdefault(name, squeeze(stated.get("content") or ""))
    return canonical, meta


def _head_nodes(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    head = tree.head
    if head is not None:
        yield from head.css(_SAID_IN_HEAD)
    # A noscript with an image ends the head for a parser that runs no scripts.
    if head is None or head.css_first('link[rel="canonical"]') is None:
        yield from tree.css(_SAID_IN_BODY)


def _language(tree: LexborHTMLParser) -> str:
    root = tree.css_first("html")
    return squeeze(root.attributes.get("lang") or "") if root else ""


def _is_whole(markup: bytes) -> bool:
    if b"</html" in markup[-_SAMPLE:] or b"</html" in markup:
        return True
    lower = markup.lower()
    return b"<html" not in lower or b"</html" in lower
