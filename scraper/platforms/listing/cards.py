"""The stories that a page links to, each with the element around its links: a card.

There is no common markup for cards, so a card is defined by its contents: the largest element
around a link that has no link to another story.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute, normalise, same_site
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.times.instants import moment
from store.decision.identity import address_of

MOST_LINKS = 3_000
# How many elements outwards from its link a card may reach.
LAYERS = 8
LONGEST_TITLE = 300
# The fewest characters of a paragraph that is not a teaser, and the most of all such paragraphs on
# a page that only lists stories.
A_SENTENCE, OF_ITS_OWN = 60, 1_000
AROUND = frozenset({"nav", "footer", "form", "dialog"})
HEADINGS = "h1, h2, h3, h4, h5, h6"
# A story's path has several words, a long number or a date; a section's has not.
NAME = re.compile(r"(?:[^\W_]+[-_]){2}|\d{5}|[0-9a-f]{8}|\d{4}/\d\d?/\d\d?/")
# Paths of what is watched or listened to.
PLAYED = re.compile(
    r"/(?:videos?|watch|live-?streams?|live-?tv|tv|radio|podcasts?|audio|mediathek|player)(?:/|$)"
)


@dataclass(frozen=True, slots=True)
class Card:
    """A story that a page links to: its address, title, time, and the element around its link."""

    url: str
    title: str
    published: datetime | None
    node: LexborNode


def cards_in(document: Document) -> list[Card]:
    """Return the stories of the page's own site that it links to, in page order, each once.

    Stories without a title are left out.
    """
    links = list(_links(document))
    kept = dict[str, Card]()
    for (url, link), node in zip(links, _cards(links), strict=True):
        title = _title(link, node)
        known = kept.get(url)
        if known is None or len(title) > len(known.title):
            kept[url] = Card(url, title, _published(node), known.node if known else node)
    return [card for card in kept.values() if card.title]


def tells_of_itself(document: Document) -> bool:
    """Whether a page has much text in paragraphs that belong to no story it links to."""
    cards = {card.node.mem_id for card in cards_in(document)}
    told = 0
    for paragraph in document.tree.css("body p"):
        words = paragraph.text()
        if len(words) >= A_SENTENCE and not _is_within(paragraph, cards):
            told += len(words)
            if told > OF_ITS_OWN:
                return True
    return False


def _is_within(node: LexborNode, cards: Collection[int]) -> bool:
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id in cards:
            return True
        above = above.parent
    return False


def _links(document: Document) -> Iterator[tuple[str, LexborNode]]:
    here = document.canonical or document.url
    for link in document.tree.css("body a[href]")[:MOST_LINKS]:
        url = normalise(absolute(link.attributes.get("href") or "", here))
        if same_site(url, here) and _is_story(url, here) and not _is_around(link):
            yield url, link


def _is_story(url: str, here: str) -> bool:
    path = urlsplit(url).path
    if address_of(url) == address_of(here) or PLAYED.search(path.lower()):
        return False
    return NAME.search(path) is not None


def _is_around(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in AROUND:
            return True
        above = above.parent
    return False


def _cards(links: Sequence[tuple[str, LexborNode]]) -> list[LexborNode]:
    """Return for each link the largest element around it that links to no other story."""
    chains = [_chain(link) for _, link in links]
    within = dict[int, set[str]]()
    for (url, _), chain in zip(links, chains, strict=True):
        for node in chain:
            within.setdefault(node.mem_id, set()).add(url)
    return [
        next((node for node in reversed(chain) if len(within[node.mem_id]) == 1), chain[0])
        for chain in chains
    ]


def _chain(link: LexborNode) -> list[LexborNode]:
    chain, above = [link], link.parent
    while above is not None and above.tag not in {"body", "main"} and len(chain) <= LAYERS:
        chain.append(above)
        above = above.parent
    return chain


def _title(link: LexborNode, card: LexborNode) -> str:
    """Return a card's title: its heading, else its link's words or label."""
    heading = link.css_first(HEADINGS) or card.css_first(HEADINGS)
    label = link.attributes.get("aria-label") or link.attributes.get("title") or ""
    said = (squeeze(heading.text(separator=" ")) if heading else "") or squeeze(
        link.text(separator=" ")
    )
    return (said or squeeze(label))[:LONGEST_TITLE]


def _published(card: LexborNode) -> datetime | None:
    node = card.css_first("time[datetime]")
    told = moment(node.attributes.get("datetime")) if node else None
    return told.at if told and told.zoned else None
