"""Which other addresses a page may make keywire fetch: none that it may choose freely."""

from dataclasses import replace
from urllib.parse import urlsplit

from scraper.address import host, same_site
from scraper.platform import Platform
from store.sighting import Snapshot

MOST = 40  # answers that one page may name
LONGEST = 2_000  # characters of an address


def within_bounds(snapshot: Snapshot, url: str, platform: Platform) -> Snapshot:
    """Return a snapshot without those `answers`, and without that `older` page, out of bounds.

    `url` is where the page came from. In bounds are its own site (its registrable domain by the
    public suffix list), and the hosts that its platform declares and those below them, at the
    page's own port or the default one. A page from no host (a file) has only the declared hosts.
    Publishing systems behind a proxy write http addresses on pages that came by https: those are
    changed to https. At most MOST answers are kept.
    """
    if not snapshot.answers and not snapshot.older:
        return snapshot
    answers = (_bounded(each, url, platform) for each in snapshot.answers)
    return replace(
        snapshot,
        answers=tuple(dict.fromkeys(filter(None, answers)))[:MOST],
        older=_bounded(snapshot.older, url, platform),
    )


def is_of(answered: str, address: str) -> bool:
    """Return whether the answer to a request for `address` came from the host of `address`."""
    return host(answered) == host(address)


def _bounded(address: str, url: str, platform: Platform) -> str:
    name = host(address)
    if not name or len(address) > LONGEST:
        return ""
    secured = address.startswith("http:") and url.startswith("https:")
    address = f"https:{address.removeprefix('http:')}" if secured else address
    declared = any(name == known or name.endswith(f".{known}") for known in platform.api_hosts)
    if not declared and not same_site(address, url):
        return ""
    own = urlsplit(url).port
    if _stands_alone(name):
        return address if urlsplit(address).port == own else ""
    return address if urlsplit(address).port in (None, own) else ""


def _stands_alone(name: str) -> bool:
    return "." not in name or ":" in name or name.rpartition(".")[2].isdigit()
