"""A live blog of many numbered pages, as an origin's bodies for `playing`."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEGUN = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
STEP = timedelta(minutes=2)


def at(number, begun=BEGUN):
    """Return when a post was published: one every two minutes from the beginning."""
    return begun + number * STEP


def post(number, begun):
    return (
        f'<article class="post" id="post-{number}">'
        f'<time datetime="{at(number, begun).isoformat()}"></time>'
        f"<h3>Report {number}</h3><p>The gauge reads {number} at the weir.</p></article>"
    )


def stated(number, begun):
    return {
        "@type": "BlogPosting",
        "url": f"HERE/live#post-{number}",
        "headline": f"Report {number}",
        "datePublished": at(number, begun).isoformat(),
        "articleBody": f"The gauge reads {number} at the weir.",
    }


def page(numbers, older="", begun=BEGUN):
    said = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": "HERE/live",
        "headline": "At the weir",
        "liveBlogUpdate": [stated(number, begun) for number in numbers],
    }
    link = f'<a rel="next" href="{older}">Older</a>' if older else ""
    posts = "".join(post(number, begun) for number in numbers)
    return (
        '<!doctype html><html lang="en"><head><title>At the weir</title>'
        '<link rel="canonical" href="HERE/live">'
        f'<script type="application/ld+json">{json.dumps(said)}</script></head><body>'
        f"<h1>At the weir</h1>{posts}<nav>{link}</nav></body></html>"
    ).encode()


class PagedBlog:
    """A blog of numbered posts; each page shows `size` of them, the newest first."""

    def __init__(self, posts, size=10, begun=BEGUN):
        self.newest, self.size, self.cut, self.begun = posts, size, set(), begun

    @property
    def pages(self):
        return -(-self.newest // self.size)

    def __call__(self, path):
        """Return the body of `/live` or `/live?page=N`; 404 for a missing page."""
        address, _, query = path.partition("?page=")
        number = int(query or 1)
        if address != "/live" or number in self.cut or number > self.pages:
            return 404
        top = self.newest - (number - 1) * self.size
        older = f"/live?page={number + 1}" if number < self.pages else ""
        return page(range(top, max(top - self.size, 0), -1), older, self.begun)


class Served:
    """A paged blog on a port of this machine, for a keywire in another process."""

    def __init__(self, blog):
        served, self.blog, self.asked, self.walked = self, blog, [], []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path.startswith("/live"):
                    served.asked.append(self.path)
                if "page=" in self.path:
                    served.walked.append(self.path)
                body = served.blog(self.path)
                status, body = (200, body) if isinstance(body, bytes) else (body, b"")
                body = body.replace(b"HERE", served.here.encode())
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.here = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.here}/live"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
