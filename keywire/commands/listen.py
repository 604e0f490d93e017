"""A receiver of webhooks for one's own machine: verifies each message, and prints it."""

import base64
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any, Final

from feeds.push.signing import PREFIX, SignatureError, verify
from keywire.clock import clock
from keywire.process.server import Server

LONGEST: Final = 1_000_000  # bytes of a message, at most
KEY_BYTES: Final = 32
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
SendBack = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def make_secret() -> str:
    """Return a new random secret for webhooks."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


class Receiver:
    """Answers 204 to signed messages, 401 to others; `show` gets a line for each.

    A message whose id came before is marked `(again)`.
    """

    def __init__(
        self,
        secret: str,
        show: Callable[[str], None],
        *,
        whole: bool = False,
        now: Callable[[], datetime] = clock,
    ) -> None:
        self._secret, self._show, self._whole, self._now = secret, show, whole, now
        self._seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: SendBack) -> None:
        """Answer one HTTP request (ASGI)."""
        if scope["type"] != "http":
            return
        pairs = ((name.decode("latin-1"), value) for name, value in scope["headers"])
        headers = {name: value.decode("latin-1") for name, value in pairs}
        body = await _read(receive)
        if scope["method"] != "POST":
            await _answer(send, 405)
            return
        try:
            verify([self._secret], headers, body, self._now())
        except SignatureError as error:
            self._show(f"refused: {error}")
            await _answer(send, 401)
            return
        self._tell(headers["webhook-id"], body)
        await _answer(send, 204)

    def _tell(self, message_id: str, body: bytes) -> None:
        again = " (again)" if message_id in self._seen else ""
        self._seen.add(message_id)
        if self._whole:
            self._show(body.decode("utf-8", "replace"))
        else:
            self._show(f"{message_id}{again}  {describe(body)}")


def describe(body: bytes) -> str:
    """Return one line on a message; for people, so without control characters."""
    try:
        told = json.loads(body)
        about = told.get("entry") or told.get("source") or {}
        digest = told.get("digest") or {}
        count = f"{digest['count']} more" if "count" in digest else told.get("reason", "")
        what = about.get("title") or str(about.get("text", ""))[:100] or count
        line = f"{told['alert']}: {told['kind']}  {what}  {about.get('url', '')}"
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"{len(body)} bytes that are no envelope"
    return "".join(char for char in " ".join(line.split()) if char.isprintable())


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        part = await receive()
        body += part.get("body", b"")
        if not part.get("more_body") or len(body) > LONGEST:
            return bytes(body)


async def _answer(send: SendBack, status: int) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})


async def serve(receiver: Receiver, bound: socket.socket) -> None:
    """Receive messages until cancelled."""
    await Server(receiver, lambda: None).serve(sockets=[bound])
