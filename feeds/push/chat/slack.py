"""Send notices to Slack by a bot's token.

Messages are rich text blocks, in whose texts Slack looks for neither markup nor mentions.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from feeds.push.call import Moment, RefusedError, Reply, Send, expect, json_call, read_wait
from feeds.push.chat.talk import GoneError, talk
from feeds.push.wording import Wording, shorten
from store.alerting.delivery import Delivery

API: Final = "https://slack.com/api"
MENTION: Final = re.compile(
    r"<!(?P<range>channel|here|everyone)>|<@(?P<user>[UW]\w+)>|<!subteam\^(?P<group>S\w+)>"
)
_LATER: Final = {"ratelimited": 429, "service_unavailable": 503, "internal_error": 503}
_NOT_THERE: Final = {"message_not_found", "cant_update_message", "edit_window_closed"}


@dataclass(frozen=True, slots=True)
class Slack:
    """A channel (its id) and a bot's token. `mention` is whom messages ping, or ""."""

    channel: str
    token: str = field(repr=False)
    mention: str = ""
    api: str = API
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Post or edit the entry's message; a material change is a reply, seen in the channel."""
        return await talk(self, delivery, send, moment)

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message, as a reply to `reply_to` (shown in the channel too) unless that is ""."""
        del key
        body = {**_body(said, self.mention), "channel": self.channel}
        if reply_to:
            body |= {"thread_ts": reply_to, "reply_broadcast": True}
        told = await self._call("chat.postMessage", body, send, moment)
        return str(told.get("ts", ""))

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Replace a message's content; edits ping nobody."""
        del key
        body = {**_body(said, ""), "channel": self.channel, "ts": message}
        await self._call("chat.update", body, send, moment)

    async def _call(
        self, method: str, body: dict[str, Any], send: Send, moment: Moment
    ) -> dict[str, Any]:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "authorization": f"Bearer {self.token}",
        }
        call = json_call("POST", f"{self.api}/{method}", body, headers)
        reply: Reply = expect(await send(call), moment.now)
        told: dict[str, Any] = reply.json()
        if told.get("ok"):
            return told
        error = str(told.get("error", "an answer that is none"))[:100]
        if error in _NOT_THERE:
            raise GoneError(f"Slack says {error}")
        raise RefusedError(
            f"Slack says {error}", _LATER.get(error, 400), read_wait(reply, moment.now)
        )


def _body(said: Wording, mention: str) -> dict[str, Any]:
    """Return a message as blocks, with a plain text for notifications."""
    elements = [*_mentions(mention), *_elements(said)]
    section = {"type": "rich_text_section", "elements": elements}
    return {
        "text": escape(" ".join(filter(None, (said.head, said.title)))),
        "blocks": [{"type": "rich_text", "elements": [section]}],
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def escape(text: str) -> str:
    """Return a text in which Slack finds no mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _elements(said: Wording) -> list[dict[str, Any]]:
    style = {"style": {"strike": True}} if said.struck else {}
    star = "★ " if said.key else ""
    bold = {"style": {"bold": True, **style.get("style", {})}}
    parts: list[dict[str, Any]] = []
    if said.head:
        parts.append({"type": "text", "text": f"{said.head}\n", "style": {"bold": True}})
    parts.append({"type": "text", "text": f"{star}{said.title}\n", **bold})
    if said.text:
        parts.append({"type": "text", "text": f"{said.text}\n", **style})
    for item in said.items:
        parts.append({"type": "text", "text": f"• {shorten(item.title, 200)} "})
        parts += _link(item.url)
    parts += _link(said.url)
    if said.foot:
        parts.append({"type": "text", "text": said.foot, "style": {"italic": True}})
    return parts


def _link(url: str) -> list[dict[str, Any]]:
    if not url:
        return []
    return [{"type": "link", "url": url}, {"type": "text", "text": "\n"}]


def _mentions(mention: str) -> list[dict[str, Any]]:
    match = MENTION.fullmatch(mention)
    if match is None:
        return []
    space = {"type": "text", "text": " "}
    if match["range"]:
        return [{"type": "broadcast", "range": match["range"]}, space]
    if match["user"]:
        return [{"type": "user", "user_id": match["user"]}, space]
    return [{"type": "usergroup", "usergroup_id": match["group"]}, space]
