"""`keywire doctor`: what is, what must be mended and how, one line each. It changes nothing."""

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from importlib.metadata import PackageNotFoundError, requires, version
from ipaddress import ip_address
from pathlib import Path

import msgspec

from keywire.commands.ownership import find_strangers
from keywire.config import Config, load
from keywire.process.logs import hide, redact
from keywire.process.server import PortError, listen
from keywire.sections.problems import ConfigError
from keywire.sections.units import show_size
from keywire.version import number, user_agent
from scraper.errors import FetchError, NetworkError, StatusError
from scraper.fetch import Fetcher, FetchRules
from scraper.guard import check_url
from scraper.page import Page
from store.errors import StoreError
from store.schema import VERSION
from store.upkeep.facts import Facts, NoStore
from store.upkeep.facts import examine as examine_store

LITTLE_SPACE = 100_000_000
FAIR_SPACE = 1_000_000_000
LARGE_WAL = 64 * 1024 * 1024
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # this program did not exist before
TOLERANCE = timedelta(seconds=5)
_PATIENCE = 10.0
_GATEWAY = (502, 503, 504)
_SOME_LIBRARIES = ("httpx", "selectolax", "sqlalchemy", "uvicorn")


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


async def examine(path: Path, now: datetime, tell: Callable[[Finding], None]) -> bool:
    """Look at everything, telling each finding at once; say whether nothing must be mended.

    `path` is the configuration, `now` our clock in UTC.
    """
    fine = True

    def take(findings: Iterator[Finding] | list[Finding]) -> None:
        nonlocal fine
        for finding in findings:
            fine = fine and finding.verdict is not Verdict.BAD
            tell(finding)

    take(_examine_installation())
    config = _read(path, take)
    if config is None:
        take([_note("store and site", "not looked at: the configuration does not say which")])
        take(_examine_clock(now, None))
        return fine
    facts = _look_at_store(config, now, take)
    take(_examine_clock(now, facts))
    held = facts is not None and facts.held
    take([await _examine_listening(config, now, held=held)])
    take([await _examine_site(config, facts, now)])
    return fine


# --- the installation ---------------------------------------------------------------------------


def _examine_installation() -> Iterator[Finding]:
    missing = [name for name in _libraries() if _version(name) is None]
    some = ", ".join(f"{name} {_version(name)}" for name in _SOME_LIBRARIES)
    yield _good("versions", f"keywire {number()}, Python {platform.python_version()}, {some}")
    if missing:
        yield _bad(
            "libraries", f"{', '.join(missing)} not installed, which keywire needs; install it anew"
        )
    strangers = find_strangers()
    for told in strangers:
        yield _bad("packages", told)
    if not strangers:
        yield _good("packages", "keywire, scraper, store and feeds are keywire's own")


def _libraries() -> list[str]:
    """Name the distributions that keywire needs everywhere; none where it is not installed."""
    try:
        lines = requires("keywire") or []
    except PackageNotFoundError:
        return []
    plain = (line for line in lines if ";" not in line)
    return [_name_of(line) for line in plain]


def _name_of(requirement: str) -> str:
    end = next(
        (n for n, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")), None
    )
    return requirement[:end]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


# --- the configuration --------------------------------------------------------------------------


def _read(path: Path, take: Callable[[list[Finding]], None]) -> Config | None:
    try:
        config = load(path)
    except ConfigError as error:
        take([_bad("configuration", str(problem)) for problem in error.problems])
        return None
    hide(config.secrets)
    sources, topics = len(config.sources), len(config.topics)
    take([_good("configuration", f"{path} is good; topics {topics}, sources {sources}")])
    return config


# --- the store ----------------------------------------------------------------------------------


def _look_at_store(
    config: Config, now: datetime, take: Callable[[Iterator[Finding]], None]
) -> Facts | None:
    try:
        facts = examine_store(config.store, config.topics, now)
    except StoreError as error:
        take(iter([_bad("store", str(error))]))
        return None
    if isinstance(facts, NoStore):
        take(_examine_empty_place(facts))
        return None
    take(_examine_store(facts))
    return facts


def _examine_empty_place(found: NoStore) -> Iterator[Finding]:
    yield _note("store", f"there is none at {found.place} yet; keywire run makes one")
    yield judge_space(found.folder, 0)


def _examine_store(facts: Facts) -> Iterator[Finding]:
    yield _good("store", f"{facts.product} at {facts.place}")
    yield _judge_integrity(facts)
    if not facts.damage:
        yield _judge_schema(facts)
    yield _judge_size(facts)
    if facts.path is not None:
        yield judge_space(facts.path.parent, facts.size)
    if facts.epoch:
        counts = ", ".join(f"{name} {count}" for name, count in facts.counts.items())
        yield _good("content", f"{counts}; epoch {facts.epoch}")
        if (kept := _say_what_goes(facts)) is not None:
            yield kept
    if facts.parked or facts.stopped:
        yield _judge_deliveries(facts)
    yield _good("in use", _say_holder(facts))


def _say_what_goes(facts: Facts) -> Finding | None:
    """Tell what went by `retain:` so far, and what is to go; nothing where all is kept."""
    gone = facts.let_go
    said = [f"{name} is to let go of {count:,} entries" for name, count in facts.to_go.items()]
    if gone.total:
        said.append(
            f"so far {gone.entries:,} entries, {gone.revisions:,} revisions, {gone.changes:,} "
            f"changes and {gone.deliveries:,} deliveries went"
        )
    return _good("kept no longer", "; ".join(said)) if said else None


def _judge_deliveries(facts: Facts) -> Finding:
    stopped = f"; asked no more: {', '.join(facts.stopped)}" if facts.stopped else ""
    return _bad(
        "deliveries",
        f"{facts.parked} of alerts are parked{stopped}; keywire deliveries tells why, and "
        "keywire deliveries retry --all sends them again",
    )


def _judge_integrity(facts: Facts) -> Finding:
    if facts.damage:
        return _bad(
            "integrity",
            f"{facts.place} is damaged ({'; '.join(facts.damage)}); stop keywire, restore a "
            f"backup, or save what can be saved with sqlite3 {facts.place} .recover, and keep "
            "the damaged file",
        )
    if facts.path is None:
        return _good("integrity", "the server sees to it")
    return _good("integrity", "every page of the file is sound")


def _judge_schema(facts: Facts) -> Finding:
    match facts.schema:
        case None:
            return _bad(
                "schema",
                f"{facts.place} holds tables of something else; give keywire a database of its own",
            )
        case "":
            return _note("schema", "the database is empty; keywire run makes the tables")
        case known if known > VERSION:
            return _bad(
                "schema",
                f"{known} was written by a newer keywire, this one knows {VERSION}; update "
                "keywire, or restore a backup made with this version",
            )
        case known if known < VERSION:
            return _note("schema", f"{known}; keywire run brings it up to {VERSION}")
        case known:
            return _good("schema", f"{known}, this keywire's own")


def _judge_size(facts: Facts) -> Finding:
    if facts.path is None:
        return _good("size", f"{show_size(facts.size)} on the server")
    said = f"{show_size(facts.size)}, and {show_size(facts.wal)} in its write-ahead log"
    if facts.wal > LARGE_WAL:
        return _note("size", f"{said}, which is much; it shrinks when nothing reads for long")
    return _good("size", said)


def judge_space(folder: Path, size: int) -> Finding:
    """Judge the free space where a store of `size` bytes lies, or will lie."""
    free = shutil.disk_usage(folder).free
    said = f"{show_size(free)} free at {folder.absolute()}"
    if free < LITTLE_SPACE:
        return _bad("disk", f"only {said}; make room, for a full disk stops everything")
    if free < max(FAIR_SPACE, size):
        return _note("disk", f"{said}; a backup or a new version's migration may need more")
    return _good("disk", said)


def _say_holder(facts: Facts) -> str:
    if not facts.held:
        return "no keywire run follows with this store"
    by = f", process {facts.holder}" if facts.holder else ""
    return f"a keywire run follows with this store{by}"


# --- the clock ----------------------------------------------------------------------------------


def _examine_clock(now: datetime, facts: Facts | None) -> Iterator[Finding]:
    mend = "set this machine's clock, and let it follow a time server"
    newest = facts.newest if facts else None
    server = facts.clock if facts else None
    if now < EARLIEST:
        yield _bad("clock", f"it says {_show(now)}, which is long past; {mend}")
    elif newest is not None and newest > now + TOLERANCE:
        yield _bad("clock", f"it says {_show(now)}, the store has seen {_show(newest)}; {mend}")
    elif server is not None and abs(server - now) > TOLERANCE:
        apart = abs(server - now).total_seconds()
        yield _bad("clock", f"{apart:.0f} s apart from the database server's; {mend}")
    else:
        yield _good("clock", _show(now))


def _show(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


# --- the site -----------------------------------------------------------------------------------


async def _examine_listening(config: Config, now: datetime, *, held: bool) -> Finding:
    """Ask the run that holds the store; where there is none, try whether its port is free."""
    if not config.port:
        return _note("listening", "site.listen names port 0: another one at every start")
    if not held:
        try:
            listen(config.host, config.port).bound.close()
        except PortError as error:
            return _bad("listening", str(error))
        return _good("listening", f"{config.site.listen} is free for keywire run")
    url = f"http://{_nearest(config.host)}:{config.port}"
    told = await _ask(url, now)
    if isinstance(told, Finding):
        mend = "restart keywire run, for it may have another configuration"
        return _bad("listening", f"keywire runs, but not at {url}: {told.says}; {mend}")
    return _good("listening", f"keywire answers at {url}")


async def _examine_site(config: Config, facts: Facts | None, now: datetime) -> Finding:
    url, held = config.site.url, facts is not None and facts.held
    if url is None:
        return _judge_unnamed(config)
    told = await _ask(url, now)
    if isinstance(told, Finding):
        if told.verdict is Verdict.NOTE and not held:
            return _note("site", f"{url} cannot be judged while no keywire runs: {told.says}")
        return _bad("site", f"{url} is not this site: {told.says}; set site.url or the web server")
    if facts is not None and facts.epoch and told != facts.epoch:
        return _bad("site", f"another keywire answers at {url}; set site.url")
    return _good("site", f"keywire answers at {url}")


def _judge_unnamed(config: Config) -> Finding:
    if _is_loopback(config.host):
        return _note(
            "site",
            "site.url is not set: readers on this machine only; to let others in, set "
            f"site.listen to 0.0.0.0:{config.port} and site.url to the address they reach",
        )
    return _note(
        "site",
        f"site.url is not set, so feeds link to http://{config.site.listen}; set it to the "
        "address that readers reach",
    )


async def _ask(url: str, now: datetime) -> str | Finding:
    """Return the epoch of the keywire that answers at `url`; else what answers instead.

    The finding is a NOTE where nothing answers at all, as when no keywire runs.
    """
    fetcher = Fetcher(
        FetchRules(user_agent=user_agent("keywire"), timeout=_PATIENCE, obey_robots=False),
        now=lambda: now,
    )
    try:
        health = await fetcher.fetch(f"{url.rstrip('/')}/healthz", typed=True)
        if not isinstance(health, Page) or health.body.strip() != b"ok":
            return _bad("site", "something else than keywire answers")
        if _moved(health):
            return _bad("site", f"it redirects to {health.final_url.removesuffix('/healthz')}")
        events = await fetcher.fetch(f"{url.rstrip('/')}/events?limit=1", typed=True)
        epoch = _read_epoch(events.body) if isinstance(events, Page) else ""
    except StatusError as error:
        make = _note if error.status in _GATEWAY else _bad
        return make("site", error.reason)
    except NetworkError as error:
        return _note("site", error.reason)
    except FetchError as error:
        return _bad("site", error.reason)
    finally:
        await fetcher.aclose()
    return epoch or _bad("site", "something else than keywire answers")


def _moved(page: Page) -> bool:
    return check_url(page.url).url != page.final_url


class _Events(msgspec.Struct):
    epoch: str


def _read_epoch(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Events).epoch
    except msgspec.DecodeError:
        return ""


def _nearest(host: str) -> str:
    """Return where a run that listens on `host` is reached from this machine."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not bound
    return f"[{near}]" if ":" in near else near


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _good(about: str, says: str) -> Finding:
    return Finding(Verdict.GOOD, about, says)


def _note(about: str, says: str) -> Finding:
    return Finding(Verdict.NOTE, about, says)


def _bad(about: str, says: str) -> Finding:
    return Finding(Verdict.BAD, about, says)
