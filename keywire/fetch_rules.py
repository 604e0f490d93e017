"""The fetcher's rules, made from the configuration."""

from keywire.sections.file import FetchSection
from keywire.version import user_agent
from scraper.fetch import FetchRules


def rules_of(fetch: FetchSection) -> FetchRules:
    """Return the fetcher's rules for the `fetch` section of the configuration."""
    return FetchRules(
        user_agent=user_agent(fetch.user_agent),
        contact=fetch.contact,
        timeout=fetch.timeout.total_seconds(),
        max_body=fetch.max_body,
        obey_robots=fetch.robots == "obey",
        allow_private=tuple(fetch.allow_private),
    )
