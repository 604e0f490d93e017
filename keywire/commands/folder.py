"""Write a folder completely or not at all: under another name, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SUFFIX: Final = ".part"


class FolderError(Exception):
    """The folder cannot be made; nothing was kept. `str()` is one line with the remedy."""


@contextmanager
def made_whole(
    target: Path, *, force: bool = False, old_files: Callable[[Path], Iterable[str]]
) -> Iterator[Path]:
    """Yield a folder to write files into; it becomes `target` if nothing raises.

    A target that is not empty is refused, unless `force`: then the new files are moved into it one
    by one, and its files that `old_files` names are deleted; its other files stay. Raises
    FolderError, also where the disk is full. Whatever raises, nothing half written stays.
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
        # Inside an existing target, which may be a disk of its own: a rename stays on one disk.
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
    """Yield a temporary folder inside `folder`; it is deleted at the end unless it was renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=_SUFFIX, dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _is_left_over(path: Path) -> bool:
    """Return whether a path is a temporary folder left by a process that was killed."""
    return path.name.startswith(".") and path.name.endswith(_SUFFIX)


def _fill(target: Path, work: Path, old_files: Iterable[str]) -> None:
    """Move the new files into an existing folder, and delete its old ones."""
    fresh = {file.name for file in work.iterdir()}
    for name in old_files:
        old = target / name
        if name not in fresh and old.parent == target and old.is_file():
            old.unlink()
    for name in sorted(fresh):
        (work / name).replace(target / name)


def _sync(path: Path) -> None:
    """Flush a file or folder to the disk, before a name refers to it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _umask() -> int:
    now = os.umask(0o022)
    os.umask(now)
    return now
