"""A night made of a real blog's pages: the alerts that a careful editor would send, and no other.

The blog is a day of the Guardian's, played again as it came, with what a night may bring: typos,
a figure that changes, a report that is taken back, hours without an answer, a late promotion.
"""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from receiver import Receiver
from telling import Telling, rule, tell, webhooks

from store.alerting.alerts import Why
from store.entry_cache import entries_of
from store.topics import Match

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "guardian"
FIRST_PAGE, OLDER = "dcr-2026-08-politics-pmqs-live", "dcr-2026-08-politics-pmqs-page2"
PATH = "/politics/live/2023/dec/13/politics"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.skipif(
    not (CORPUS / OLDER).is_dir(), reason="the corpus of real pages is not beside the repository"
)

ROW, BARGE, BILL = (
    "6579c7638f0839cf977236eb",
    "6579cb018f088e348c76ed20",
    "6579ccdb8f0839cf97723752",
)
HOUSING, CHILDREN, LETTER = (
    "6579cdc58f08e3b7ab1a3096",
    "6579cf928f08e3b7ab1a30c3",
    "6579d1458f08e3b7ab1a30f2",
)
COST, RETURNS, VISAS = (
    "6579d56d8f08e3b7ab1a3130",
    "6579d6cf8f088e348c76ee0a",
    "6579dc278f0839cf9772388c",
)
MONEY, SUMMARY = "6579e5568f08e3b7ab1a3265", "6579e3a48f08e3b7ab1a3236"
NEWEST_FIRST = (
    *(MONEY, VISAS, RETURNS, COST, LETTER, CHILDREN, HOUSING, BILL, SUMMARY, BARGE, ROW),
)
COUNT = (
    "132 of the 154 unaccompanied",
    "123 of the 154 unacompanied",
    "123 of the 154 unaccompanied",
)

RULES = (
    rule("committee", when=Match(("home affairs committee",))),
    rule("key", when=Match(key_event=True)),
)

# What the editor sends, in order: alert, what it is, of which block.
SENT = [
    ("committee", "fired", CHILDREN),
    ("committee", "changed", CHILDREN),  # 123 children were 132
    ("committee", "fired", LETTER),
    ("committee", "retracted", LETTER),
    ("key", "fired", VISAS),  # from the outage's backlog, three quarters of an hour old
    ("committee", "fired", MONEY),
    ("key", "fired", HOUSING),  # promoted three hours after it was published
]

# What was held back, and why; what was there before is no row here.
HELD = {
    ("key", "fired", SUMMARY, "summary"),
    ("committee", "edited", CHILDREN, "damped"),  # a typo
    ("committee", "fired", COST, "too old"),
    ("key", "fired", RETURNS, "too old"),
}


class Newsroom(Receiver):
    """Serves the real blog as far as it has come: `shown` blocks, `keys` among them, `edits`."""

    def __init__(self):
        super().__init__(self.serve)
        self.page = (CORPUS / FIRST_PAGE / "page.html").read_text("utf-8")
        self.older = (CORPUS / OLDER / "page.html").read_text("utf-8")
        self.page = self._summary_first(self.page)
        articles = [*re.finditer(r'<article id="block-(\w+)".*?</article>', self.page, re.DOTALL)]
        self.blocks = {found[1]: found[0] for found in articles}
        self.head, self.tail = self.page[: articles[0].start()], self.page[articles[-1].end() :]
        self.shown, self.keys, self.edits, self.down = [], set(NEWEST_FIRST), {}, False

    async def __aenter__(self):
        await super().__aenter__()
        self.url += PATH
        return self

    @staticmethod
    def _summary_first(page):
        """Let the day's summary stand where a night's opening one does."""
        page = page.replace("2023-12-13T17:25:40", "2023-12-13T15:25:40").replace("17.25", "15.25")
        return page.replace("1702488340000", "1702481140000")

    def serve(self, got):
        if not got.path.startswith(PATH):
            return 404
        if self.down:
            return 503
        page = self.older if "page=" in got.path else self.write()
        return 200, page.encode(), {"Content-Type": "text/html; charset=utf-8"}

    def write(self):
        shown = [self.blocks[one] for one in NEWEST_FIRST if one in self.shown]
        page = self._carousels(self.head) + "".join(shown) + self._carousels(self.tail)
        for old, new in self.edits.items():
            page = page.replace(old, new)
        return page

    def _carousels(self, part):
        return re.sub(
            r'(<gu-island name="KeyEventsCarousel"[^>]*props=")([^"]*)', self._carousel, part
        )

    def _carousel(self, found):
        props = json.loads(html.unescape(found[2]))
        told = {one for one in self.shown if one in self.keys} | (
            {one["id"] for one in props["keyEvents"]} - {*NEWEST_FIRST}
        )
        props["keyEvents"] = [one for one in props["keyEvents"] if one["id"] in told]
        return found[1] + html.escape(json.dumps(props))


async def night(telling, room):
    day = datetime(2023, 12, 13, tzinfo=UTC)

    async def at(hour, minute, *blocks):
        telling.at = day + timedelta(hours=hour, minutes=minute) - MINUTE
        room.shown += blocks
        await telling.look()

    room.keys -= {HOUSING}
    room.edits = {COUNT[0]: COUNT[1]}
    await at(15, 24, ROW, BARGE)  # the backfill: nobody is woken by what was there
    await at(15, 25)  # and by what its older page has
    await at(15, 27, SUMMARY)
    await at(15, 30, BILL)
    await at(15, 32, HOUSING)
    await at(15, 43, CHILDREN)
    room.edits = {COUNT[0]: COUNT[2]}
    await at(15, 44)
    room.edits = {}
    await at(15, 45)
    await at(15, 48, LETTER)
    room.shown.remove(LETTER)
    for minute in (52, 53, 54):
        await at(15, minute)
    room.down = True
    for hour, minute in ((16, 0), (16, 30), (17, 0)):
        await at(hour, minute)
    room.down = False
    await at(17, 23, COST, RETURNS, VISAS, MONEY)
    room.keys.add(HOUSING)
    await at(18, 30)
    await at(18, 31)


def told(receiver):
    return [
        (said["alert"], said["kind"], said["entry"]["block_id"])
        for said in (got.json() for got in receiver.got)
    ]


def held(telling):
    """Tell what was held back of the blog's own blocks, but for what was there at first sight."""
    listed = telling.survey(held=True).listed
    kept = {one.number for one in listed if one.why is not None}
    with telling.database.read() as connection:
        blocks = {one.number: one.entry.block_id for one in entries_of(connection, kept)}
    return {
        (one.alert, one.kind.value, blocks[one.number], one.why.value)
        for one in listed
        if one.why is not None and one.why is not Why.BACKFILL
    }


def play(folder, rules=RULES):
    """Play the night; give what was sent, what was held back, and what of it was backfill."""

    async def run():
        room = Newsroom()
        async with Receiver() as receiver:
            channels = webhooks(receiver, "committee", "key")
            at = datetime(2023, 12, 13, 15, 23, tzinfo=UTC)
            async with Telling(folder, rules, channels, at=at, origin=room) as telling:
                await night(telling, room)
                backfill = [why for *_, why in telling.notices() if why == "backfill"]
                return told(receiver), held(telling), len(backfill)

    return tell(run)


def test_the_alerts_of_a_real_blogs_night_are_those_that_a_careful_editor_would_send(tmp_path):
    sent, kept, backfill = play(tmp_path)
    assert sent == SENT
    assert kept == HELD
    assert backfill > 10  # key events of the day so far, and of its older page


@pytest.mark.parametrize("weak", ["age", "material", "backfill"])
def test_a_careless_desk_fails_this_night(tmp_path, monkeypatch, weak):
    """The night can tell: of old news, of typos, and of what was there before."""
    rules = [replace(one, backfill=weak == "backfill") for one in RULES]
    if weak == "age":
        monkeypatch.setattr("store.alerting.alerts.LONGEST", timedelta(0))
    if weak == "material":
        monkeypatch.setattr("store.alerting.alerts.material", lambda *_: ("everything",))
    assert play(tmp_path, rules)[0] != SENT
