"""The addresses and pages of many live blogs on many hosts of one origin.

One blog in twenty has a page of many entries, one of which is edited at every request. All others
have few entries and never change.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bench.pages import NOON, a_blog
from keywire.demo.blog import Blog, edit
from keywire.demo.page import render

DOMAIN = "bench.test"
EDITED = 20  # one blog in so many is edited
QUIET_ENTRIES = 5  # entries of a blog that never changes
LEAD = 1.0  # seconds for a poller to start
A_SECOND = 20_000  # sources that it loads in a second before the first poll
_NUMBER = "facade"  # the placeholder of a blog's number in templates, in block ids too
_NEVER = 86_400.0
_HOST = f"host.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Fleet:
    """`hosts` hosts with `each` live blogs per host, numbered from 0 on, host by host.

    Edited blogs have `entries` entries. `port` is the origin's.
    """

    hosts: int
    each: int
    entries: int
    port: int = 0

    @property
    def size(self) -> int:
        """The number of blogs."""
        return self.hosts * self.each

    def url(self, number: int) -> str:
        """Return a blog's URL."""
        return f"https://{self._authority(number)}{path_of(number)}"

    def host(self, number: int) -> int:
        """Return the number of a blog's host."""
        return number // self.each

    def in_turn(self) -> Iterator[int]:
        """Yield all blogs' numbers, changing the host at each step."""
        for which in range(self.each):
            yield from range(which, self.size, self.each)

    def fill(self, template: bytes, number: int) -> bytes:
        """Return a blog's page, made of a template."""
        page = template.replace(_NUMBER.encode(), _spelled(number).encode())
        return page.replace(_HOST.encode(), self._authority(number).encode())

    def _authority(self, number: int) -> str:
        return f"h{self.host(number):05}.{DOMAIN}:{self.port}"


@dataclass(frozen=True, slots=True)
class Task:
    """A poller's task: poll each blog every `interval` seconds, for `seconds` in all.

    The first polls are due at once; if `spread` is not 0, they are due within that many seconds,
    after the poller has had time to start. With `one_a_host` only the first blog of each host is
    due, and the task ends when each of these was polled.
    """

    interval: float
    seconds: float
    spread: float = 0.0
    one_a_host: bool = False

    def first_dues(self, fleet: Fleet, begun: float) -> list[float]:
        """Return the first due time of each blog by number; times are in seconds since 1970."""
        begun += self.lead(fleet) if self.spread else 0.0
        dues = [0.0] * fleet.size
        for rank, number in enumerate(fleet.in_turn()):
            never = self.one_a_host and number % fleet.each
            dues[number] = begun + (_NEVER if never else self.spread * rank / fleet.size)
        return dues

    def lead(self, fleet: Fleet) -> float:
        """Return the seconds until the first poll is due, if they are spread."""
        return LEAD + fleet.size / A_SECOND

    def enough(self, fleet: Fleet) -> int:
        """Return the number of polls after which the task ends."""
        return fleet.hosts if self.one_a_host else sys.maxsize


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a task: its polls within `seconds`, until the time `ended`, and their cost.

    `failures` are polls that failed, or that missed an edit or found one where there was none;
    `unasked` are polls that sent no request, as their host does not answer. `cpu` is in seconds,
    `memory` the peak in bytes. `dues` are the times at which each blog was due, including those
    after the end.
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
    """Return whether a blog is edited at every request for its page.

    The edited blogs are spread evenly over the hosts and over the first and later blogs of a host,
    so that changes come at the same rate throughout a round of polls.
    """
    return (number + number // EDITED) % EDITED == 0


def path_of(number: int) -> str:
    """Return the path of a blog's page."""
    return f"/live/2026/jul/01/{_spelled(number)}"


def number_of(address: str) -> int:
    """Return the number of the blog at a path or URL."""
    return int(address[-len(_NUMBER) :])


def _spelled(number: int) -> str:
    return f"{number:0{len(_NUMBER)}}"


def tag_of(version: int) -> str:
    """Return the entity tag of a version of a page."""
    return f'"v{version}"'


@dataclass(slots=True)
class Templates:
    """The versions of the page of a blog with `entries` entries, as templates for `Fleet.fill`.

    Version 0 is the original; each later one has one more edit.
    """

    entries: int
    _blog: Blog = field(init=False)
    _pages: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Render version 0."""
        blog = a_blog(self.entries)
        blocks = tuple(
            replace(block, id=block.id[: -len(_NUMBER)] + _NUMBER) for block in blog.blocks
        )
        self._blog = replace(blog, path=f"/live/2026/jul/01/{_NUMBER}", blocks=blocks)
        self._pages = [self._render(0)]

    def __getitem__(self, version: int) -> bytes:
        """Return a version's template."""
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
