"""Which addresses may be connected to, and how a URL must be spelled: pure, no name is resolved."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

import idna

from scraper.errors import AddressError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL: Final = 8_000  # RFC 9110 4.1 asks for at least this much
LONGEST_HOST: Final = 253  # RFC 1035 2.3.4, without the root's dot
HIGHEST_PORT: Final = 65_535
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

# The IANA special-purpose registries (RFC 6890 and its successors), and other networks that have no
# publisher's server. Python's own `is_private` and `is_global` differ from release to release.
_CLOSED: Final[tuple[tuple[Network, str], ...]] = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (carrier-grade NAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "private (local NAT64)"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # RFC 4291 2.4; the rest is not assigned
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052 2.1
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214 6.1
_LOW_32: Final = 0xFFFF_FFFF

# One strict form of a URL (RFC 3986 3); a URL that does not match is refused, never guessed at.
_URL: Final = re.compile(
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>.*)"
)
_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[0-9]*))?"
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL whose spelling permits a request; what its host resolves to is not checked yet.

    `url` is normalised and has no fragment; `host` is lower-case ASCII without brackets or final
    dot; `address` is set if the host is a literal address, else None.
    """

    url: str
    scheme: str
    host: str
    port: int
    address: Address | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454 4)."""
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """The host as a URL spells it, with the port unless it is the scheme's default."""
        return self.url.split("/", 3)[2]


@lru_cache(maxsize=4_096)
def check_url(url: str) -> Target:
    """Parse a URL strictly; raises AddressError if it is no plain http or https address.

    Odd spellings of hosts are normalised (case, IDNA, one final dot) or refused (octal, decimal,
    hex and short numbers, user information, backslashes, control characters).
    """
    spelled = url.strip(" ")
    _refuse_characters(url, spelled)
    parts = _URL.fullmatch(spelled)
    if parts is None:
        raise AddressError(url, "this is no web address", "write it as https://host/path")
    scheme = parts["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise AddressError(url, f"only http and https are read, not {scheme}")
    host, port, address = _read_authority(url, parts["authority"], DEFAULT_PORTS[scheme])
    rest = parts["rest"].partition("#")[0]
    shown = f"[{host}]" if ":" in host else host
    if port != DEFAULT_PORTS[scheme]:
        shown += f":{port}"
    path = rest if rest.startswith("/") else f"/{rest}"
    return Target(f"{scheme}://{shown}{path}", scheme, host, port, address)


def read_allowed(entries: Iterable[str]) -> tuple[Network, ...]:
    """Parse the addresses and networks of `fetch.allow_private`; ValueError for anything else."""
    return tuple(ip_network(entry.strip(), strict=False) for entry in entries)


def read_address(text: str) -> Address:
    """Parse a literal address; a scope is dropped, an IPv4-mapped address becomes IPv4.

    Raises ValueError for any other text.
    """
    return _unmapped(ip_address(text.partition("%")[0]))


def why_refused(address: Address, allow: Iterable[Network] = ()) -> str:
    """Return why an address may not be connected to; "" if it may.

    IPv4-mapped, 6to4, NAT64 and ISATAP addresses are judged by the IPv4 address embedded in them;
    Teredo and unassigned IPv6 space are refused outright. Addresses within `allow` are permitted.
    """
    address = _unmapped(address)
    if any(address in network for network in allow):
        return ""
    for network, kind in _CLOSED:
        if address in network:
            return f"{address} is a {kind} address"
    if isinstance(address, IPv4Address):
        return ""
    inner = _embedded(address)
    if inner is not None:
        reason = why_refused(inner)
        return f"{address} leads to {inner}: {reason}" if reason else ""
    return "" if address in _GLOBAL_UNICAST else f"{address} is not a public address"


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64 or (int(address) >> 32) & _LOW_32 in _ISATAP:
        return IPv4Address(int(address) & _LOW_32)
    return address.sixtofour


def _refuse_characters(url: str, spelled: str) -> None:
    if len(spelled) > LONGEST_URL:
        raise AddressError(url[:200], f"the address is longer than {LONGEST_URL} characters")
    if _CONTROL.search(spelled):
        raise AddressError(ascii(url), "the address holds control characters")
    if not spelled.isascii() and _SURROGATE.search(spelled):
        raise AddressError(ascii(url), "the address is not valid Unicode")
    if "\\" in re.split(r"[?#]", spelled, maxsplit=1)[0]:
        raise AddressError(url, "the address holds a backslash", "write / instead")


def _read_authority(url: str, authority: str, default: int) -> tuple[str, int, Address | None]:
    if "@" in authority:
        raise AddressError(
            _without_userinfo(url),
            "the address holds a user name or password",
            "give credentials as headers of the source",
        )
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise AddressError(url, "the host or port cannot be read")
    port = int(parts["port"][:6]) if parts["port"] else default
    if not 0 < port <= HIGHEST_PORT:
        raise AddressError(url, "the port is no port")
    if parts["six"]:
        return _read_six(url, parts["six"], port)
    host = _read_host(url, parts["host"])
    return host, port, _read_four(url, host)


def _read_six(url: str, text: str, port: int) -> tuple[str, int, Address]:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise AddressError(url, f"[{text}] is no IPv6 address") from None
    return str(address), port, address


def _read_host(url: str, host: str) -> str:
    if not host:
        raise AddressError(url, "the address has no host", "write it as https://host/path")
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        raise AddressError(url, "the host is no valid internationalised name") from None
    plain = plain.lower().removesuffix(".")
    if len(plain) > LONGEST_HOST or not all(map(_LABEL.fullmatch, plain.split("."))):
        raise AddressError(url, "the host is no valid name")
    return plain


def _read_four(url: str, host: str) -> IPv4Address | None:
    """Return a host's IPv4 address; None if its last label is no number (RFC 3986 3.2.2, 7.4).

    Raises AddressError for a numeric host that is not four plain decimal numbers.
    """
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return None
    try:
        return IPv4Address(host)
    except ValueError:
        raise AddressError(
            url, f"{host} is an address in an odd spelling", "write four decimal numbers"
        ) from None


def _without_userinfo(url: str) -> str:
    """Replace a URL's user information by "…": messages with the URL reach logs and pages."""
    return re.sub(r"//[^/?#]*@", "//…@", url, count=1)
