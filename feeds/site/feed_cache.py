"""Cache rendered feed documents, so that a GET of an unchanged feed reads no store.

A document is cached with the version of its feed. Commits in this process mark the topics that
they changed; other processes may write too, so a topic's versions are also read again when they
were last read more than a second ago. Where the store cannot be read, the cached document is
served.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from feeds.site.addresses import FeedKey
from feeds.site.documents import Document, pack
from feeds.site.feed_documents import Rendered
from feeds.site.responses import UNREADABLE, Moved, Refusal
from store.catalogue import KeptTopic
from store.errors import DatabaseError, UnknownError
from store.topics import Selection

FRESH_SECONDS = 1.0
_NEVER = float("-inf")
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(slots=True)
class _Checked:
    """A topic's feed versions as last read from the store, at `at` seconds of the shelf's clock."""

    versions: dict[Selection, int] = field(default_factory=dict)
    at: float = _NEVER


class Render(Protocol):
    """A function that renders a feed document, on request with its gzipped form."""

    def __call__(self, key: FeedKey, *, gzipped: bool) -> Awaitable[Rendered]:
        """Render one feed from the store as it is now."""


class Shelf:
    """Cached documents by feed key; the least recently used is dropped first.

    `look` reads a topic with its versions and `render` renders a document; both raise DatabaseError
    where the store cannot be read. `clock` returns seconds. `limit` is in bytes. `served` is called
    with the seconds from a change of a topic to the first answer with its feed of everything.
    A shelf belongs to one event loop; only `mark_changed` may be called from any thread.
    """

    __slots__ = (
        "_checked",
        "_clock",
        "_documents",
        "_flights",
        "_look",
        "_marks",
        "_render",
        "_served",
        "_size",
        "_unserved",
        "limit",
    )

    def __init__(
        self,
        look: Callable[[str], Awaitable[KeptTopic | None]],
        render: Render,
        clock: Callable[[], float],
        limit: int = 128 * 2**20,
        served: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self.limit = limit
        self._served = served
        self._unserved: dict[str, float] = {}  # topics that changed, and when
        self._look = look
        self._render = render
        self._clock = clock
        self._documents: OrderedDict[FeedKey, Rendered] = OrderedDict()
        self._checked: dict[str, _Checked] = {}
        self._flights: dict[Hashable, asyncio.Task[Any]] = {}
        self._marks = 0
        self._size = 0

    def mark_changed(self, topics: Iterable[str] | None = None) -> None:
        """Have the feeds of these topics (None: of all) compared with the store at the next
        request. To be called after each commit.
        """  # noqa: D205 - one sentence
        self._marks += 1
        for topic in tuple(self._checked) if topics is None else topics:
            self._unserved.setdefault(topic, self._clock())
            if checked := self._checked.get(topic):
                checked.at = _NEVER

    def at_hand(self, key: FeedKey, *, gzipped: bool = False) -> Document | None:
        """Return the document if it is cached in that form and known to be current, else None.

        After None, call `fetch`.
        """
        checked = self._checked.get(key.topic)
        if checked is None or not abs(self._clock() - checked.at) < FRESH_SECONDS:
            return None
        kept = self._documents.get(key)
        if kept is None or kept.version != checked.versions.get(key.selection):
            return None
        if gzipped and kept.document.gzipped is None:
            return None
        self._documents.move_to_end(key)
        return kept.document

    async def fetch(self, key: FeedKey, *, gzipped: bool = False) -> Document | Moved | Refusal:
        """Return the current document, rendered if it changed, the topic's new name, or a refusal.

        Concurrent calls share the work: one look at each topic, one rendering, one compression.
        """
        found = await self._find(key, gzipped=gzipped)
        if gzipped and isinstance(found, Document) and found.gzipped is None:
            return await self._once((key, id(found)), lambda: self._pack(key, found))
        return found

    async def _find(self, key: FeedKey, *, gzipped: bool) -> Document | Moved | Refusal:
        since = self._unserved.get(key.topic)
        try:
            checked = await self._once((key.topic, self._marks), lambda: self._check(key.topic))
            if isinstance(checked, Refusal | Moved):
                return checked
            version = checked.versions.get(key.selection)
            kept = self._documents.get(key)
            document = (
                kept.document
                if kept is not None and kept.version == version
                else await self._once((key, version), lambda: self._make(key, gzipped=gzipped))
            )
        except DatabaseError as error:
            return self._make_do(key, error)
        except UnknownError:
            return not_followed(key.topic)
        self._note_served(key, since)
        return document

    def _note_served(self, key: FeedKey, since: float | None) -> None:
        """Report how long a change waited for its first request, if it came before the request."""
        whole = key.selection is Selection.ALL
        if whole and since is not None and self._unserved.get(key.topic) == since:
            del self._unserved[key.topic]
            self._served(max(self._clock() - since, 0.0))

    async def _check(self, topic: str) -> _Checked | Moved | Refusal:
        checked = self._checked.get(topic)
        if checked is not None and abs(self._clock() - checked.at) < FRESH_SECONDS:
            return checked
        marks, now = self._marks, self._clock()
        kept = await self._look(topic)
        if kept is None or not kept.followed:
            self._checked.pop(topic, None)
            return not_followed(topic) if kept is None else no_longer_followed(topic)
        if kept.name != topic:
            return Moved(kept.name)
        # What was marked during the read may have been committed after it.
        at = now if marks == self._marks else _NEVER
        self._checked[topic] = checked = _Checked(dict(kept.versions), at)
        return checked

    async def _make(self, key: FeedKey, *, gzipped: bool) -> Document:
        rendered = await self._render(key, gzipped=gzipped)
        if (before := self._documents.get(key)) and before.version > rendered.version:
            return before.document
        # The document may already show a commit that the last check had not seen.
        versions = self._checked.setdefault(key.topic, _Checked()).versions
        versions[key.selection] = max(rendered.version, versions.get(key.selection, 0))
        self._put(key, rendered)
        return rendered.document

    async def _pack(self, key: FeedKey, document: Document) -> Document:
        packed = await asyncio.to_thread(pack, document)
        if (kept := self._documents.get(key)) and kept.document is document:
            self._put(key, Rendered(packed, kept.version))
        return packed

    def _put(self, key: FeedKey, rendered: Rendered) -> None:
        before = self._documents.pop(key, None)
        self._documents[key] = rendered
        self._size += rendered.document.size - (before.document.size if before else 0)
        while self._size > self.limit and len(self._documents) > 1:
            _, oldest = self._documents.popitem(last=False)
            self._size -= oldest.document.size

    def _make_do(self, key: FeedKey, error: DatabaseError) -> Document | Refusal:
        """Return the cached document, which may be out of date, or a 503 where there is none."""
        kept = self._documents.get(key)
        _LOG.warning("feed %s: %s%s", key.target, error, "; the last one is served" if kept else "")
        if kept is None:
            return Refusal(503, UNREADABLE)
        checked = self._checked.setdefault(key.topic, _Checked())
        checked.versions[key.selection] = kept.version
        checked.at = self._clock()
        return kept.document

    async def _once(self, name: Hashable, work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Run `work` and return its result; if work of this name is running, wait for its result.

        A waiter that is cancelled does not cancel the work of the others.
        """
        flight = self._flights.get(name)
        if flight is None:
            flight = asyncio.create_task(work())
            self._flights[name] = flight
            flight.add_done_callback(lambda done: self._land(name, done))
        landed: _T = await asyncio.shield(flight)
        return landed

    def _land(self, name: Hashable, done: asyncio.Task[Any]) -> None:
        self._flights.pop(name, None)
        if not done.cancelled():
            done.exception()  # retrieved, so that asyncio does not log it where no waiter is left


def not_followed(topic: str) -> Refusal:
    """Return the 404 for a topic that does not exist."""
    return Refusal(404, f"No topic {topic} is followed here; / lists those that are.")


def no_longer_followed(topic: str) -> Refusal:
    """Return the 410 for a topic that is no longer in the configuration."""
    return Refusal(
        410,
        f"The topic {topic} is no longer followed here; its entries are kept. "
        "/ lists the topics that are followed.",
    )
