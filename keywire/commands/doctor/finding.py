"""One finding of `keywire doctor`, and how serious it is."""

from dataclasses import dataclass
from enum import Enum

from keywire.process.logs import redact


class Verdict(Enum):
    """Whether a finding is fine, worth knowing, or to be repaired."""

    GOOD = "✓"
    NOTE = "!"
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `says` includes how to repair it, where that is needed."""

    verdict: Verdict
    about: str
    says: str

    def __str__(self) -> str:
        """Return the line that is printed."""
        return f"{self.verdict.value} {self.about}: {redact(' '.join(self.says.split()))}"


def good(about: str, says: str) -> Finding:
    """Return a finding of something that is as it should be."""
    return Finding(Verdict.GOOD, about, says)


def note(about: str, says: str) -> Finding:
    """Return a finding of something worth knowing."""
    return Finding(Verdict.NOTE, about, says)


def bad(about: str, says: str) -> Finding:
    """Return a finding of something that must be repaired."""
    return Finding(Verdict.BAD, about, says)
