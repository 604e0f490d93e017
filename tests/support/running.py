"""keywire as its users run it, in its own process, and origins for it to follow."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from unhurried import kept_waiting, own_time

from keywire.demo.origin import Origin

KEYWIRE = str(Path(sys.executable).with_name("keywire"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Keywire:
    """One `keywire run` in its own folder, which can be killed and started again."""

    command: tuple[str, ...] = (KEYWIRE, "run")

    def __init__(
        self,
        folder: Path,
        urls: list[str],
        *,
        store="sqlite:///keywire.db",
        topic="news",
        every="1s",
        more="",
    ):
        self.folder, self.port, self.store = folder, free_port(), store
        self.site = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        follow = "\n".join(f'      - {{url: "{url}", every: {every}}}' for url in urls)
        (folder / "config.yaml").write_text(
            f'store: "{store}"\nsite: {{listen: "127.0.0.1:{self.port}"}}\n'
            f'fetch: {{allow_private: ["127.0.0.1"], timeout: 5s}}\n'
            f"topics:\n  {topic}:\n    title: News\n    follow:\n{follow}\n{more}",
            encoding="utf-8",
        )

    def start(self) -> float:
        """Start it; return the seconds until its feeds were served, without waits for a CPU."""
        begun = own_time()
        log = (self.folder / "terminal.txt").open("ab")
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        try:
            wait_for(self._serves, 20, self.terminal)
        except AssertionError:
            self.kill()
            raise
        return own_time() - begun - kept_waiting(self.process.pid)

    def _serves(self) -> bool:
        assert self.process.poll() is None, f"it ended by itself: {self.terminal()}"
        return self.status("/feeds/news.atom") in {200, 304}

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)

    def terminal(self) -> str:
        return (self.folder / "terminal.txt").read_text(encoding="utf-8", errors="replace")

    def get(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        request = urllib.request.Request(self.site + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read(), _lower(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), _lower(error.headers)

    def status(self, path: str) -> int:
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def json(self, path: str):
        return json.loads(self.get(path)[1])

    def events(self, after: int = 0) -> list[dict]:
        found = []
        while True:
            page = self.json(f"/events?after={after}&limit=500")
            found += page["changes"]
            after = page["next"]
            if not page["changes"]:
                return found

    def source(self) -> dict:
        return self.json("/sources.json")[0]


CROWDED = 4  # times as long as on an idle machine, while other tests run


def wait_for(claim: Callable[[], object], seconds: float, explain: Callable[[], str] = str):
    """Wait until a claim holds and return its value; fail with an explanation otherwise.

    `seconds` are for an idle machine; they are multiplied, and no test may depend on them.
    """
    end = time.monotonic() + seconds * CROWDED
    while time.monotonic() < end:
        if value := claim():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {explain()}")


class OriginThread:
    """The built-in origin on its own thread."""

    def __init__(self, blog, kind=Origin):
        self.origin = kind(blog, now=lambda: datetime.now(UTC))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Origin:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.origin.__aenter__(), self._loop).result(5)
        return self.origin

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(
            self.origin.__aexit__(None, None, None), self._loop
        ).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Shelf:
    """Serves `body`, whatever its bytes, at one address with a strong ETag."""

    def __init__(self, body: bytes = b"", path: str = "/live/page"):
        shelf, self.path, self.body, self.status, self.answers = self, path, body, 200, []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                etag = f'"{hash(shelf.body)}"'
                if self.path != shelf.path:
                    status, body = 404, b""
                elif shelf.status != 200:
                    status, body = shelf.status, b""
                elif self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                else:
                    status, body = 200, shelf.body
                if self.path == shelf.path:
                    shelf.answers.append(status)
                self.send_response(status)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def _lower(headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
