"""Whether blocks are a live blog's where only their page is called live, not they themselves.

A page's title or address says "live" of much else: of streams and their chats, scores, music.
Blocks of such a page are believed only if they are most of its words, follow each other at the pace
of events, not always on multiples of five minutes, and cannot be replied to.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from selectolax.lexbor import LexborNode

from scraper.hints.live_words import called_live, called_otherwise
from scraper.markup.document import Document
from scraper.repeated.blocks import Block, names
from store.entry import TimePrecision

# Names that publishers give to the elements of live blogs.
LIVE = re.compile(
    r"(?<!o)(?<!de)live-?(?:__|blog|feed|stor(?:y|ies)|event|ticker|update|post|entr|stream|text|cent|report"
    r"|coverage|item|list|page|content|container)|(?:^|[\s_-])live(?:$|[\s_-])"
    r"|(?:(?<!s)|(?<=news))ticker|newsblog|minute-?by-?minute|en-?direct|diretta|minuto-a-minuto",
    re.IGNORECASE,
)
# Names of what is written by readers, sold, broadcast or released rather than reported.
NO_NEWS = re.compile(
    r"(?:^|[\s_-])(?:chat\w*|messages?|msg|nick|avatar|user\w*|customers?|ratings?|stars?|episodes?"
    r"|podcasts?|tracks?|jobs?|vacanc\w+|sessions?|talks?|incidents?|releases?|changelogs?|versions?"
    r"|commits?|revisions?|tickets?|products?|offers?|events?-?list|hours?|forecast\w*|fixtures?"
    r"|schedule\w*|programme?|results?|search\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
ANSWERS = re.compile(
    r"(?:reply|quote|like|report|antworten|zitieren|melden|répondre|citer|responder|rispondi"
    r"|odpowiedz|svara|svar|ответить|رد|השב|返信|回复)",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d[:.hH]\d\d")
PLAYED = "audio, video[src], form"
# Seconds. Blocks that are further apart are a blog of days, a podcast, a list of releases.
PACE = 6 * 60 * 60
ON_THE_MARK = 5
# The least share of a page's text that is in the blocks of its live blog.
MOST = 0.25
AROUND = "header, nav, footer, aside, script, style, noscript, template, form"


def is_called_live(
    holder: LexborNode, blocks: Sequence[Block], sample: Sequence[Block], document: Document
) -> bool:
    """Whether the page is called live, and nothing about these blocks speaks against it."""
    stated = document.holds(b"LiveBlogPosting")
    if not stated and (not called_live(document) or called_otherwise(document)):
        return False
    if document.meta.get("og:type", "article").lower() in {"product", "profile", "object"}:
        return False
    return (
        _is_at_the_pace_of_events(blocks)
        and not any(NO_NEWS.search(names(node)) for node in (holder, *_elements_of(sample)))
        and not any(is_answered(block.node) for block in sample[:3])
        and are_most_of(blocks, document, MOST)
    )


def _elements_of(sample: Sequence[Block]) -> list[LexborNode]:
    return [node for block in sample for node in (*block.chain, *block.node.iter())]


def _is_at_the_pace_of_events(blocks: Sequence[Block]) -> bool:
    """Whether times are close to each other, and not all on multiples of five minutes."""
    times = [block.mark.told.at for block in blocks]
    if median(abs(b - a).total_seconds() for a, b in pairwise(times)) > PACE:
        return False
    if blocks[0].mark.told.precision is TimePrecision.ESTIMATED:
        return True
    return any(time.minute % ON_THE_MARK or time.second for time in times)


def is_answered(block: LexborNode) -> bool:
    """Whether a block has a button for replies, a player or a form, or is mostly folded away."""
    pressed = block.css("a, button, [role=button]")
    said = (node.text().strip() for node in pressed)
    return (
        any(ANSWERS.fullmatch(words) for words in said)
        or block.css_first(PLAYED) is not None
        or _is_folded(block)
    )


def _is_folded(block: LexborNode) -> bool:
    """Whether most of a block is folded away, as answers to questions are, but not under a time."""
    folded = block.css("details")
    if any(FIGURE.search(each.text()) for node in folded for each in node.css("summary")):
        return False
    return 2 * sum(len(node.text()) for node in folded) > len(block.text())


def are_most_of(blocks: Sequence[Block], document: Document, share: float) -> bool:
    """Whether blocks have at least `share` of a page's text outside headers, menus and the like."""
    body = document.tree.body
    if body is None:
        return False
    beside = sum(len(node.text()) for node in body.css(AROUND) if not _is_in_any(node, blocks))
    whole = len(body.text()) - beside
    return sum(len(block.node.text()) for block in blocks) >= share * whole


def _is_in_any(node: LexborNode, blocks: Sequence[Block]) -> bool:
    """Whether an element is within a block, or within a header, menu, footer, sidebar or form."""
    known = {block.node.mem_id for block in blocks}
    above = node.parent
    while above is not None:
        if above.mem_id in known or above.tag in {"header", "nav", "footer", "aside", "form"}:
            return True
        above = above.parent
    return False
