"""Addresses of blogs: their normal form, and whether a page may speak for one."""

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_WEB = {"http": 80, "https": 443}
# Parameters that choose a view, a renderer or a campaign, or name the caller, never another blog.
_NOT_IDENTITY = frozenset({"page", "filterKeyEvents", "dcr", "CMP", "topics", "api-key"})
_CAMPAIGN = "utm_"
# Links that `urljoin` returns unchanged, as most are; calling it takes twenty times as long.
_WHOLE = re.compile(
    r"https?://(?:[a-z0-9-]++\.)++[a-z]{2,}+/[A-Za-z0-9/._~%:@!$&'()*+,=-]*+"
    r"(?:\?[A-Za-z0-9/._~%:@!$&'()*+,;=?-]++)?+(?:#[A-Za-z0-9/._~%:@!$&'()*+,;=?-]++)?+"
)
_FRAGMENT = re.compile(r"#[A-Za-z0-9._-]++")


def normalise(url: str) -> str:
    """Return a page's address without fragment, view parameters, credentials and default port.

    An address that is malformed, or is neither http nor https, loses only its fragment.
    """
    url = url.partition("#")[0].strip()
    parts = _split(url)
    if parts is None:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if pair and _identifies(pair))
    return urlunsplit((parts.scheme, _netloc(parts), parts.path or "/", query, ""))


def absolute(link: str, base: str) -> str:
    """Resolve a link against a page's address; "" if the result is no http or https address."""
    link = link.strip()
    if _WHOLE.fullmatch(link):
        return link
    if _FRAGMENT.fullmatch(link) and _WHOLE.fullmatch(page := base.partition("#")[0]):
        return page + link
    return _joined(link, base)


def _joined(link: str, base: str) -> str:
    try:
        joined = urljoin(base, link)
    except ValueError:
        return ""
    return joined if _split(joined) else ""


def with_query(url: str, pair: str, fragment: str = "") -> str:
    """Return a normalised address with one more query parameter, and with a fragment if given."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}{pair}" + (f"#{fragment}" if fragment else "")


def believed(claimed: str, answered: str) -> bool:
    """Return whether a page that came from `answered` may claim `claimed` as its address.

    It may within its own site (its registrable domain by the public suffix list). A page that came
    from no host (a file) has no address to check the claim against, and is believed.
    """
    if not claimed or _split(claimed) is None:
        return False
    if _split(answered) is None:
        return True
    return same_site(claimed, answered)


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses share a registrable domain, by the public suffix list.

    IP addresses and names without a dot match only themselves.
    """
    first, second = host(one), host(other)
    if not first or not second:
        return False
    if first == second:
        return True
    if _stands_alone(first) or _stands_alone(second):
        return False
    site = _suffixes().privatesuffix(first)
    return site is not None and site == _suffixes().privatesuffix(second)


def is_within(url: str, page: str) -> bool:
    """Return whether the path of `url` is that of `page` or lies below it; hosts are ignored."""
    try:
        there, here = urlsplit(url).path.rstrip("/"), urlsplit(page).path.rstrip("/")
    except ValueError:
        return False
    return bool(url) and (there == here or (bool(here) and there.startswith(f"{here}/")))


@lru_cache(maxsize=1024)
def host(url: str) -> str:
    """Return the host of an http or https address, lower-case, without final dot; else ""."""
    parts = _split(url)
    return (parts.hostname or "").lower().rstrip(".") if parts else ""


@lru_cache(maxsize=1024)  # a page's own address is split again for each of its links
def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _WEB and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None


def _netloc(parts: SplitResult) -> str:
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    port = parts.port
    return name if port in {None, _WEB[parts.scheme]} else f"{name}:{port}"


def _identifies(pair: str) -> bool:
    name = pair.partition("=")[0]
    return name not in _NOT_IDENTITY and not name.startswith(_CAMPAIGN)


def _stands_alone(name: str) -> bool:
    if "." not in name:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    # Reading the list takes some 50 ms, and most pages never need it.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList()
