"""A followed blog with alerts: polls write deliveries, and a pusher sends them, by one clock."""

import asyncio
from datetime import timedelta

from following import START, Following
from sqlalchemy import select

from feeds.push.webhook import Webhook
from keywire.alerting.pusher import Pusher
from keywire.alerting.targets import WayOut
from scraper.fetch import FetchRules
from store.alerting.alerts import AlertRule, Target
from store.alerting.notices import survey
from store.schema import notices
from store.topics import Match

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKsw"  # noqa: S105 - the standard's own example
OTHER = "whsec_" + "QUJDRA" * 6
MINUTE = timedelta(minutes=1)
RULES = FetchRules("keywire/test", timeout=2, allow_private=("127.0.0.0/8",))
LANE = "webhook:test/0"


def rule(name="all", lane=LANE, **more):
    """Return an alert on everything in the followed topic."""
    more = {"when": Match(), "targets": (Target(lane),), **more}
    return AlertRule(name, ("light",), **more)


class Telling(Following):
    """Follows the demo's blog with alerts; `channels` are by alert and lane."""

    def __init__(self, folder, rules, channels, **more):
        super().__init__(folder, **{"every": MINUTE, **more})
        self.rules, self.channels = tuple(rules), channels

    async def __aenter__(self):
        await super().__aenter__()
        self.poller.follow(self.poller.options, self.poller.topics, self.rules)
        self.way_out = WayOut(RULES)
        self.pusher = Pusher(
            database=self.database,
            channels=self.channels,
            send=self.way_out.send,
            now=self.now,
            chance=lambda: 0.5,
        )
        return self

    async def __aexit__(self, *failure):
        await self.pusher.aclose()
        await self.way_out.aclose()
        await super().__aexit__(*failure)

    async def look(self, after=MINUTE):
        """Poll after a while, and send what is due then."""
        self.at += after
        report = await self.poller.poll(self.source)
        await self.pusher.sweep()
        return report

    async def wait(self, after):
        """Let time pass without a poll, and send what is due then."""
        self.at += after
        await self.pusher.sweep()

    def notices(self):
        """Return alert, kind, and why it was held back, of each notice."""
        with self.database.read() as connection:
            rows = connection.execute(select(notices).order_by(notices.c.id)).all()
        return [(row.alert, row.kind, row.why) for row in rows]

    def survey(self, **more):
        with self.database.read() as connection:
            return survey(connection, 500, **more)


def webhooks(receiver, *names, secrets=(SECRET,), lane=LANE):
    """Return channels for alerts of those names, all to one receiver."""
    hook = Webhook(receiver.url + "/hook", tuple(secrets))
    return {(name, lane): hook for name in names or ("all",)}


def tell(run):
    """Run a coroutine function to its end."""
    return asyncio.run(run())


__all__ = ["LANE", "MINUTE", "OTHER", "SECRET", "START", "Telling", "rule", "tell", "webhooks"]
