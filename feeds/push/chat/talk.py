"""Notify a chat: one message per entry, edited in place later, and replies to material changes."""

from typing import Protocol

from feeds.push.call import Moment, RefusedError, Send
from feeds.push.wording import Wording, follow_up, word
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery

NEUTRAL = "\u200b"  # an invisible character that keeps an @ before it from making a mention


class GoneError(RefusedError):
    """The message to be edited no longer exists."""


class Chat(Protocol):
    """A chat's methods. Both raise RefusedError; `edit` raises GoneError for a deleted message."""

    async def post(
        self, said: Wording, send: Send, moment: Moment, *, reply_to: str, key: str
    ) -> str:
        """Post a message, as a reply to `reply_to` unless that is ""; return the chat's id of it.

        `key` is the same at every attempt.
        """
        ...

    async def edit(
        self, message: str, said: Wording, send: Send, moment: Moment, *, key: str
    ) -> None:
        """Replace the content of the message with the id `message`."""
        ...


async def talk(chat: Chat, delivery: Delivery, send: Send, moment: Moment) -> str:
    """Notify a chat of a delivery; return the chat's id of the message about the entry.

    A chat without a message about the entry gets no news of its rewording, nor of its retraction
    unless a digest there named the entry. News of such an entry is a reply to the digest, and
    becomes the entry's message. News of a source is a reply to the last message about it.
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
