"""Closed by default: reached from this machine alone, changed by nobody, and no secret is told."""

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from running import Keywire, OriginThread, wait_for

from keywire.demo.blog import add, block
from keywire.demo.script import opening

KEY = "k3y-of-the-s1te-that-nobody-guesses"
SECRET = "whsec_" + "c2VjcmV0" * 4
SECRETS = (KEY, SECRET, "h00k-t0ken", "xoxb-t0ken", "12:b0t-t0ken", "syt-t0ken", "tk-t0ken", "p1ng")
ALERTS = """
alerts:
  - name: desk
    topics: [news]
    to:
      - {{webhook: "{at}/hook", secret: "{secret}"}}
      - {{discord: "{at}/api/webhooks/17/h00k-t0ken"}}
      - {{slack: C01, token: xoxb-t0ken, api: "{at}/slack"}}
      - {{telegram: "-1", token: "12:b0t-t0ken", api: "{at}"}}
      - {{matrix: "!room:example.org", server: "{at}", token: syt-t0ken}}
      - {{ntfy: "{at}/desk", token: tk-t0ken}}
  - name: alive
    heartbeat: 1s
    to: [{{ping: "{at}/p1ng"}}]
"""


class Echo:
    """A careless target: it refuses, and says back all that it was sent."""

    def __init__(self):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                asked.append(self.path)
                said = f"{self.path} {dict(self.headers)} {body[:50]}".encode()
                self.send_response(401)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_PUT = do_PATCH = do_POST  # noqa: N815 - what BaseHTTPRequestHandler calls

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def listening(port):
    """Give the addresses at which somebody listens on a port, as the kernel writes them."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if int(local.rpartition(":")[2], 16) == port and state == "0A":
                found.add(local.rpartition(":")[0])
    return found


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A run whose targets say back what they are told; where, and all that it said and keeps."""
    folder = tmp_path_factory.mktemp("closed")
    with Echo() as echo, OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(folder, [origin.url], more=ALERTS.format(at=echo.url, secret=SECRET))
        config = folder / "config.yaml"
        config.write_text(config.read_text().replace("site: {", f'site: {{key: "{KEY}", '))
        keywire.start()
        wait_for(keywire.events, 10, keywire.terminal)
        origin.show(add(origin.blog, block("new", datetime.now(UTC), "<p>News.</p>")))
        places = ("/hook", "/api/web", "/slack/", "/bot12", "/_matrix", "/p1ng", "/desk", "/")
        wait_for(lambda: len({*map(_place, echo.asked)}) >= len(places) - 1, 30, keywire.terminal)
        wait_for(lambda: tried(keywire) >= 6, 30, keywire.terminal)
        addresses = listening(keywire.port)
        told = [
            keywire.get(path, **headers)[1].decode()
            for path in ("/sources.json", "/events", "/deliveries.json", "/metrics", "/sources")
            for headers in ({}, {"Authorization": f"Bearer {KEY}"})
        ]
        refused = keywire.status("/deliveries.json")
        assert keywire.stop() == 0
    kept = b"".join(path.read_bytes() for path in folder.glob("keywire.db*"))
    return addresses, refused, [keywire.terminal(), *told, kept.decode("latin-1")]


def _place(path):
    return path[:5]


def tried(keywire):
    _, said, _ = keywire.get("/deliveries.json", Authorization=f"Bearer {KEY}")
    return said.count(b"the target says 401") + said.count(b"says: ")


def test_only_this_machine_can_reach_what_was_not_opened(story):
    assert story[0] == {"0100007F"}


def test_without_the_key_nobody_sees_what_was_told(story):
    assert story[1] == 401


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_said_served_or_kept_even_where_a_target_says_it_back(story, secret):
    assert all(secret not in text for text in story[2])


def test_what_was_said_and_kept_was_looked_at(story):
    assert "the target says 401" in "".join(story[2])
    assert "…" in "".join(story[2][1:])
