"""Let web pages of configured other origins read the answers for programs (Fetch §3.3)."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.site.responses import Answer, Header

ANY = "*"
_MAX_AGE = b"600"
_VARY: Header = (b"vary", b"Origin")


@dataclass(frozen=True, slots=True)
class Cors:
    """An ASGI app around `app` that lets pages of `origins` (ANY: all) read its answers."""

    app: ASGIApp
    origins: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or add the CORS headers to the answer of `app`."""
        sent = {name: value for name, value in scope["headers"] if name in _ASKING}
        leave = self._leave(sent.get(b"origin"))
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in sent:
            await _preflight(leave)(scope, receive, send)
            return

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *leave]}
            await send(message)

        await self.app(scope, receive, say if leave else send)

    def _leave(self, origin: bytes | None) -> tuple[Header, ...]:
        if ANY in self.origins:
            return ((b"access-control-allow-origin", b"*"),)
        if origin is None or origin.decode("latin-1") not in self.origins:
            return (_VARY,)
        return ((b"access-control-allow-origin", origin), _VARY)


_ASKING = {b"origin", b"access-control-request-method"}


def _preflight(leave: tuple[Header, ...]) -> Answer:
    allowed: tuple[Header, ...] = (
        (b"access-control-allow-methods", b"GET, HEAD, POST"),
        (b"access-control-allow-headers", b"Authorization, Last-Event-ID, Cache-Control"),
        (b"access-control-max-age", _MAX_AGE),
    )
    return Answer(204, (*leave, *allowed))
