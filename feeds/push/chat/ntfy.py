"""Send notices as ntfy push notifications, which cannot be edited; changes are new ones.

https://docs.ntfy.sh/publish/#publish-as-json
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from feeds.push.call import Moment, Send, expect, json_call
from feeds.push.wording import Wording, say, shorten
from store.alerting.delivery import Delivery

MOST_BYTES: Final = 3_500  # of a message; beyond 4,096 it would become an attachment


@dataclass(frozen=True, slots=True)
class Ntfy:
    """An ntfy topic's address, which may be a secret, and a token if the server needs one.

    `priority` is 1 to 5, None for the server's default.
    """

    url: str = field(repr=False)
    token: str = field(default="", repr=False)
    priority: int | None = None
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Publish a notification of the entry or a follow-up; return "". Raises RefusedError."""
        said = say(delivery)
        parts = urlsplit(self.url)
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"topic": parts.path.strip("/"), **render(said)}
        if self.priority is not None:
            body["priority"] = self.priority
        call = json_call("POST", f"{parts.scheme}://{parts.netloc}/", body, headers)
        expect(await send(call), moment.now)
        return ""


def render(said: Wording) -> dict[str, Any]:
    """Return a notification as a JSON object; its text is plain, without markup."""
    lines = (said.text, *(f"• {item.title}" for item in said.items), said.foot)
    message = "\n".join(filter(None, lines)) or said.title
    while len(message.encode()) > MOST_BYTES:
        message = shorten(message, len(message) * 3 // 4)
    title = " – ".join(filter(None, (said.head, said.title)))
    told: dict[str, Any] = {"title": shorten(title, 250), "message": message, "markdown": False}
    return {**told, "click": said.url} if said.url else told
