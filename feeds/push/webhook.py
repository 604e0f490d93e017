"""Signed webhooks (Standard Webhooks): one POST per notice, with the same id at every attempt."""

from dataclasses import dataclass, field
from typing import ClassVar

from feeds.push.call import Call, Moment, Send, expect
from feeds.push.enveloping import make_envelope, notice_id
from feeds.push.fitting import encode
from feeds.push.signing import sign
from store.alerting.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver's address and its secrets, newest first; two during a rotation."""

    url: str
    secrets: tuple[str, ...] = field(repr=False)
    together: ClassVar[int] = 8

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """POST the envelope, signed at `moment.now`; return "". Raises RefusedError unless 2xx."""
        body = encode(make_envelope(delivery, moment.epoch))
        signed = sign(self.secrets, notice_id(delivery, moment.epoch), moment.now, body)
        headers = {"content-type": "application/json", **signed}
        expect(await send(Call("POST", self.url, body, headers)), moment.now)
        return ""
