"""A store that is filled by polls, and a site on it that is asked over ASGI."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx
from indexed import index
from pages import PROVENANCE, START, URL

from feeds.site.app import Site, SiteOptions, make_site
from store import loading, resorting, sources, timeline
from store.alerting.alerts import AlertRule
from store.changes import diff
from store.database import Database
from store.sighting import Snapshot
from store.topics import TopicRule

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
AT = "https://wire.example"


@dataclass(slots=True)
class Clock:
    """Seconds since 1970, which a test moves."""

    seconds: float = (NOW + timedelta(days=1)).timestamp()

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class Station:
    """A store with its site; `poll` notifies the site, `write_elsewhere` does not.

    Both bring the search index up to date at once.
    """

    database: Database
    options: SiteOptions = field(default_factory=lambda: SiteOptions("Wire", AT))
    clock: Clock = field(default_factory=Clock)
    rules: tuple[TopicRule, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        self.site = make_site(self.database, self.options, self.clock)

    def follow(self, *rules: TopicRule, urls: Sequence[str] = (URL,)) -> None:
        self.rules = rules or (RULE,)
        with self.database.write() as connection:
            sources.follow_sources(connection, urls)
            resorting.follow_topics(connection, self.rules, NOW)
        self.site.mark_changed()

    def poll(self, snapshot: Snapshot, now: datetime = NOW) -> None:
        self.site.mark_changed(self.write_elsewhere(snapshot, now))

    def write_elsewhere(self, snapshot: Snapshot, now: datetime = NOW) -> frozenset[str]:
        with self.database.write() as connection:
            followed = sources.followed(connection)
            source = next((one for one in followed if one.url == snapshot.url), followed[0])
            kept = loading.load(connection, snapshot.url)
            outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
            of = {"source_id": source.id, "rules": self.rules, "alerts": self.alerts}
            topics = timeline.apply(connection, kept, outcome, now, **of).topics
        index(self.database)
        return topics

    def record(self, url: str = URL, **facts: object) -> None:
        """Write a source's state after a poll."""
        with self.database.write() as connection:
            before = next(one for one in sources.followed(connection) if one.url == url)
            after = replace(before, **{"last_poll": NOW, **facts})
            sources.record(connection, before, after, [rule.name for rule in self.rules])

    def ask(self, target: str, method: str = "GET", **headers: str) -> httpx.Response:
        """Send one request; header names are written with underscores."""
        return asyncio.run(self.ask_async(target, method, **headers))

    async def ask_async(self, target: str, method: str = "GET", **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.site, raise_app_exceptions=False)
        sent = {"accept-encoding": "identity"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://stranger.test"
        ) as client:
            return await client.request(method, target, headers=sent)
