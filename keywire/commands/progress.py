"""Show the progress of long work on a terminal, and nothing where there is none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from keywire.terminal import console


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how many of how many are done."""
    out = console()
    if not out.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
