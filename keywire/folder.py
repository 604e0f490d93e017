"""A folder that is there whole or not at all: written under another name, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


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
        occupied = target.exists() and any(target.iterdir())
    except OSError as error:
        raise FolderError(f"{target} cannot be used: {error.strerror}") from error
    if occupied and not force:
        raise FolderError(f"{target} holds something already; name another folder, or --force")
    try:
        with _beside(target) as work:
            yield work
            for file in work.iterdir():
                _sync(file)
            if occupied:
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
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder on the same disk, which is gone in the end unless it was renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


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
