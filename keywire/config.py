"""Read config.yaml, check all of it, and turn it into values.

Every mistake is reported at once, with its line and how to correct it; nothing is guessed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from keywire.sections.alerts import Alert, Heartbeat, Watch, check_alerts, gather, secrets
from keywire.sections.explaining import explain, is_meant
from keywire.sections.fields import check_address
from keywire.sections.file import (
    ConfigFile,
    FetchSection,
    RetainSection,
    SiteSection,
    SourceSection,
    TopicSection,
)
from keywire.sections.problems import ConfigError, Problem, Where
from keywire.sections.tree import Environment, conceal, fill, read_tree
from scraper.selectors import Selectors
from store.topics import TOPIC_NAME, Content, Match, Retain, TopicRule

_PASSWORD = re.compile(r"://[^:/@]*:(.*)@|[?&]password=([^&]*)")
_UNSAID = "…"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How one address is polled and read; `keys` are the user's API keys by platform name."""

    url: str
    every: timedelta | None = None
    timezone: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    selectors: Selectors | None = None
    article: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A checked configuration: sections as written, sources by address, topics as rules.

    `alerts` set which entries are sent to whom, `watches` who is notified of sources' states,
    `heartbeats` who is notified that keywire is alive. `names` maps the sources' names to their
    addresses. `secrets` maps what no log may show to the text that replaces it.
    """

    store: str
    site: SiteSection
    fetch: FetchSection
    sources: Mapping[str, SourceOptions]
    topics: tuple[TopicRule, ...]
    alerts: tuple[Alert, ...] = ()
    watches: tuple[Watch, ...] = ()
    heartbeats: tuple[Heartbeat, ...] = ()
    keep_deliveries: timedelta | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def address(self, source: str) -> str:
        """Return the address of the source with this name; any other text is returned as it is."""
        return self.names.get(source, source)

    @property
    def telling(self) -> tuple[Alert | Watch, ...]:
        """The alerts and watches: all that has targets in the store's lanes."""
        return (*self.alerts, *self.watches)

    @property
    def host(self) -> str:
        """The address to listen on, without brackets around an IPv6 address."""
        return self.site.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.site.listen.rpartition(":")[2])


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read and check a configuration file.

    `${NAME}` in any string is replaced from `environment` (the process's own by default).
    Raises ConfigError with every mistake found.
    """
    tree = read_tree(path)
    unset, problems = list[Problem](), list[Problem]()
    known = os.environ if environment is None else environment
    where, used = Where(path.name, tree), dict[str, str]()
    filled = fill(tree, Environment(known, used), where, (), unset)
    try:
        parsed = ConfigFile.model_validate(filled)
    except ValidationError as error:
        problems += [
            where.problem(*explain(one)) for one in error.errors() if is_meant(one, filled)
        ]
        parsed = None
    if isinstance(filled, dict):
        problems += _check_names(filled, where)
        problems += [where.problem(*told) for told in check_alerts(filled)]
    if parsed is None or unset or problems:
        others = (p for p in problems if not any(p.is_within(one.field) for one in unset))
        told = {conceal(problem, used) for problem in (*unset, *others)}
        raise ConfigError(sorted(told, key=lambda p: (p.line, p.field)))
    sources, clashes = _gather(parsed, where)
    if clashes:
        raise ConfigError([conceal(clash, used) for clash in clashes])
    alerts = gather(parsed.alerts)
    return Config(
        store=parsed.store,
        site=parsed.site,
        fetch=parsed.fetch,
        sources=sources,
        topics=tuple(_rule(name, topic, parsed) for name, topic in parsed.topics.items()),
        alerts=alerts.alerts,
        watches=alerts.watches,
        heartbeats=alerts.heartbeats,
        keep_deliveries=_days(parsed.retain.deliveries),
        names={name: section.url for name, section in parsed.sources.items()},
        secrets={**_credentials(parsed), **used},
    )


def _credentials(parsed: ConfigFile) -> dict[str, str]:
    """Map every secret of the file (passwords, headers, keys, targets' own) to "…"."""
    sections = [
        *parsed.sources.values(),
        *(s for t in parsed.topics.values() for s in t.follow if isinstance(s, SourceSection)),
    ]
    values = [value for section in sections for value in section.headers.values()]
    values += [value.rpartition(" ")[2] for value in values]  # "Bearer …"
    values += [section.guardian_key for section in sections]
    values += secrets(parsed.alerts)
    values += [parsed.site.key or ""]
    written = [part for found in _PASSWORD.findall(parsed.store) for part in found]
    values += written + [unquote(password) for password in written]
    return dict.fromkeys(filter(None, values), _UNSAID)


def _check_names(tree: dict[str, Any], where: Where) -> Iterator[Problem]:
    topics = tree.get("topics")
    named: dict[str, Any] = tree["sources"] if isinstance(tree.get("sources"), dict) else {}
    for name, topic in topics.items() if isinstance(topics, dict) else ():
        path: tuple[str | int, ...] = ("topics", name)
        if not TOPIC_NAME.fullmatch(name):
            yield where.problem(
                path, "a topic's name has small letters, digits and dashes, at most 63"
            )
        follow = topic.get("follow") if isinstance(topic, dict) else None
        for n, item in enumerate(follow if isinstance(follow, list) else ()):
            if isinstance(item, str) and item not in named and "://" not in item:
                near = get_close_matches(item, list(named), 1)
                hint = f"did you mean {near[0]}?" if near else "write its whole address"
                yield where.problem(
                    (*path, "follow", n), f"{item!r} is no address and no name in sources:; {hint}"
                )
            elif isinstance(item, str) and "://" in item:
                try:
                    check_address(item)
                except ValueError as error:
                    yield where.problem((*path, "follow", n), str(error))


def _gather(parsed: ConfigFile, where: Where) -> tuple[dict[str, SourceOptions], list[Problem]]:
    """Collect the options of every followed address, by address, and the clashes.

    Two different sets of options for one address clash.
    """
    found: dict[str, SourceOptions] = {}
    clashes: list[Problem] = []

    def take(options: SourceOptions, path: tuple[str | int, ...], *, bare: bool) -> None:
        known = found.setdefault(options.url, options)
        if known != options and not bare:
            message = f"{options.url} has other options elsewhere; give it one set, in sources:"
            clashes.append(where.problem(path, message))

    for name, section in parsed.sources.items():
        take(_options(section), ("sources", name), bare=False)
    inline = [
        (("topics", name, "follow", n), item)
        for name, topic in parsed.topics.items()
        for n, item in enumerate(topic.follow)
    ]
    for path, item in inline:
        if isinstance(item, SourceSection):
            take(_options(item), path, bare=False)
    for path, item in inline:
        if isinstance(item, str) and item not in parsed.sources:
            take(SourceOptions(item), path, bare=True)
    followed = {url for name in parsed.topics for url in _followed(parsed.topics[name], parsed)}
    return {url: options for url, options in found.items() if url in followed}, clashes


def _options(section: SourceSection) -> SourceOptions:
    keys = {"guardian": section.guardian_key} if section.guardian_key else {}
    said = section.selectors.model_dump(exclude_none=True) if section.selectors else None
    return SourceOptions(
        section.url,
        section.every,
        section.timezone or "",
        section.headers,
        keys,
        Selectors(**said) if said else None,
        section.article,
    )


def _followed(topic: TopicSection, parsed: ConfigFile) -> tuple[str, ...]:
    urls = (
        item.url
        if isinstance(item, SourceSection)
        else parsed.sources[item].url
        if item in parsed.sources
        else item
        for item in topic.follow
    )
    return tuple(dict.fromkeys(urls))


def _rule(name: str, topic: TopicSection, parsed: ConfigFile) -> TopicRule:
    match = topic.match
    return TopicRule(
        name=name,
        title=topic.title or name,
        follow=_followed(topic, parsed),
        match=Match(tuple(match.any), tuple(match.none), match.key_event),
        was=tuple(topic.was),
        content=Content(topic.content),
        retain=_retain(topic.retain),
        keep_pages=topic.archive if topic.keep_pages is None else topic.keep_pages,
    )


def _retain(section: RetainSection) -> Retain:
    return Retain(_days(section.days), section.count, section.revisions)


def _days(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(days=count)
