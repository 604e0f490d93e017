"""config.yaml as it is written: read with line numbers, `${NAME}` replaced."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from keywire.sections.problems import ConfigError, Problem, Where

_KEY = re.compile(r'duplicate key "([^"]*)"')
_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def read_tree(path: Path) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Read a configuration as it is written, with the lines of all its parts (`lc`).

    Raises ConfigError where it cannot be read or is no group of settings.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            [Problem(str(path), 0, "", "there is no such file; keywire init writes one")]
        ) from error
    except IsADirectoryError as error:
        raise ConfigError(
            [Problem(str(path), 0, "", "is a directory; name the file in it")]
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), 0, "", f"cannot be read: {error}")]) from error
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigError([Problem(path.name, line, "", _explain(error))]) from error
    except YAMLError as error:
        raise ConfigError([Problem(path.name, 0, "", f"is no YAML: {error}")]) from error
    if not isinstance(tree, CommentedMap):
        raise ConfigError(
            [Problem(path.name, 1, "", "holds no settings; keywire init writes an example")]
        )
    return tree


def _explain(error: MarkedYAMLError) -> str:
    if isinstance(error, DuplicateKeyError) and (key := _KEY.search(error.problem or "")):
        return f"{key[1]} stands here for the second time; keep one of the two"
    said = " ".join(filter(None, (error.context, error.problem))).splitlines()[0]
    return f"is no YAML: {said}"


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment for `${NAME}`; `used` collects the values taken, except public ones."""

    known: Mapping[str, str]
    used: dict[str, str]

    def get(self, name: str, path: tuple[str | int, ...]) -> str | None:
        """Return the value of NAME for the field at `path`; None where there is none."""
        value = self.known.get(name)
        if value and path[-1] != "title" and (path[0] != "site" or path[-1] == "key"):
            self.used[value] = f"${{{name}}}"
        return value


def conceal(problem: Problem, used: Mapping[str, str]) -> Problem:
    """Return a mistake with values of the environment replaced by their `${NAME}`."""
    message = problem.message
    for value in sorted(used, key=len, reverse=True):
        message = message.replace(value, used[value])
    return replace(problem, message=message)


def fill(
    node: Any,  # noqa: ANN401 - YAML may hold anything
    known: Environment,
    where: Where,
    path: tuple[str | int, ...],
    problems: list[Problem],
) -> Any:  # noqa: ANN401 - likewise
    """Return the tree as plain values, with `${NAME}` replaced; append mistakes to `problems`."""
    if isinstance(node, dict):
        return {
            str(key): fill(value, known, where, (*path, key), problems)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [fill(value, known, where, (*path, n), problems) for n, value in enumerate(node)]
    if not isinstance(node, str):
        return node

    def replace(match: re.Match[str]) -> str:
        value = known.get(match[1], path)
        if value is None:
            message = f"the environment has no {match[1]}; set it, or write the value"
            problems.append(where.problem(path, message))
        return value or ""

    return _ENVIRONMENT.sub(replace, str(node))
