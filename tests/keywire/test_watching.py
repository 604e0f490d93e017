"""Sources that fail, a keywire that is alive or not: told over real sockets."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from desk import Desk
from receiver import Receiver
from running import Keywire, OriginThread, wait_for
from telling import RULES, SECRET

from keywire.alerting.heartbeat import STALLED, Heart
from keywire.alerting.targets import WayOut
from keywire.demo.origin import Refusal
from keywire.demo.script import opening
from keywire.sections.alerts import Heartbeat
from store.database import open_database
from store.errors import DatabaseError

ALERTS = """
alerts:
  - name: health
    topics: [news]
    watch: {{broken: 1s}}
    to: [{{webhook: "{url}", secret: "{secret}"}}]
  - name: alive
    heartbeat: 1s
    to: [{{ping: "{url}/alive"}}]
"""


def test_a_source_that_breaks_and_recovers_is_told_by_a_running_keywire_that_is_alive(
    tmp_path, address
):
    with Desk() as desk, OriginThread(opening(datetime.now(UTC))) as origin:
        alerts = ALERTS.format(url=desk.url, secret=SECRET)
        keywire = Keywire(tmp_path, [origin.url], store=address, more=alerts)
        keywire.start()
        wait_for(keywire.events, 10, keywire.terminal)
        origin.fault = Refusal(503)
        wait_for(lambda: desk.got, 30, keywire.terminal)
        origin.fault = None
        wait_for(lambda: len(desk.got) > 1, 60, keywire.terminal)
        wait_for(lambda: len(desk.pings) > 1, 10, keywire.terminal)
        assert keywire.stop() == 0
    (broken, recovered) = (told for _, told in desk.got)
    assert (broken["type"], broken["kind"]) == ("source.broken", "broken")
    assert broken["source"]["url"] == origin.url
    assert "503" in broken["source"]["reason"]
    assert broken["entry"] is None
    assert (recovered["type"], recovered["source"]["standing"]) == ("source.recovered", "recovered")
    assert desk.bad == []


class Chest:
    """A heart on clocks by hand, and the switches that it beats for."""

    def __init__(self, folder):
        self.seconds = 0.0
        self.database = open_database(f"sqlite:///{folder}/keywire.db")

    async def __aenter__(self):
        self.switches = [await Receiver().__aenter__() for _ in range(2)]
        self.way_out = WayOut(RULES)
        beats = [
            Heartbeat(name, timedelta(minutes=minutes), (switch.url + "/x",))
            for name, minutes, switch in zip("ab", (1, 5), self.switches, strict=True)
        ]
        self.heart = Heart(
            self.database, beats, self.way_out.send, lambda: datetime.now(UTC), lambda: self.seconds
        )
        return self

    async def __aexit__(self, *_):
        await self.heart.aclose()
        await self.way_out.aclose()
        for switch in self.switches:
            await switch.__aexit__()
        self.database.close()

    async def live(self, minutes, *, ticking=True):
        """Live for a while; give how often each switch was asked in that time."""
        before = [len(switch.got) for switch in self.switches]
        for _ in range(minutes * 6):
            self.seconds += 10
            if ticking:
                self.heart.tick()
            await self.heart.pulse()
            if not any(callable(switch.answer) for switch in self.switches):
                await asyncio.gather(*self.heart._sending.values())
        return [len(switch.got) - n for switch, n in zip(self.switches, before, strict=True)]


def beat(folder, story):
    async def run():
        async with Chest(folder) as chest:
            await story(chest)

    asyncio.run(run())


def test_each_switch_is_asked_as_often_as_was_said(tmp_path):
    async def story(chest):
        assert await chest.live(10) == [10, 2]
        assert {got.path for switch in chest.switches for got in switch.got} == {"/x"}

    beat(tmp_path, story)


def test_a_keywire_that_polls_no_more_is_not_alive(tmp_path, caplog):
    async def story(chest):
        await chest.live(10)
        stalled = await chest.live(10, ticking=False)
        assert stalled[0] <= STALLED / 60
        assert caplog.text.count("the schedule has not moved") == 1
        assert (await chest.live(10))[0] == 10

    beat(tmp_path, story)


def test_a_keywire_that_can_keep_nothing_is_not_alive(tmp_path, caplog, monkeypatch):
    def refuse(*_):
        raise DatabaseError("the disk is full")

    async def story(chest):
        monkeypatch.setattr("keywire.alerting.heartbeat.beat", refuse)
        assert await chest.live(10) == [0, 0]
        assert "the store takes nothing: the disk is full" in caplog.text

    beat(tmp_path, story)


@pytest.mark.parametrize("answer", [500, 302, 404])
def test_a_switch_that_refuses_is_told_of_once_and_asked_again(tmp_path, caplog, answer):
    async def story(chest):
        chest.switches[0].answer = answer
        assert (await chest.live(10))[0] == 10
        assert caplog.text.count("the heartbeat a does not arrive") == 1
        assert "/x" not in caplog.text

    beat(tmp_path, story)


def test_a_switch_that_hangs_delays_no_other(tmp_path):
    async def never(_):
        await asyncio.Event().wait()

    async def story(chest):
        chest.switches[0].answer = never
        await chest.live(10)
        await chest.switches[1].until(2)
        assert len(chest.switches[0].got) <= 1

    beat(tmp_path, story)
