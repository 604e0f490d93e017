"""`alerts:` of config.yaml: what is sent, when, and to whom; made into rules and targets.

An alert is about entries; one with `watch:` is about the state of sources, one with `heartbeat:`
shows a dead-man's switch that keywire is alive.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from keywire.sections.fields import Duration, Every, MatchSection, Section, Zone
from keywire.sections.targets import KINDS, AnyTarget, PingSection, TargetSection, edits
from keywire.sections.units import read_duration
from store.alerting.alerts import TYPES, AlertRule, Cap, Edits, Quiet, Target
from store.alerting.watch import USUAL_CAP, USUAL_PATIENCE, WatchRule
from store.decision.history import ChangeType
from store.topics import TOPIC_NAME, Match

_CAP: Final = re.compile(r"(\d+)\s+in\s+(.+)")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _read_clock(text: object) -> time:
    match = _CLOCK.fullmatch(str(text))
    if match is None:
        raise ValueError(f'{text!r} is no time of day; write it in quotes, as "23:00"')
    return time(int(match[1]), int(match[2]))


def _read_cap(text: object) -> Cap:
    match = _CAP.fullmatch(str(text).strip())
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no cap; write one like 5 in 10m")
    return Cap(int(match[1]), read_duration(match[2]))


Clock = Annotated[
    time, BeforeValidator(_read_clock), WithJsonSchema({"type": "string", "examples": ["23:00"]})
]
CapText = Annotated[
    Cap, BeforeValidator(_read_cap), WithJsonSchema({"type": "string", "examples": ["5 in 10m"]})
]
ChangeName = Literal[
    "entry.published", "entry.updated", "entry.promoted", "entry.retracted", "entry.restored"
]


# --- the sections -------------------------------------------------------------------------------


class QuietSection(Section):
    """Hours of the day in which nobody is woken."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    zone: Zone


class TroubleSection(Section):
    """What of sources is told once it has lasted so long: that they are broken, or silent."""

    broken: Duration = USUAL_PATIENCE
    silent: Duration | None = None


class AlertSection(Section):
    """What is told of entries, when, to whom."""

    name: str
    topics: Annotated[list[str], Field(min_length=1)]
    when: MatchSection = MatchSection()
    types: list[ChangeName] = Field(default=[kind.value for kind in TYPES])
    publishers: list[str] = Field(default=[])
    edits: Literal["material", "all", "none"] = "material"
    summaries: bool = False
    backfill: bool = False
    max_age: Duration = timedelta(hours=1)
    quiet_hours: QuietSection | None = None
    cap: CapText | None = None
    to: Annotated[list[AnyTarget], Field(min_length=1)]


class WatchSection(Section):
    """Who is told of the sources that topics follow, when they fail or fall silent."""

    name: str
    topics: list[str] = Field(default=[])
    watch: TroubleSection
    quiet_hours: QuietSection | None = None
    cap: CapText = USUAL_CAP
    to: Annotated[list[AnyTarget], Field(min_length=1)]


class HeartbeatSection(Section):
    """Which dead-man's switches hear that keywire polls and keeps what it finds, and how often."""

    name: str
    heartbeat: Every
    to: Annotated[list[PingSection], Field(min_length=1)]


def _about(value: object) -> str:
    """Return the name of the section that an alert's keys call for."""
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    found = (section for key, section in _ABOUT.items() if key in keys)
    return next(found, AlertSection).__name__


_ABOUT: Final[dict[str, type[Section]]] = {"watch": WatchSection, "heartbeat": HeartbeatSection}
AnyAlert = Annotated[
    Annotated[AlertSection, Tag("AlertSection")]
    | Annotated[WatchSection, Tag("WatchSection")]
    | Annotated[HeartbeatSection, Tag("HeartbeatSection")],
    Discriminator(_about),
]
_CHOICES: Final[tuple[type[BaseModel], ...]] = (
    AlertSection,
    *_ABOUT.values(),
    *KINDS.values(),
    PingSection,
)
SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "when": MatchSection,
    "quiet_hours": QuietSection,
    "watch": TroubleSection,
    **{section.__name__: section for section in _CHOICES},
}


def secrets(alerts: Sequence[AnyAlert]) -> Iterator[str]:
    """Yield what no log may show."""
    for alert in alerts:
        for target in alert.to:
            yield from target.secrets()


# --- what the rest of keywire gets --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as configured: its rule, and its targets by their lanes."""

    rule: AlertRule
    targets: tuple[tuple[str, TargetSection], ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch over sources as configured: its rule, and its targets by their lanes.

    `topics` name the topics whose sources it watches; () means all sources.
    """

    rule: WatchRule
    targets: tuple[tuple[str, TargetSection], ...]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Addresses that are requested every `every`, as long as keywire is alive."""

    name: str
    every: timedelta
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alerts:
    """All of `alerts:`."""

    alerts: tuple[Alert, ...] = ()
    watches: tuple[Watch, ...] = ()
    heartbeats: tuple[Heartbeat, ...] = ()


def gather(sections: Sequence[AnyAlert]) -> Alerts:
    """Return the alerts, watches and heartbeats of all sections."""
    return Alerts(
        tuple(_alert(one) for one in sections if isinstance(one, AlertSection)),
        tuple(_watch(one) for one in sections if isinstance(one, WatchSection)),
        tuple(_heartbeat(one) for one in sections if isinstance(one, HeartbeatSection)),
    )


def _alert(section: AlertSection) -> Alert:
    targets, when = _targets(section), section.when
    rule = AlertRule(
        name=section.name,
        topics=tuple(section.topics),
        when=Match(tuple(when.any), tuple(when.none), when.key_event),
        targets=_lanes(targets),
        types=frozenset(map(ChangeType, section.types)),
        publishers=tuple(one.lower().removeprefix("www.") for one in section.publishers),
        max_age=section.max_age,
        quiet=_quiet(section.quiet_hours),
        cap=section.cap,
        edits=Edits(section.edits),
        summaries=section.summaries,
        backfill=section.backfill,
    )
    return Alert(rule, targets)


def _watch(section: WatchSection) -> Watch:
    targets = _targets(section)
    rule = WatchRule(
        name=section.name,
        targets=_lanes(targets),
        broken=section.watch.broken,
        silent=section.watch.silent,
        quiet=_quiet(section.quiet_hours),
        cap=section.cap,
    )
    return Watch(rule, targets, tuple(section.topics))


def _heartbeat(section: HeartbeatSection) -> Heartbeat:
    urls = dict.fromkeys(target.ping for target in section.to)
    return Heartbeat(section.name, section.heartbeat, tuple(urls))


def _targets(section: AlertSection | WatchSection) -> tuple[tuple[str, TargetSection], ...]:
    return tuple({target.lane(): target for target in section.to}.items())


def _lanes(targets: Sequence[tuple[str, TargetSection]]) -> tuple[Target, ...]:
    return tuple(Target(lane, edits(lane)) for lane, _ in targets)


def _quiet(section: QuietSection | None) -> Quiet | None:
    return Quiet(section.start, section.end, section.zone) if section else None


def check_alerts(tree: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield path and message of mistakes across alerts: bad or repeated names, unknown topics."""
    alerts, topics = tree.get("alerts"), tree.get("topics")
    known = [*topics] if isinstance(topics, dict) else []
    names: set[str] = set()
    for n, alert in enumerate(alerts if isinstance(alerts, list) else ()):
        if not isinstance(alert, dict):
            continue
        name, wanted = alert.get("name"), alert.get("topics")
        if isinstance(name, str) and not TOPIC_NAME.fullmatch(name):
            yield (
                ("alerts", n, "name"),
                "an alert's name has small letters, digits and dashes, at most 63",
            )
        elif isinstance(name, str) and name in names:
            yield ("alerts", n, "name"), f"there is another alert called {name}"
        names |= {name} if isinstance(name, str) else set()
        for m, topic in enumerate(wanted if isinstance(wanted, list) else ()):
            if isinstance(topic, str) and topic not in known:
                near = get_close_matches(topic, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
                yield ("alerts", n, "topics", m), f"{topic!r} is no topic; {hint}"
