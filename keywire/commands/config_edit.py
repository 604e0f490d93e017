"""Add one source to one topic in config.yaml; everything else stays as it is.

Lines are inserted, none is rewritten, so comments, quotes and order stay byte for byte. The file is
replaced in one step, and only after the new one was loaded and says what the old one did, plus the
source.
"""

import json
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keywire.commands.init import EXAMPLE
from keywire.config import Config, load
from keywire.sections.problems import ConfigError, Problem
from keywire.sections.tree import read_tree

_PLAIN = re.compile(r"https?://[A-Za-z0-9._~:/?=&%+@!$()*;'-]*[A-Za-z0-9/_=-]")


@dataclass(frozen=True, slots=True)
class Addition:
    """A source to follow for a topic, and its options; `title` is for a new topic."""

    url: str
    topic: str
    title: str = ""
    timezone: str = ""
    article: bool = False


def add_source(
    path: Path, addition: Addition, environment: Mapping[str, str] | None = None
) -> bool:
    """Make a topic of a configuration follow one more source; False where it does already.

    Where there is no file, one is made from the example. Raises ConfigError where the file has
    mistakes of its own, or nothing can be inserted into it as it is written; it is then unchanged.
    """
    target = path.resolve()
    if not target.exists():
        _replace(target, _first(addition), addition, None, environment)
        return True
    before = load(target, environment)
    if _follows(before, addition):
        return False
    text = target.read_bytes().decode("utf-8")
    _replace(target, _with(target, text, addition), addition, before, environment)
    return True


def _follows(config: Config, addition: Addition) -> bool:
    return any(
        addition.url in topic.follow for topic in config.topics if topic.name == addition.topic
    )


def _first(addition: Addition) -> str:
    """Return a first configuration: the example, with this topic in place of its own."""
    text = EXAMPLE.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    tree = read_tree(EXAMPLE)
    name, *_ = tree["topics"]
    start = tree["topics"].lc.key(name)[0]
    end = _end(lines, start, tree["topics"].lc.key(name)[1])
    return "".join([*lines[:start], *_topic(addition, "  ", "\n"), *lines[end:]])


def _with(path: Path, text: str, addition: Addition) -> str:
    """Return the text of a valid configuration with the source inserted."""
    tree = read_tree(path)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\n"
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    topics = tree["topics"]
    if topics.fa.flow_style():
        raise _by_hand(path, addition)
    known = {str(name): name for name in topics}
    if addition.topic in known:
        name = known[addition.topic]
        follow = topics[name]["follow"]
        if follow.fa.flow_style():
            row, column = follow.lc.item(len(follow) - 1)
            before = sum(map(len, lines[:row])) + column
            return _in_line("".join(lines), before, _item(addition)) or text
        row, column = follow.lc.item(len(follow) - 1)
        margin = lines[row][: lines[row].rindex("-", 0, column)]
        place = _end(lines, row, len(margin))
        new = [f"{margin}- {_item(addition)}{newline}"]
    else:
        last = list(topics)[-1]
        row, column = topics.lc.key(last)
        place = _end(lines, row, column)
        new = _topic(addition, " " * column, newline)
    return "".join([*lines[:place], *new, *lines[place:]])


def _in_line(text: str, place: int, item: str) -> str:
    """Return the text with an item inserted after the last one of a list in brackets.

    `place` is where that last item begins; "" where the list has no end.
    """
    depth, quote, end = 0, "", place
    for n in range(place, len(text)):
        sign = text[n]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'" and text[n - 1] in " [{,:\n":
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            if depth == 0:
                return f"{text[:end]}, {item}{text[end:]}"
            depth -= 1
        if sign not in ", \t\r\n" or depth or quote:
            end = n + 1
    return ""


def _end(lines: list[str], row: int, column: int) -> int:
    """Return the row after the block that begins at a row and column, by its indentation."""
    end = row + 1
    for number in range(row + 1, len(lines)):
        words = lines[number].strip()
        depth = len(lines[number]) - len(lines[number].lstrip(" "))
        if words and not words.startswith("#"):
            if depth <= column:
                break
            end = number + 1
    return end


def _topic(addition: Addition, margin: str, newline: str) -> list[str]:
    step = margin or "  "
    title = [f"{margin}{step}title: {_quoted(addition.title)}"] if addition.title else []
    lines = [
        f"{margin}{addition.topic}:",
        *title,
        f"{margin}{step}follow:",
        f"{margin}{step}{step}- {_item(addition)}",
    ]
    return [line + newline for line in lines]


def _item(addition: Addition) -> str:
    zone = f", timezone: {addition.timezone}" if addition.timezone else ""
    article = ", article: true" if addition.article else ""
    if zone or article:
        return f"{{url: {_quoted(addition.url)}{zone}{article}}}"
    return addition.url if _PLAIN.fullmatch(addition.url) else _quoted(addition.url)


def _quoted(text: str) -> str:
    """Return text as a double-quoted YAML scalar; `${` is split, as it means the environment."""
    line = " ".join(text.split()).replace("${", "$ {")
    return json.dumps(line, ensure_ascii=False)


def _replace(
    path: Path,
    text: str,
    addition: Addition,
    before: Config | None,
    environment: Mapping[str, str] | None,
) -> None:
    """Replace a file by a text, in one step, keeping its owner and mode, if the text loads."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        _take_rights(fresh, path)
        after = load(fresh, environment)
        if not _follows(after, addition) or not (before is None or _keeps(before, after)):
            said = "a source cannot be put into it as it is written; add it by hand"
            raise ConfigError([Problem(path.name, 0, "", said)])
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _take_rights(fresh: Path, path: Path) -> None:
    if not path.exists():
        mask = os.umask(0)
        os.umask(mask)
        fresh.chmod(0o666 & ~mask)
        return
    known = path.stat()
    with suppress(OSError):  # only root may give files to another owner
        os.chown(fresh, known.st_uid, known.st_gid)
    fresh.chmod(stat.S_IMODE(known.st_mode))


def _keeps(before: Config, after: Config) -> bool:
    """Return whether `after` still says all that `before` said."""
    then, now = {t.name: t for t in before.topics}, {t.name: t for t in after.topics}
    return (
        (before.store, before.site, before.fetch) == (after.store, after.site, after.fetch)
        and all(after.sources.get(url) == options for url, options in before.sources.items())
        and all(
            name in now
            and set(topic.follow) <= set(now[name].follow)
            and (topic.match, topic.was) == (now[name].match, now[name].was)
            for name, topic in then.items()
        )
    )


def _by_hand(path: Path, addition: Addition) -> ConfigError:
    said: Any = f"is written in one line; write into it by hand: {_item(addition)}"
    return ConfigError([Problem(path.name, 0, f"topics.{addition.topic}.follow", said)])
