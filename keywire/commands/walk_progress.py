"""Show on a terminal how far walks back through older pages are."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from keywire.process.logs import redact
from keywire.walk_back import Show, Step
from store.coverage import is_walked


@contextmanager
def bar(out: Console) -> Iterator[Show]:
    """Yield a function that shows a step of a walk: a moving bar, the entries, how far back.

    Whatever else is printed meanwhile must be printed by `out`, or it breaks the bar.
    """
    if not out.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task("reading older pages", total=None)

        def show(step: Step) -> None:
            progress.update(task, description=_line(step))

        yield show


def _line(step: Step) -> str:
    back = min((gap.newer for gap in step.coverage.gaps if not gap.hole), default=None)
    reached = f", back to {back:%Y-%m-%d %H:%M} UTC" if back and is_walked(step.coverage) else ""
    return escape(redact(f"{step.title}: {step.entries:,} entries{reached}"))
