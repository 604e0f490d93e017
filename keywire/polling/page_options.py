"""The options and topics that the configuration sets for each page that is polled.

A page that a source led to is polled with that source's options and for its topics.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from keywire.config import SourceOptions
from scraper.guard import check_url
from scraper.pace import LOOKS
from scraper.page import Page
from scraper.platform import Key
from scraper.read import PLATFORMS
from store.alerting.alerts import AlertRule
from store.source import Source
from store.topics import TopicRule

LAST_LOOK: Final = LOOKS[-1]


@dataclass(frozen=True, slots=True)
class Wishes:
    """Options by the addresses of configured sources, the topics that follow them, and alerts."""

    options: Mapping[str, SourceOptions]
    topics: Sequence[TopicRule]
    alerts: Sequence[AlertRule] = ()
    _followers: Mapping[str, Sequence[TopicRule]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Group the topics by the addresses that they follow."""
        followers = dict[str, tuple[TopicRule, ...]]()
        for topic in self.topics:
            alone = (topic,)  # held once, not once a source
            for url in topic.follow:
                followers[url] = (*followers[url], topic) if url in followers else alone
        object.__setattr__(self, "_followers", followers)

    def rules(self, source: Source) -> tuple[TopicRule, ...]:
        """Return the topics that follow a page, directly or by a source that led to it."""
        rules = (rule for url in source.finders for rule in self._followers.get(url, ()))
        return tuple({rule.name: rule for rule in rules}.values())

    def alerts_of(self, source: Source) -> tuple[AlertRule, ...]:
        """Return the alerts of the topics that follow a page."""
        if not self.alerts:
            return ()
        topics = {rule.name for rule in self.rules(source)}
        return tuple(alert for alert in self.alerts if topics.intersection(alert.topics))

    def keeps_pages(self, source: Source) -> bool:
        """Return whether to keep the fetched pages: some topic that follows them asks for it."""
        rules = (rule for url in _asked_for(source) for rule in self.rules_of(url))
        return any(rule.keep_pages for rule in rules)

    def rules_of(self, url: str) -> Sequence[TopicRule]:
        """Return the topics that follow a configured source, by its address."""
        return self._followers.get(url, ())

    def every(self, source: Source, now: datetime) -> timedelta | None:
        """Return the configured interval, or None.

        A found page whose blog ended longer than LAST_LOOK ago has none.
        """
        options = self._options(source)
        over = source.ended_at is not None and now - source.ended_at > LAST_LOOK
        if options is None or (over and not source.configured):
            return None
        return options.every

    def reading(self, source: Source, page: Page) -> Page:
        """Return a page with the options by which it is to be read, and what it was before."""
        options = self._options(source)
        # A configured source may be a section's page on which nothing is live today.
        as_new = source.configured and not source.kind
        known = replace(page, as_listing=source.listing is not None, as_new=as_new)
        if options is None:
            return known
        return replace(
            known,
            timezone=options.timezone,
            selectors=options.selectors,
            as_article=options.article,
        )

    def headers(self, source: Source, url: str) -> Mapping[str, str]:
        """Return the configured headers; none for another origin than they were set for."""
        options = self._options(source)
        return options.headers if options and _same_origin(url, options.url) else {}

    def address(self, source: Source, url: str) -> str:
        """Return the address to fetch in place of `url`: with a user's key, the platform's API."""
        keyed = self._keyed(source)
        return (keyed[0].address(url) if keyed else "") or url

    def secret(self, source: Source, url: str) -> str:
        """Return the query with the user's key if `url` is on its platform's API, else ""."""
        keyed = self._keyed(source)
        if keyed is None:
            return ""
        asked = check_url(url)
        if (asked.scheme, asked.host) != ("https", keyed[0].host):
            return ""
        return f"{keyed[0].parameter}={quote(keyed[1], safe='')}"

    def quota(self, source: Source) -> timedelta:
        """Return the time between requests with the user's key; zero without a key."""
        keyed = self._keyed(source)
        return keyed[0].gap if keyed else timedelta()

    def _keyed(self, source: Source) -> tuple[Key, str] | None:
        options = self._options(source)
        if options is None or not options.keys:
            return None
        keys = options.keys
        named = ((p.key, keys[p.name]) for p in PLATFORMS if p.key and p.name in keys)
        return next(((key, value) for key, value in named if key is not None), None)

    def _options(self, source: Source) -> SourceOptions | None:
        own = self.options.get(source.url)
        if own is not None or not source.findings:
            return own
        return next((self.options[url] for url in _asked_for(source) if url in self.options), None)


def _asked_for(source: Source) -> Iterator[str]:
    yield source.url
    for finding in source.findings:
        yield finding.source


def _same_origin(one: str, other: str) -> bool:
    return one == other or check_url(one).origin == check_url(other).origin
