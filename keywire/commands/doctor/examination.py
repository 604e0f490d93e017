"""All checks of `keywire doctor`, in the order in which a user would repair things."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from keywire.commands.doctor.clock import examine_clock
from keywire.commands.doctor.finding import Finding, Verdict, bad, good, note
from keywire.commands.doctor.installation import examine_installation
from keywire.commands.doctor.site import examine_listening, examine_site
from keywire.commands.doctor.stored import look_at_store
from keywire.config import Config, load
from keywire.process.logs import hide
from keywire.sections.problems import ConfigError


async def examine(path: Path, now: datetime, tell: Callable[[Finding], None]) -> bool:
    """Run every check, reporting each finding at once; return whether nothing needs repair.

    `path` is the configuration, `now` our clock in UTC.
    """
    fine = True

    def take(findings: Iterator[Finding] | list[Finding]) -> None:
        nonlocal fine
        for finding in findings:
            fine = fine and finding.verdict is not Verdict.BAD
            tell(finding)

    take(examine_installation())
    config = _read(path, take)
    if config is None:
        take([note("store and site", "not looked at: the configuration does not say which")])
        take(examine_clock(now, None))
        return fine
    facts = look_at_store(config, now, take)
    take(examine_clock(now, facts))
    held = facts is not None and facts.held
    take([await examine_listening(config, now, held=held)])
    take([await examine_site(config, facts, now)])
    return fine


def _read(path: Path, take: Callable[[list[Finding]], None]) -> Config | None:
    try:
        config = load(path)
    except ConfigError as error:
        take([bad("configuration", str(problem)) for problem in error.problems])
        return None
    hide(config.secrets)
    sources, topics = len(config.sources), len(config.topics)
    take([good("configuration", f"{path} is good; topics {topics}, sources {sources}")])
    return config
