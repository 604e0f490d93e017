"""Wrap handlers so that Starlette takes them."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from feeds.site.responses import Answer


def endpoint(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Return `handler` as a function: Starlette takes any other callable for an ASGI app."""

    async def give(request: Request) -> Answer:
        given: Answer = await handler(request)
        return given

    return give
