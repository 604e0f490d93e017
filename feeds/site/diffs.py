"""Serve the comparison of two revisions of an entry, as JSON and as plain text."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.routing import Route

from feeds.comparison import Comparison, tell_comparison, write_comparison
from feeds.entry_states import compare_revisions
from feeds.site.addresses import read_number, read_query
from feeds.site.endpoints import endpoint
from feeds.site.reading import Reading
from feeds.site.responses import Answer, Refusal, json, plain, refuse, refuse_in_json
from store.archive.entry_history import Life, life_of
from store.catalogue import contents
from store.topics import Content, given_out

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
LAST_REVISION: Final = 10**9


@dataclass(frozen=True, slots=True)
class EntryKey:
    """An entry's number, and the two revisions to compare.

    0 stands for the newest as `new`, and for the one before `new` as `old`.
    """

    number: int
    old: int = 0
    new: int = 0


def read_number_of(request: Request) -> int | Refusal:
    """Return the number of the entry that a path names, or a 404."""
    number = request.path_params["number"]
    if _NUMBER.fullmatch(number):
        return int(number)
    return Refusal(404, "number: entries have whole numbers.")


def read_entry_key(request: Request) -> EntryKey | Refusal:
    """Return the entry that a path names and the revisions that its query names, or a refusal."""
    number = read_number_of(request)
    if isinstance(number, Refusal):
        return number
    asked = read_query(request.scope["query_string"])
    if isinstance(asked, Refusal):
        return asked
    old = read_number(asked, "from", 0, least=1, most=LAST_REVISION)
    new = read_number(asked, "to", 0, least=1, most=LAST_REVISION)
    for bound in (old, new):
        if isinstance(bound, Refusal):
            return bound
    return EntryKey(number, old, new)  # type: ignore[arg-type] # no refusals any more


def read_comparison(connection: Connection, key: EntryKey) -> Comparison | Refusal:
    """Compare two revisions of an entry, cut to what its topics publish, or return a refusal.

    Nothing differs in an entry that was never edited.
    """
    life = life_of(connection, key.number)
    if life is None:
        return not_kept(key.number)
    return compare_asked(life, key, given_out(life.topics, contents(connection)))


def compare_asked(life: Life, key: EntryKey, content: Content) -> Comparison | Refusal:
    """Compare the revisions that `key` names; a 404 where one of them is not stored."""
    new = key.new or life.stored.revision
    found = compare_revisions(life, key.old or max(new - 1, 1), new, content)
    if found is not None:
        return found
    kept = ", ".join(str(one.revision) for one in life.revisions) or "none"
    return Refusal(404, f"from, to: of entry {key.number} these revisions are kept: {kept}.")


def not_kept(number: int) -> Refusal:
    """Return the 404 for an entry that is not stored."""
    return Refusal(404, f"No entry has the number {number}; /events lists those that are kept.")


@dataclass(frozen=True, slots=True)
class Diffs:
    """The handlers: one comparison as JSON and as text for terminals."""

    reading: Reading

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/entries/{number}/diff.json", endpoint(self.in_json)),
            Route("/entries/{number}/diff.txt", endpoint(self.in_words)),
        ]

    async def in_json(self, request: Request) -> Answer:
        """Answer with the comparison as JSON."""
        found = await self._compare(request)
        return refuse_in_json(found) if isinstance(found, Refusal) else json(tell_comparison(found))

    async def in_words(self, request: Request) -> Answer:
        """Answer with the comparison as plain text."""
        found = await self._compare(request)
        return refuse(found) if isinstance(found, Refusal) else plain(200, write_comparison(found))

    async def _compare(self, request: Request) -> Comparison | Refusal:
        key = read_entry_key(request)
        if isinstance(key, Refusal):
            return key
        return await self.reading.ask(partial(read_comparison, key=key))
