"""Send notices to any other address by Apprise, if installed; imported here alone, on sending.

Apprise sends with its own client, and cannot edit: later changes of an entry are new messages.
https://github.com/caronc/apprise/wiki
"""

import logging
from dataclasses import dataclass, field
from typing import ClassVar, Final

from feeds.push.call import Moment, RefusedError, Send
from feeds.push.chat.talk import NEUTRAL
from feeds.push.wording import Wording, say
from store.alerting.delivery import Delivery

_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True)
class Anywhere:
    """One Apprise URL, which contains the credentials."""

    address: str = field(repr=False)
    together: ClassVar[int] = 1  # people read messages in the order of arrival

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Send a notice. Apprise has its own client, so `send` and our address guard are not used.

        Raises RefusedError.
        """
        del send, moment
        try:
            import apprise  # noqa: PLC0415 - an extra, and slow to import
        except ModuleNotFoundError as error:
            message = "Apprise is not installed; install keywire[apprise]"
            raise RefusedError(message, _BAD_REQUEST) from error
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines may hold the address
        notifier = apprise.Apprise()
        if not notifier.add(self.address):
            raise RefusedError("Apprise does not know such an address", _BAD_REQUEST)
        said = say(delivery)
        title, body = render(said)
        text = apprise.NotifyFormat.TEXT
        if not await notifier.async_notify(body=body, title=title, body_format=text):
            raise RefusedError("Apprise could not deliver it; it does not say why")
        return ""


def render(said: Wording) -> tuple[str, str]:
    """Return a message's title and text, in which no service recognises a mention."""
    lines = (said.text, *(f"• {item.title} {item.url}" for item in said.items))
    body = "\n".join(filter(None, (*lines, said.url, said.foot)))
    title = " – ".join(filter(None, (said.head, said.title)))
    return _neutral(title), _neutral(body) or _neutral(title)


def _neutral(text: str) -> str:
    """Return `text` with all that services take for mentions broken: @name, <@id>, <!channel>."""
    return text.replace("@", f"@{NEUTRAL}").replace("<!", f"<{NEUTRAL}!")
