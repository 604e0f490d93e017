"""Start the processes that people wait for, against the bare interpreter."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from bench.measure import Figure, Finding, Size, durations, seconds
from bench.pages import a_page

KEYWIRE = Path(sys.executable).with_name("keywire")
_CONFIG = """\
store: sqlite:///{folder}/keywire.db
site: {{listen: "127.0.0.1:{port}"}}
fetch: {{allow_private: ["127.0.0.1"]}}
topics:
  bench: {{title: Bench, follow: ["http://127.0.0.1:9/bench"]}}
"""
_PATIENCE = 30


def measure(size: Size) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "page.html"
        page.write_bytes(a_page(size.entries(50)).body)
        assert b"<entry>" in _run(KEYWIRE, "feed", str(page)), "keywire feed gives no feed"
        assert b"Usage" in _run(KEYWIRE, "--help"), "keywire --help gives no help"
        taken = durations(
            {
                "floor": lambda _: _run(Path(sys.executable), "-c", "pass"),
                "help": lambda _: _run(KEYWIRE, "--help"),
                "feed": lambda _: _run(KEYWIRE, "feed", str(page)),
                "run": lambda run: _serve(folder / str(run)),
            },
            size.rounds(9),
            warm_up=1,
        )
    medians = {name: median(values) for name, values in taken.items()}
    for name, words, limit in (
        ("help", "keywire --help", 0.25),
        ("feed", "keywire feed FILE", 0.8),
        ("run", "keywire run, first 200", 1.5),
    ):
        yield Figure(
            words,
            "s",
            medians["floor"],
            medians[name],
            seconds(limit),
            "floor: the bare interpreter",
        )


def _run(program: Path, *arguments: str) -> bytes:
    return subprocess.run([program, *arguments], check=True, capture_output=True).stdout  # noqa: S603 - our own program


def _serve(folder: Path) -> None:
    """Start `keywire run` on a new store, wait for the first 200, then kill it."""
    folder.mkdir()
    port = free_port()
    config = folder / "config.yaml"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    arguments = [str(KEYWIRE), "run", "--config", str(config)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        wait_for_200(port, "/feeds/bench.atom")
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_200(port: int, path: str) -> None:
    """Request `path` every few milliseconds until the answer is 200. Raises TimeoutError."""
    begun = perf_counter()
    while perf_counter() - begun < _PATIENCE:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as asking:
                asking.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                if asking.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        sleep(0.002)
    raise TimeoutError(f"no 200 from port {port} within {_PATIENCE} s")
