"""Cursors: where in the log a reader is, and whether it can go on from there."""

import re
from dataclasses import dataclass
from typing import Any

from feeds.site.addresses import read_number
from feeds.site.options import SiteOptions
from feeds.site.responses import Answer, Refusal, json
from store.log import Bounds

LAST_SEQ = 10**18 - 1
LATEST = "latest"
_EPOCH = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The seq of the last change that a reader has; None for "only future changes".

    `epoch` is the epoch of the log that the seq belongs to, "" where the reader sends none.
    """

    after: int | None = 0
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Reset:
    """The reader's cursor is not valid in this log, for `reason`; the reader must begin anew."""

    reason: str


def read_cursor(asked: dict[str, str]) -> Cursor | Refusal:
    """Return the cursor that a query's `after` and `epoch` name, or a refusal."""
    epoch = asked.get("epoch", "")
    if "epoch" in asked and not _EPOCH.fullmatch(epoch):
        return Refusal(400, "epoch: it is the epoch that an answer gave, letters, digits and -.")
    if asked.get("after") == LATEST:
        return Cursor(None, epoch)
    after = read_number(asked, "after", 0, least=0, most=LAST_SEQ)
    return after if isinstance(after, Refusal) else Cursor(after, epoch)


def place(cursor: Cursor, epoch: str, bounds: Bounds) -> int | Reset:
    """Return the seq after which the reader goes on, or a reset with the reason why it cannot.

    A reader that has no change yet (0) begins with the oldest one that is stored.
    """
    if cursor.epoch and cursor.epoch != epoch:
        return Reset("epoch: the cursor is of another log; this store was made or restored since")
    if cursor.after is None:
        return bounds.last
    if cursor.after > bounds.last:
        return Reset(f"after: the cursor is beyond the newest change, {bounds.last}")
    if 0 < cursor.after < bounds.first - 1:
        return Reset(f"after: changes before {bounds.first} are kept no longer")
    return cursor.after


def tell_reset(reset: Reset, epoch: str, options: SiteOptions, path: str) -> dict[str, Any]:
    """Return a reset as a JSON object; `url` is where to begin anew with this `epoch`."""
    url = options.link(f"{path}?after=0&epoch={epoch}")
    return {"reason": reset.reason, "epoch": epoch, "after": 0, "url": url}


def refuse_cursor(reset: Reset, told: dict[str, Any]) -> Answer:
    """Return the 409 for a cursor that is not valid in this log (RFC 9110 §15.5.10)."""
    return json({"error": reset.reason, "reset": told}, status=409)
