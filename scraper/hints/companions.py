"""Which addresses a page may lead us to beside itself: a stranger's page chooses none freely."""

from dataclasses import replace
from urllib.parse import urlsplit

from scraper.address import host, same_site
from scraper.platform import Platform
from store.sighting import Snapshot

MOST = 40  # answers that one page may name
LONGEST = 2_000  # characters of an address


def within_bounds(snapshot: Snapshot, url: str, platform: Platform) -> Snapshot:
    """Drop the answers and the older page of a snapshot that lie out of bounds.

    `url` is where the page came from. In bounds are its own site (the registrable domain of the
    public suffix list), at its own port or the web's, and the hosts that its platform declares,
    those below them too. A page from no host (a file) has but the declared ones. Systems behind a
    proxy name themselves http where their pages came by https: that is mended.
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
    """Whether what was asked for at an address was answered from its own host."""
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
