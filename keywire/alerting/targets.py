"""Make channels of configured targets, and send their calls."""

from collections.abc import Iterable

from feeds.push.apprise_channel import Anywhere
from feeds.push.call import Call, Channel, RefusedError, Reply
from feeds.push.chat.discord import Discord
from feeds.push.chat.matrix import Matrix
from feeds.push.chat.ntfy import Ntfy
from feeds.push.chat.slack import Slack
from feeds.push.chat.telegram import Telegram
from feeds.push.webhook import Webhook
from keywire.process.logs import redact
from keywire.sections.alerts import Alert, Watch
from keywire.sections.targets import (
    AppriseSection,
    DiscordSection,
    MatrixSection,
    NtfySection,
    SlackSection,
    TargetSection,
    TelegramSection,
    WebhookSection,
)
from scraper.errors import FetchError
from scraper.fetch import FetchRules
from scraper.send import Message, Sender


def make_channels(alerts: Iterable[Alert | Watch]) -> dict[tuple[str, str], Channel]:
    """Make a channel for each target of each alert, by the alert's name and the lane."""
    return {
        (alert.rule.name, lane): _make(section)
        for alert in alerts
        for lane, section in alert.targets
    }


def _make(section: TargetSection) -> Channel:  # noqa: PLR0911 - one for each kind
    match section:
        case WebhookSection():
            return Webhook(section.webhook, tuple(section.secret))
        case DiscordSection():
            return Discord(section.discord, section.mention)
        case SlackSection():
            return Slack(section.slack, section.token, section.mention, section.api)
        case TelegramSection():
            return Telegram(section.telegram, section.token, section.mention, section.api)
        case MatrixSection():
            return Matrix(section.matrix, section.server, section.token, section.mention)
        case NtfySection():
            return Ntfy(section.ntfy, section.token, section.priority)
        case AppriseSection():
            return Anywhere(section.apprise)
        case _:
            raise TypeError(f"there is no channel for {type(section).__name__}")


def _unsaid(body: bytes) -> bytes:
    """Return an answer without the secrets that a target repeats: it is stored and shown."""
    return redact(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


class WayOut:
    """Sends channels' calls, through the same guard of addresses as polls."""

    def __init__(self, rules: FetchRules) -> None:
        self._sender = Sender(rules)
        self._before: list[Sender] = []

    def renew(self, rules: FetchRules) -> None:
        """Send by other rules from now on; calls under way keep the old ones."""
        self._before.append(self._sender)
        self._sender = Sender(rules)

    async def send(self, call: Call) -> Reply:
        """Make one call. Raises RefusedError where there was no answer."""
        message = Message(call.method, call.url, call.body, call.headers)
        try:
            sent = await self._sender.send(message)
        except FetchError as error:
            mend = f"; {error.mend}" if error.mend else ""
            raise RefusedError(f"{error.reason}{mend}") from error
        return Reply(sent.status, sent.headers, sent.body and _unsaid(sent.body))

    async def aclose(self) -> None:
        """Close every connection."""
        for sender in (*self._before, self._sender):
            await sender.aclose()
