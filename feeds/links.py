"""Make publishers' addresses valid URIs for a feed; those that cannot be become ""."""

import re
from urllib.parse import quote

from feeds.xml import scrub

# Fast path: most addresses have no character that would have to be encoded.
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9._-]+(?::[0-9]{1,5})?"
    r"(?:[/?][\w.~!$&'()*+,;=:@/?-]*)?(?:#[\w.~!$&'()*+,;=:@/?-]*)?",
    re.ASCII,
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/?#:@\[\]\\%\s]+)(?P<port>(?::[0-9]{1,5})?)"
    r"(?P<rest>(?:[/?][^#]*)?)(?:#(?P<fragment>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(r"\[.+\]|[a-z0-9._-]+", re.IGNORECASE)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LEGAL = "!$&'()*+,;=:@/?%~"


def web_url(text: str) -> str:
    """Return `text` as an absolute http(s) URI (RFC 3986), or "" where it cannot be one.

    A valid URI comes back unchanged. Characters that a URI cannot hold are percent-encoded, an
    international host name becomes ASCII. An address with credentials gives "".
    """
    if _PLAIN_URL.fullmatch(text):
        return text
    found = _URL.fullmatch(scrub(text).strip())
    if not found:
        return ""
    name = _ascii_host(found["host"])
    if not name:
        return ""
    url = f"{found['scheme']}://{name}{found['port']}{_encode(found['rest'])}"
    return url if found["fragment"] is None else f"{url}#{_encode(found['fragment'])}"


def host(url: str) -> str:
    """Return the host of a web address in lower case, without "www."; "" for any other text."""
    found = _URL.fullmatch(scrub(url).strip())
    return found["host"].lower().removeprefix("www.") if found else ""


def _ascii_host(name: str) -> str:
    if name.isascii():
        return name if _HOST.fullmatch(name) else ""
    try:
        encoded = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return encoded if _HOST.fullmatch(encoded) else ""


def _encode(part: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", part), safe=_LEGAL)
