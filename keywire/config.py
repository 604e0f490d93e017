"""config.yaml read, checked whole, and made into values.

Every mistake is found at once and told with its line and the mend; nothing is guessed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from keywire.sections.alerting import (
    SECTIONS,
    Alert,
    AlertSection,
    AnyAlert,
    Heartbeat,
    Watch,
    check_alerts,
    gather,
    secrets,
)
from keywire.sections.fields import (
    Address,
    Duration,
    Every,
    MatchSection,
    Section,
    Selector,
    Size,
    Zone,
    check_address,
    check_key,
    check_listen,
    check_origin,
    check_private,
)
from keywire.sections.targets import KINDS
from scraper.selectors import Selectors
from store.sorting import WINDOW_MOST
from store.topics import TOPIC_NAME, Content, Match, Retain, TopicRule

_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"://[^:/@]*:(.*)@|[?&]password=([^&]*)")
_UNSAID = "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the file, its line (from 1; 0 for the whole file), the field, and the mend."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Give `file:line: field: message`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.field + ': ' if self.field else ''}{self.message}"


class ConfigError(Exception):
    """The configuration cannot be used; `problems` are all its mistakes, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(str(problems[0]))

    def __str__(self) -> str:
        """Give the first mistake, and how many more there are."""
        more = len(self.problems) - 1
        hint = f" (and {more} more; keywire check lists them)" if more else ""
        return f"{self.problems[0]}{hint}"


# --- the file's own shape -----------------------------------------------------------------------


class SiteSection(Section):
    """Where feeds are served, and as what readers know the site."""

    listen: Annotated[str, AfterValidator(check_listen)] = "127.0.0.1:8700"
    url: Address | None = None
    title: str = "keywire"
    cors: list[Annotated[str, AfterValidator(check_origin)]] = Field(default=[])
    key: Annotated[str, AfterValidator(check_key)] | None = None
    pictures: bool = True


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


# --- what the rest of keywire gets --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How one address is polled and read; `keys` are a person's own, by the platforms' names."""

    url: str
    every: timedelta | None = None
    timezone: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    selectors: Selectors | None = None
    article: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration fit for use: sections as written, sources by address, topics as rules.

    `alerts` say what is told to whom, `watches` who hears how following goes, `heartbeats` who
    that keywire is alive. `names` maps the sources' names to their addresses.
    `secrets` maps what no log may show to what stands there instead.
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
        """Give the address of a source by its name here; any other text is an address itself."""
        return self.names.get(source, source)

    @property
    def telling(self) -> tuple[Alert | Watch, ...]:
        """All that has targets in the store's lanes."""
        return (*self.alerts, *self.watches)

    @property
    def host(self) -> str:
        """The address to listen on."""
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
    problems: list[Problem] = []
    known = os.environ if environment is None else environment
    where, used = _Where(path.name, tree), dict[str, str]()
    filled = _fill(tree, _Environment(known, used), where, (), problems)
    try:
        parsed = ConfigFile.model_validate(filled)
    except ValidationError as error:
        problems += [
            where.problem(*_explain(one)) for one in error.errors() if _is_meant(one, filled)
        ]
        parsed = None
    if isinstance(filled, dict):
        problems += _check_names(filled, where)
        problems += [where.problem(*told) for told in check_alerts(filled)]
    if parsed is None or problems:
        told = {_conceal(problem, used) for problem in problems}
        raise ConfigError(sorted(told, key=lambda p: (p.line, p.field)))
    sources, clashes = _gather(parsed, where)
    if clashes:
        raise ConfigError([_conceal(clash, used) for clash in clashes])
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


def read_tree(path: Path) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Read a configuration as it is written, with the lines of all its parts (`lc`).

    Raises ConfigError where it cannot be read or is no group of settings.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            [Problem(str(path), 0, "", "there is no such file; keywire init writes one")]
        ) from error
    except IsADirectoryError as error:
        raise ConfigError(
            [Problem(str(path), 0, "", "is a directory; name the file in it")]
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), 0, "", f"cannot be read: {error}")]) from error
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        said = " ".join(filter(None, (error.context, error.problem))).splitlines()[0]
        raise ConfigError([Problem(path.name, line, "", f"is no YAML: {said}")]) from error
    except YAMLError as error:
        raise ConfigError([Problem(path.name, 0, "", f"is no YAML: {error}")]) from error
    if not isinstance(tree, CommentedMap):
        raise ConfigError(
            [Problem(path.name, 1, "", "holds no settings; keywire init writes an example")]
        )
    return tree


@dataclass(frozen=True, slots=True)
class _Where:
    """Finds the line of a field in the file."""

    file: str
    tree: Any

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        return Problem(self.file, self._line(path), _spell(path), message)

    def _line(self, path: tuple[str | int, ...]) -> int:
        node, line = self.tree, 1
        for key in path:
            if isinstance(node, CommentedMap) and key in node:
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                line = node.lc.item(key)[0] + 1
            else:
                break
            node = node[key]
        return line


def _spell(path: tuple[str | int, ...]) -> str:
    spelled = ""
    for key in path:
        spelled += f"[{key}]" if isinstance(key, int) else f".{key}"
    return spelled.removeprefix(".")


@dataclass(frozen=True, slots=True)
class _Environment:
    """What `${NAME}` may be; `used` gathers the values taken, but for what all the world sees."""

    known: Mapping[str, str]
    used: dict[str, str]

    def get(self, name: str, path: tuple[str | int, ...]) -> str | None:
        value = self.known.get(name)
        if value and path[-1] != "title" and (path[0] != "site" or path[-1] == "key"):
            self.used[value] = f"${{{name}}}"
        return value


def _conceal(problem: Problem, used: Mapping[str, str]) -> Problem:
    message = problem.message
    for value in sorted(used, key=len, reverse=True):
        message = message.replace(value, used[value])
    return replace(problem, message=message)


def _credentials(parsed: ConfigFile) -> dict[str, str]:
    """Gather what is secret wherever it was written: passwords, headers, keys, targets' own."""
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


def _fill(
    node: Any,  # noqa: ANN401 - YAML may hold anything
    known: _Environment,
    where: _Where,
    path: tuple[str | int, ...],
    problems: list[Problem],
) -> Any:  # noqa: ANN401 - likewise
    """Copy the tree into plain values, with `${NAME}` replaced."""
    if isinstance(node, dict):
        return {
            str(key): _fill(value, known, where, (*path, key), problems)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_fill(value, known, where, (*path, n), problems) for n, value in enumerate(node)]
    if not isinstance(node, str):
        return node

    def replace(match: re.Match[str]) -> str:
        value = known.get(match[1], path)
        if value is None:
            message = f"the environment has no {match[1]}; set it, or write the value"
            problems.append(where.problem(path, message))
        return value or ""

    return _ENVIRONMENT.sub(replace, str(node))


_PLAIN = {
    "string_too_short": "is empty; write it",
    "string_type": "text is meant here; put it in quotes",
    "dict_type": "a group of settings is meant here",
    "model_type": "a group of settings is meant here",
    "list_type": "a list is meant here; begin each item with a dash",
    "bool_type": "true or false is meant here",
    "bool_parsing": "true or false is meant here",
}


_FEW = {"follow": "sources to follow", "to": "targets", "secret": "secrets"}
_BRANCHES = {"str": str, "SourceSection": dict}
_TAGS = {*SECTIONS, "address"} - {"when", "quiet_hours", "watch"}  # which of several is meant


def _is_meant(error: Any, tree: Any) -> bool:  # noqa: ANN401 - pydantic's own shape
    """Say whether an error is of the branch of a union that the writer chose."""
    for place, key in enumerate(error["loc"]):
        if key in _BRANCHES:
            node = tree
            for step in error["loc"][:place]:
                node = node[step]
            return isinstance(node, _BRANCHES[key]) or (key == "str" and not isinstance(node, dict))
    return True


def _explain(error: Any) -> tuple[tuple[str | int, ...], str]:  # noqa: ANN401, PLR0911 - pydantic's own shape, kind by kind
    path = tuple(key for key in error["loc"] if key not in _BRANCHES and key not in _TAGS)
    kind = error["type"]
    if kind == "extra_forbidden":
        return path, _unknown_key(error["loc"])
    if kind == "missing":
        return path[:-1], f"{path[-1]} is missing"
    if kind == "too_short":
        what = _FEW.get(path[-1] if path else "", str(path[-1] if path else ""))
        return path, f"there are no {what}; name at least one"
    if kind == "literal_error":
        return path, f"write {error['ctx']['expected'].replace(chr(39), '')}"
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return path, f"name one of {', '.join(KINDS)}, such as webhook: https://…"
    if kind == "value_error":
        return path, str(error["ctx"]["error"])
    return path, _PLAIN.get(kind, error["msg"])


_KEYS: dict[str, type[BaseModel]] = {
    "": ConfigFile,
    "site": SiteSection,
    "fetch": FetchSection,
    "sources": SourceSection,
    "match": MatchSection,
    "follow": SourceSection,
    "selectors": SelectorsSection,
    "topics": TopicSection,
    "retain": RetainSection,
    "alerts": AlertSection,
    **SECTIONS,
}


def _unknown_key(loc: tuple[str | int, ...]) -> str:
    key = str(loc[-1])
    groups = [str(part) for part in loc[:-1] if str(part) in _KEYS]
    known = list(_KEYS[groups[-1] if groups else ""].model_fields)
    near = get_close_matches(key, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"there is no such setting; {hint}"


def _check_names(tree: dict[str, Any], where: _Where) -> Iterator[Problem]:
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


def _gather(parsed: ConfigFile, where: _Where) -> tuple[dict[str, SourceOptions], list[Problem]]:
    """Bring the options of every address together; two different sets for one are a mistake."""
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


def schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ConfigFile.model_json_schema(),
        "title": "keywire configuration",
    }
