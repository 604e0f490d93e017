"""Child processes that obey orders: an order a line, an answer a line, both JSON."""

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
    """A process of our own that waits for orders."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, order: str, **details: object) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Give an order and wait for its answer."""
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
    """Start a module as a process; it ends when nobody gives orders any more."""
    arguments = (sys.executable, "-m", module, *arguments)
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=_ROOT, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own program
        try:
            yield Child(process)
        except BaseException:
            process.kill()
            raise


def many_files() -> None:
    """Take leave to hold as many connections as the system gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def obey(orders: Mapping[str, Order]) -> None:
    """Carry out the orders that come in, one after another, until there are no more."""
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        order, details = msgspec.json.decode(line)
        answer = msgspec.json.encode(await orders[order](**details))
        await asyncio.to_thread(_tell, answer)


def _tell(answer: bytes) -> None:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
