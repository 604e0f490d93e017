"""`keywire replay`: a past blog, from the store or from saved pages, played on a local port."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from textwrap import shorten

from rich.console import Console
from rich.markup import escape

from feeds.titles import own_title
from keywire.app import App
from keywire.clock import clock
from keywire.config import Config, SourceOptions
from keywire.process.server import Listener, listen
from keywire.replay.captures import keep_captures
from keywire.replay.play import Player, Tempo
from keywire.sections.file import FetchSection, SiteSection
from keywire.terminal import console, word_of
from store.archive.playback import Moment, Played, Story, read_story
from store.database import open_database
from store.topics import TopicRule

TOPIC = "replay"
_LONGEST = 70


class ReplayError(Exception):
    """There is nothing to play; `str()` is one line with the remedy."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to play a story. `port` 0 takes a free one; `store` "" is a temporary one.

    `shift` moves its times to now; a silence lasts no longer than `gap` of the story's own time.
    `stay` goes on serving when the story is over, until the user ends it.
    """

    speed: float
    gap: timedelta
    shift: bool = False
    port: int = 0
    store: str = ""
    stay: bool = True


def read_blog(config: Config, blog: str) -> Story:
    """Read a blog's past from the configured store. Raises StoreError if it is not there."""
    database = open_database(config.store, create=False)
    try:
        with database.read() as connection:
            return read_story(connection, config.address(blog))
    finally:
        database.close()


def read_files(paths: Sequence[Path], url: str, timezone: str) -> Story:
    """Make a story of saved pages, given oldest first. Raises ScrapeError for other pages."""
    with tempfile.TemporaryDirectory(prefix="keywire-captures-") as folder:
        database = open_database(f"sqlite:///{folder}/captures.db")
        try:
            tell = console().print
            blog = keep_captures(database, paths, url=url, timezone=timezone, tell=tell)
            with database.read() as connection:
                return read_story(connection, blog)
        finally:
            database.close()


async def replay(story: Story, wanted: Wanted, config: Config | None) -> None:
    """Play a story, printing each change. `config` supplies its topics and alerts.

    Where no configured topic took the story, it is played in one called "replay". Raises
    ReplayError for a story without moments.
    """
    if not story.moments:
        raise ReplayError(f"nothing ever happened in {story.url}; choose a blog that has entries")
    out = console()
    with _store(wanted.store) as store, App(_configure(story, store, config), tell=_ignore) as app:
        listener = listen("127.0.0.1", wanted.port)
        tempo = Tempo(story.moments, clock(), wanted.speed, wanted.gap)
        alerts = tuple(alert.rule for alert in app.config.alerts)
        player = Player(app.database, story, tempo, app.config.topics, alerts, wanted.shift)
        player.prepare()
        _introduce(out, story, app.config, tempo, listener)
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(listener, stop=stop))
        playing = asyncio.create_task(_play(out, app, player))
        await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            out.print("\nStopped before the end of the story.", style="dim")
            playing.cancel()
        elif wanted.stay and playing.exception() is None:
            out.print("\nThe story is over; feeds and streams stay until Ctrl-C.")
            await running
        stop.set()
        await running
        if playing.done() and not playing.cancelled():
            playing.result()


@contextmanager
def _store(address: str) -> Iterator[str]:
    """Yield the address of a store: the given one, or a temporary one that is deleted after."""
    if address:
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="keywire-replay-") as folder:
        yield f"sqlite:///{folder}/replay.db"


def _configure(story: Story, store: str, config: Config | None) -> Config:
    told = config.topics if config else ()
    topics = tuple(
        replace(rule, follow=(story.url,), was=())
        for rule in told
        if rule.name in story.topics or not story.topics
    )
    names = {rule.name for rule in topics}
    return Config(
        store=store,
        site=SiteSection(title="keywire replay"),
        fetch=config.fetch if config else FetchSection(),
        sources={story.url: SourceOptions(story.url)},
        topics=topics or (TopicRule(TOPIC, story.title or TOPIC, (story.url,)),),
        alerts=tuple(
            alert for alert in (config.alerts if config else ()) if names & {*alert.rule.topics}
        ),
    )


def _ignore(_news: object) -> None:
    pass


def _introduce(
    out: Console, story: Story, config: Config, tempo: Tempo, listener: Listener
) -> None:
    first, last = story.moments[0].at, story.moments[-1].at
    takes = timedelta(seconds=round(tempo.length.total_seconds()))
    name = config.topics[0].name
    out.print(
        f"[bold]{escape(story.title or story.url)}[/]\n"
        f"{sum(len(moment.played) for moment in story.moments)} changes from "
        f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC, in {takes}, "
        f"{tempo.speed:g} times as fast.\n"
        f"  feeds         {listener.url}/feeds/{name}.atom  .rss  .json\n"
        f"  changes       {listener.url}/events?after=0\n"
        f"  stream        {listener.url}/events/stream?after=0"
    )
    for alert in config.alerts:
        out.print(f"  alert         {escape(alert.rule.name)}: {len(alert.targets)} targets")
    out.print()


async def _play(out: Console, app: App, player: Player) -> None:
    async for moment, applied in player.play():
        app.heed(applied.topics, applied.deliveries)
        for one in moment.played:
            out.print(_say(moment, one, player.story))


def _say(moment: Moment, one: Played, story: Story) -> str:
    said = word_of(one.change.type)
    if one.known is None:
        return f"[dim]{moment.at:%H:%M:%S}[/]  {said}  {escape(story.title)}"
    stored = one.known.stored
    key = " ★" if stored.entry.key_event or stored.entry.summary else ""
    revision = f" (revision {stored.revision})" if stored.revision > 1 else ""
    title = escape(shorten(own_title(stored.entry), _LONGEST, placeholder="…"))
    return f"[dim]{moment.at:%H:%M:%S}[/]  {said}{key}  {title}{revision}"
