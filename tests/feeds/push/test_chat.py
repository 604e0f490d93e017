"""Chats: posted, mended in place, followed up, struck through; nobody pinged by a publisher."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import chats
import pytest

from feeds.push.call import Moment, RefusedError, Reply
from feeds.push.chat.discord import Discord
from feeds.push.chat.matrix import Matrix
from feeds.push.chat.ntfy import Ntfy
from feeds.push.chat.slack import Slack
from feeds.push.chat.telegram import Telegram
from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery, Digest, Trouble
from store.archive.point_in_time import Past
from store.decision.history import ChangeType
from store.entry import Entry, StoredEntry
from store.log import LoggedChange

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MOMENT = Moment(AT, "0f8fad5b-d9cb-469f-a165-70867728950e")


def discord(mention=""):
    return Discord("https://discord.test/api/webhooks/17/hook-token", mention), chats.Discord()


def slack(mention=""):
    return Slack("C012", "xoxb-token", mention, "https://slack.test/api"), chats.Slack()


def telegram(mention=""):
    return Telegram("-100", "12:token", mention, "https://telegram.test"), chats.Telegram()


def matrix(mention=""):
    room = Matrix("!room:example.org", "https://matrix.test", "syt_token", mention)
    return room, chats.Matrix()


def ntfy():
    return Ntfy("https://ntfy.test/desk"), chats.Ntfy()


EDITING = (discord, slack, telegram, matrix)


def delivery(kind=Kind.FIRED, text="11 people were killed.", title="A blast", message="", **more):
    entry = Entry("https://a.example/live", "b1", AT, title=title, text=text, **more)
    entry = replace(entry, permalink="https://a.example/live#b1")
    stored = StoredEntry(entry, "tag:x", 7, 1, AT, AT, AT)
    blog = ("https://a.example/live", text[:60])
    change = LoggedChange(1, ChangeType.UPDATED, AT, ("t",), *blog, {}, {}, {}, backfill=False)
    reason = "figures: 11 → 17" if title == "A blast" else f"names: {title}"
    return Delivery(5, 9, "lane", "desk", kind, reason, AT, 7, 0, AT, message, Past(change, stored))


def tell(channel, room, *deliveries):
    """Deliver to a stand-in one after another, as the store would; give what each returned."""

    async def send(call):
        rest = call.url.partition("://")[2].partition("/")[2]
        headers = {name.lower(): value for name, value in call.headers.items()}
        got = SimpleNamespace(method=call.method, path=f"/{rest}", headers=headers, body=call.body)
        status, body, more = room(got)
        return Reply(status, more, json.dumps(body).encode())

    async def run():
        message, told = "", []
        for n, one in enumerate(deliveries):
            numbered = replace(one, id=n, message=one.message or message)
            message = await channel.deliver(numbered, send, MOMENT) or message
            told.append(message)
        return told

    return asyncio.run(run())


@pytest.mark.parametrize("make", EDITING)
def test_a_typo_edits_in_place_and_says_nothing_new(make):
    channel, room = make()
    tell(channel, room, delivery(text="11 were kiled."), delivery(Kind.EDITED, "11 were killed."))
    assert room.kinds == [("post", "1"), ("edit", "1")]
    assert "were killed" in room.text(room.messages["1"])
    assert "kiled" not in room.text(room.messages["1"])


@pytest.mark.parametrize("make", EDITING)
def test_what_matters_edits_in_place_and_goes_out_as_a_reply(make):
    channel, room = make()
    tell(channel, room, delivery(), delivery(Kind.CHANGED, "17 people were killed."))
    assert room.kinds == [("post", "1"), ("edit", "1"), ("post", "2")]
    assert "17 people" in room.text(room.messages["1"])
    reply = room.messages["2"]
    assert "Changed" in room.text(reply)
    assert "11 → 17" in room.text(reply).replace("\\", "")


@pytest.mark.parametrize("make", EDITING)
def test_a_retraction_strikes_the_original_through_and_is_said(make):
    channel, room = make()
    tell(channel, room, delivery(), delivery(Kind.RETRACTED))
    assert room.kinds == [("post", "1"), ("edit", "1"), ("post", "2")]
    assert room.struck(room.messages["1"])
    assert "Retracted" in room.text(room.messages["2"])


@pytest.mark.parametrize("make", EDITING)
def test_who_never_got_the_original_is_told_of_no_retraction_and_no_typo(make):
    channel, room = make()
    assert tell(channel, room, delivery(Kind.RETRACTED), delivery(Kind.EDITED)) == ["", ""]
    assert room.log == []


@pytest.mark.parametrize("make", EDITING)
def test_who_was_told_by_a_digest_is_told_what_matters_in_a_reply_to_it(make):
    channel, room = make()
    changed = replace(delivery(Kind.CHANGED, "17 people were killed."), listed_in="9")
    retracted = replace(delivery(Kind.RETRACTED), listed_in="9")
    typo = replace(delivery(Kind.EDITED), listed_in="9")
    assert tell(channel, room, typo, changed, retracted)[1] == "1"
    assert room.kinds == [("post", "1"), ("edit", "1"), ("post", "2")]
    assert room.struck(room.messages["1"])
    channel, room = make()
    tell(channel, room, retracted)
    assert "Retracted" in room.text(room.messages["1"])


@pytest.mark.parametrize("make", [discord, slack, telegram])
def test_where_the_original_was_deleted_what_matters_is_said_all_the_same(make):
    channel, room = make()
    tell(channel, room, delivery())
    room.messages.clear()
    tell(channel, room, replace(delivery(Kind.CHANGED), message="1"))
    assert room.kinds[-1][0] == "post"


def test_replies_are_replies():
    for make, told in (
        (slack, lambda said: said["thread_ts"] == "1" and said["reply_broadcast"]),
        (telegram, lambda said: said["reply_parameters"]["message_id"] == 1),
        (matrix, lambda said: said["m.relates_to"] == {"m.in_reply_to": {"event_id": "1"}}),
    ):
        channel, room = make()
        tell(channel, room, delivery(), delivery(Kind.CHANGED))
        assert told(room.messages["2"])


def test_a_telegram_message_that_says_so_already_is_fine():
    channel, room = telegram()
    tell(channel, room, delivery(), delivery(Kind.EDITED))
    assert room.kinds == [("post", "1")]


def test_an_attempt_of_matrix_whose_answer_was_lost_posts_nothing_twice():
    channel, room = matrix()
    tell(channel, room, delivery())
    tell(channel, room, delivery())
    assert room.kinds == [("post", "1")]


def test_ntfy_follows_up():
    channel, room = ntfy()
    tell(channel, room, delivery(), delivery(Kind.CHANGED, "17 killed."), delivery(Kind.RETRACTED))
    titles = [message["title"] for message in room.messages.values()]
    assert titles == ["A blast", "Changed: figures: 11 → 17 – A blast", "Retracted – A blast"]
    assert room.messages["1"]["click"] == "https://a.example/live#b1"


def test_a_digest_names_what_was_held_back():
    for make in (*EDITING, ntfy):
        channel, room = make()
        digest = Digest(12, timedelta(minutes=10), (delivery().past,) * 3)
        tell(channel, room, replace(delivery(Kind.DIGEST), number=None, past=None, digest=digest))
        said = room.text(room.messages["1"])
        assert "12 more in 10 minutes" in said
        assert said.count("A blast") == 3


# --- hostile texts ------------------------------------------------------------------------------


def test_there_are_sixty_hostile_texts_at_least():
    assert len(chats.hostile_texts()) >= 60


@pytest.mark.parametrize("make", [*EDITING, ntfy])
def test_no_publishers_text_pings_anybody(make):
    for text in chats.hostile_texts():
        for title in ("A blast", text):
            channel, room = make()
            deliveries = (
                delivery(text=text, title=title, tags=(text,), authors=(text,)),
                delivery(Kind.EDITED, f"{text} again", title),
                delivery(Kind.CHANGED, f"17 {text}", title),
                delivery(Kind.RETRACTED, text, title),
            )
            tell(channel, room, *deliveries)
            assert len(room.log) >= 4, text
            for _, _, message in room.log:
                assert room.pings(message) == [], text


def trouble(reason, kind=Kind.BROKEN):
    return Trouble("https://a.example/@alice:example.org", kind, reason, AT)


def of_source(kind, reason="HTTP 503"):
    told = replace(delivery(kind), past=None, number=None)
    return replace(told, trouble=trouble(reason, kind), reason=reason)


@pytest.mark.parametrize("make", [*EDITING, ntfy])
def test_neither_does_what_a_digest_names_or_a_server_says(make):
    for text in chats.hostile_texts():
        channel, room = make()
        pasts = (delivery(title=text).past,) * 2
        digest = Digest(12, timedelta(minutes=10), pasts, (trouble(text),))
        gathered = replace(delivery(Kind.DIGEST), number=None, past=None, digest=digest)
        tell(channel, room, gathered, of_source(Kind.BROKEN, text))
        assert len(room.log) == 2, text
        for _, _, message in room.log:
            assert room.pings(message) == [], text


@pytest.mark.parametrize("make", [*EDITING, ntfy])
def test_a_source_that_is_well_again_is_told_beside_what_was_told_before(make):
    channel, room = make()
    tell(channel, room, of_source(Kind.BROKEN), of_source(Kind.RECOVERED))
    assert room.kinds == [("post", "1"), ("post", "2")]
    assert "503" in room.text(room.messages["1"])
    assert "Well again" in room.text(room.messages["2"])


@pytest.mark.parametrize(
    ("make", "mention"),
    [
        (discord, "@everyone"),
        (discord, "<@&123>"),
        (discord, "<@77>"),
        (slack, "<!channel>"),
        (slack, "<@U012ABCDEF>"),
        (slack, "<!subteam^S012AB>"),
        (telegram, "@night_desk"),
        (matrix, "@room"),
        (matrix, "@alice:example.org"),
    ],
)
def test_a_persons_own_mention_pings_once_with_what_is_new_and_never_with_an_edit(make, mention):
    channel, room = make(mention)
    tell(channel, room, delivery(text="@everyone <!here> <@&999>"), delivery(Kind.EDITED, "x"))
    (_, _, first), (_, _, second) = room.log
    assert len(room.pings(first)) == 1
    assert room.pings(second) == []


def test_a_careless_sender_would_ping():
    """The stand-ins can tell: the same texts, sent without care, ping."""
    pinged = 0
    for text in chats.hostile_texts():
        content = {"content": text, "allowed_mentions": {"parse": ["everyone", "users", "roles"]}}
        pinged += bool(chats.Discord().pings(content))
        block = [{"type": "rich_text", "elements": []}]
        pinged += bool(chats.Slack().pings({"text": text, "blocks": block}))
        pinged += bool(chats.Telegram().pings({"text": text}))
        said = {"body": text, "formatted_body": text, "m.mentions": {}}
        pinged += bool(chats.Matrix().pings(said))
    assert pinged > 60


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "reply", "status", "wait"),
    [
        (discord, Reply(429, {"retry-after": "7"}, b"{}"), 429, 7.0),
        (slack, Reply(429, {"retry-after": "30"}), 429, 30.0),
        (slack, Reply(200, {}, b'{"ok":false,"error":"ratelimited"}'), 429, None),
        (slack, Reply(200, {}, b'{"ok":false,"error":"channel_not_found"}'), 400, None),
        (slack, Reply(200, {}, b"<html>"), 400, None),
        (telegram, Reply(429, {}, b'{"ok":false,"parameters":{"retry_after":9}}'), 429, 9.0),
        (telegram, Reply(403, {}, b'{"ok":false,"description":"bot was blocked"}'), 403, None),
        (matrix, Reply(429, {}, b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}'), 429, 2.5),
        (matrix, Reply(403, {}, b'{"errcode":"M_FORBIDDEN"}'), 403, None),
        (ntfy, Reply(507, {}), 507, None),
        (discord, Reply(200, {}, b"[]"), None, None),
    ],
)
def test_a_refusal_is_told_as_the_target_means_it_and_without_any_secret(make, reply, status, wait):
    async def send(_):
        return reply

    channel, _ = make()
    if status is None:
        assert asyncio.run(channel.deliver(delivery(), send, MOMENT)) == ""
        return
    with pytest.raises(RefusedError) as caught:
        asyncio.run(channel.deliver(delivery(), send, MOMENT))
    assert (caught.value.status, caught.value.wait) == (status, wait)
    for secret in ("hook-token", "xoxb-token", "12:token", "syt_token"):
        assert secret not in str(caught.value)
        assert secret not in repr(channel)
