"""Writes a folder whole or not at all: under another name, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SUFFIX: Final = ".part"


class FolderError(Exception):
    """The folder cannot be made; nothing of it was kept. `str()` is one line with the mend."""


@contextmanager
def made_whole(
    target: Path, *, force: bool = False, old_files: Callable[[Path], Iterable[str]]
) -> Iterator[Path]:
    """Give a folder to write files into; it becomes `target` when all went well.

    A target that holds anything is refused, unless `force`: then the new files take their places
    in it one by one, and those which `old_files` names of it are gone; what else is in it stays.
    Raises FolderError, also where the disk is full. Whatever raises, nothing half written stays.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - a link in the way stays one
    try:
        there = target.exists()
        occupied = there and not all(_is_left_over(one) for one in target.iterdir())
    except OSError as error:
        raise FolderError(f"{target} cannot be used: {error.strerror}") from error
    if occupied and not force:
        raise FolderError(f"{target} holds something already; name another folder, or --force")
    try:
        # Within a folder that is there already: it may be a disk of its own.
        with _work(target if there else target.parent, target.name) as work:
            yield work
            for file in work.iterdir():
                _sync(file)
            if there:
                _fill(target, work, old_files(target))
            else:
                work.chmod(0o777 & ~_umask())
                work.rename(target)
            _sync(target.parent)
    except OSError as error:
        raise FolderError(
            f"{target} cannot be written: {error.strerror or error}; nothing of it was kept"
        ) from error


@contextmanager
def _work(folder: Path, name: str) -> Iterator[Path]:
    """Give a folder within a folder, which is gone in the end unless it was renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=_SUFFIX, dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _is_left_over(path: Path) -> bool:
    """Say whether a folder was being written when its process was killed."""
    return path.name.startswith(".") and path.name.endswith(_SUFFIX)


def _fill(target: Path, work: Path, old_files: Iterable[str]) -> None:
    """Put new files into a folder that has some, and take old ones away."""
    fresh = {file.name for file in work.iterdir()}
    for name in old_files:
        old = target / name
        if name not in fresh and old.parent == target and old.is_file():
            old.unlink()
    for name in sorted(fresh):
        (work / name).replace(target / name)


def _sync(path: Path) -> None:
    """Let what was written reach the disk before its name tells of it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _umask() -> int:
    now = os.umask(0o022)
    os.umask(now)
    return now
