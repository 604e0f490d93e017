"""Copies that came instead of a page: from an archive, a cache or a translator.

They have the page's own blocks, so that its platform would read them, as edits of every entry.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from scraper.address import host
from scraper.markup.document import Document
from scraper.markup.word import Word

_ARCHIVE = "follow the publisher's own address, and see what stands between it and keywire"
_TRANSLATION = "ask for the page's own language by a header, Accept-Language"
_HOSTS = {
    "archive.org": ("an archived copy (Wayback Machine)", _ARCHIVE),
    "archive.today": ("an archived copy (archive.today)", _ARCHIVE),
    "archive.ph": ("an archived copy (archive.today)", _ARCHIVE),
    "archive.is": ("an archived copy (archive.today)", _ARCHIVE),
    "webcache.googleusercontent.com": ("a cached copy (Google)", _ARCHIVE),
    "translate.goog": ("a machine translation (Google)", _TRANSLATION),
    "translate.googleusercontent.com": ("a machine translation (Google)", _TRANSLATION),
    "translatetheweb.com": ("a machine translation (Microsoft)", _TRANSLATION),
}
# What these services write at the beginning of a page.
_SIGNS = {
    Word(b"/_static/js/bundle-playback.js"): "archive.org",
    Word(b"BEGIN WAYBACK TOOLBAR"): "archive.org",
    Word(b"wm-ipp-base"): "archive.org",
    Word(b"google-cache-hdr"): "webcache.googleusercontent.com",
}
_BEGINNING = 65_536
_TRANSLATED = re.compile(r"(?:^|\s)translated-(?:ltr|rtl)(?:\s|$)")


def copied(document: Document) -> str:
    """Return, in plain words, whose copy a page is and what to do about it; "" if it is none.

    Also "" for a page that was asked for at such a service, or a saved file (a page without
    headers): there the copy is wanted.
    """
    page = document.page
    if not page.headers or _service(host(page.url)):
        return ""
    if "memento-datetime" in page.headers:  # RFC 7089 2.1.1
        return f"an archived copy came instead of the page; {_ARCHIVE}"
    service = next(filter(None, _services(document)), "")
    if not service:
        return ""
    name, mend = _HOSTS[service]
    return f"{name} came instead of the page; {mend}"


def _services(document: Document) -> Iterator[str]:
    yield _service(host(document.url))
    yield _service(host(document.canonical))
    if _is_translated(document):
        yield "translate.goog"
    beginning = document.markup[:_BEGINNING]
    yield from (service for sign, service in _SIGNS.items() if sign.is_in(beginning))


@lru_cache(maxsize=256)
def _service(name: str) -> str:
    return next((each for each in _HOSTS if name == each or name.endswith(f".{each}")), "")


def _is_translated(document: Document) -> bool:
    tree = document.tree
    classes = (node.attributes.get("class") or "" for node in (tree.root, tree.body) if node)
    return "X-Translated-By" in document.meta or any(map(_TRANSLATED.search, classes))
