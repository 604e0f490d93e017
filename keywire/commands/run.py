"""`keywire run`: follow everything that the configuration names, until stopped or once."""

from pathlib import Path

import typer
from rich.console import Console

from keywire.app import App
from keywire.commands.walk_progress import bar
from keywire.config import Config
from keywire.journal import Journal
from keywire.narrator import Narrator
from keywire.process.logs import LogFormat, complain
from keywire.process.loop import run
from keywire.process.notify import read_environment
from keywire.process.server import listen
from keywire.reload import ConfigFile
from keywire.terminal import console
from store.source import SourceState


def follow(config: Config, path: Path, log: LogFormat) -> None:
    """Poll, serve and push until a signal ends it; changes of the file at `path` are applied."""
    teller = _teller(log, console())
    with App(config, tell=teller.hear, manager=read_environment()) as application:
        listener = listen(config.host, config.port, config.site.url)
        teller.open(config, listener.url)
        run(application.run(listener, file=ConfigFile(path, config)))
        teller.close()


def poll_once(config: Config, log: LogFormat) -> None:
    """Poll every source once; raises typer.Exit where one could not be read."""
    out = console()
    with App(config, tell=_teller(log, out).hear) as application:
        with bar(out) as show:
            reports = run(application.poll_once(show))
        left = application.unread()
    for title, history in left:
        typer.echo(f"{title}: {history}; the next run goes on, or keywire backfill now")
    bad = [
        report.source
        for report in reports
        if report.source.state is not SourceState.OK and report.source.finders
    ]
    if bad:
        complain(f"{len(bad)} of {len(reports)} sources could not be read: {bad[0].reason}")
        raise typer.Exit(1)


def _teller(log: LogFormat, out: Console) -> Journal | Narrator:
    return Journal() if log is LogFormat.JSON else Narrator(out)
