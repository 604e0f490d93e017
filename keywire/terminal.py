"""What `run` says on the terminal: what it follows, what it read, and where the feeds are."""

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from keywire.config import Config
from keywire.poll import Report
from keywire.version import number
from store.history import ChangeType
from store.sources import SourceState

_SAID = (
    (ChangeType.PUBLISHED, "new"),
    (ChangeType.UPDATED, "edited"),
    (ChangeType.PROMOTED, "promoted"),
    (ChangeType.DEMOTED, "demoted"),
    (ChangeType.RETRACTED, "retracted"),
    (ChangeType.RESTORED, "restored"),
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def console() -> Console:
    """Return the terminal, or a plain stream where there is none; long lines are left whole."""
    return Console(highlight=False, soft_wrap=True, stderr=False)


def complain(message: str) -> None:
    """Say on stderr, in one line, why it failed."""
    print(f"keywire: {' '.join(message.splitlines())}", file=sys.stderr)  # noqa: T201 - the terminal is where this goes


class Narrator:
    """Tells of polls as they happen; silent while nothing moves."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self._states: dict[str, tuple[SourceState, str]] = {}

    def open(self, config: Config, url: str) -> None:
        """Say what is followed and where the feeds are."""
        sources, topics = len(config.sources), len(config.topics)
        self.out.print(
            f"[bold]keywire {number()}[/] follows {_count(sources, 'source')} for "
            f"{_count(topics, 'topic')}, kept in {escape(_place(config.store))}"
        )
        for topic in config.topics:
            self.out.print(f"  [bold]{escape(topic.title)}[/]")
            for source in topic.follow:
                self.out.print(f"    follows {escape(source)}")
            self.out.print(f"    feeds   {url}/feeds/{topic.name}.atom  .rss  .json")
            self.out.print(
                f"            {url}/feeds/{topic.name}/key-events.atom  .rss  .json\n"
                f"            {url}/feeds/{topic.name}/summaries.atom  .rss  .json",
                style="dim",
            )
        self.out.print(f"All of it at [bold]{url}/[/]")
        if config.host in _LOOPBACK:
            self.out.print(
                "Only this machine can read there. To let readers on other machines in, set\n"
                f"site.listen to 0.0.0.0:{config.port} and site.url to this machine's address "
                "in the configuration.",
                style="dim",
            )
        self.out.print("Ctrl-C ends it.\n", style="dim")

    def hear(self, report: Report) -> None:
        """Tell of one poll, where it changed anything or the source's state moved."""
        source = report.source
        now = (source.state, source.reason)
        before = self._states.get(source.url)
        self._states[source.url] = now
        changed = describe(report.changes)
        if not changed and before == now:
            return
        when = f"{source.last_poll:%H:%M:%S}" if source.last_poll else ""
        name = escape(_name(report, source.url))
        if source.state is SourceState.OK:
            news = changed or ("unchanged" if report.unchanged else "nothing new")
            back = "recovered, " if before and before[0] is not SourceState.OK else ""
            self.out.print(
                f"[dim]{when}[/] [green]✓[/] {name}  {back}{news}"
                f"{_total(report)}{_next(source.next_poll)}"
            )
        else:
            self.out.print(
                f"[dim]{when}[/] [red]✗[/] {name}  [red]{source.state.value}[/]: "
                f"{escape(source.reason)}{_next(source.next_poll)}"
            )


def describe(changes: Counter[ChangeType]) -> str:
    """Say what changed in a few words: `2 new, 1 edited`; "" where nothing did."""
    told = [f"{changes[kind]} {word}" for kind, word in _SAID if changes[kind]]
    if changes[ChangeType.ENDED]:
        told.append("the blog has ended")
    if changes[ChangeType.REOPENED]:
        told.append("the blog goes on")
    return ", ".join(told)


def list_problems(problems: Iterable[object]) -> None:
    """Print many mistakes, one a line, on stderr."""
    for problem in problems:
        print(problem, file=sys.stderr)  # noqa: T201 - likewise


def _name(report: Report, url: str) -> str:
    parts = urlsplit(url)
    return report.title or f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"


def _total(report: Report) -> str:
    return f" [dim]({report.entries} entries)[/]" if report.entries else ""


def _next(when: datetime | None) -> str:
    return f" [dim]· next {when:%H:%M:%S} UTC[/]" if when else ""


def _place(store: str) -> str:
    return (
        store.removeprefix("sqlite:///")
        if store.startswith("sqlite:")
        else store.rpartition("@")[2]
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
