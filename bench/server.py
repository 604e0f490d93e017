"""One server for `serving.py`: keywire's site, or a bare function that sends the same bytes."""

import sys
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from feeds.site.app import make_site
from feeds.site.options import SiteOptions
from store.database import open_database


def bare(body: bytes) -> ASGIApp:
    """Return an app that sends `body`, or a 304 to any request with If-None-Match."""
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [
            (b"content-type", b"application/atom+xml; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"etag", b'"1"'),
        ],
    }
    unchanged = {**start, "status": 304, "headers": [(b"etag", b'"1"')]}

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if any(name == b"if-none-match" for name, _ in scope["headers"]):
            await send(unchanged)
            await send({"type": "http.response.body"})
        else:
            await send(start)
            await send({"type": "http.response.body", "body": body})

    return app


def main(kind: str, store: str, stored: str, port: str) -> None:
    options = SiteOptions(title="Bench", url="http://127.0.0.1:8700")
    ours = kind == "ours"
    uvicorn.run(
        make_site(open_database(f"sqlite:///{store}"), options)
        if ours
        else bare(Path(stored).read_bytes()),
        port=int(port),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
