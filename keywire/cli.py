"""The command line: `run` and the commands beside it, as a program that fails in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from keywire.commands import archive, backup, entry, page, push, replay, setup, sources
from keywire.commands.context import CONFIG, ConfigPath, load_config
from keywire.commands.ownership import check_places, explain
from keywire.process.logs import LogFormat, complain, set_up

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
    """Run the command line; a failure prints one line on stderr and exits with 1."""
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
    """Return whether an error's message is meant for the user; any other error is a bug."""
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
    from keywire.commands.run import follow, poll_once

    set_up(log)
    loaded = load_config(config)
    if once:
        poll_once(loaded, log)
    else:
        follow(loaded, config, log)


for commands in (page, setup, sources, replay, push, archive, entry, backup):
    commands.add_to(app)
