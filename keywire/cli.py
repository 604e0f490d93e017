"""The command line: `run` and the commands beside it, as a program that fails in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from keywire.commands import archive, backup, entry, page, push, replay, setup, sources
from keywire.commands.context import CONFIG, ConfigPath, load_config
from keywire.commands.ownership import check_places, explain
from keywire.process.logs import LogFormat, complain

app = typer.Typer(
    name="keywire",
    help="Follow live blogs and turn them into feeds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Log = Annotated[
    LogFormat,
    typer.Option("--log", envvar="KEYWIRE_LOG", help="The format of the log on stderr."),
]
_EXPECTED = {
    *("ConfigError", "StoreError", "ScrapeError", "PortError", "InitError", "ReplayError"),
    *("InstallationError", "CaptureError", "ExportError", "FolderError"),
}


def main() -> None:
    """Run the command line; what fails says why in one line on stderr and exits with 1."""
    with _plainly():
        app()


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        told = str(error) if _is_expected(error) else explain(error)
        if not told:
            raise
        complain(told)
        raise SystemExit(1) from None


def _is_expected(error: Exception) -> bool:
    """Say whether an error is one that its own words explain; anything else is a bug."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _EXPECTED)


@app.callback(invoke_without_command=True)
def _global(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    if version:
        from keywire.version import number

        typer.echo(f"keywire {number()}")
        raise typer.Exit


@app.command()
def run(
    config: ConfigPath = CONFIG,
    *,
    once: Annotated[bool, typer.Option("--once", help="Poll everything once, then exit.")] = False,
    log: Log = LogFormat.TEXT,
) -> None:
    """Poll, store and serve what the configuration says."""
    check_places()
    from keywire.process.memory import hold

    hold()
    from keywire.app import App
    from keywire.journal import Journal
    from keywire.process.logs import set_up
    from keywire.process.loop import run as follow
    from keywire.process.notify import read_environment
    from keywire.process.server import listen
    from keywire.reload import ConfigFile
    from keywire.terminal import Narrator, console
    from store.source import SourceState

    set_up(log)
    loaded = load_config(config)
    teller = Journal() if log is LogFormat.JSON else Narrator(console())
    if once:
        from keywire.commands.progress import bar

        with App(loaded, tell=teller.hear) as application:
            with bar() as show:
                reports = follow(application.poll_once(show))
            left = application.unread()
        for title, history in left:
            typer.echo(f"{title}: {history}; the next run goes on, or keywire backfill now")
        bad = [
            r.source for r in reports if r.source.state is not SourceState.OK and r.source.finders
        ]
        if bad:
            complain(f"{len(bad)} of {len(reports)} sources could not be read: {bad[0].reason}")
            raise typer.Exit(1)
        return
    with App(loaded, tell=teller.hear, manager=read_environment()) as application:
        listener = listen(loaded.host, loaded.port, loaded.site.url)
        teller.open(loaded, listener.url)
        follow(application.run(listener, file=ConfigFile(config, loaded)))
        teller.close()


for commands in (page, setup, sources, replay, push, archive, entry, backup):
    commands.add_to(app)
