"""The live blogs that a page's JSON-LD states, in every shape that publishers give it.

schema.org/LiveBlogPosting has its entries in `liveBlogUpdate`, a list or a single object; some
publishers write `blogPosts` beside it, some state one blog twice (canonical and AMP), some keep
the entries apart in one `@graph` and refer to them by `@id`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from scraper.address import normalise
from scraper.hints.live_words import called_live
from scraper.markup.document import Document
from scraper.markup.jsonld import NAMES, UPDATES, Block, blocks, model_blocks, objects, types
from scraper.markup.loose_json import list_in, string_in
from scraper.markup.memo import Memo, digest
from scraper.platforms.schema_org.update import Written, written_in

LIVE_BLOG = "LiveBlogPosting"

SIGNS = (b"liveBlogUpdate", b"LiveBlogPosting", b"microupdate")

# Fields that tell an update from a mere reference to one.
STATES = frozenset({"articleBody", "headline", "datePublished", "dateCreated", "text", "name"})

# Some publishers state a blog's entries as parts of its page; for paywalls the property names the
# parts behind them.
PART = "hasPart"
SIGN_OF_PARTS = b'"hasPart"'
POSTINGS = frozenset({"BlogPosting", "SocialMediaPosting", "NewsArticle", "ReportageNewsArticle"})
DATED = frozenset({"datePublished", "dateCreated"})
# So many dated postings with words are taken for a blog's, on a page that is called live.
AT_LEAST = 3

# An id that no object has, since it is not a valid string of JSON.
NOTHING = "\ud800"

_UPDATES = Memo[Written | str]()


@dataclass(frozen=True, slots=True)
class Stated:
    """The live blog of a page as its JSON-LD states it: the blog's objects, and its updates."""

    heads: tuple[Mapping[str, object], ...] = ()
    updates: tuple[Written, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def type(self) -> str:
        """Return the schema.org type that is stated for the blog."""
        named = (name for head in self.heads for name in types(dict(head)))
        return next(named, LIVE_BLOG)

    def string(self, *names: str) -> str:
        """Return the first string that any object of the blog has, by the first of the names.

        "" where no object has a string under any of them.
        """
        found = (string_in(head, name) for name in names for head in self.heads)
        return next((said for said in found if said), "")


def stated_in(document: Document) -> Stated:
    """Return what a page's JSON-LD states of its live blog.

    Only where it has no updates are the models read that frameworks embed as plain JSON: some
    publishers state the same there.
    """
    if not any(document.holds(sign) for sign in SIGNS):
        return _in_parts(document)
    try:
        return _stated_in(document, UPDATES)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # A block with an update that is broken JSON is repaired as a whole.
        return _stated_in(document, frozenset())


def _stated_in(document: Document, apart: frozenset[str]) -> Stated:
    read = tuple(blocks(document, apart))
    stated = _gathered(read, document)
    if stated.updates:
        return stated
    return _gathered((*read, *model_blocks(document, apart)), document)


def _in_parts(document: Document) -> Stated:
    """Return the postings that are parts of a page called live, if there are enough of them."""
    if not document.holds(SIGN_OF_PARTS) or not called_live(document):
        return Stated()
    for block in blocks(document):
        for said in objects(block.said, frozenset({PART})):
            parts = [each for each in _parts(said) if each.get("articleBody")]
            if len(parts) >= AT_LEAST:
                return Stated((said,), tuple(map(written_in, parts)))
    return Stated()


def _parts(said: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the dated postings among an object's parts."""
    return [
        each
        for each in list_in(said, PART)
        if isinstance(each, dict)
        and not POSTINGS.isdisjoint(types(each))
        and not DATED.isdisjoint(each)
    ]


def repeats(updates: Sequence[Written]) -> bool:
    """Whether all updates have the same date and headline, the blog's, so that they state nothing.

    The Guardian's JSON-LD is so.
    """
    if len(updates) < 2:  # noqa: PLR2004 - one is all that there is
        return False
    said = {each.told for each in updates}
    return len(said) == 1 and all(said.pop())


def _gathered(read: Iterable[Block], document: Document) -> Stated:
    heads = list[Mapping[str, object]]()
    named = dict[str, Mapping[str, object]]()
    broken = 0
    for block in read:
        if block.speaks_of_live_blogs and block.said is None:
            broken += 1
        if not block.speaks_of_live_blogs:
            continue
        for said in objects(block.said, UPDATES):
            if LIVE_BLOG in types(said):
                heads.append(said)
            elif "@id" in said and STATES & said.keys():
                named[string_in(said, "@id")] = said
    ours = tuple(_of_this_page(heads, document))
    return Stated(
        heads=ours,
        updates=tuple(chain.from_iterable(_updates(head, named) for head in ours)),
        warnings=("a block of JSON-LD that speaks of a live blog cannot be read",) * bool(broken),
    )


def _of_this_page(
    heads: list[Mapping[str, object]], document: Document
) -> Iterator[Mapping[str, object]]:
    """Yield the objects of this page's live blog, without other blogs that it only mentions."""
    with_updates = [head for head in heads if any(name in head for name in (*NAMES, PART))] or heads
    here = {_path(document.url), _path(document.canonical)}
    addressed = [head for head in with_updates if here & {_path(a) for a in _addresses(head)}]
    if addressed:
        ours = {id(head) for head in addressed}
        yield from (h for h in with_updates if id(h) in ours or not _addresses(h))
        return
    largest = max(with_updates, key=lambda head: len(_listed(head)), default=None)
    known = {_path(address) for address in _addresses(largest)} if largest is not None else set()
    for head in with_updates:
        if head is largest or (known & {_path(address) for address in _addresses(head)}):
            yield head


def _addresses(head: Mapping[str, object]) -> list[str]:
    page = head.get("mainEntityOfPage")
    named = [string_in(head, "url"), string_in(head, "@id"), string_in(head, "mainEntityOfPage")]
    named += [string_in(page, "@id"), string_in(page, "url")]
    return [address for address in named if address.startswith("http")]


def _path(address: str) -> str:
    """Return the path that the canonical, AMP and local forms of one address have in common.

    An address without a path gives its host.
    """
    bare = normalise(address).partition("?")[0].partition("://")[2]
    path = bare.partition("/")[2].strip("/")
    return path.removeprefix("amp/").removesuffix("/amp").removesuffix(".amp") or bare


def _listed(head: Mapping[str, object]) -> list[object]:
    listed = list[object]()
    for name in NAMES:
        value = head.get(name)
        listed += value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    return listed or [*_parts(head)]


def _updates(
    head: Mapping[str, object], named: Mapping[str, Mapping[str, object]]
) -> Iterator[Written]:
    for said in _listed(head):
        update = _update_before(said) if isinstance(said, msgspec.Raw) else _update(said)
        if isinstance(update, Written):
            yield update
        elif (meant := named.get(update)) is not None:
            yield written_in(meant)


def _update_before(written: msgspec.Raw) -> Written | str:
    """Read a member of a list of updates; remembered, as nearly all are unchanged."""
    seen = memoryview(written)
    return _UPDATES.get(lambda: _update(msgspec.json.decode(seen)), digest(seen), len(seen))


def _update(said: object) -> Written | str:
    """Read a member of a list of updates, or return the `@id` of the object that it refers to."""
    if isinstance(said, dict) and STATES & said.keys():
        return written_in(said)
    return string_in(said, "@id") if isinstance(said, dict) else NOTHING
