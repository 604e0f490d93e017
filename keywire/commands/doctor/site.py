"""Check that keywire answers on its port, and at the site's address."""

from datetime import datetime
from ipaddress import ip_address

import msgspec

from keywire.commands.doctor.finding import Finding, Verdict, bad, good, note
from keywire.config import Config
from keywire.process.server import PortError, listen
from keywire.version import user_agent
from scraper.errors import FetchError, NetworkError, StatusError
from scraper.fetch import Fetcher, FetchRules
from scraper.guard import check_url
from scraper.page import Page
from store.upkeep.facts import Facts

_PATIENCE = 10.0
_GATEWAY = (502, 503, 504)


async def examine_listening(config: Config, now: datetime, *, held: bool) -> Finding:
    """Check that the running keywire answers on its port, or that the port is free.

    `held` says that a run holds the store.
    """
    if not config.port:
        return note("listening", "site.listen names port 0: another one at every start")
    if not held:
        try:
            listen(config.host, config.port).bound.close()
        except PortError as error:
            return bad("listening", str(error))
        return good("listening", f"{config.site.listen} is free for keywire run")
    url = f"http://{_nearest(config.host)}:{config.port}"
    told = await _ask(url, now)
    if isinstance(told, Finding):
        mend = "restart keywire run, for it may have another configuration"
        return bad("listening", f"keywire runs, but not at {url}: {told.says}; {mend}")
    return good("listening", f"keywire answers at {url}")


async def examine_site(config: Config, facts: Facts | None, now: datetime) -> Finding:
    """Check that the keywire of this store answers at `site.url`."""
    url, held = config.site.url, facts is not None and facts.held
    if url is None:
        return _judge_unnamed(config)
    told = await _ask(url, now)
    if isinstance(told, Finding):
        if told.verdict is Verdict.NOTE and not held:
            return note("site", f"{url} cannot be judged while no keywire runs: {told.says}")
        return bad("site", f"{url} is not this site: {told.says}; set site.url or the web server")
    if facts is not None and facts.epoch and told != facts.epoch:
        return bad("site", f"another keywire answers at {url}; set site.url")
    return good("site", f"keywire answers at {url}")


def _judge_unnamed(config: Config) -> Finding:
    if _is_loopback(config.host):
        return note(
            "site",
            "site.url is not set: readers on this machine only; to let others in, set "
            f"site.listen to 0.0.0.0:{config.port} and site.url to the address they reach",
        )
    return note(
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
            return bad("site", "something else than keywire answers")
        if _moved(health):
            return bad("site", f"it redirects to {health.final_url.removesuffix('/healthz')}")
        events = await fetcher.fetch(f"{url.rstrip('/')}/events?limit=1", typed=True)
        epoch = _read_epoch(events.body) if isinstance(events, Page) else ""
    except StatusError as error:
        make = note if error.status in _GATEWAY else bad
        return make("site", error.reason)
    except NetworkError as error:
        return note("site", error.reason)
    except FetchError as error:
        return bad("site", error.reason)
    finally:
        await fetcher.aclose()
    return epoch or bad("site", "something else than keywire answers")


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
