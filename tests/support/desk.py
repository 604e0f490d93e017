"""A receiver of webhooks and pings on its own thread, for a keywire in another process."""

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook as Verifier
from telling import SECRET


class Desk:
    """Keeps verified webhooks as (id, message), and the paths of pings.

    It verifies with the library that receivers use. While `refusing`, it refuses one in twenty.
    """

    def __init__(self, seed=0, *, refusing=False):
        self.got, self.bad, self.pings, self.refusing = [], [], [], refusing
        chances, lock = random.Random(seed), threading.Lock()
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if len(body) < int(self.headers["content-length"]):
                    return  # the sender was killed within its request: half of it is no message
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = 204
                with lock:
                    try:
                        told = Verifier(SECRET).verify(body, headers)
                        refuse = desk.refusing and chances.random() < 0.05
                        if refuse:
                            status = 500
                        else:
                            desk.got.append((headers["webhook-id"], told))
                    except Exception as error:  # noqa: BLE001 - told by the test
                        desk.bad.append(error)
                        status = 401
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                desk.pings.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # connections that a kill has cut
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
