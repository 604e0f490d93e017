"""One finding of `keywire doctor`, and how serious it is."""

from dataclasses import dataclass
from enum import Enum

from keywire.process.logs import redact


class Verdict(Enum):
    """How a finding is meant."""

    GOOD = "✓"
    NOTE = "!"
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `says` holds the mend where there is something to mend."""

    verdict: Verdict
    about: str
    says: str

    def __str__(self) -> str:
        """Give the line that is printed."""
        return f"{self.verdict.value} {self.about}: {redact(' '.join(self.says.split()))}"


def good(about: str, says: str) -> Finding:
    """Make a finding of what is as it should be."""
    return Finding(Verdict.GOOD, about, says)


def note(about: str, says: str) -> Finding:
    """Make a finding of what should be known."""
    return Finding(Verdict.NOTE, about, says)


def bad(about: str, says: str) -> Finding:
    """Make a finding of what must be mended."""
    return Finding(Verdict.BAD, about, says)
