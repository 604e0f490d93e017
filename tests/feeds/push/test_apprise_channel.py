"""Any other address, through the real Apprise, against a local stand-in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from receiver import Receiver

from feeds.push.apprise_channel import Anywhere, render
from feeds.push.call import Moment, RefusedError
from feeds.push.wording import Wording
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery
from store.archive.point_in_time import Past
from store.decision.history import ChangeType
from store.entry import Entry, StoredEntry
from store.log import LoggedChange

pytest.importorskip("apprise", reason="Apprise, an extra, is not installed")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BLOG = ("https://a.example/live", "A day – live")
ENTRY = Entry(BLOG[0], "b1", AT, title="A blast", text="11 killed, says @everyone <!here>.")
CHANGE = LoggedChange(1, ChangeType.UPDATED, AT, ("t",), *BLOG, {}, {}, {}, backfill=False)
PAST = Past(CHANGE, StoredEntry(ENTRY, "tag:x", 7, 1, AT, AT, AT))
DELIVERY = Delivery(
    *(1, 2, "apprise:json", "desk", Kind.FIRED, "figures: 11 → 17", AT, 7, 0, AT), past=PAST
)


def tell(delivery, answer=200):
    async def run():
        async with Receiver(answer) as receiver:
            address = receiver.url.replace("http://", "json://user:hunter2@")
            channel = Anywhere(address)
            assert "hunter2" not in repr(channel)
            assert await channel.deliver(delivery, None, Moment(AT, "epoch")) == ""
            return [got.json() for got in receiver.got]

    return asyncio.run(run())


def test_an_entry_is_told_and_what_becomes_of_it_is_told_anew():
    (said,) = tell(DELIVERY)
    assert said["title"] == "A blast"
    assert "11 killed" in said["message"]
    (said,) = tell(replace(DELIVERY, kind=Kind.CHANGED))
    assert said["title"] == "Changed: figures: 11 → 17 – A blast"
    (said,) = tell(replace(DELIVERY, kind=Kind.RETRACTED))
    assert said["title"] == "Retracted – A blast"


def test_no_text_holds_what_a_service_could_read_as_a_mention():
    (said,) = tell(DELIVERY)
    assert "@everyone" not in said["message"]
    assert "<!here" not in said["message"]
    assert "@here" not in "".join(render(Wording("@here", "<@123> @here", foot="@here")))


def test_a_failure_is_one_and_tells_no_secret(caplog):
    with pytest.raises(RefusedError, match="could not deliver it") as caught:
        tell(DELIVERY, answer=500)
    assert caught.value.status is None
    assert "hunter2" not in str(caught.value) + caplog.text


def test_an_address_that_apprise_does_not_know_is_refused():
    with pytest.raises(RefusedError, match="does not know such an address"):
        asyncio.run(Anywhere("nonsense://x").deliver(DELIVERY, None, Moment(AT, "epoch")))
