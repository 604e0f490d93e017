"""Deliveries from the poll's transaction to a receiver, over real sockets, on a clock by hand."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from receiver import Receiver
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError
from telling import LANE, MINUTE, OTHER, SECRET, Telling, rule, tell, webhooks

from feeds.push.call import Call, RefusedError
from feeds.push.signing import sign
from feeds.push.verdict import SCHEDULE
from feeds.push.webhook import Webhook
from keywire.alerting.targets import WayOut
from keywire.demo.blog import add, block, edit, retract
from scraper.fetch import FetchRules
from store.alerting import deliveries
from store.alerting.alerts import Target
from store.alerting.delivery import DeliveryState
from store.alerting.due_deliveries import read_due

DELIVERED, WAITING, PARKED = (
    DeliveryState.DELIVERED,
    DeliveryState.WAITING,
    DeliveryState.PARKED,
)


def news(name, at, body="<p>Something happened just now.</p>"):
    return block(name, at, body)


def story(folder, act, *, answer=204, rules=None, secrets=(SECRET,), store=""):
    """Follow with one receiver; the blog's own entries are known before the act."""

    async def run():
        async with (
            Receiver(answer) as receiver,
            Telling(
                folder, rules or (rule(),), webhooks(receiver, secrets=secrets), store=store
            ) as telling,
        ):
            await telling.look()
            await act(telling, receiver)

    tell(run)


def test_a_new_entry_is_told_once_and_the_receiver_can_verify_it(tmp_path):
    async def act(telling, receiver):
        assert receiver.got == []
        telling.change(add, news("one", telling.at))
        await telling.look()
        await telling.look()
        (got,) = receiver.got
        # The library that receivers use looks at its own clock.
        headers = {name: got.headers[name] for name in got.headers if name.startswith("webhook-")}
        told = got.json()
        assert told["type"] == "entry.published"
        assert told["kind"] == "fired"
        assert told["entry"]["text"] == "Something happened just now."
        assert headers["webhook-id"] == told["notice"]
        assert telling.survey().counts == {DELIVERED: 1, WAITING: 0, PARKED: 0}

    story(tmp_path, act)


def test_an_attempt_that_fails_is_made_again_under_the_same_id_with_a_new_signature(tmp_path):
    async def act(telling, receiver):
        receiver.answer = 500
        telling.change(add, news("one", telling.at))
        await telling.look()
        receiver.answer = 204
        await telling.wait(timedelta(seconds=4))
        assert len(receiver.got) == 1
        await telling.wait(timedelta(seconds=4))
        first, second = receiver.got
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
        assert first.body == second.body
        assert telling.survey().counts[DELIVERED] == 1

    story(tmp_path, act)


def test_a_target_that_is_down_for_days_gets_all_of_it_in_order_afterwards(tmp_path, address):
    async def act(telling, receiver):
        receiver.answer = 503
        for n in range(6):
            telling.change(add, news(f"n{n}", telling.at, f"<p>Number {n} of them.</p>"))
            await telling.look()
        for _ in range(50):
            await telling.wait(timedelta(hours=1))
        knocks = len(receiver.got)
        assert knocks <= len(SCHEDULE)  # the oldest alone knocks
        assert telling.survey().counts == {DELIVERED: 0, WAITING: 6, PARKED: 0}
        receiver.answer = 204
        await telling.wait(timedelta(days=1, hours=3))
        texts = [got.json()["entry"]["text"] for got in receiver.got[knocks:]]
        assert texts == [f"Number {n} of them." for n in range(6)]

    story(tmp_path, act, store=address)


def test_a_target_that_never_answers_again_is_given_up_after_three_days_and_told(tmp_path, caplog):
    async def act(telling, receiver):
        receiver.answer = 502
        for n in range(3):
            telling.change(add, news(f"n{n}", telling.at))
            await telling.look()
        for _ in range(100):
            await telling.wait(timedelta(hours=1))
        assert len(receiver.got) == len(SCHEDULE)
        surveyed = telling.survey()
        assert surveyed.counts == {DELIVERED: 0, WAITING: 0, PARKED: 3}
        assert "given up after 10 attempts" in surveyed.lanes[0].reason
        assert "is asked no more" in caplog.text
        receiver.answer = 204
        with telling.database.write() as connection:
            assert deliveries.retry(connection, None, telling.at) == 3
        await telling.wait(timedelta(0))
        assert telling.survey().counts[DELIVERED] == 3

    story(tmp_path, act)


def test_410_is_the_end_at_once(tmp_path, address):
    async def act(telling, receiver):
        receiver.answer = 410
        telling.change(add, news("one", telling.at))
        await telling.look()
        telling.change(add, news("two", telling.at))
        await telling.look()
        await telling.wait(timedelta(days=9))
        assert len(receiver.got) == 1
        assert telling.survey().counts[PARKED] == 2
        assert "410 Gone" in telling.survey().lanes[0].reason

    story(tmp_path, act, store=address)


@pytest.mark.parametrize("status", [301, 302, 308, 400, 404])
def test_what_is_no_success_is_none_and_no_redirect_is_followed(tmp_path, status):
    async def act(telling, receiver):
        elsewhere = {"Location": f"{receiver.url}/elsewhere"}
        receiver.answer = lambda _: (status, b"", elsewhere)
        telling.change(add, news("one", telling.at))
        await telling.look()
        assert [got.path for got in receiver.got] == ["/hook"]
        assert telling.survey().counts[WAITING] == 1

    story(tmp_path, act)


def test_retry_after_is_kept(tmp_path):
    async def act(telling, receiver):
        receiver.answer = lambda _: (429, b"", {"Retry-After": "900"})
        telling.change(add, news("one", telling.at))
        await telling.look()
        await telling.wait(timedelta(minutes=14))
        assert len(receiver.got) == 1
        await telling.wait(timedelta(minutes=2))
        assert len(receiver.got) == 2

    story(tmp_path, act)


def test_what_concerns_one_entry_waits_for_what_went_before_it_and_others_pass(tmp_path):
    async def act(telling, receiver):
        bad = {"stuck": True}
        receiver.answer = lambda got: 500 if bad and b"Eleven" in got.body else 204
        telling.change(add, news("one", telling.at, "<p>Eleven people were killed.</p>"))
        await telling.look()
        telling.change(add, news("two", telling.at))
        name = telling.origin.blog.blocks[1].id
        telling.change(edit, name, telling.at, "<p>17 people were killed.</p>")
        await telling.look(timedelta(seconds=1))
        told = [(got.json()["kind"], got.json()["entry"]["text"]) for got in receiver.got]
        assert ("fired", "Something happened just now.") in told
        assert "changed" not in dict(told)
        bad.clear()
        await telling.wait(timedelta(hours=1))
        kinds = [(got.json()["kind"], got.json()["entry"]["text"]) for got in receiver.got[-2:]]
        assert kinds == [
            ("fired", "Eleven people were killed."),
            ("changed", "17 people were killed."),
        ]

    story(tmp_path, act)


def test_a_hanging_target_delays_no_other(tmp_path, address):
    async def run():
        hang = asyncio.Event()

        async def never(_):
            await hang.wait()
            return 204

        async with Receiver(never) as slow, Receiver() as quick:
            channels = {
                ("all", "webhook:slow"): Webhook(slow.url, (SECRET,)),
                ("all", "webhook:quick"): Webhook(quick.url, (SECRET,)),
            }
            alert = rule(targets=(Target("webhook:slow"), Target("webhook:quick")))
            async with Telling(tmp_path, [alert], channels, store=address) as telling:
                await telling.look()
                sending = asyncio.create_task(telling.pusher.run())
                for n in range(5):
                    telling.change(add, news(f"n{n}", telling.at))
                    telling.at += MINUTE
                    await telling.poller.poll(telling.source)
                    telling.pusher.wake()
                    await quick.until(n + 1)
                sending.cancel()
                hang.set()
                await asyncio.gather(sending, return_exceptions=True)
        assert 1 <= len(slow.got) <= 5

    tell(run)


NO_END = SimpleNamespace(OK=200, TOO_MANY_REQUESTS=429, GONE=None)


def oldest_last(connection, lane, now, most):
    return read_due(connection, lane, now, 99)[::-1][:most]


async def one_after_the_other(pusher):
    """Send to the lanes as one queue would: who hangs, hangs all."""
    while True:
        for lane in await pusher._read(deliveries.waiting_lanes):
            await pusher._work(lane)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("place", "careless", "check"),
    [
        (
            "feeds.push.verdict.is_out",
            lambda _: False,
            test_a_target_that_is_down_for_days_gets_all_of_it_in_order_afterwards,
        ),
        (
            "keywire.alerting.pusher.read_due",
            oldest_last,
            test_a_target_that_is_down_for_days_gets_all_of_it_in_order_afterwards,
        ),
        ("feeds.push.verdict.HTTPStatus", NO_END, test_410_is_the_end_at_once),
        (
            "keywire.alerting.pusher.Pusher.run",
            one_after_the_other,
            test_a_hanging_target_delays_no_other,
        ),
    ],
    ids=["knocks for each", "newest first", "410 is any refusal", "one queue for all"],
)
def test_a_careless_dispatcher_fails_these_tests(tmp_path, monkeypatch, place, careless, check):
    monkeypatch.setattr(place, careless)
    with pytest.raises((AssertionError, TimeoutError)):
        check(tmp_path, "")


def test_two_secrets_sign_while_they_rotate_and_the_old_receiver_still_verifies(tmp_path):
    async def act(telling, receiver):
        telling.change(add, news("one", telling.at))
        await telling.look()
        (got,) = receiver.got
        assert len(got.headers["webhook-signature"].split()) == 2

    story(tmp_path, act, secrets=(OTHER, SECRET))


def test_the_receivers_own_library_believes_ours_and_nothing_forged_stale_or_changed():
    now = datetime.now(UTC)
    for secrets in ((SECRET,), (OTHER, SECRET), (SECRET, OTHER)):
        headers = sign(secrets, "kw_1", now, b'{"a":1}')
        for secret in secrets:
            assert Verifier(secret).verify('{"a":1}', headers) == {"a": 1}
    good = sign((SECRET,), "kw_1", now, b"{}")
    bad = [
        (good, "{ }"),
        ({**good, "webhook-id": "kw_2"}, "{}"),
        ({**good, "webhook-timestamp": str(int(now.timestamp()) + 1)}, "{}"),
        ({**good, "webhook-signature": "v1,AAAA"}, "{}"),
        (sign((OTHER,), "kw_1", now, b"{}"), "{}"),
        (sign((SECRET,), "kw_1", now - timedelta(minutes=6), b"{}"), "{}"),
        (sign((SECRET,), "kw_1", now + timedelta(minutes=6), b"{}"), "{}"),
    ]
    for headers, body in bad:
        with pytest.raises(WebhookVerificationError):
            Verifier(SECRET).verify(body, headers)


def test_a_bug_in_telling_one_message_does_not_stop_the_others(tmp_path, caplog):
    class Broken:
        together = 1

        async def deliver(self, delivery, *_):
            if delivery.past.stored.entry.text == "Bad.":
                raise ZeroDivisionError
            return ""

    async def run():
        async with Telling(tmp_path, [rule()], {("all", LANE): Broken()}) as telling:
            await telling.look()
            telling.change(add, news("bad", telling.at, "<p>Bad.</p>"))
            telling.change(add, news("good", telling.at, "<p>Good.</p>"))
            await telling.look()
            assert telling.survey().counts == {DELIVERED: 1, WAITING: 1, PARKED: 0}

    tell(run)
    assert "ZeroDivisionError" in caplog.text


def test_a_retraction_reaches_whoever_got_the_original(tmp_path):
    async def act(telling, receiver):
        telling.change(add, news("one", telling.at, "<p>A rumour that is not true.</p>"))
        telling.change(add, news("two", telling.at))
        await telling.look()
        name = telling.origin.blog.blocks[1].id
        telling.change(retract, name)
        await telling.look()
        await telling.look()
        await telling.look()
        kinds = [got.json()["kind"] for got in receiver.got]
        assert kinds == ["fired", "fired", "retracted"]
        last = receiver.got[-1].json()
        assert last["entry"]["retracted_at"]
        assert last["entry"]["text"] == "A rumour that is not true."

    story(tmp_path, act)


def test_an_address_that_is_closed_is_never_connected_to():
    async def run():
        async with Receiver() as receiver:
            out = WayOut(FetchRules("keywire/test"))
            with pytest.raises(RefusedError, match="loopback address; open it with"):
                await out.send(Call("POST", receiver.url))
            await out.aclose()
            assert receiver.got == []

    tell(run)
