"""The static files of pages, at addresses that contain a hash of the content.

The content at such an address never changes, so caches may keep it for ever (RFC 9111 §5.2.2.1;
RFC 8246: immutable). Another version has another address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from feeds.site.documents import Document, constant_headers, make_document

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    "keywire.css": "text/css; charset=utf-8",
    "keywire.svg": "image/svg+xml",
    "live.js": "text/javascript; charset=utf-8",
}
_FOR_EVER = constant_headers(cached=b"public, max-age=31536000, immutable")


@dataclass(frozen=True, slots=True)
class Assets:
    """The files as documents by their URL paths, and these paths by the files' names."""

    documents: Mapping[str, Document]
    paths: Mapping[str, str]


def load_assets() -> Assets:
    """Read the static files of the package and return them."""
    documents, paths = {}, {}
    for name, media_type in _TYPES.items():
        body = (_FOLDER / name).read_bytes()
        stem, _, end = name.rpartition(".")
        path = f"/static/{stem}.{sha256(body).hexdigest()[:12]}.{end}"
        documents[path] = make_document(body, media_type, gzipped=True, constant=_FOR_EVER)
        paths[name] = path
    return Assets(documents, paths)
