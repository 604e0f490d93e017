"""A night at a crisis desk: the alerts that a careful editor would send, listed by hand, no other.

Two alerts watch one blog: `killed` for words, `key` for key events. What the night brings is in
`night`; what the editor would have sent is in SENT.
"""

from collections import defaultdict
from datetime import timedelta

import chats
import pytest
from receiver import Receiver
from telling import Telling, rule, tell, webhooks

from feeds.push.chat.matrix import Matrix
from keywire.demo.blog import Kind, add, block, edit, paginate, promote, restore, retract
from keywire.demo.origin import Refusal
from store.alerting.alerts import Cap, Known, Target
from store.alerting.rehearsal import rehearse
from store.topics import Match

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULES = (
    rule("killed", when=Match(("killed",)), cap=Cap(5, 10 * MINUTE)),
    rule("key", when=Match(key_event=True)),
)

# What the editor sends, in order: alert, what it is, the first words.
SENT = [
    ("killed", "fired", "Police say that 11 people were killed"),
    ("killed", "changed", "Police say that 17 people were killed"),
    ("key", "fired", "The harbour is closed"),  # promoted two hours after it was published
    ("killed", "fired", "A report says a minister was killed"),
    ("killed", "retracted", "A report says a minister was killed"),
    ("key", "fired", "The government resigns"),
    ("killed", "fired", "Nobody else was killed, rescuers say"),  # what said so came by an edit
    ("killed", "fired", "One more was killed as the outage ended"),
    ("killed", "restored", "A report says a minister was killed"),
]

# What was held back, and why: rows that keywire explain shows.
HELD = [
    ("key", "fired", "summary"),  # the opening summary
    ("killed", "edited", "damped"),  # a typo
    ("key", "edited", "damped"),  # gates that are shut, once the harbour is known to be closed
    ("killed", "fired", "too old"),  # the backlog of an outage
    ("killed", "fired", "too old"),
]


def entry(name, at, body, **more):
    return block(name, at, f"<p>{body}</p>", **more)


async def look_twice(telling):
    """Let a disappearance be looked at twice, as a retraction wants it."""
    for _ in range(3):
        await telling.look()


async def night(telling):
    telling.change(paginate, 30)
    await telling.look()  # the backfill: nobody is woken by what was there
    ids = {}

    def post(name, body, at=None, **more):
        telling.at += timedelta(seconds=5)
        made = entry(name, at or telling.at, body, **more)
        ids[name] = made.id
        telling.origin.show(add(telling.origin.blog, made))

    def change(act, name, *arguments, **more):
        telling.at += timedelta(seconds=5)
        telling.origin.show(act(telling.origin.blog, ids[name], *arguments, **more))

    post(
        "opening",
        "What we know so far: a blast at the harbour.",
        title="Summary",
        kind=Kind.SUMMARY,
    )
    await telling.look()
    post("harbour", "The harbour is closed")
    post("blast", "Police say that 11 people were killed")
    await telling.look()
    change(edit, "blast", telling.at, "<p>Police say that 11 peple were killed</p>")
    await telling.look()
    change(edit, "blast", telling.at, "<p>Police say that 17 people were killed</p>")
    await telling.look()
    await telling.look(2 * HOUR)
    change(promote, "harbour", title="The harbour is closed")
    await telling.look()
    change(edit, "harbour", telling.at, "<p>The harbour is closed, and its gates are shut</p>")
    await telling.look()
    post("rumour", "A report says a minister was killed")
    await telling.look()
    post("after", "Traffic is light this evening")
    await telling.look()
    change(retract, "rumour")
    await look_twice(telling)
    post("resigns", "At midnight, it said.", title="The government resigns", kind=Kind.KEY_EVENT)
    await telling.look()
    post("rescue", "Rescuers have reached the last house")
    await telling.look()
    change(edit, "rescue", telling.at, "<p>Nobody else was killed, rescuers say</p>")
    await telling.look()

    telling.origin.fault = Refusal(503)  # three hours without an answer
    began = telling.at
    for _ in range(6):
        await telling.look(HOUR / 2)
    post("missed", "Two were killed early in the outage", at=began + 10 * MINUTE)
    post("missed too", "Three were killed a little later", at=began + 90 * MINUTE)
    post("late", "One more was killed as the outage ended")
    telling.origin.fault = None
    await telling.look()
    change(restore, "rumour")
    await telling.look()
    await look_twice(telling)


def _first_words(entry):
    return entry["title"] or entry["text"]


def told(receiver):
    """List what arrived as the editor's list has it."""
    return [
        (said["alert"], said["kind"], said["entry"] and _first_words(said["entry"]))
        for said in (got.json() for got in receiver.got)
    ]


def test_the_alerts_of_a_night_are_those_that_a_careful_editor_would_send(tmp_path):
    async def run():
        async with Receiver() as receiver:
            channels = webhooks(receiver, "killed", "key")
            async with Telling(tmp_path, RULES, channels) as telling:
                began = telling.at
                await night(telling)
                assert told(receiver) == SENT
                held = [(alert, kind, why) for alert, kind, why in telling.notices() if why]
                assert sorted(h for h in held if h[2] != "backfill") == sorted(HELD)
                assert any(why == "backfill" for *_, why in held)
                check_rehearsal(telling, began)

    tell(run)


def check_rehearsal(telling, since):
    """What `keywire alerts test` tells afterwards is what was told."""
    with telling.database.read() as connection:
        found = rehearse(connection, RULES, {"light": Match()}, since)
    rehearsed = [
        (one.alert, one.notice.kind.value, one.notice.why and one.notice.why.value) for one in found
    ]
    told = [notice for notice in telling.notices() if notice[1] != "digest"]
    assert sorted(rehearsed, key=str) == sorted(told, key=str)


def test_in_a_chat_the_same_night_mends_its_messages(tmp_path):
    room = chats.Matrix()

    async def run():
        async with Receiver(room) as receiver:
            lane = "matrix:room"
            target = Target(lane, edits=True)
            rules = [rule(one.name, lane, when=one.when, targets=(target,)) for one in RULES]
            channel = Matrix("!room:example.org", receiver.url, "syt_token")
            channels = {(one.name, lane): channel for one in rules}
            async with Telling(tmp_path, rules, channels) as telling:
                await night(telling)

    tell(run)
    posts = [(which, room.text(said)) for kind, which, said in room.log if kind == "post"]
    assert len(posts) == len(SENT)
    assert not any(room.pings(said) for _, _, said in room.log)
    first = posts[0][0]
    edits = [room.text(said) for kind, which, said in room.log if (kind, which) == ("edit", first)]
    assert "11 peple" in edits[0]  # silently
    assert "17 people" in edits[1]  # and said in a reply
    rumour = next(which for which, text in posts if "minister" in text)
    struck = [room.struck(said) for kind, which, said in room.log if which == rumour]
    assert struck == [False, True, False]  # posted, retracted, put back


def test_a_burst_is_capped_and_the_rest_comes_as_one_digest(tmp_path):
    async def run():
        async with Receiver() as receiver:
            channels = webhooks(receiver, "killed", "key")
            async with Telling(tmp_path, RULES, channels) as telling:
                telling.change(paginate, 30)
                await telling.look()
                for n in range(17):
                    telling.change(add, entry(f"n{n}", telling.at, f"Number {n}: killed."))
                    await telling.look(timedelta(seconds=15))
                await telling.wait(3 * MINUTE)
                assert [got.json()["kind"] for got in receiver.got] == ["fired"] * 5
                await telling.wait(10 * MINUTE)
                digest = receiver.got[-1].json()
                assert (digest["kind"], digest["digest"]["count"]) == ("digest", 12)
                assert len(digest["digest"]["entries"]) == 10
                assert len(receiver.got) == 6
                newest, named = (telling.origin.blog.blocks[n].id for n in (0, 11))
                telling.change(edit, newest, telling.at, "<p>Number 16: nobody was killed.</p>")
                telling.change(edit, named, telling.at, "<p>Number 5: nobody was killed.</p>")
                await telling.look()
                told = [got.json() for got in receiver.got[6:]]  # the digest only counted the other
                assert [(one["kind"], one["entry"]["text"]) for one in told] == [
                    ("changed", "Number 5: nobody was killed.")
                ]
                check_rehearsal(telling, telling.at - HOUR)

    tell(run)


@pytest.mark.parametrize("weak", ["first", "material"])
def test_a_careless_desk_fails_this_night(tmp_path, monkeypatch, weak):
    """The night can tell: one that forgets what was told before, or minds every typo, differs."""
    if weak == "first":
        monkeypatch.setattr("store.alerting.alerts._is_first", lambda *_: True)
        monkeypatch.setattr("store.alerting.outbox._known", lambda *_: defaultdict(Known))
    else:
        monkeypatch.setattr("store.alerting.alerts.material", lambda *_: ("everything",))

    async def run():
        async with (
            Receiver() as receiver,
            Telling(tmp_path, RULES, webhooks(receiver, "killed", "key")) as telling,
        ):
            await night(telling)
            return told(receiver)

    assert tell(run) != SENT
