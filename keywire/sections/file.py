"""The shape of config.yaml: what it may contain, section by section."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from keywire.sections.alerts import AnyAlert
from keywire.sections.fields import (
    Address,
    Duration,
    Every,
    MatchSection,
    Section,
    Selector,
    Size,
    Zone,
    check_key,
    check_listen,
    check_origin,
    check_private,
)
from store.window import WINDOW_MOST


class SiteSection(Section):
    """Where feeds are served, and as what readers know the site."""

    listen: Annotated[str, AfterValidator(check_listen)] = "127.0.0.1:8700"
    url: Address | None = None
    title: str = "keywire"
    cors: list[Annotated[str, AfterValidator(check_origin)]] = Field(default=[])
    key: Annotated[str, AfterValidator(check_key)] | None = None
    pictures: bool = True
    timezone: Zone = "UTC"


class FetchSection(Section):
    """How pages are asked for."""

    user_agent: str = "keywire"
    contact: str = ""
    timeout: Duration = timedelta(seconds=20)
    max_body: Size = 10_000_000
    robots: Literal["obey", "ignore"] = "obey"
    allow_private: list[Annotated[str, AfterValidator(check_private)]] = Field(default=[])


class SelectorsSection(Section):
    """What of a page are its entries, by CSS selectors within each block; `css@attribute`."""

    block: Selector
    time: Selector | None = None
    title: Selector | None = None
    body: Selector | None = None
    id: Selector | None = None


class SourceSection(Section):
    """One address and how it is read."""

    url: Address
    timezone: Zone | None = None
    every: Every | None = None
    headers: dict[str, str] = Field(default={})
    guardian_key: str = ""
    selectors: SelectorsSection | None = None
    article: bool = False


class RetainSection(Section):
    """How long a topic keeps its entries; what is not said is kept for ever."""

    days: Annotated[int, Field(ge=3)] | None = None
    count: Annotated[int, Field(ge=WINDOW_MOST)] | None = None
    revisions: Annotated[int, Field(ge=1)] | None = None


class KeepSection(Section):
    """How long other things are kept; what is not said is kept for ever."""

    deliveries: Annotated[int, Field(ge=1)] | None = None


class TopicSection(Section):
    """A named selection of entries."""

    title: str | None = None
    was: list[str] = Field(default=[])
    follow: Annotated[list[str | SourceSection], Field(min_length=1)]
    match: MatchSection = MatchSection()
    content: Literal["full", "excerpt", "none"] = "full"
    retain: RetainSection = RetainSection()
    archive: bool = False
    keep_pages: bool | None = None


class ConfigFile(Section):
    """The whole of config.yaml."""

    store: str = "sqlite:///keywire.db"
    site: SiteSection = SiteSection()
    fetch: FetchSection = FetchSection()
    sources: dict[str, SourceSection] = Field(default={})
    topics: Annotated[dict[str, TopicSection], Field(min_length=1)]
    retain: KeepSection = KeepSection()
    alerts: list[AnyAlert] = Field(default=[])


def schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ConfigFile.model_json_schema(),
        "title": "keywire configuration",
    }
