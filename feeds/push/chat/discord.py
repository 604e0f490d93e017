"""Send notices to Discord by a channel's webhook.

https://discord.com/developers/docs/resources/webhook
"""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from feeds.push.call import Moment, Reply, Send, expect, json_call
from feeds.push.chat.talk import NEUTRAL, GoneError, talk
from feeds.push.wording import Wording, shorten
from store.alerting.delivery import Delivery

MOST: Final = 2_000  # characters of a message
MENTION: Final = re.compile(r"@everyone|@here|<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>")
_MARKUP: Final = re.compile(r"([\\*_~`|>#<\[\]():+-])")
_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True)
class Discord:
    """A channel's webhook, whose address is a secret. `mention` is whom messages ping, or ""."""

    url: str = field(repr=False)
    mention: str = ""
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Post or edit the entry's message; a material change is a new message as well."""
        return await talk(self, delivery, send, moment)

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message; webhooks cannot reply, so a follow-up is a message of its own."""
        del reply_to, key
        content = " ".join(filter(None, (self.mention, render(said, MOST - 100))))
        body = {**_body(content), "allowed_mentions": _allowed(self.mention)}
        reply = expect(await send(json_call("POST", f"{self.url}?wait=true", body)), moment.now)
        return str(reply.json().get("id", ""))

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Replace a message's text; edits ping nobody."""
        del key
        body = {**_body(render(said, MOST)), "allowed_mentions": {"parse": []}}
        reply: Reply = await send(json_call("PATCH", f"{self.url}/messages/{message}", body))
        if reply.status == _NOT_FOUND and reply.json().get("code") == 10_008:  # noqa: PLR2004 - "Unknown Message"
            raise GoneError("the message has gone")
        expect(reply, moment.now)


def _body(content: str) -> dict[str, Any]:
    return {"content": content, "flags": 4}  # SUPPRESS_EMBEDS


def _allowed(mention: str) -> dict[str, Any]:
    """Return the mentions that may ping: the configured one alone."""
    match = MENTION.fullmatch(mention)
    if match is None:
        return {"parse": []}
    if match["user"] or match["role"]:
        kind = "users" if match["user"] else "roles"
        return {"parse": [], kind: [match["user"] or match["role"]]}
    return {"parse": ["everyone"]}


def escape(text: str) -> str:
    """Return a text in which Discord finds neither markup nor mentions."""
    return _MARKUP.sub(r"\\\1", text.replace("@", f"@{NEUTRAL}"))


def render(said: Wording, most: int) -> str:
    """Return a message in Discord's Markdown, at most `most` characters long."""
    for room in (len(said.text), 400, 200, 100, 0):
        written = _render(said, shorten(said.text, room) if room else "")
        if len(written) <= most:
            return written
    return _render(Wording(shorten(said.title, 200), head=said.head[:200], struck=said.struck), "")


def _render(said: Wording, text: str) -> str:
    around = "~~" if said.struck else ""
    star = "★ " if said.key else ""
    lines = [
        f"**{escape(said.head)}**" if said.head else "",
        f"{around}**{star}{escape(said.title)}**{around}",
        f"{around}{escape(text)}{around}" if text else "",
        *(f"- {escape(item.title)} {_link(item.url)}" for item in said.items),
        _link(said.url),
        f"-# {escape(said.foot)}" if said.foot else "",
    ]
    return "\n".join(filter(None, lines))


def _link(url: str) -> str:
    return f"<{url.replace('>', '%3E').replace('<', '%3C').replace('@', '%40')}>" if url else ""
