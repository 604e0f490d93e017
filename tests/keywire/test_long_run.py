"""keywire left alone: after a while it takes no more memory, files or disk than it did before."""

import os
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

import hurried
import pytest
from hurried import Hurried
from running import Keywire, OriginThread, wait_for

from keywire.demo.blog import add, block, edit, paginate, promote, retract
from keywire.demo.origin import Origin
from keywire.demo.script import opening

RATE = 100  # how much faster than ours their clock runs
DAY = 24 * 3600 / RATE  # seconds of ours
GROWTH = 1.1
MEGABYTE = 2**20
BLOGS, ON_PAGE, SHOWN = 3, 20, 60
READ = (
    *("/", "/feeds/news.atom", "/feeds/news.rss", "/feeds/news.json", "/feeds/news.atom?limit=500"),
    *("/feeds/news/key-events.atom", "/topics/news", "/search?q=lighthouse", "/sources"),
    *("/sources.json", "/events?limit=500", "/entries/1", "/metrics"),
)
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="what a process holds is read from /proc"
)


class Day(Origin):
    """Blogs of which one changes at every so many requests, as a newsroom's do."""

    every = 1

    def __init__(self, blog, now):
        super().__init__(blog, now=now)
        self.blogs = [
            paginate(replace(blog, path=f"{blog.path}-{number}"), ON_PAGE)
            for number in range(BLOGS)
        ]
        self.steps = count()
        for one in self.blogs:
            self.show(one)

    def _answer(self, method, target, headers):
        if len(self.requests) % self.every == 0:
            self._go_on(next(self.steps))
        return super()._answer(method, target, headers)

    def _go_on(self, step):
        which, turn = step % BLOGS, step // BLOGS
        blog, now = self.blogs[which], self._now()
        target = blog.blocks[turn % 7 % len(blog.blocks)].id
        match turn % 5:
            case 0 | 2:
                said = f"<p>Stroke {step} of the lighthouse. {'The tower moved. ' * 12}</p>"
                blog = add(blog, block(f"stroke {step}", now, said))
            case 1:
                blog = edit(blog, target, now, f"<p>Put right: {step}.</p>")
            case 3:
                blog = promote(blog, target, title=f"Turn {step}")
            case _:
                blog = retract(blog, target)
        self.blogs[which] = replace(blog, blocks=blog.blocks[:SHOWN])
        self.show(self.blogs[which])


class HurriedKeywire(Keywire):
    """keywire run, in a hurry; `flaws` as hurried.py takes them."""

    def __init__(self, folder, urls, clock, *flaws):
        super().__init__(folder, urls, every="10s")
        self.command = (sys.executable, hurried.__file__, str(clock.began), str(RATE), *flaws)


@dataclass(frozen=True)
class Sample:
    """What a process holds: bytes of memory, open files, and bytes of the store's WAL."""

    memory: int
    files: int
    wal: int


def look(keywire):
    process = Path(f"/proc/{keywire.process.pid}")
    pages = int((process / "statm").read_text().split()[1])
    return Sample(
        memory=pages * os.sysconf("SC_PAGE_SIZE"),
        files=len(list((process / "fd").iterdir())),
        wal=(keywire.folder / "keywire.db-wal").stat().st_size,
    )


def grown(samples, most_wal):
    """Name what grew between the end of the first third and the end of the last one."""
    fifth = max(len(samples) // 5, 3)
    warm = samples[len(samples) // 3 :][:fifth]
    last = samples[-fifth:]
    broken = {
        "memory": median(one.memory for one in last) > GROWTH * median(one.memory for one in warm),
        "files": min(one.files for one in last) > max(one.files for one in warm),
        "wal": max(one.wal for one in samples) > most_wal,
    }
    return {name for name, is_broken in broken.items() if is_broken}


def read_all(keywire, tags):
    """Read what readers read, as they do: with the tags of last time, and a stream for a moment."""
    for path in READ:
        known = {"If-None-Match": tags[path]} if path in tags else {}
        status, headers = wait_for(partial(answer_to, keywire, path, known), 20, keywire.terminal)
        assert status in {200, 304}, path
        if "etag" in headers:
            tags[path] = headers["etag"]
    with urllib.request.urlopen(f"{keywire.site}/events/stream?after=0", timeout=60) as stream:
        assert stream.read(1)


def answer_to(keywire, path, known):
    """Give status and headers; None where a busy machine lets an answer wait too long."""
    with suppress(OSError):
        status, _, headers = keywire.get(path, **known)
        return status, headers


def samples_of(folder, rounds, *flaws, until=0.0, polls=8, every=1):
    """Let keywire run for so many rounds of `polls` each, and look at it after each round.

    It goes on `until` the time of the machine's clock, where that is later.
    """
    clock = Hurried(time.time(), RATE)
    with OriginThread(opening(clock()), lambda blog, **_: Day(blog, clock)) as origin:
        origin.every = every
        urls = [origin.site + blog.path for blog in origin.blogs]
        keywire = HurriedKeywire(folder, urls, clock, *flaws)
        keywire.start()
        samples, tags = [], {}
        try:
            while len(samples) < rounds or time.time() < until:
                asked = len(origin.requests)
                wait_for(lambda n=asked: len(origin.requests) >= n + polls, 20, keywire.terminal)
                read_all(keywire, tags)
                samples.append(look(keywire))
            changes = keywire.json("/events?limit=500")["changes"]
            assert len({change["type"] for change in changes}) >= 4, "too little happened"
        finally:
            keywire.kill()
    return samples


@needs_proc
def test_a_quarter_of_an_hour_leaves_nothing_behind(tmp_path):
    samples = samples_of(tmp_path, 24)
    assert grown(samples, most_wal=8 * MEGABYTE) == set(), samples


@needs_proc
def test_a_keywire_that_lets_nothing_go_would_be_noticed(tmp_path):
    samples = samples_of(tmp_path, 12, "careless")
    assert grown(samples, most_wal=8 * MEGABYTE) == {"memory", "files", "wal"}, samples


@needs_proc
@pytest.mark.torture("24 hours, a hundred times as fast")
def test_a_day_leaves_nothing_behind(tmp_path):
    samples = samples_of(tmp_path, 30, until=time.time() + DAY, polls=60, every=6)
    assert grown(samples, most_wal=64 * MEGABYTE) == set(), samples[:: max(len(samples) // 50, 1)]
