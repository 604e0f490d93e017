"""A small web server that publishes live blogs and can be made to misbehave.

It speaks HTTP/1.1 on the loopback interface, keeps connections, sends strong validators, answers
conditional requests, and tells a page's client what is newer. `keywire demo` and tests follow it.
"""

import asyncio
import contextlib
import gzip
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum
from hashlib import sha256
from typing import Self
from urllib.parse import parse_qs, urlsplit

from keywire.demo.blog import Blog
from keywire.demo.page import render
from keywire.demo.polling import render_news
from keywire.demo.strangers import render_article, render_consent_wall, render_front

HTML = "text/html; charset=utf-8"
JSON = "application/json"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 372">
<rect width="620" height="372" fill="#bcd9ea"/>
<rect y="250" width="620" height="122" fill="#5c7f52"/>
<path d="M60 290h500M60 302h500" stroke="#444" stroke-width="5"/>
<path d="M280 280l14-190h52l14 190z" fill="#fff" stroke="#333" stroke-width="3"/>
<path d="M285 215h70l3 30h-75zM290 150h60l3 30h-65z" fill="#b3202c"/>
<rect x="296" y="60" width="48" height="30" fill="#ffe27a" stroke="#333" stroke-width="3"/>
<path d="M290 60l30-26 30 26z" fill="#333"/></svg>
"""


class Fault(Enum):
    """A way in which the blog's address can misbehave."""

    EMPTY = "200 and no body"
    CONSENT_WALL = "200 and a page that asks for consent"
    ANOTHER_ARTICLE = "200 and an ordinary article"
    TRUNCATED = "200 and a page whose markup stops within its last block"
    NEW_LAYOUT = "200 and the same words in markup that nobody knows"
    STALE = "200 and the page as it was before the newest change"
    HOME = "302 to the front page"
    CUT_SHORT = "half the body that was announced, then the end of the connection"
    DRIP = "the body, a few bytes at a time"
    RESET = "the connection is reset before an answer"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error status, with a Retry-After if it is not ""."""

    status: int = 503
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was received, its headers' names in lower case, and its status.

    The status is 0 where the connection was reset instead of an answer. `sent` is the size of the
    body that answered, in bytes, zipped or not.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    at: datetime
    status: int
    sent: int


@dataclass(frozen=True, slots=True)
class _Rendering:
    """A blog as it was shown from a moment on, at which its pages are rendered."""

    blog: Blog
    at: datetime


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fault: Fault | None = None


class Origin:
    """Serves blogs on the loopback interface while its `async with` block lasts.

    `show` publishes a blog, or a new state of it. `fault` makes every blog's pages misbehave until
    it is None again; `robots` is the text of robots.txt. `requests` holds all that were received.
    `now` returns the time; `port` 0 takes any free one. `max_age` goes into Cache-Control, `drip`
    is the seconds between two pieces of a dripping body.
    """

    def __init__(
        self,
        blog: Blog,
        *,
        now: Callable[[], datetime],
        host: str = "127.0.0.1",
        port: int = 0,
        max_age: int = 0,
        drip: float = 0.05,
    ) -> None:
        self._now, self._host, self._port = now, host, port
        self._max_age, self._drip = max_age, drip
        self._shown: dict[str, list[_Rendering]] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.fault: Fault | Refusal | None = None
        self.robots = "User-agent: *\nAllow: /\n"
        self.requests: list[Request] = []
        self.blog = blog
        self.show(blog)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    @property
    def site(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """The address of the blog that was shown last."""
        return self.site + self.blog.path

    def show(self, blog: Blog) -> None:
        """Publish a blog at its path, rendered as of now. Other blogs stay as they are."""
        self.blog = blog
        self._shown.setdefault(blog.path, []).append(_Rendering(blog, self._now()))

    def hits(self, path: str) -> int:
        """Return the number of requests for a path, whatever their query."""
        return sum(1 for request in self.requests if urlsplit(request.target).path == path)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            while await self._serve(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # the client went away, or does not speak HTTP
        except asyncio.CancelledError:
            pass  # the origin closes; nobody waits for this task but its own __aexit__
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection is kept for another."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, _, rest = first.partition(" ")
        target, _, version = rest.rpartition(" ")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        answer = self._answer(method, target, headers)
        bodiless = method == "HEAD"
        sent = 0 if bodiless else len(answer.body)
        self.requests.append(Request(method, target, headers, self._now(), answer.status, sent))
        await self._send(writer, answer, bodiless=bodiless)
        kept = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return kept and answer.fault is None

    def _answer(self, method: str, target: str, headers: Mapping[str, str]) -> _Answer:
        if method not in {"GET", "HEAD"}:
            return _Answer(405, {"Allow": "GET, HEAD"})
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/robots.txt":
            return _text(self.robots, "text/plain; charset=utf-8")
        if path == "/":
            newest = [history[-1] for history in self._shown.values()]
            blogs = [rendering.blog for rendering in newest]
            return _text(render_front(blogs, max(r.at for r in newest), self.site))
        if path.startswith("/media/"):
            return _text(DRAWING, "image/svg+xml")
        since = query.get("lastUpdate", [""])[0] if path.endswith(".json") else ""
        history = self._shown.get(path.removesuffix(".json") if since else path)
        if history is None:
            return _Answer(404)
        return self._page(history, query.get("page", [""])[0], since, headers)

    def _page(
        self, history: list[_Rendering], page: str, since: str, headers: Mapping[str, str]
    ) -> _Answer:
        """Return a page of a blog or, for `since` a block, what is newer than that block."""
        instead = self._instead()
        if instead is not None:
            return instead
        stale = self.fault is Fault.STALE and len(history) > 1
        shown = history[-2] if stale else history[-1]
        try:
            body, kind = self._rendered(shown, page, since)
        except KeyError:
            return _Answer(404)
        answer = self._negotiated(_spoilt(body, self.fault), kind, shown, headers)
        if self.fault is Fault.CUT_SHORT or self.fault is Fault.DRIP:
            return replace(answer, fault=self.fault)
        return answer

    def _rendered(self, shown: _Rendering, page: str, since: str) -> tuple[str, str]:
        if since:
            return render_news(shown.blog, shown.at, self.site, since), JSON
        return render(shown.blog, shown.at, self.site, page), HTML

    def _instead(self) -> _Answer | None:
        """Return the answer of a fault that needs no page, else None."""
        answer = None
        match self.fault:
            case Refusal(status, retry_after):
                answer = _Answer(status, {"Retry-After": retry_after} if retry_after else {})
            case Fault.RESET:
                answer = _Answer(0, fault=Fault.RESET)
            case Fault.HOME:
                answer = _Answer(302, {"Location": f"{self.site}/"})
            case Fault.EMPTY:
                answer = _text("")
            case Fault.CONSENT_WALL:
                answer = _text(render_consent_wall())
            case Fault.ANOTHER_ARTICLE:
                answer = _text(render_article(self.site))
            case _:
                pass
        return answer

    def _negotiated(
        self, text: str, kind: str, shown: _Rendering, headers: Mapping[str, str]
    ) -> _Answer:
        """Return a text, zipped where that is accepted, or a 304 (RFC 9110 13.2.2)."""
        body = text.encode()
        tag = sha256(body).hexdigest()[:32]
        told = {
            "Content-Type": kind,
            "Cache-Control": f"max-age={self._max_age}",
            "Last-Modified": format_datetime(shown.at.astimezone(UTC), usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            told["Content-Encoding"] = "gzip"
            tag += "-gzip"
        told["ETag"] = f'"{tag}"'
        if _unchanged(headers, told["ETag"], shown.at):
            kept = ("ETag", "Last-Modified", "Cache-Control", "Vary")
            return _Answer(304, {name: told[name] for name in kept})
        return _Answer(200, told, body)

    async def _send(self, writer: asyncio.StreamWriter, answer: _Answer, *, bodiless: bool) -> None:
        if answer.fault is Fault.RESET:
            _reset(writer)
            return
        headers = {
            "Date": format_datetime(self._now().astimezone(UTC), usegmt=True),
            **answer.headers,
            **({} if answer.status == 304 else {"Content-Length": str(len(answer.body))}),  # noqa: PLR2004
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} \r\n{lines}\r\n".encode("latin-1"))
        if bodiless:
            pass
        elif answer.fault is Fault.CUT_SHORT:
            writer.write(answer.body[: len(answer.body) // 2])
        elif answer.fault is Fault.DRIP:
            for start in range(0, len(answer.body), 16):
                writer.write(answer.body[start : start + 16])
                await writer.drain()
                await asyncio.sleep(self._drip)
        else:
            writer.write(answer.body)
        await writer.drain()


def _text(body: str, kind: str = HTML) -> _Answer:
    return _Answer(200, {"Content-Type": kind}, body.encode())


def _spoilt(html: str, fault: Fault | Refusal | None) -> str:
    if fault is Fault.TRUNCATED:
        last = html.rfind("<article id=")
        return html[: last + 60] if last >= 0 else html[: len(html) // 2]
    if fault is Fault.NEW_LAYOUT:
        for old, new in (
            ('id="liveblog-body"', 'id="stream"'),
            ('<article id="block-', '<section data-unit="'),
            ("</article>", "</section>"),
            ("KeyEventsCarousel", "Highlights"),
        ):
            html = html.replace(old, new)
    return html


def _unchanged(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """Return whether the client's copy is current; If-None-Match goes before the date."""
    if (held := headers.get("if-none-match")) is not None:
        tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
        return "*" in tags or etag in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= since.replace(tzinfo=since.tzinfo or UTC)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side sees a reset instead of an orderly end."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()
