"""Send notices to Matrix by the client-server API.

A transaction id is made of the delivery's, so that a retry after a lost answer posts nothing twice.

https://spec.matrix.org/latest/client-server-api/
"""

import re
from dataclasses import dataclass, field
from html import escape as html_escape
from typing import Any, ClassVar, Final
from urllib.parse import quote

from feeds.push.call import Moment, RefusedError, Reply, Send, expect, json_call
from feeds.push.chat.html import Dialect, neutral, render
from feeds.push.chat.talk import talk
from feeds.push.wording import Wording
from store.alerting.delivery import Delivery

MENTION: Final = re.compile(r"@room|@[^:\s]+:\S+")
_HTML: Final = Dialect("strong", "del", "em", "<br>")
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Matrix:
    """A room (its id), a server and an account's token. `mention` is whom messages ping, or ""."""

    room: str
    server: str
    token: str = field(repr=False)
    mention: str = ""
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Post or edit the entry's message; a material change is a reply as well."""
        return await talk(self, delivery, send, moment)

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message, as a reply to `reply_to` unless that is ""."""
        content = {**_content(said, self.mention), "m.mentions": _mentions(self.mention)}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return await self._send(content, key, send, moment)

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Replace a message (MSC2676, in the specification since 1.4); it pings nobody."""
        new = {**_content(said, ""), "m.mentions": {}}
        content = {
            **new,
            "body": f"* {new['body']}",
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": message},
        }
        await self._send(content, key, send, moment)

    async def _send(self, content: dict[str, Any], key: str, send: Send, moment: Moment) -> str:
        path = f"/_matrix/client/v3/rooms/{quote(self.room, safe='')}/send/m.room.message/{key}"
        headers = {"authorization": f"Bearer {self.token}"}
        reply: Reply = await send(
            json_call("PUT", self.server.rstrip("/") + path, content, headers)
        )
        if reply.status == _TOO_MANY:
            wait = reply.json().get("retry_after_ms")
            seconds = wait / 1000 if isinstance(wait, int) else None
            raise RefusedError("Matrix says: too many requests", _TOO_MANY, seconds)
        return str(expect(reply, moment.now).json().get("event_id", ""))


def _mentions(mention: str) -> dict[str, Any]:
    """Return `m.mentions` with the configured mention; {} pings nobody, whatever the text says."""
    if not mention:
        return {}
    return {"room": True} if mention == "@room" else {"user_ids": [mention]}


def _content(said: Wording, mention: str) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": " ".join(filter(None, (mention, _plain(said)))),
        "format": "org.matrix.custom.html",
        "formatted_body": " ".join(filter(None, (html_escape(mention), render(said, _HTML)))),
    }


def _plain(said: Wording) -> str:
    lines = (
        said.head,
        f"{'Retracted: ' if said.struck and not said.head else ''}{said.title}",
        said.text,
        *(f"- {item.title} {item.url}" for item in said.items),
        said.url,
        said.foot,
    )
    return neutral("\n".join(filter(None, lines)))
