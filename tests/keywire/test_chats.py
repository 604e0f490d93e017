"""Chats over real sockets, from the page to the message: posted, mended, followed up, struck."""

from datetime import timedelta

import chats
import pytest
from receiver import Receiver
from telling import Telling, rule, tell

from feeds.push.chat.discord import Discord
from feeds.push.chat.slack import Slack
from feeds.push.chat.telegram import Telegram
from keywire.demo.blog import add, block, edit, paginate, retract
from store.alerting.alerts import Target

CHATS = {
    "discord": (chats.Discord, lambda url: Discord(f"{url}/api/webhooks/17/hook-token")),
    "slack": (chats.Slack, lambda url: Slack("C012", "xoxb-token", api=f"{url}/api")),
    "telegram": (chats.Telegram, lambda url: Telegram("-100", "12:token", api=url)),
}


@pytest.mark.parametrize("name", CHATS)
def test_a_message_follows_its_entry(tmp_path, name):
    make_room, make_channel = CHATS[name]
    room, lane = make_room(), f"{name}:x"

    async def run():
        async with Receiver(room) as receiver:
            alert = rule(targets=(Target(lane, edits=True),))
            channels = {("all", lane): make_channel(receiver.url)}
            async with Telling(tmp_path, [alert], channels) as telling:
                await telling.look()
                telling.change(
                    add, block("toll", telling.at, "<p>11 peple were hurt, says @everyone.</p>")
                )
                telling.change(add, block("later", telling.at, "<p>The road is open.</p>"))
                await telling.look()
                which = telling.origin.blog.blocks[1].id
                for body in (
                    "<p>11 people were hurt, says @everyone.</p>",
                    "<p>17 people were hurt, says @everyone.</p>",
                ):
                    telling.change(edit, which, telling.at, body)
                    await telling.look()
                telling.change(retract, which)
                for _ in range(3):
                    await telling.look()

    tell(run)
    assert room.kinds == [
        ("post", "1"),
        ("post", "2"),
        ("edit", "1"),
        ("edit", "1"),
        ("post", "3"),
        ("edit", "1"),
        ("post", "4"),
    ]
    assert "17 people" in room.text(room.messages["1"])
    assert room.struck(room.messages["1"])
    assert "Changed" in room.text(room.messages["3"])
    assert "Retracted" in room.text(room.messages["4"])
    assert not any(room.pings(said) for _, _, said in room.log)


def test_a_burst_comes_in_order_however_often_the_chat_asks_for_patience(tmp_path):
    room, calls = chats.Discord(), iter(range(1_000))

    def answer(got):
        if next(calls) % 3 == 2:
            return 429, {"message": "You are being rate limited."}, {"Retry-After": "2"}
        return room(got)

    async def run():
        async with Receiver(answer) as receiver:
            alert = rule(targets=(Target("discord:x", edits=True),))
            channel = Discord(f"{receiver.url}/api/webhooks/17/hook-token")
            async with Telling(tmp_path, [alert], {("all", "discord:x"): channel}) as telling:
                telling.change(paginate, 30)
                await telling.look()
                for n in range(12):
                    telling.change(add, block(f"n{n}", telling.at, f"<p>Number {n} of it.</p>"))
                await telling.look()
                for _ in range(8):
                    await telling.wait(timedelta(seconds=2))

    tell(run)
    texts = [room.text(said) for said in room.messages.values()]
    assert [text.partition("Number ")[2].split()[0] for text in texts] == [
        str(n) for n in range(12)
    ]
