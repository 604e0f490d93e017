"""Child processes that carry out orders: an order per line in, an answer per line out, as JSON."""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

Order: TypeAlias = Callable[..., Awaitable[object]]
_ROOT = Path(__file__).parents[1]


class Child:
    """A running child process that takes orders."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, order: str, **details: object) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Send an order and return its answer. Raises ChildProcessError if the process ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode([order, details]) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise ChildProcessError(f"the process that was to {order} has ended")
        return msgspec.json.decode(answer)


@contextmanager
def child(module: str, *arguments: str) -> Iterator[Child]:
    """Run a module as a child process, which ends at the end of the context."""
    arguments = (sys.executable, "-m", module, *arguments)
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=_ROOT, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own program
        try:
            yield Child(process)
        except BaseException:
            process.kill()
            raise


def many_files() -> None:
    """Raise this process's limit of open files to the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def obey(orders: Mapping[str, Order]) -> None:
    """Carry out orders from standard input, one after another, until its end."""
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        order, details = msgspec.json.decode(line)
        answer = msgspec.json.encode(await orders[order](**details))
        await asyncio.to_thread(_tell, answer)


def _tell(answer: bytes) -> None:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
