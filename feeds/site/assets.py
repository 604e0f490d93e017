"""The static files of pages, at addresses that name their content.

Such an address never shows anything else, so that it may be kept for ever (RFC 9111 §5.2.2.1;
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
    """The files by their paths, and the path of each by its name."""

    documents: Mapping[str, Document]
    paths: Mapping[str, str]


def load_assets() -> Assets:
    """Read the files that came with the package."""
    documents, paths = {}, {}
    for name, media_type in _TYPES.items():
        body = (_FOLDER / name).read_bytes()
        stem, _, end = name.rpartition(".")
        path = f"/static/{stem}.{sha256(body).hexdigest()[:12]}.{end}"
        documents[path] = make_document(body, media_type, gzipped=True, constant=_FOR_EVER)
        paths[name] = path
    return Assets(documents, paths)
