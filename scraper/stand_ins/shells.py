"""What came instead of a page to read: a shell for scripts, a frame, an error, another format."""

import re
from collections.abc import Iterator

from scraper.address import absolute
from scraper.markup.bare_text import paragraphs_of
from scraper.markup.document import Document
from scraper.markup.visible import visible

_FEW = 40  # words; a page with no more may only ask for patience
_LONGEST = 100
_DEEPEST = 5
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_XML_BEGINS = 1_000
_REFRESH = re.compile(r"\s*+[\d.]*+\s*+[;,]?\s*+url\s*+=\s*+[\"']?([^\"']+)", re.IGNORECASE)
_LEADS = re.compile(
    rb"\blocation(?:\.href)?\s*=\s*[\"']([^\"'\s]{1,500})[\"']"
    rb"|\blocation\.(?:replace|assign)\(\s*[\"']([^\"'\s]{1,500})[\"']"
)
_RUNS = re.compile(r"(?:module|(?:text|application)/(?:x-)?(?:java|ecma)script)?", re.IGNORECASE)
_AMP = "cdn.ampproject.org/"
_ERRORS = ("error", "errors", "message", "detail", "title", "description", "reason", "code")


def stand_in(document: Document) -> str:
    """Return in plain words what came instead of a page to read; "" if it is one."""
    told = (
        _data(document) if document.data is not None else "",
        _text(document),
        _leading_on(document),
        _frame(document),
        _shell(document),
    )
    return next(filter(None, told), "")


def _data(document: Document) -> str:
    said = _error(document.data)
    if said:
        return f"an error came in JSON instead of a page: {said}"
    return "JSON came instead of a page, and no platform knows it"


def _error(data: object) -> str:
    """Return the text of an error in JSON, quoted: the first under a name in _ERRORS; else ""."""
    if isinstance(data, dict) and any(name in data for name in _ERRORS[:4]):
        return next((text for name in _ERRORS for text in _words(data.get(name))), "")
    return ""


def _words(data: object, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str) and data.strip():
        yield _quoted(data)
    elif isinstance(data, list) and data:
        yield from _words(data[0], depth + 1)
    elif isinstance(data, dict):
        yield from (text for name in _ERRORS for text in _words(data.get(name), depth + 1))


def _text(document: Document) -> str:
    if _FEED.search(document.markup[:_XML_BEGINS]):
        return "a feed came instead of a page; follow the live blog's own address"
    bare = document.data is None and b"<" not in document.markup
    if bare and not paragraphs_of(document):
        said = _quoted(document.markup[: 4 * _LONGEST].decode("utf-8", "replace"))
        return f"bare text came instead of a page: {said}"
    return ""


def _leading_on(document: Document) -> str:
    if len(visible(document).words) > _FEW:
        return ""
    stated = next((said for name, said in document.meta.items() if name.lower() == "refresh"), "")
    refresh = _REFRESH.match(stated)
    target = refresh[1] if refresh else _led_by_script(document)
    url = absolute(target, document.url) if target else ""
    if not url or url == document.url:
        return ""
    return f"the page only leads on to {url}; follow that address instead"


def _led_by_script(document: Document) -> str:
    """Return where a script in a page without words leads; "" if none, or with script files.

    The scripts of a shell, which come from files, may set a location for other reasons.
    """
    if visible(document).words or document.tree.css_first("script[src]") is not None:
        return ""
    found = _LEADS.search(document.markup)
    return (found[1] or found[2]).decode("utf-8", "replace") if found else ""


def _frame(document: Document) -> str:
    frame = document.tree.css_first("frameset frame[src]")
    if frame is None and not visible(document).words and not _runs_scripts(document):
        frame = document.tree.css_first("body iframe[src]")
    url = absolute(frame.attributes.get("src") or "", document.url) if frame else ""
    return f"the page is only a frame around {url}; follow that address instead" if url else ""


def _shell(document: Document) -> str:
    if len(visible(document).words) > _FEW or not _runs_scripts(document):
        return ""
    return (
        "the page is a shell that its scripts fill, and keywire runs none; "
        "look for another address of the blog, such as its AMP page"
    )


def _runs_scripts(document: Document) -> bool:
    """Return whether a page has scripts other than AMP's, which add no words."""
    scripts = (node.attributes for node in document.tree.css("script"))
    return any(
        _RUNS.fullmatch(stated.get("type") or "") and _AMP not in (stated.get("src") or "")
        for stated in scripts
    )


def _quoted(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"“{line if len(line) <= _LONGEST else f'{line[:_LONGEST]}…'}”"
