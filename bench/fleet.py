"""Many live blogs on many hosts of one origin: their addresses and their pages.

One blog in twenty has a page of many entries, one of which is edited whenever the page is asked
for. All others have few entries and never change.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bench.pages import NOON, a_blog
from keywire.demo.blog import Blog, edit
from keywire.demo.page import render

DOMAIN = "bench.test"
EDITED = 20  # one in so many
QUIET_ENTRIES = 5
LEAD = 1.0  # seconds to get ready in
A_SECOND = 20_000  # sources that are read by then, before any is asked
_NUMBER = "facade"  # stands in a template wherever a blog's number goes, in block ids as well
_NEVER = 86_400.0
_HOST = f"host.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Fleet:
    """`hosts` hosts with `each` live blogs, numbered through; edited ones have `entries` entries.

    `port` is the origin's.
    """

    hosts: int
    each: int
    entries: int
    port: int = 0

    @property
    def size(self) -> int:
        """How many blogs there are."""
        return self.hosts * self.each

    def url(self, number: int) -> str:
        """Give a blog's address."""
        return f"https://{self._authority(number)}{path_of(number)}"

    def host(self, number: int) -> int:
        """Give the number of a blog's host."""
        return number // self.each

    def in_turn(self) -> Iterator[int]:
        """Give all numbers, from host to host, so that none comes twice in a row."""
        for which in range(self.each):
            yield from range(which, self.size, self.each)

    def fill(self, template: bytes, number: int) -> bytes:
        """Make a template the page of one blog."""
        page = template.replace(_NUMBER.encode(), _spelled(number).encode())
        return page.replace(_HOST.encode(), self._authority(number).encode())

    def _authority(self, number: int) -> str:
        return f"h{self.host(number):05}.{DOMAIN}:{self.port}"


@dataclass(frozen=True, slots=True)
class Task:
    """What to do: poll each blog every `interval` seconds, for so many `seconds`.

    The first polls are due at once or, once a poller has had time to start, spread over `spread`
    seconds. With `one_a_host` only the first blog of each host is due, and all is done when each
    was polled.
    """

    interval: float
    seconds: float
    spread: float = 0.0
    one_a_host: bool = False

    def first_dues(self, fleet: Fleet, begun: float) -> list[float]:
        """Give when each blog is due first, from host to host; times in seconds."""
        begun += self.lead(fleet) if self.spread else 0.0
        dues = [0.0] * fleet.size
        for rank, number in enumerate(fleet.in_turn()):
            never = self.one_a_host and number % fleet.each
            dues[number] = begun + (_NEVER if never else self.spread * rank / fleet.size)
        return dues

    def lead(self, fleet: Fleet) -> float:
        """Give the seconds until the first poll is due, where they are spread."""
        return LEAD + fleet.size / A_SECOND

    def enough(self, fleet: Fleet) -> int:
        """Give how many polls are enough."""
        return fleet.hosts if self.one_a_host else sys.maxsize


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: polls within `seconds`, until the time `ended`, and what they took.

    `failures` are the polls that failed, or took an edit for none or none for one; `unasked` those
    that asked for nothing, for their host does not answer. `cpu` is in seconds, `memory` the most
    bytes held. `dues` are the times at which each blog was due, also
    those that never came to be.
    """

    polls: int
    failures: int
    seconds: float
    ended: float
    cpu: float
    memory: int
    dues: list[list[float]]
    unasked: int = 0


def is_edited(number: int) -> bool:
    """Say whether a blog is edited whenever its page is asked for.

    They are spread so that neither the hosts' first blogs nor any others are edited more often: at
    no moment of a round do more changes come than at another.
    """
    return (number + number // EDITED) % EDITED == 0


def path_of(number: int) -> str:
    """Give the path of a blog's page."""
    return f"/live/2026/jul/01/{_spelled(number)}"


def number_of(address: str) -> int:
    """Give the number of the blog at a path or URL."""
    return int(address[-len(_NUMBER) :])


def _spelled(number: int) -> str:
    return f"{number:0{len(_NUMBER)}}"


def tag_of(version: int) -> str:
    """Give the entity tag of a page's version."""
    return f'"v{version}"'


@dataclass(slots=True)
class Templates:
    """The pages of a blog of so many entries, version by version, for `Fleet.fill`.

    Version 0 is as it was written; each later one has one more edit.
    """

    entries: int
    _blog: Blog = field(init=False)
    _pages: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Write version 0."""
        blog = a_blog(self.entries)
        blocks = tuple(
            replace(block, id=block.id[: -len(_NUMBER)] + _NUMBER) for block in blog.blocks
        )
        self._blog = replace(blog, path=f"/live/2026/jul/01/{_NUMBER}", blocks=blocks)
        self._pages = [self._render(0)]

    def __getitem__(self, version: int) -> bytes:
        """Give a version's template."""
        while version >= len(self._pages):
            made = len(self._pages)
            target = self._blog.blocks[made % self.entries]
            text = f"<p>Change {made}.</p>"
            self._blog = edit(self._blog, target.id, _at(made), *target.body[:3], text)
            self._pages.append(self._render(made))
        return self._pages[version]

    def _render(self, version: int) -> bytes:
        return render(self._blog, _at(version), f"https://{_HOST}").encode()


def _at(version: int) -> datetime:
    return NOON + timedelta(seconds=version)
