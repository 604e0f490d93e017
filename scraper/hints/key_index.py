"""Indexes of key events: lists beside the entries of a page that link to some of them.

"Key events", "Punti chiave", "L'Essentiel", "Das Wichtigste": whatever system publishes a page,
such a list shows which of its entries are key events. It states nothing of the other entries.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.visible import fold
from store.sighting import Kind, Sighting, Snapshot, View

_WORDS = (
    "key events|key points|key moments|key developments|key updates|key takeaways|at a glance"
    "|what to know|what you need to know|what we know|the latest|summary|highlights"
    "|punti chiave|in sintesi|i momenti chiave|l['’]essentiel|l['’]essenziale|les points clés"
    "|temps forts|les faits marquants|das wichtigste|die wichtigsten|schlüsselmomente|kernpunkte"
    "|puntos clave|lo más importante|momentos clave|las claves|pontos-chave|destaques|o essencial"
    "|hoofdpunten|het belangrijkste|najważniejsze|det viktigste|det viktigaste|ключевые|главное"
    "|النقاط الرئيسية|أبرز|עיקרי|ポイント|要点"
)
_NAMED = re.compile(_WORDS, re.IGNORECASE)
_LONGEST_NAME = 80
_HEADINGS = "h2, h3, h4, h5, h6, summary, legend, strong, [class*=title]"
# A list that names nearly every entry is a table of contents.
_CONTENTS, _MANY = 0.8, 5
# At least this share of an index's links leads to entries of the page.
_SHARE = 0.5


def indexed(document: Document, snapshot: Snapshot) -> Snapshot:
    """Return a snapshot with the key events that the page's index names.

    Unchanged if the page has no index, or if any sighting states already whether it is a key event.
    """
    if document.data is not None or not asks_for_index(snapshot):
        return snapshot
    names = dict(_names(snapshot))
    entries = len(snapshot.sightings)
    bare = any("#" not in name and "?" not in name for name in names if "/" in name)
    for each in document.tree.css("ul, ol"):
        links = each.css("a[href]")
        leading = links if bare else list(filter(_leads_within, links))
        if len(leading) < _SHARE * len(links):
            continue
        targets = [(link, _target(link, names, snapshot.url)) for link in leading]
        known = {target: link for link, target in targets if target is not None}
        if len(known) < _SHARE * len(links) or not known or not _is_named(each):
            continue
        if entries < _MANY or len(known) < _CONTENTS * entries:
            return _marked(snapshot, known)
    return snapshot


def asks_for_index(snapshot: Snapshot) -> bool:
    """Return whether no sighting of a live blog states yet if it is a key event."""
    return snapshot.kind is Kind.LIVE_BLOG and all(
        sighting.key_event is None for sighting in snapshot.sightings
    )


def _leads_within(link: LexborNode) -> bool:
    """Return whether a link may lead to an entry of a page: its address has "#" or "?".

    This check is cheaper than resolving the link.
    """
    address = link.attributes.get("href") or ""
    return "#" in address or "?" in address


def _names(snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """Yield what a link to an entry may contain (block id, permalink or title), and its place.

    The place is the index in the snapshot's sightings.
    """
    for place, sighting in enumerate(snapshot.sightings):
        if sighting.block_id:
            yield sighting.block_id, place
        if sighting.permalink and sighting.permalink.rstrip("/") != snapshot.url.rstrip("/"):
            yield sighting.permalink, place
        elif sighting.title:
            yield fold(sighting.title), place


def _target(link: LexborNode, names: Mapping[str, int], base: str) -> int | None:
    """Return the place of the entry that a link leads to; None if there is none.

    Compared with the names are its address, fragment, parameters and, with a fragment, its text.
    """
    address = absolute(link.attributes.get("href") or "", base)
    try:
        parts = urlsplit(address)
        fragment, pairs = unquote(parts.fragment), parse_qsl(parts.query)
    except ValueError:
        return None
    meant = [address, fragment, fragment.rpartition("-")[2], fragment.rpartition("_")[2]]
    meant += [value for _, value in pairs]
    if fragment:
        meant.append(fold(squeeze(link.text())))
    return next((names[each] for each in meant if each and each in names), None)


def _is_named(each: LexborNode) -> bool:
    """Return whether the text right above a list, or the heading of its box, calls it an index."""
    before = each.prev
    while before is not None and before.tag in {"-text", "-comment"}:
        before = before.prev
    inner = each.parent
    heads = [before, inner.css_first(_HEADINGS) if inner is not None else None]
    if inner is not None and inner.parent is not None and before is None:
        heads.append(inner.prev)
    said = (squeeze(head.text()) for head in heads if head is not None)
    return any(len(words) <= _LONGEST_NAME and _NAMED.search(words) for words in said)


def _marked(snapshot: Snapshot, known: Mapping[int, LexborNode]) -> Snapshot:
    sightings, index = list(snapshot.sightings), list[Sighting]()
    for place, link in known.items():
        entry = sightings[place]
        if entry.block_id is None:
            sightings[place] = replace(entry, key_event=True)
        else:
            title = squeeze(link.text()) or None
            index.append(Sighting(View.INDEX, entry.block_id, title=title, key_event=True))
    return replace(snapshot, sightings=(*sightings, *index))
