"""Routes for holders of the site's key alone: decisions about sources, and deliveries."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.routing import Route

from feeds.site.deliveries import read_deliveries, read_wanted, send_again
from feeds.site.endpoints import endpoint
from feeds.site.reading import Reading
from feeds.site.responses import Answer, Refusal, json, refuse_in_json
from feeds.site.writing import DECISIONS, challenge, check_key, decide

_NUMBER: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Keyed:
    """The handlers that need the site's key. `clock` returns seconds since 1970."""

    reading: Reading
    key: str
    clock: Callable[[], float]

    def routes(self) -> Iterator[Route]:
        """Yield the routes; those that change something take POST alone."""
        for name in DECISIONS:
            decided = partial(decide, name=name)
            yield self._post(f"/sources/{{id}}/{name}", "sources", decided)
        yield self._post("/deliveries/{id}/retry", "deliveries", self._send_again)
        yield Route("/deliveries.json", endpoint(self.deliveries))

    async def deliveries(self, request: Request) -> Answer:
        """Answer with a page of deliveries and of notices that were held back."""
        if refused := self._refused(request):
            return refused
        wanted = read_wanted(request.scope["query_string"])
        if isinstance(wanted, Refusal):
            return refuse_in_json(wanted)
        epoch = self.reading.database.epoch
        return json(await self.reading.ask(partial(read_deliveries, epoch=epoch, wanted=wanted)))

    def _send_again(self, connection: Connection, which: int) -> dict[str, Any] | Refusal:
        now = datetime.fromtimestamp(self.clock(), UTC)
        return send_again(connection, self.reading.database.epoch, which, now)

    def _post(self, path: str, what: str, carry_out: Callable[..., Any]) -> Route:
        async def handle(request: Request) -> Answer:
            if refused := self._refused(request):
                return refused
            number = request.path_params["id"]
            if not _NUMBER.fullmatch(number):
                return refuse_in_json(Refusal(404, f"id: {what} have whole numbers."))
            told = await self.reading.change(partial(carry_out, which=int(number)))
            return refuse_in_json(told) if isinstance(told, Refusal) else json(told)

        return Route(path, endpoint(handle), methods=["POST"])

    def _refused(self, request: Request) -> Answer | None:
        refused = check_key(request.scope["headers"], self.key)
        return refuse_in_json(refused, *challenge(refused.status)) if refused else None
