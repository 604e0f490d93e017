"""How commands print: on a terminal, or on a plain stream where there is none."""

import sys
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from store.decision.history import ChangeType

_SAYS: Final = {
    ChangeType.DISCOVERED: "[cyan]blog found[/]",
    ChangeType.PUBLISHED: "[green]new[/]",
    ChangeType.UPDATED: "[yellow]edited[/]",
    ChangeType.PROMOTED: "[magenta]now a key event[/]",
    ChangeType.DEMOTED: "[magenta]no key event any more[/]",
    ChangeType.RETRACTED: "[red]retracted[/]",
    ChangeType.RESTORED: "[green]restored[/]",
    ChangeType.ENDED: "[cyan]blog ended[/]",
    ChangeType.REOPENED: "[cyan]blog goes on[/]",
    ChangeType.ROLLED_OVER: "[cyan]goes on in another blog[/]",
}


def word_of(kind: ChangeType) -> str:
    """Return the words for one kind of change, in rich's markup."""
    return _SAYS.get(kind, kind.value)


def console() -> Console:
    """Return a console on stdout, terminal or not, that does not wrap long lines."""
    return Console(highlight=False, soft_wrap=True, stderr=False)


def print_beside(out: Console, head: str, text: str) -> None:
    """Print a line of markup; on a terminal, `text` is wrapped in a column beside `head`."""
    if not out.is_terminal:
        out.print(head + text)
        return
    if not head:
        out.print(text, soft_wrap=False)
        return
    beside = Table.grid()
    beside.add_column(width=Text.from_markup(head).cell_len)
    beside.add_column(overflow="fold")
    beside.add_row(head, text)
    out.print(beside, soft_wrap=False)


def print_plain(out: Console, line: str) -> None:
    """Print a line without markup; on a terminal, wrapped beside its first word."""
    mark, space, text = line.partition(" ")
    print_beside(out, escape(mark + space), escape(text))


def list_problems(problems: Iterable[object]) -> None:
    """Print mistakes on stderr, one a line."""
    for problem in problems:
        print(problem, file=sys.stderr)  # noqa: T201 - the terminal is where this goes


def count(number: int, word: str, several: str = "") -> str:
    """Return a number and its noun: `1 source`, `2,000 sources`; `several` is an odd plural."""
    return f"{number:,} {word if number == 1 else several or f'{word}s'}"
