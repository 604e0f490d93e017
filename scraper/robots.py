"""What robots.txt says (RFC 9309): the only protego, whose verdict is ours. No network here."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from protego import Protego

from scraper.pace import back_off

LONGEST_KEPT: Final = timedelta(hours=24)  # RFC 9309 2.4
FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(hours=1)
MAX_BODY: Final = 512 * 1024  # RFC 9309 2.5 asks for 500 KiB at least

_MOST_RULES: Final = 200_000  # protego keeps every rule once for each agent of its group
_MOST_AGENTS: Final = 5_000  # in one group; protego searches them one by one
_MOST_SHOWN: Final = 2_000
_LINE_LENGTH: Final = 120
_AGENT: Final = re.compile(r"\s*user[ -]?agent\b", re.IGNORECASE)
_RULE: Final = re.compile(r"\s*\S")
_DISALLOW: Final = re.compile(r"\s*disallow\s*:?\s*(?P<path>[^#\s]\S*)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")  # RFC 9309 2.2.1


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin's robots.txt said when it was asked for, and until when that is believed.

    `rules` is None where there are none; then `open_` tells whether that means all or nothing.
    """

    asked_at: datetime
    due: datetime
    reason: str
    open_: bool
    rules: Protego | None = None
    text: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one URL may be fetched, and the deciding reason in plain words."""

    allowed: bool
    reason: str


def is_due(robots: Robots, now: datetime) -> bool:
    """Tell whether to ask for robots.txt again: its time is over, or the clock went back."""
    return not robots.asked_at <= now < robots.due


def read_answer(status: int, body: bytes, now: datetime, before: Robots | None = None) -> Robots:
    """Judge a final answer (RFC 9309 2.3.1): rules from a 2xx, all open for a 4xx, else closed."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _read_rules(body, now, before)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return open_all(f"there is no robots.txt ({status})", now)
    return close(f"robots.txt answers {status}, which forbids everything for now", now, before)


def open_all(reason: str, now: datetime) -> Robots:
    """Take robots.txt as unavailable: everything is allowed (RFC 9309 2.3.1.3)."""
    return Robots(now, now + LONGEST_KEPT, reason, open_=True)


def close(
    reason: str, now: datetime, before: Robots | None = None, not_before: datetime | None = None
) -> Robots:
    """Take robots.txt as unreachable: nothing is allowed (RFC 9309 2.3.1.4).

    It is asked for again after 1 min, doubling to 1 h, and not before `not_before`. Rules that
    were read earlier stay in force meanwhile (RFC 9309 2.4).
    """
    failures = (before.failures if before else 0) + 1
    due = now + back_off(FIRST_RETRY, failures, LONGEST_RETRY)
    due = due if not_before is None else max(due, not_before)
    if before is not None and before.rules is not None:
        return Robots(now, due, before.reason, before.open_, before.rules, before.text, failures)
    return Robots(now, due, reason, open_=False, failures=failures)


def judge(robots: Robots, url: str, agent: str) -> Verdict:
    """Tell whether `agent` (a whole User-Agent or its product token) may fetch `url`."""
    token = product_token(agent)
    if robots.rules is None:
        return Verdict(robots.open_, robots.reason)
    if robots.rules.can_fetch(url, token):
        return Verdict(allowed=True, reason="robots.txt allows it")
    rule = _deciding_rule(robots.text, url, token)
    shown = f" by “{rule[:_LINE_LENGTH]}”" if rule else ""
    return Verdict(allowed=False, reason=f"robots.txt disallows it{shown}")


def product_token(agent: str) -> str:
    """Give the name that robots.txt knows us by: the User-Agent's first word (RFC 9309 2.2.1)."""
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found else "keywire"


def _read_rules(body: bytes, now: datetime, before: Robots | None) -> Robots:
    text = _cut(body).decode("utf-8-sig", "replace")
    if _is_overgrown(text):
        return close("robots.txt holds more rules than can be kept", now, before)
    rules = Protego.parse(text)
    return Robots(now, now + LONGEST_KEPT, "robots.txt was read", True, rules, text)  # noqa: FBT003


def _cut(body: bytes) -> bytes:
    """Cut at the end of a line: half a rule would forbid more than the whole one."""
    if len(body) <= MAX_BODY:
        return body
    whole, _, _ = body[:MAX_BODY].rpartition(b"\n")
    return whole


def _is_overgrown(text: str) -> bool:
    """Tell whether protego would need minutes or gigabytes for the agents × rules of this text."""
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


def _deciding_rule(text: str, url: str, token: str) -> str:
    """Find the line that forbids: made an Allow of the same length, it turns the verdict."""
    lines = {line.strip(): found["path"] for line in text.splitlines()
             if (found := _DISALLOW.match(line))}  # fmt: skip
    for line, path in list(lines.items())[:_MOST_SHOWN]:
        alone = Protego.parse(f"User-agent: *\nDisallow: {path}")
        if alone.can_fetch(url, token):
            continue
        turned = "\n".join(
            f"Allow: {path}" if each.strip() == line else each for each in text.splitlines()
        )
        if Protego.parse(turned).can_fetch(url, token):
            return line
    return ""
