"""Ask for the publisher's own answers that a page names, and keep what they said last.

They are requested like pages: within their hosts' budgets, by robots.txt, with validators of
their own, and unchanged ones are not read again. When one fails, its last content remains in
use, for it is but one view of the blog; the failure is listed among the source's warnings.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from xxhash import xxh3_128_hexdigest

from keywire.polling.provenance import provenance
from scraper.errors import FetchError, ReadError, ScrapeError
from scraper.hints.companions import is_of
from scraper.page import FREE, Cost, Gone, NotModified, Page, Validators
from scraper.read import PLATFORMS
from store.decision.join import join
from store.entry import Provenance
from store.sighting import Kind, Snapshot
from store.source import Source

NEW_AT_ONCE: Final = 8  # most answers of one page fetched for the first time, a poll
AGAIN_AT_ONCE: Final = 1  # most answers fetched again, a poll, the oldest first
LET_BE: Final = timedelta(minutes=10)  # after a failure, before the next try
LONGEST: Final = timedelta(hours=6)  # for which a kept page is joined again
ROOM: Final = 32 * 2**20  # bytes of pages kept in memory to be joined again

_ANSWERING: Final = frozenset(platform.name for platform in PLATFORMS if platform.answers)
_TIMES: Final = re.compile(r"\d{9,}|\d{4}-\d\d-\d\dT[0-9:.%A-F+-]+")  # an address's changing parts

Fetch = Callable[[str, Validators], Awaitable[Page | NotModified | Gone]]
Read = Callable[[Page], Awaitable[Snapshot]]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What one answer said when it was last fetched; `asked` is our time, UTC.

    `provenance` is of the fetch that brought its bytes; later ones may have found them unchanged.
    """

    snapshot: Snapshot
    provenance: Provenance
    validators: Validators
    body_hash: str
    asked: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A source's last page as it was read, and its answers (`told`) by their addresses."""

    page: Page
    snapshot: Snapshot
    told: Mapping[str, KeptAnswer]


@dataclass(frozen=True, slots=True)
class Joined:
    """A page joined with its answers; `news` says whether any of them is new or changed.

    `failure` is the first error that kept an answer from being fetched. `seen` is what to keep
    once the joined page is believed.
    """

    snapshot: Snapshot
    seen: Seen
    news: bool = False
    cost: Cost = FREE
    failure: ScrapeError | None = None

    @property
    def answers(self) -> Mapping[str, Provenance]:
        """Where each joined answer was fetched, by its address."""
        return {address: told.provenance for address, told in self.seen.told.items()}


@dataclass(slots=True)
class Answers:
    """The last pages that name answers, and those answers, in memory only; `room` is in bytes."""

    now: Callable[[], datetime]
    room: int = ROOM
    _seen: OrderedDict[int, Seen] = field(default_factory=OrderedDict)
    _size: int = 0
    _let_be: dict[str, tuple[datetime, ScrapeError]] = field(default_factory=dict)
    _plain: set[int] = field(default_factory=set)  # ids of sources whose pages name no answers

    def seen(self, source: Source) -> Seen | None:
        """Return a source's last page, if it names answers and is still in memory."""
        return self._seen.get(source.id)

    def wants_page(self, source: Source) -> bool:
        """Return whether to fetch a page without validators, to have it for joining again."""
        if source.platform not in _ANSWERING or source.id in self._plain:
            return False
        seen = self._seen.get(source.id)
        return seen is None or self.now() - seen.page.fetched_at > LONGEST

    def keep(self, source: Source, seen: Seen) -> None:
        """Keep a believed page and its answers; drop the oldest pages beyond `room`."""
        before = self._seen.pop(source.id, None)
        self._size -= len(before.page.body) if before else 0
        self._plain.discard(source.id)
        if not seen.snapshot.answers:
            self._plain.add(source.id)
            return
        self._seen[source.id] = seen
        self._size += len(seen.page.body)
        while self._size > self.room and len(self._seen) > 1:
            _, oldest = self._seen.popitem(last=False)
            self._size -= len(oldest.page.body)

    async def join(
        self, source: Source, page: Page, snapshot: Snapshot, fetch: Fetch, read: Read
    ) -> Joined:
        """Ask for those of a page's answers that are due, and join all that are known."""
        if not snapshot.answers:
            return Joined(snapshot, Seen(page, snapshot, {}))
        before = self._seen.get(source.id)
        told = dict(before.told) if before else {}
        news, cost, failures = False, FREE, list[ScrapeError]()
        for address in _due(snapshot.answers, told):
            try:
                now_told, spent = await self._ask(address, told.get(address), fetch, read)
            except ScrapeError as error:
                failures.append(error)
                cost += error.cost if isinstance(error, FetchError) else FREE
                continue
            news = news or address not in told or _is_news(told[address], now_told)
            told[address], cost = now_told, cost + spent
        known = {address: told[address] for address in snapshot.answers if address in told}
        whole = join(snapshot, [each.snapshot for each in known.values()])
        warnings = dict.fromkeys((*whole.warnings, *map(_warning, failures)))
        return Joined(
            replace(whole, warnings=tuple(warnings)),
            Seen(page, snapshot, known),
            news,
            cost,
            failures[0] if failures else None,
        )

    async def _ask(
        self, address: str, known: KeptAnswer | None, fetch: Fetch, read: Read
    ) -> tuple[KeptAnswer, Cost]:
        now, kind = self.now(), _TIMES.sub("…", address)
        self._let_be = {each: let for each, let in self._let_be.items() if now < let[0]}
        if kind in self._let_be:
            raise _without_cost(self._let_be[kind][1])
        try:
            return await self._had(address, known, fetch, read)
        except ScrapeError as error:
            patience = error.not_before if isinstance(error, FetchError) else None
            self._let_be[kind] = max(patience or now, now + LET_BE), error
            raise

    async def _had(
        self, address: str, known: KeptAnswer | None, fetch: Fetch, read: Read
    ) -> tuple[KeptAnswer, Cost]:
        answer = await fetch(address, known.validators if known else Validators())
        if isinstance(answer, NotModified) and known is not None:
            return replace(known, asked=self.now()), answer.cost
        if not isinstance(answer, Page):
            raise FetchError(address, "the publisher's own answer is gone")
        if not is_of(answer.final_url or address, address):
            raise FetchError(address, f"it was answered from elsewhere: {answer.final_url}")
        body_hash = xxh3_128_hexdigest(answer.body)
        headers = answer.headers
        validators = Validators(headers.get("etag", ""), headers.get("last-modified", ""))
        if known is not None and known.body_hash == body_hash:
            return replace(known, validators=validators, asked=self.now()), answer.cost
        snapshot = await read(answer)
        if snapshot.kind is not Kind.LIVE_BLOG:
            raise ReadError(address, "; ".join(snapshot.why) or "the answer is of no live blog")
        origin = provenance(answer, snapshot)
        said = _signed(snapshot, address)
        return KeptAnswer(said, origin, validators, body_hash, self.now()), answer.cost


def again(page: Page, answer: Page | NotModified) -> Page:
    """Return an unchanged page with the time, headers and cost of the latest answer for it."""
    headers = {name: value for name, value in page.headers.items() if name != "age"}
    return replace(
        page,
        fetched_at=answer.fetched_at,
        headers={**headers, **answer.headers},
        moved_to=answer.moved_to,
        robots=answer.robots,
        crawl_delay=answer.crawl_delay,
        cost=answer.cost,
    )


def _due(answers: tuple[str, ...], told: Mapping[str, KeptAnswer]) -> list[str]:
    new = [address for address in answers if address not in told]
    known = sorted((told[each].asked, each) for each in answers if each in told)
    return [*new[:NEW_AT_ONCE], *(address for _, address in known[:AGAIN_AT_ONCE])]


def _is_news(before: KeptAnswer, now: KeptAnswer) -> bool:
    return before.body_hash != now.body_hash


def _signed(snapshot: Snapshot, address: str) -> Snapshot:
    """Return a snapshot whose sightings name the address of the answer they come from."""
    signed = (replace(seen, answer=address) for seen in snapshot.sightings)
    return replace(snapshot, sightings=tuple(signed))


def _warning(error: ScrapeError) -> str:
    return f"read without an answer of the publisher's own: {error}"


def _without_cost(error: ScrapeError) -> ScrapeError:
    """Return the error with its cost set to zero: it was counted when it first occurred."""
    if isinstance(error, FetchError):
        error.cost = FREE
    return error
