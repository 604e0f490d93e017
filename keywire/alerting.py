"""`alerts:` of config.yaml: what is told, when, to whom; made into rules and targets."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from feeds.push.chat.discord import MENTION as DISCORD_MENTION
from feeds.push.chat.matrix import MENTION as MATRIX_MENTION
from feeds.push.chat.slack import API as SLACK_API
from feeds.push.chat.slack import MENTION as SLACK_MENTION
from feeds.push.chat.telegram import API as TELEGRAM_API
from feeds.push.chat.telegram import MENTION as TELEGRAM_MENTION
from feeds.push.signing import read_secret
from keywire.fields import Address, Duration, MatchSection, Section, Zone
from keywire.units import read_duration
from store.alerts import TYPES, AlertRule, Cap, Edits, Quiet, Target
from store.history import ChangeType
from store.topics import TOPIC_NAME, Match

_CAP: Final = re.compile(r"(\d+)\s+in\s+(.+)")
_SERVICE: Final = re.compile(r"[a-z][a-z0-9]+://\S")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_LONGEST_LANE: Final = 80


# --- kinds of fields ----------------------------------------------------------------------------


def _check_secret(secret: str) -> str:
    read_secret(secret)
    return secret


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


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


def _check_apprise(address: str) -> str:
    if not _SERVICE.match(address):
        raise ValueError("this is no address of Apprise's; write one like mailto://…")
    if find_spec("apprise") is None:
        raise ValueError("such an address needs Apprise; install keywire[apprise]")
    return address


def _mention(pattern: re.Pattern[str], such_as: str) -> AfterValidator:
    def check(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ValueError(f"{text!r} is no mention; write {such_as}")
        return text

    return AfterValidator(check)


Token = Annotated[str, Field(min_length=1)]
Secret = Annotated[str, AfterValidator(_check_secret)]
Secrets = Annotated[
    list[Secret],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=2),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}, "maxItems": 2}),
]
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


class TargetSection(Section):
    """One target of an alert."""

    @abstractmethod
    def lane(self) -> str:
        """Name the target without any secret."""

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return ()


class WebhookSection(TargetSection):
    """A receiver of signed webhooks; two secrets, the newer first, while they rotate."""

    webhook: Address
    secret: Secrets

    def lane(self) -> str:
        """Name the target by its host."""
        return _lane("webhook", urlsplit(self.webhook).netloc, self.webhook)

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return tuple(self.secret)


class DiscordSection(TargetSection):
    """A channel of Discord by its webhook's address, which is a secret."""

    discord: Address
    mention: Annotated[str, _mention(DISCORD_MENTION, "<@123>, <@&123>, @here or @everyone")] = ""

    def lane(self) -> str:
        """Name the target by its webhook's number."""
        path = urlsplit(self.discord).path.strip("/").split("/")
        return _lane("discord", path[-2] if len(path) > 1 else "webhook", self.discord)

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.discord, urlsplit(self.discord).path.rpartition("/")[2])


class SlackSection(TargetSection):
    """A channel of Slack by its id, and a bot's token."""

    slack: str
    token: Token
    mention: Annotated[
        str, _mention(SLACK_MENTION, "<@U123>, <!subteam^S123>, <!here> or <!channel>")
    ] = ""
    api: Address = SLACK_API

    def lane(self) -> str:
        """Name the target by its channel."""
        return _lane("slack", self.slack, f"{self.api} {self.slack}")

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.token,)


class TelegramSection(TargetSection):
    """A chat of Telegram by its number or @name, and a bot's token."""

    telegram: Annotated[str, BeforeValidator(str), WithJsonSchema({"type": ["string", "integer"]})]
    token: Token
    mention: Annotated[str, _mention(TELEGRAM_MENTION, "@name")] = ""
    api: Address = TELEGRAM_API

    def lane(self) -> str:
        """Name the target by its chat."""
        return _lane("telegram", self.telegram, f"{self.api} {self.telegram}")

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.token,)


class MatrixSection(TargetSection):
    """A room of Matrix by its id, the server of an account, and that account's token."""

    matrix: str
    server: Address
    token: Token
    mention: Annotated[str, _mention(MATRIX_MENTION, "@name:server or @room")] = ""

    def lane(self) -> str:
        """Name the target by its room."""
        return _lane("matrix", self.matrix, f"{self.server} {self.matrix}")

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.token,)


class NtfySection(TargetSection):
    """A topic of ntfy by its address, which may be a secret."""

    ntfy: Address
    token: str = ""
    priority: Annotated[int, Field(ge=1, le=5)] | None = None

    def lane(self) -> str:
        """Name the target by its host."""
        return _lane("ntfy", urlsplit(self.ntfy).netloc, self.ntfy)

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.token, self.ntfy)


class AppriseSection(TargetSection):
    """Any other address, as Apprise spells it; written as a plain text."""

    apprise: Annotated[str, AfterValidator(_check_apprise)]

    @model_validator(mode="before")
    @classmethod
    def read(cls, value: object) -> object:
        """Take a plain text for the address."""
        return {"apprise": value} if isinstance(value, str) else value

    def lane(self) -> str:
        """Name the target by its service."""
        return _lane("apprise", self.apprise.partition(":")[0], self.apprise)

    def secrets(self) -> tuple[str, ...]:
        """Give what no log may show."""
        return (self.apprise, self.apprise.partition("://")[2])


KINDS: Final[dict[str, type[TargetSection]]] = {
    "webhook": WebhookSection,
    "discord": DiscordSection,
    "slack": SlackSection,
    "telegram": TelegramSection,
    "matrix": MatrixSection,
    "ntfy": NtfySection,
    "apprise": AppriseSection,
}
EDITING: Final = frozenset({"discord", "slack", "telegram", "matrix"})


def _kind(value: object) -> str | None:
    """Tell by its keys which kind of target a person wrote; a plain text is Apprise's."""
    if isinstance(value, str):
        return AppriseSection.__name__
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((section.__name__ for key, section in KINDS.items() if key in keys), None)


AnyTarget = Annotated[
    Annotated[WebhookSection, Tag("WebhookSection")]
    | Annotated[DiscordSection, Tag("DiscordSection")]
    | Annotated[SlackSection, Tag("SlackSection")]
    | Annotated[TelegramSection, Tag("TelegramSection")]
    | Annotated[MatrixSection, Tag("MatrixSection")]
    | Annotated[NtfySection, Tag("NtfySection")]
    | Annotated[
        AppriseSection, WithJsonSchema({"type": "string", "format": "uri"}), Tag("AppriseSection")
    ],
    Discriminator(_kind),
]


class QuietSection(Section):
    """Hours of the day in which nobody is woken."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    zone: Zone


class AlertSection(Section):
    """What is told, when, to whom."""

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

    def secrets(self) -> Iterator[str]:
        """Give what no log may show."""
        for target in self.to:
            yield from target.secrets()


SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "when": MatchSection,
    "quiet_hours": QuietSection,
    **{section.__name__: section for section in KINDS.values()},
}


# --- what the rest of keywire gets --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as configured: its rule, and its targets by their lanes."""

    rule: AlertRule
    targets: tuple[tuple[str, TargetSection], ...]


def gather(sections: Sequence[AlertSection]) -> tuple[Alert, ...]:
    """Make alerts of their sections."""
    return tuple(map(_alert, sections))


def _alert(section: AlertSection) -> Alert:
    targets = tuple({target.lane(): target for target in section.to}.items())
    quiet, when = section.quiet_hours, section.when
    rule = AlertRule(
        name=section.name,
        topics=tuple(section.topics),
        when=Match(tuple(when.any), tuple(when.none), when.key_event),
        targets=tuple(Target(lane, _edits(lane)) for lane, _ in targets),
        types=frozenset(map(ChangeType, section.types)),
        publishers=tuple(one.lower().removeprefix("www.") for one in section.publishers),
        max_age=section.max_age,
        quiet=Quiet(quiet.start, quiet.end, quiet.zone) if quiet else None,
        cap=section.cap,
        edits=Edits(section.edits),
        summaries=section.summaries,
        backfill=section.backfill,
    )
    return Alert(rule, targets)


def check_alerts(tree: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find what is wrong between alerts: names used twice, topics that are none."""
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


def _edits(lane: str) -> bool:
    return lane.partition(":")[0] in EDITING


def _lane(kind: str, shown: str, whole: str) -> str:
    """Name a target in the store: what may be shown of it, and a digest of the rest."""
    digest = hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()
    room = _LONGEST_LANE - len(kind) - len(digest) - 2
    return f"{kind}:{shown[:room]}/{digest}"
