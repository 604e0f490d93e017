"""Sign and verify webhooks (Standard Webhooks): HMAC-SHA256 over id, timestamp and body.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(minutes=5)
PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret


class SignatureError(Exception):
    """A message's signature is not valid; `str()` says why in one line."""


def read_secret(secret: str) -> bytes:
    """Return the key of a secret (`whsec_` and base64 of 24 to 64 bytes). Raises ValueError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(
            f"a secret is {PREFIX} and base64 of {_SHORTEST} to {_LONGEST} bytes; "
            "keywire listen makes one"
        )
    return key


def sign(secrets: Sequence[str], message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message, with one signature for each secret."""
    timestamp = str(int(now.timestamp()))
    signatures = " ".join(_signature(read_secret(s), message_id, timestamp, body) for s in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures,
    }


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise SignatureError unless one of the secrets signed the message within TOLERANCE of `now`.

    `headers` have lower-case names.
    """
    missing = [
        name for name in ("id", "timestamp", "signature") if not headers.get(f"webhook-{name}")
    ]
    if missing:
        raise SignatureError(f"the header webhook-{missing[0]} is missing")
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if not timestamp.isdecimal() or len(timestamp) > 12:  # noqa: PLR2004 - enough for 30,000 years
        raise SignatureError("webhook-timestamp is not a time")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise SignatureError(f"it was signed {now.timestamp() - int(timestamp):.0f} s ago")
    wanted = [_signature(read_secret(s), message_id, timestamp, body).encode() for s in secrets]
    given = [one.encode() for one in headers["webhook-signature"].split()]
    if not any(hmac.compare_digest(one, other) for one in wanted for other in given):
        raise SignatureError("no signature is of this body by this secret")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
