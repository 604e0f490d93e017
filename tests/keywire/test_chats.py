"""Chats over real sockets, from the page to the message: posted, mended, followed up, struck."""

import chats
import pytest
from receiver import Receiver
from telling import Telling, rule, tell

from feeds.push.chat.discord import Discord
from feeds.push.chat.slack import Slack
from feeds.push.chat.telegram import Telegram
from keywire.demo.blog import add, block, edit, retract
from store.alerts import Target

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
