"""The kinds of values in config.yaml, each with an error that says how to correct it."""

import re
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from keywire.sections.units import read_duration, read_size
from scraper.errors import AddressError
from scraper.guard import check_url, read_allowed
from scraper.selectors import check_selector
from store.topics import check_term

SHORTEST = timedelta(seconds=1)
_ORIGIN = re.compile(r"https?://[^/?#@\s]+")
_KEY = re.compile(r"[!-~]{16,200}")


def check_address(url: str) -> str:
    """Return a complete web address; ValueError for anything else."""
    try:
        check_url(url)
    except AddressError as error:
        raise ValueError(f"{error.reason}; write a whole address, such as https://…") from error
    return url


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin") from error
    return name


def check_listen(text: str) -> str:
    """Return `host:port`; ValueError for anything else."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - ports end there
        raise ValueError(f"{text!r} is no address to listen on; write 127.0.0.1:8700")
    return text


def _check_words(term: str) -> str:
    check_term(term)
    return term


def _check_every(value: timedelta) -> timedelta:
    if value < SHORTEST:
        raise ValueError("one second is the shortest interval there is")
    return value


def check_origin(text: str) -> str:
    """Return the origin of web pages (RFC 6454), or *; ValueError for anything else."""
    if text != "*" and not _ORIGIN.fullmatch(text):
        raise ValueError(f"{text!r} is no origin; write one like https://example.org, or *")
    return text


def check_key(text: str) -> str:
    """Return a key that is hard to guess and fits a header; ValueError for any other."""
    if not _KEY.fullmatch(text):
        raise ValueError("16 letters, digits or signs at least; openssl rand -hex 16 makes some")
    return text


def check_private(text: str) -> str:
    """Return an IP address or network; ValueError for anything else."""
    try:
        read_allowed((text,))
    except ValueError:
        raise ValueError(
            f"{text!r} is no address; write one like 127.0.0.1 or 10.0.0.0/8"
        ) from None
    return text


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["15s", "2m", "1h"]}),
]
Size = Annotated[
    int,
    BeforeValidator(read_size),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["10MB"]}),
]
Address = Annotated[str, AfterValidator(check_address)]
Selector = Annotated[str, AfterValidator(check_selector)]
Every = Annotated[Duration, AfterValidator(_check_every)]
Zone = Annotated[str, AfterValidator(_check_zone)]
Term = Annotated[str, AfterValidator(_check_words)]


class Section(BaseModel):
    """A group of settings: nothing in it may be unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MatchSection(Section):
    """What an entry must say to join a topic; keys are ANDed, `any` is an OR."""

    any: list[Term] = Field(default=[])
    none: list[Term] = Field(default=[])
    key_event: bool | None = None
