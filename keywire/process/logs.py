"""The program's log: on stderr, one line an event, as text or as JSON.

Secrets are hidden in every line, and in the messages of commands. The log belongs to the process,
as `logging` does; so do the secrets that must stay out of it.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType

SHORTEST_SECRET = 4  # anything shorter occurs in ordinary words
FIELDS = ("event", "source", "changes", "state", "entries")
_hidden: dict[str, str] = {}


class LogFormat(StrEnum):
    """The formats of the log."""

    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    """Time, level, logger and message for people; a traceback follows on its own lines."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text without secrets."""
        return redact(super().format(record))


class JsonLines(logging.Formatter):
    """One object a line: ts, level, logger, message; then fields and a traceback, if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's JSON object without secrets."""
        told: dict[str, object] = {
            "ts": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        told |= {name: _clean(getattr(record, name)) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            told["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def set_up(form: LogFormat = LogFormat.TEXT) -> None:
    """Log warnings and worse to stderr; as JSON also keywire's own events and Python's warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form is LogFormat.JSON else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if form is LogFormat.JSON:
        logging.getLogger("keywire").setLevel(logging.INFO)
        logging.captureWarnings(capture=True)
    sys.excepthook = _log_bug


def hide(secrets: Mapping[str, str]) -> None:
    """Replace secrets (the mapping's keys) by their values in all that is logged or printed."""
    _hidden.update(
        {secret: shown for secret, shown in secrets.items() if len(secret) >= SHORTEST_SECRET}
    )


def redact(text: str) -> str:
    """Return a text with secrets replaced, the longest first: one may contain another."""
    if not _hidden:
        return text
    secrets = sorted(_hidden, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, secrets)), lambda found: _hidden[found[0]], text)


def complain(message: str) -> None:
    """Print on stderr, in one line, why the command failed; with a JSON log, log it."""
    line = " ".join(message.splitlines())
    if any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        logging.getLogger("keywire").error(line, extra={"event": "failed"})
    else:
        print(f"keywire: {redact(line)}", file=sys.stderr)  # noqa: T201 - the terminal is where this goes


def _clean(value: object) -> object:
    return redact(value) if isinstance(value, str) else value


def _log_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("keywire").critical(
        "a bug ended keywire: %s", kind.__name__, exc_info=(kind, error, trace)
    )
