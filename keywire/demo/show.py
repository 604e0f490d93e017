"""`keywire demo`: the built-in blog published on a local port, and a real run that follows it."""

import asyncio
import tempfile
from collections import Counter
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from sqlalchemy import Connection

from feeds.titles import own_title
from keywire.app import App, News
from keywire.clock import clock
from keywire.config import Config, SourceOptions
from keywire.demo.origin import Origin
from keywire.demo.script import SCRIPT, opening
from keywire.polling.report import Report
from keywire.process.server import listen
from keywire.sections.file import FetchSection, SiteSection
from keywire.terminal import console, print_beside, word_of
from store import log
from store.decision.absence import Rules
from store.decision.history import ChangeType
from store.entry_cache import entries_of
from store.log import LoggedChange
from store.topics import TopicRule

TOPIC = "lighthouse"
SECOND_LOOK = timedelta(seconds=4)
_LAST_POLLS = 2.5
_EVERY = timedelta(seconds=1)
_LONGEST = 70


async def show() -> None:
    """Run the demo to its end, printing what the publisher does and what the feed makes of it."""
    out = console()
    with tempfile.TemporaryDirectory(prefix="keywire-demo-") as folder:
        async with Origin(opening(clock()), now=clock) as origin:
            config = _configure(origin.url, Path(folder))
            teller = _Teller(out)
            rules = Rules(confirm_after=SECOND_LOOK)
            with App(config, tell=teller.hear, rules=rules) as app:
                teller.app = app
                listener = listen("127.0.0.1", 0)
                _introduce(out, origin, listener.url)
                stop = asyncio.Event()
                running = asyncio.create_task(app.run(listener, stop=stop))
                publishing = asyncio.create_task(_publish(out, origin))
                await asyncio.wait({running, publishing}, return_when=asyncio.FIRST_COMPLETED)
                if not publishing.done():
                    out.print("\nStopped before the end of the story.", style="dim")
                    publishing.cancel()
                stop.set()
                await running
                _conclude(out, teller)


def _configure(url: str, folder: Path) -> Config:
    return Config(
        store=f"sqlite:///{folder}/demo.db",
        site=SiteSection(title="keywire demo"),
        fetch=FetchSection(allow_private=["127.0.0.1"]),
        sources={url: SourceOptions(url, every=_EVERY)},
        topics=(TopicRule(TOPIC, "The lighthouse that moves", (url,)),),
    )


def _introduce(out: Console, origin: Origin, site: str) -> None:
    out.print(
        "[bold]A live blog grows for three quarters of a minute, and keywire follows it.[/]\n"
        f"  the blog      {origin.url}\n"
        f"  its feed      {site}/feeds/{TOPIC}.atom  .rss  .json\n"
        f"  key events    {site}/feeds/{TOPIC}/key-events.atom\n"
        "Open them while it runs. It polls every second here, and believes that an\n"
        f"entry is gone after {SECOND_LOOK.seconds} s instead of a minute; all else is as in "
        "keywire run.\n"
    )


async def _publish(out: Console, origin: Origin) -> None:
    begun = asyncio.get_running_loop().time()
    for step in SCRIPT:
        await asyncio.sleep(max(0.0, begun + step.at - asyncio.get_running_loop().time()))
        print_beside(out, f"[dim]{step.at:>3.0f} s[/]  ", f"[bold]The publisher[/] {step.says}.")
        origin.show(step.change(origin.blog, clock()))
    await asyncio.sleep(_LAST_POLLS)


class _Teller:
    """Prints what the feed makes of each poll that changed anything."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self.app: App | None = None
        self.counts: Counter[ChangeType] = Counter()
        self._seq = 0

    def hear(self, report: News) -> None:
        """Print one poll's changes, if there are any."""
        if self.app is None or not isinstance(report, Report) or not report.changes:
            return
        with self.app.database.read() as connection:
            for change in log.read_after(connection, self._seq, 1000):
                self._seq = change.seq
                self.counts[change.type] += 1
                head, text = "       feed: ", f"{word_of(change.type)}{_what(connection, change)}"
                print_beside(self.out, head, text)
                if (edited := change.changes.get("text")) is not None:
                    print_beside(self.out, " " * len(head), _edit(edited["old"], edited["new"]))


def _what(connection: Connection, change: LoggedChange) -> str:
    if not change.entry:
        return f"  {escape(change.blog_title)}"
    (stored,) = entries_of(connection, [change.entry["number"]])
    key = " ★" if change.entry["key_event"] or change.entry["summary"] else ""
    revision = f" (revision {change.entry['revision']})" if change.entry["revision"] > 1 else ""
    title = escape(shorten(own_title(stored.entry), _LONGEST, placeholder="…"))
    return f"{key}  {title}{revision}"


def _edit(old: str, new: str) -> str:
    """Return the first few places where two texts differ, as markup."""
    before, after = old.split(), new.split()
    pairs = [
        tuple(
            shorten(" ".join(words), _LONGEST, placeholder=" …")
            for words in (before[a:b], after[c:d])
        )
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    shown = (
        f"[red]- {escape(gone)}[/] " * bool(gone) + f"[green]+ {escape(come)}[/]" * bool(come)
        for gone, come in pairs[:3]
    )
    return "   ".join(shown)


def _conclude(out: Console, teller: _Teller) -> None:
    counts = teller.counts
    out.print(
        f"\nThe feed took in {counts[ChangeType.PUBLISHED]} entries, "
        f"{counts[ChangeType.UPDATED]} edits, {counts[ChangeType.PROMOTED]} promotion and "
        f"{counts[ChangeType.RETRACTED]} retraction,\neach under an id that never changed.\n"
        "To follow a real one: [bold]keywire init[/], name it in config.yaml, [bold]keywire run[/]."
    )
