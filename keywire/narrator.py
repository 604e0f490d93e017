"""What `run` prints on the terminal: what it follows, what it read, and where the feeds are."""

from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from keywire.config import Config
from keywire.polling.report import Report
from keywire.process.logs import redact
from keywire.reload import Taken
from keywire.terminal import count, print_beside
from keywire.version import number
from store.decision.history import ChangeType
from store.resorting import BATCH, Progress
from store.search.indexing import Indexing
from store.source import SourceState

_SAID = (
    (ChangeType.PUBLISHED, "new"),
    (ChangeType.UPDATED, "edited"),
    (ChangeType.PROMOTED, "promoted"),
    (ChangeType.DEMOTED, "demoted"),
    (ChangeType.RETRACTED, "retracted"),
    (ChangeType.RESTORED, "restored"),
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class News:
    """Remembers each source's last state, so that only what changed is reported."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[SourceState, str]] = {}

    def before(self, report: Report) -> SourceState | None:
        """Return the state in which a source was last reported; None the first time."""
        known = self._states.get(report.source.url)
        return known[0] if known else None

    def moved(self, report: Report) -> bool:
        """Return whether a poll changed anything or the source's state, and remember the state."""
        now = (report.source.state, report.source.reason)
        before = self._states.get(report.source.url)
        self._states[report.source.url] = now
        return bool(describe(report.changes) or report.found) or before != now


class Narrator:
    """Prints polls as they happen; a poll that changed nothing prints nothing."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self._news = News()

    def open(self, config: Config, url: str) -> None:
        """Print what is followed and where the feeds are."""
        sources, topics = len(config.sources), len(config.topics)
        self.out.print(
            f"[bold]keywire {number()}[/] follows {count(sources, 'source')} for "
            f"{count(topics, 'topic')}, kept in {_show(_place(config.store))}"
        )
        for topic in config.topics:
            self.out.print(f"  [bold]{_show(topic.title)}[/]")
            for source in topic.follow:
                self.out.print(f"    follows {_show(source)}")
            self.out.print(f"    feeds   {url}/feeds/{topic.name}.atom  .rss  .json")
            self.out.print(
                f"            {url}/feeds/{topic.name}/key-events.atom  .rss  .json\n"
                f"            {url}/feeds/{topic.name}/summaries.atom  .rss  .json",
                style="dim",
            )
        self.out.print(f"All of it at [bold]{url}/[/]")
        if config.host in _LOOPBACK:
            self.out.print(
                "Only this machine can reach it. To let readers on other machines in, set\n"
                f"site.listen to 0.0.0.0:{config.port} and site.url to this machine's address "
                "in the configuration.",
                style="dim",
            )
        self.out.print("Ctrl-C ends it.\n", style="dim")

    def hear(self, news: Report | Progress | Indexing | Taken) -> None:
        """Print one poll, progress of sorting or indexing, or a new configuration."""
        if isinstance(news, Progress):
            self._hear_progress(news)
        elif isinstance(news, Indexing):
            self._hear_indexing(news)
        elif isinstance(news, Taken):
            self.out.print(
                f"The configuration has changed and is taken: {count(news.sources, 'source')} "
                f"for {count(news.topics, 'topic')}."
            )
        else:
            self._hear_report(news)

    def _hear_progress(self, progress: Progress) -> None:
        if progress.of > BATCH:
            self.out.print(
                f"sorted {progress.done:,} of {progress.of:,} entries into {progress.topic}",
                style="dim",
            )

    def _hear_indexing(self, indexing: Indexing) -> None:
        self.out.print(f"{indexing.done:,} of {indexing.of:,} entries can be searched", style="dim")

    def _hear_report(self, report: Report) -> None:
        """Print one poll, if it changed anything or the source's state."""
        source, before = report.source, self._news.before(report)
        if report.walked:
            self._hear_walk(report)
            return
        if not self._news.moved(report):
            return
        changed = ", ".join(filter(None, (describe(report.changes), _found(report))))
        when = f"{source.last_poll:%H:%M:%S}" if source.last_poll else ""
        name = _show(_name(report, source.url))
        if source.state is SourceState.OK:
            news = changed or ("unchanged" if report.unchanged else "nothing new")
            back = "recovered, " if before and before is not SourceState.OK else ""
            told = f"{name}  {back}{news}{_total(report)}{_next(source.next_poll)}"
            print_beside(self.out, f"[dim]{when}[/] [green]✓[/] ", told)
        else:
            why = f"[red]{source.state.value}[/]: {_show(source.reason)}"
            print_beside(
                self.out, f"[dim]{when}[/] [red]✗[/] ", f"{name}  {why}{_next(source.next_poll)}"
            )

    def _hear_walk(self, report: Report) -> None:
        """Print the result of a walk through older pages once it ends, and nothing before."""
        if report.history:
            whole = report.kept is None or report.kept.history.coverage.complete
            mark = "[green]✓[/]" if whole else "[yellow]![/]"
            name = _show(_name(report, report.source.url))
            print_beside(self.out, f"{mark} ", f"{name}  history: {report.history}{_total(report)}")

    def close(self) -> None:
        """Print that keywire has ended."""
        self.out.print("Ended; nothing is lost.", style="dim")


def describe(changes: Counter[ChangeType]) -> str:
    """Return the changes in a few words: `2 new, 1 edited`; "" where there are none."""
    told = [f"{changes[kind]} {word}" for kind, word in _SAID if changes[kind]]
    if changes[ChangeType.ENDED]:
        told.append("the blog has ended")
    if changes[ChangeType.ROLLED_OVER]:
        told.append("another blog goes on here")
    if changes[ChangeType.REOPENED]:
        told.append("the blog goes on")
    return ", ".join(told)


def _found(report: Report) -> str:
    if not report.found:
        return ""
    return f"leads to {count(report.found, 'page')} to follow"


def _show(text: str) -> str:
    """Return a text fit for a line of markup: secrets redacted, markup escaped."""
    return escape(redact(text))


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
