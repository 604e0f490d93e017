"""Handlers as Starlette takes them."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from feeds.site.responses import Answer


def endpoint(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Make a function of a handler: Starlette takes any other callable for an ASGI app."""

    async def give(request: Request) -> Answer:
        given: Answer = await handler(request)
        return given

    return give
