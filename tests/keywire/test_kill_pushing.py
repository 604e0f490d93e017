"""kill -9 while alerts go out: nothing lost, in order per entry, repeats under the same id."""

import random
import subprocess
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from desk import Desk
from running import KEYWIRE, Keywire, OriginThread, wait_for
from telling import SECRET

from keywire.demo.blog import add, block, edit
from keywire.demo.script import opening

ALERTS = """
alerts:
  - name: desk
    topics: [news]
    max_age: 1h
    to: [{{webhook: "{url}", secret: "{secret}"}}]
"""


class Changer(threading.Thread):
    """A publisher who writes, and corrects figures, every few hundredths of a second."""

    def __init__(self, origin, seed):
        super().__init__(daemon=True)
        self.origin, self.random, self.stopping = origin, random.Random(seed), threading.Event()

    def run(self):
        n = 0
        while not self.stopping.wait(self.random.uniform(0.02, 0.15)):
            n += 1
            now, blog = datetime.now(UTC), self.origin.blog
            if n % 3:
                self.origin.show(add(blog, block(f"n{n}", now, f"<p>{n} people were seen.</p>")))
            else:
                recent = blog.blocks[self.random.randrange(min(4, len(blog.blocks)))]
                self.origin.show(edit(blog, recent.id, now, f"<p>{n} people were counted.</p>"))


def torment(folder, address, kills, seed):
    moments = random.Random(seed)
    with Desk(seed, refusing=True) as desk, OriginThread(opening(datetime.now(UTC))) as origin:
        alerts = ALERTS.format(url=desk.url, secret=SECRET)
        keywire = Keywire(folder, [origin.url], store=address, more=alerts)
        keywire.start()
        wait_for(keywire.events, 10, keywire.terminal)
        changer = Changer(origin, seed)
        changer.start()
        for _ in range(kills):
            time.sleep(moments.uniform(0.1, 1.5))
            keywire.kill()
            keywire.start()
        changer.stopping.set()
        changer.join()
        newest = origin.blog.blocks[0].id
        wait_for(lambda: newest in str(keywire.events()), 10, keywire.terminal)
        events = keywire.events()
        wanted = {
            e["entry"]["id"] for e in events if e["type"] == "entry.published" and not e["backfill"]
        }
        desk.refusing = False
        send_again(keywire)
        wait_for(lambda: wanted <= {t["entry"]["id"] for _, t in desk.got}, 30, keywire.terminal)
        revisions = {
            (e["entry"]["id"], e["entry"]["revision"])
            for e in events
            if e["type"] == "entry.updated" and e["entry"]["id"] in wanted
        }
        wait_for(lambda: revisions <= _told(desk), 30, keywire.terminal)
        assert keywire.stop() == 0
    assert "Traceback" not in keywire.terminal()
    return desk, wanted


def send_again(keywire):
    """Do as a person does who will not wait for what was refused thrice: half an hour, then."""
    retried = subprocess.run(
        [KEYWIRE, "deliveries", "retry", "--all"], cwd=keywire.folder, check=False
    )
    assert retried.returncode == 0


def _told(desk):
    return {(told["entry"]["id"], told["entry"]["revision"]) for _, told in desk.got}


def check(desk, wanted):
    assert desk.bad == []
    ids = defaultdict(set)
    order = defaultdict(list)
    for message_id, told in desk.got:
        ids[told["alert"], told["seq"]].add(message_id)
        if told["entry"]["revision"] not in order[told["entry"]["id"]]:
            order[told["entry"]["id"]].append(told["entry"]["revision"])
    assert all(len(same) == 1 for same in ids.values()), "a repeat came under another id"
    assert len({next(iter(same)) for same in ids.values()}) == len(ids), "one id for two messages"
    assert set(order) == wanted, "an entry was lost, or one that was there before was told"
    assert all(came == sorted(came) for came in order.values()), "an edit overtook its entry"


@pytest.mark.alone
def test_five_kills_lose_no_delivery_and_repeat_under_the_same_id(tmp_path, address):
    check(*torment(tmp_path, address, 5, seed=5))


@pytest.mark.torture("300 kills")
def test_three_hundred_kills_lose_no_delivery_and_repeat_under_the_same_id(tmp_path, address):
    check(*torment(tmp_path, address, 300, seed=300))
