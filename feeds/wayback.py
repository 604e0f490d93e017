"""Link to the Wayback Machine's copy of a page at the time when a revision was seen."""

from typing import Final

from store.entry import Provenance

MACHINE: Final = "https://web.archive.org/web"


def wayback_link(seen: Provenance) -> str:
    """Return the Wayback Machine's address for the moment at which `seen.page_url` was fetched.

    It leads to the capture nearest in time, if there is any: `/web/<yyyymmddhhmmss>/<url>`, UTC.
    Return "" where `page_url` is not a web address, such as that of a file.
    """
    if not seen.page_url.startswith(("https://", "http://")):
        return ""
    return f"{MACHINE}/{seen.fetched_at:%Y%m%d%H%M%S}/{seen.page_url}"
