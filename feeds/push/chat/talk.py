"""How a chat is notified: a message, edited in place later, and a reply where it matters."""

from typing import Protocol

from feeds.push.call import Moment, RefusedError, Send
from feeds.push.wording import Wording, follow_up, word
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery

NEUTRAL = "\u200b"  # after an @ it ends what would be a mention, and shows as nothing


class GoneError(RefusedError):
    """The message that was to be edited is not there any more."""


class Chat(Protocol):
    """What a chat can do. Both raise RefusedError, `edit` GoneError where the message has gone."""

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message, as a reply if one is named; return what the chat calls it.

        `key` is the same at every attempt.
        """
        ...

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Change what a message says."""
        ...


async def talk(chat: Chat, delivery: Delivery, send: Send, moment: Moment) -> str:
    """Tell a chat of a delivery; return what it calls the message of the entry.

    Who never got the original is not told of its wording, nor that it was taken back; who got it
    in a digest is told in a reply to that, which is the entry's own message from then on. What is
    told of a source is a reply to what was told of it before.
    """
    key = f"kw-{moment.epoch[:8]}-{delivery.id}"
    if delivery.trouble is not None:
        return await chat.post(word(delivery), send, moment, reply_to=delivery.message, key=key)
    if not delivery.message:
        return await _begin(chat, delivery, send, moment, key)
    reply_to = delivery.message
    try:
        await chat.edit(delivery.message, word(delivery), send, moment, key=f"{key}-e")
    except GoneError:
        reply_to = ""
    if delivery.kind is not Kind.EDITED:
        await chat.post(follow_up(delivery), send, moment, reply_to=reply_to, key=key)
    return delivery.message


async def _begin(chat: Chat, delivery: Delivery, send: Send, moment: Moment, key: str) -> str:
    listed_in = delivery.listed_in
    if delivery.kind is Kind.EDITED or (delivery.kind is Kind.RETRACTED and not listed_in):
        return ""
    said = follow_up(delivery) if listed_in else word(delivery)
    return await chat.post(said, send, moment, reply_to=listed_in, key=key)
