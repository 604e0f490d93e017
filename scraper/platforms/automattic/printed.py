"""Pages that print their entries: versions up to 1.6, and AMP pages since 1.9.

Up to 1.6 (templates/liveblog-single-entry.php): `data-timestamp` is when an entry was published,
also after edits. A live blog shows its newest entries, newest first; an archived one all of them,
oldest first. A list of key events has elements of the same classes, with links.

AMP (templates/amp/entry.php): an element's id is `post` and the time of the entry's last change,
not the entry's id, which is in its share links. JSON-LD has the id too; it leaves out entries
without words but has the others in the same order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.pictures import pictures_in
from scraper.platforms.automattic.entry import KEY_CLASS, body_of, commands_key
from scraper.times.instants import epoch
from store.entry import TimePrecision
from store.sighting import Sighting, View

ENTRIES = '[id^="liveblog-entry-"][data-timestamp]'
KEY_LINKS = "[data-timestamp] > a[data-entry-id]"
AMP_ENTRIES = "amp-live-list [items] > .liveblog-entry[data-sort-time]"

SHARED = "amp-social-share[data-param-url]"

ID = re.compile(r"liveblog-entry-(\d{1,18})")
NUMBER = re.compile(r"\d{1,18}")
SECONDS = re.compile(r"\d{9,11}")
KEY_WORD = re.compile(r"^/?key\s+")

# What the AMP template adds to an entry's body.
ADDED = re.compile(r"<amp-social-share\b[^<>]*>\s*(?:</amp-social-share>)?")

HEAD = 24


def entries(document: Document, base: str) -> tuple[Sighting | None, ...]:
    """Read the entries of a page up to 1.6, in page order; None for each that cannot be read.

    `key_event` is None on a page that marks no key event at all.
    """
    listed = {each.block_id for each in key_list(document, base)}
    read = [_entry(node, base) for node in document.tree.css(ENTRIES)]
    if not listed and not any(each is not None and each.key_event for each in read):
        return tuple(each and replace(each, key_event=None) for each in read)
    return tuple(
        each and replace(each, key_event=each.key_event or each.block_id in listed) for each in read
    )


def _entry(node: LexborNode, base: str) -> Sighting | None:
    stated = node.attributes
    found, published = ID.fullmatch(stated.get("id") or ""), _seconds(stated.get("data-timestamp"))
    body = node.css_first(".liveblog-entry-text")
    if found is None or published is None or body is None:
        return None
    markup = body.inner_html or ""
    ours = body_of(markup, base)
    return Sighting(
        view=View.BLOCK,
        block_id=found[1],
        published=published,
        time_precision=TimePrecision.SECOND,
        title="",
        html=ours.html,
        text=ours.text,
        permalink=f"{base}#liveblog-entry-{found[1]}",
        authors=_names(node, ".liveblog-author-name"),
        media=pictures_in(ours.html) or None,
        key_event=KEY_CLASS in (stated.get("class") or "").split() or commands_key(markup),
    )


def key_list(document: Document, base: str) -> tuple[Sighting, ...]:
    """Read a page's list of key events, which includes those that are no longer on the page."""
    return tuple(_listed(document, base))


def _listed(document: Document, base: str) -> Iterator[Sighting]:
    for link in document.tree.css(KEY_LINKS):
        block_id = link.attributes.get("data-entry-id") or ""
        above = link.parent
        published = _seconds(above.attributes.get("data-timestamp")) if above else None
        if NUMBER.fullmatch(block_id) and published is not None:
            yield Sighting(
                view=View.INDEX,
                block_id=block_id,
                published=published,
                time_precision=TimePrecision.SECOND,
                title=KEY_WORD.sub("", squeeze(link.text())),
                permalink=f"{base}#liveblog-entry-{block_id}",
                key_event=True,
            )


def amp_entries(
    document: Document, base: str, stated: Sequence[Sighting]
) -> tuple[Sighting | None, ...]:
    """Read the entries of an AMP page, in page order; None for each whose id is not on the page.

    `stated` are the entries in the page's JSON-LD, which supply ids that the element lacks.
    """
    left = list(stated)
    return tuple(_amp_entry(node, base, left) for node in document.tree.css(AMP_ENTRIES))


def _amp_entry(node: LexborNode, base: str, left: list[Sighting]) -> Sighting | None:
    published = _seconds(node.attributes.get("data-sort-time"))
    body = node.css_first(".liveblog-entry-content")
    if published is None or body is None:
        return None
    markup = ADDED.sub("", body.inner_html or "")
    ours = body_of(markup, base)
    alike = _first_alike(left, published, ours.text)
    if alike is not None:
        left.remove(alike)
    block_id = _shared_id(node) or (alike.block_id if alike else None)
    if block_id is None:
        return None
    changed = _seconds((node.attributes.get("id") or "").removeprefix("post"))
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        updated=changed if changed and changed > published else None,
        time_precision=TimePrecision.SECOND,
        title="",
        html=ours.html,
        text=ours.text,
        permalink=f"{base}#{block_id}",
        authors=_names(node, ".liveblog-meta-author-name"),
        media=pictures_in(ours.html) or None,
        key_event=commands_key(markup),
    )


def _first_alike(left: Sequence[Sighting], published: datetime, text: str) -> Sighting | None:
    """Find the JSON-LD update with the time and first letters of an entry; None if there is none.

    Blanks are ignored, since JSON-LD has blanks in place of tags.
    """
    head = _folded(text)
    return next(
        (each for each in left if each.published == published and _folded(each.text) == head), None
    )


def _folded(text: str | None) -> str:
    return "".join((text or "").split())[:HEAD]


def _shared_id(node: LexborNode) -> str | None:
    for share in node.css(SHARED):
        query = urlsplit(share.attributes.get("data-param-url") or "").query
        found = parse_qs(query).get("liveblog_id", [""])[0]
        if NUMBER.fullmatch(found):
            return found
    return None


def _names(node: LexborNode, selector: str) -> tuple[str, ...] | None:
    names = (squeeze(name.text()) for name in node.css(selector))
    return tuple(filter(None, names)) or None


def _seconds(written: str | None) -> datetime | None:
    written = (written or "").strip()
    return epoch(int(written)) if SECONDS.fullmatch(written) else None
