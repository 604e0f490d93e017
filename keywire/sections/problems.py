"""Mistakes in a configuration: each with its file, line, field and correction."""

from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the file, its line (from 1; 0 for the whole file), the field, the correction."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return `file:line: field: message`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.field + ': ' if self.field else ''}{self.message}"

    def is_within(self, field: str) -> bool:
        """Whether it is about a field, or about a part of it."""
        return self.field == field or self.field.startswith((f"{field}.", f"{field}["))


class ConfigError(Exception):
    """The configuration cannot be used; `problems` are all its mistakes, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(str(problems[0]))

    def __str__(self) -> str:
        """Return the first mistake, and how many more there are."""
        more = len(self.problems) - 1
        hint = f" (and {more} more; keywire check lists them)" if more else ""
        return f"{self.problems[0]}{hint}"


@dataclass(frozen=True, slots=True)
class Where:
    """Finds the line of a field in the file."""

    file: str
    tree: Any

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Return a mistake in the field at `path`."""
        return Problem(self.file, self._line(path), _spell(path), message)

    def _line(self, path: tuple[str | int, ...]) -> int:
        node, line = self.tree, 1
        for key in path:
            if isinstance(node, CommentedMap) and key in node:
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                line = node.lc.item(key)[0] + 1
            else:
                break
            node = node[key]
        return line


def _spell(path: tuple[str | int, ...]) -> str:
    spelled = ""
    for key in path:
        spelled += f"[{key}]" if isinstance(key, int) else f".{key}"
    return spelled.removeprefix(".")
