"""Targets in `alerts:` of config.yaml: one section a kind, each with a name without secrets."""

import hashlib
import re
from abc import abstractmethod
from importlib.util import find_spec
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
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
from keywire.sections.fields import Address, Section

_SERVICE: Final = re.compile(r"[a-z][a-z0-9]+://\S")
_LONGEST_LANE: Final = 80


def _check_secret(secret: str) -> str:
    read_secret(secret)
    return secret


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


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


class TargetSection(Section):
    """One target of an alert."""

    @abstractmethod
    def lane(self) -> str:
        """Return a name for the target without any secret."""

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return ()


class WebhookSection(TargetSection):
    """A receiver of signed webhooks; two secrets, the newer first, while they rotate."""

    webhook: Address
    secret: Secrets

    def lane(self) -> str:
        """Return a name with the target's host."""
        return _lane("webhook", urlsplit(self.webhook).netloc, self.webhook)

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return tuple(self.secret)


class DiscordSection(TargetSection):
    """A channel of Discord by its webhook's address, which is a secret."""

    discord: Address
    mention: Annotated[str, _mention(DISCORD_MENTION, "<@123>, <@&123>, @here or @everyone")] = ""

    def lane(self) -> str:
        """Return a name with the webhook's number."""
        path = urlsplit(self.discord).path.strip("/").split("/")
        return _lane("discord", path[-2] if len(path) > 1 else "webhook", self.discord)

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
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
        """Return a name with the channel."""
        return _lane("slack", self.slack, f"{self.api} {self.slack}")

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.token,)


class TelegramSection(TargetSection):
    """A chat of Telegram by its number or @name, and a bot's token."""

    telegram: Annotated[str, BeforeValidator(str), WithJsonSchema({"type": ["string", "integer"]})]
    token: Token
    mention: Annotated[str, _mention(TELEGRAM_MENTION, "@name")] = ""
    api: Address = TELEGRAM_API

    def lane(self) -> str:
        """Return a name with the chat."""
        return _lane("telegram", self.telegram, f"{self.api} {self.telegram}")

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.token,)


class MatrixSection(TargetSection):
    """A room of Matrix by its id, the server of an account, and that account's token."""

    matrix: str
    server: Address
    token: Token
    mention: Annotated[str, _mention(MATRIX_MENTION, "@name:server or @room")] = ""

    def lane(self) -> str:
        """Return a name with the room."""
        return _lane("matrix", self.matrix, f"{self.server} {self.matrix}")

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.token,)


class NtfySection(TargetSection):
    """A topic of ntfy by its address, which may be a secret."""

    ntfy: Address
    token: str = ""
    priority: Annotated[int, Field(ge=1, le=5)] | None = None

    def lane(self) -> str:
        """Return a name with the target's host."""
        return _lane("ntfy", urlsplit(self.ntfy).netloc, self.ntfy)

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.token, self.ntfy)


class AppriseSection(TargetSection):
    """Any other address, as Apprise spells it; written as a plain text."""

    apprise: Annotated[str, AfterValidator(_check_apprise)]

    @model_validator(mode="before")
    @classmethod
    def read(cls, value: object) -> object:
        """Read a plain text as the address."""
        return {"apprise": value} if isinstance(value, str) else value

    def lane(self) -> str:
        """Return a name with the service."""
        return _lane("apprise", self.apprise.partition(":")[0], self.apprise)

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.apprise, self.apprise.partition("://")[2])


class PingSection(TargetSection):
    """An address that is asked for, and need only answer; it may be a secret."""

    ping: Address

    def lane(self) -> str:
        """Return a name with the target's host."""
        return _lane("ping", urlsplit(self.ping).netloc, self.ping)

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        return (self.ping, urlsplit(self.ping).path.rpartition("/")[2])


KINDS: Final[dict[str, type[TargetSection]]] = {
    "webhook": WebhookSection,
    "discord": DiscordSection,
    "slack": SlackSection,
    "telegram": TelegramSection,
    "matrix": MatrixSection,
    "ntfy": NtfySection,
    "apprise": AppriseSection,
}
_EDITING: Final = frozenset({"discord", "slack", "telegram", "matrix"})


def _kind(value: object) -> str | None:
    """Return the name of the section that a target's keys call for; plain text is Apprise's."""
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


def edits(lane: str) -> bool:
    """Return whether a message in a lane can be edited in place."""
    return lane.partition(":")[0] in _EDITING


def _lane(kind: str, shown: str, whole: str) -> str:
    """Return a target's name in the store: what may be shown of it, and a digest of all."""
    digest = hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()
    room = _LONGEST_LANE - len(kind) - len(digest) - 2
    return f"{kind}:{shown[:room]}/{digest}"
