"""Send notices to Telegram by a bot.

https://core.telegram.org/bots/api
"""

import re
from dataclasses import dataclass, field
from html import escape as html_escape
from typing import Any, ClassVar, Final

from feeds.push.call import Moment, RefusedError, Reply, Send, expect, json_call
from feeds.push.chat.html import Dialect, render
from feeds.push.chat.talk import GoneError, talk
from feeds.push.wording import Wording
from store.alerting.delivery import Delivery

API: Final = "https://api.telegram.org"
MENTION: Final = re.compile(r"@\w{4,32}")
_HTML: Final = Dialect("b", "s", "i", "\n")
_BAD_REQUEST, _TOO_MANY = 400, 429


@dataclass(frozen=True, slots=True)
class Telegram:
    """A chat (its id or @name) and a bot's token. `mention` is whom messages ping, or ""."""

    chat: str
    token: str = field(repr=False)
    mention: str = ""
    api: str = API
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Post or edit the entry's message; a material change is a reply as well."""
        return await talk(self, delivery, send, moment)

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message, as a reply to `reply_to` unless that is ""."""
        del key
        body = self._body(said, self.mention)
        if reply_to:
            reply = {"message_id": int(reply_to), "allow_sending_without_reply": True}
            body["reply_parameters"] = reply
        told = await self._call("sendMessage", body, send, moment)
        return str(told.get("message_id", ""))

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Replace a message's text; no error where it has that text already."""
        del key
        body = {**self._body(said, ""), "message_id": int(message)}
        await self._call("editMessageText", body, send, moment)

    def _body(self, said: Wording, mention: str) -> dict[str, Any]:
        lead = f"{html_escape(mention)} " if mention else ""
        return {
            "chat_id": self.chat,
            "text": lead + render(said, _HTML),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }

    async def _call(
        self, method: str, body: dict[str, Any], send: Send, moment: Moment
    ) -> dict[str, Any]:
        call = json_call("POST", f"{self.api}/bot{self.token}/{method}", body)
        reply: Reply = await send(call)
        told = reply.json()
        said = str(told.get("description", ""))[:200]
        if reply.status == _BAD_REQUEST and "message is not modified" in said:
            return {}
        if reply.status == _BAD_REQUEST and "message to edit not found" in said:
            raise GoneError(f"Telegram says: {said}")
        if reply.status == _TOO_MANY:
            wait = (told.get("parameters") or {}).get("retry_after")
            seconds = float(wait) if isinstance(wait, int) else None
            raise RefusedError(f"Telegram says: {said}", _TOO_MANY, seconds)
        result = expect(reply, moment.now).json().get("result")
        return result if isinstance(result, dict) else {}
