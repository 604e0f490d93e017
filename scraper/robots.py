"""What robots.txt allows (RFC 9309), as protego judges it; only this module uses protego. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

from protego import Protego

from scraper.pace import back_off

LONGEST_KEPT: Final = timedelta(hours=24)  # RFC 9309 2.4
FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(hours=1)
MAX_BODY: Final = 512 * 1024  # RFC 9309 2.5 asks for 500 KiB at least

_MOST_RULES: Final = 200_000  # counted once for each agent of their group, as protego keeps them
_MOST_AGENTS: Final = 5_000  # in one group; protego searches them one by one
_MOST_SHOWN: Final = 2_000
_MOST_PARSED: Final = 20_000  # lines, while looking for the rule that decides
_LINE_LENGTH: Final = 120
_AGENT: Final = re.compile(r"\s*user[ -]?agent\b", re.IGNORECASE)
_RULE: Final = re.compile(r"\s*\S")
_DELAY: Final = re.compile(r"crawl[ -]delay", re.IGNORECASE)
_ALLOW: Final = re.compile(r"\s*allow\s*:?\s*(?P<path>[^#\s]\S*)", re.IGNORECASE)
_DISALLOW: Final = re.compile(r"\s*disallow\s*:?\s*(?P<path>[^#\s]\S*)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")  # RFC 9309 2.2.1


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin's robots.txt said at `asked_at`; it is asked for again at `due` (UTC).

    Plain values, so that they can be kept over a restart. `text` is None where there are no rules;
    then `open_` is whether everything is allowed or nothing. `failures` counts those in a row.
    """

    asked_at: datetime
    due: datetime
    reason: str
    open_: bool
    text: str | None = None
    failures: int = 0


class RobotsNotes(Protocol):
    """Where robots.txt is kept over restarts, by origin, such as `https://example.org:8443`."""

    async def recall(self, origin: str) -> Robots | None:
        """Return what was kept last for an origin; None if nothing was."""

    async def keep(self, origin: str, robots: Robots) -> None:
        """Keep `robots` for an origin in place of what was kept before."""


class NoNotes:
    """Keeps nothing: robots.txt is asked for anew in each process."""

    async def recall(self, origin: str) -> Robots | None:  # noqa: ARG002
        """Return None: nothing was kept."""
        return None

    async def keep(self, origin: str, robots: Robots) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one URL may be fetched, and the reason in plain words."""

    allowed: bool
    reason: str


def is_due(robots: Robots, now: datetime) -> bool:
    """Return whether to ask for robots.txt again: `due` has come, or the clock went back."""
    return not robots.asked_at <= now < robots.due


def read_answer(status: int, body: bytes, now: datetime, before: Robots | None = None) -> Robots:
    """Make Robots of a final answer to robots.txt by its status (RFC 9309 2.3.1).

    A 2xx has rules, a 4xx means that everything is allowed, anything else that nothing is.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _read_rules(body, now, before)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return open_all(f"there is no robots.txt ({status})", now)
    return close(f"robots.txt answers {status}, which forbids everything for now", now, before)


def open_all(reason: str, now: datetime) -> Robots:
    """Make Robots for a robots.txt that is unavailable: all is allowed (RFC 9309 2.3.1.3)."""
    return Robots(now, now + LONGEST_KEPT, reason, open_=True)


def close(
    reason: str, now: datetime, before: Robots | None = None, not_before: datetime | None = None
) -> Robots:
    """Make Robots for a robots.txt that is unreachable: nothing is allowed (RFC 9309 2.3.1.4).

    It is asked for again after 1 min, doubling to 1 h, and not before `not_before`. Rules read
    earlier (`before`) stay in force meanwhile (RFC 9309 2.4).
    """
    failures = (before.failures if before else 0) + 1
    due = now + back_off(FIRST_RETRY, failures, LONGEST_RETRY)
    due = due if not_before is None else max(due, not_before)
    if before is not None and before.text is not None:
        return Robots(now, due, before.reason, before.open_, before.text, failures)
    return Robots(now, due, reason, open_=False, failures=failures)


def judge(robots: Robots, url: str, agent: str) -> Verdict:
    """Return whether `agent` (a whole User-Agent or its product token) may fetch `url`, and why.

    The reason names the rule that decides: the longest that matches, Allow first (RFC 9309 2.2.2).
    """
    if robots.text is None:
        return Verdict(robots.open_, robots.reason)
    token = product_token(agent)
    allowed = _parse(robots.text).can_fetch(url, token)
    rule = _deciding_rule(robots.text, url, token, allowed=allowed)
    shown = f" by “{rule[:_LINE_LENGTH]}”" if rule else ""
    if allowed:
        reason = f"robots.txt allows it{shown}" if rule else "nothing in robots.txt forbids it"
        return Verdict(allowed=True, reason=reason)
    return Verdict(allowed=False, reason=f"robots.txt disallows it{shown}")


def crawl_delay(robots: Robots, agent: str) -> float:
    """Return the seconds between requests that robots.txt asks of `agent`; 0.0 if it does not."""
    if robots.text is None or not _DELAY.search(robots.text):
        return 0.0
    told = _parse(robots.text).crawl_delay(product_token(agent)) or 0.0
    return told if math.isfinite(told) and told > 0 else 0.0


def product_token(agent: str) -> str:
    """Return the name to match in robots.txt: the User-Agent's first word (RFC 9309 2.2.1)."""
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found else "keywire"


def _read_rules(body: bytes, now: datetime, before: Robots | None) -> Robots:
    text = _cut(body).decode("utf-8-sig", "replace")
    if _is_overgrown(text):
        return close("robots.txt holds more rules than can be kept", now, before)
    return Robots(now, now + LONGEST_KEPT, "robots.txt was read", open_=True, text=text)


@lru_cache(maxsize=64)
def _parse(text: str) -> Protego:
    return Protego.parse(text)


def _cut(body: bytes) -> bytes:
    """Cut a body to MAX_BODY bytes at the end of a line: half a rule would forbid more."""
    if len(body) <= MAX_BODY:
        return body
    whole, _, _ = body[:MAX_BODY].rpartition(b"\n")
    return whole


def _is_overgrown(text: str) -> bool:
    """Return whether the agents × rules of a text would cost protego minutes or gigabytes."""
    kept = agents = 0
    in_rules = True
    for line in text.splitlines():
        if _AGENT.match(line):
            agents = 1 if in_rules else agents + 1
            in_rules = False
        elif _RULE.match(line):
            kept += agents
            in_rules = True
        if kept > _MOST_RULES or agents > _MOST_AGENTS:
            return True
    return False


def _deciding_rule(text: str, url: str, token: str, *, allowed: bool) -> str:
    """Return the line that decides (turned into its opposite, it turns the verdict), or ""."""
    lines = text.splitlines()
    kind, opposite = (_ALLOW, "Disallow") if allowed else (_DISALLOW, "Allow")
    found = {line.strip(): rule["path"] for line in lines if (rule := kind.match(line))}
    matching = [
        (line, path)
        for line, path in list(found.items())[:_MOST_SHOWN]
        if not Protego.parse(f"User-agent: *\nDisallow: {path}").can_fetch(url, token)
    ]
    matching.sort(key=lambda rule: len(rule[1]), reverse=True)
    for line, path in matching[: max(_MOST_PARSED // max(len(lines), 1), 1)]:
        turned = (f"{opposite}: {path}" if each.strip() == line else each for each in lines)
        if Protego.parse("\n".join(turned)).can_fetch(url, token) is not allowed:
            return line
    return ""
