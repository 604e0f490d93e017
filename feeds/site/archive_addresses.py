"""Read and write the addresses of archive documents.

`/feeds/<topic>/archive/2026-05-04.atom` is a day's first volume, `2026-05-04-2` its second.
"""

import re
from datetime import date

from store.archive.sealed import ArchiveName
from store.topics import TOPIC_NAME, Selection

_PATH = re.compile(
    rf"/feeds/(?P<topic>{TOPIC_NAME.pattern})(?:/(?P<selection>key-events|summaries))?"
    r"/archive/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:-(?P<volume>[2-9]|[1-9][0-9]{1,8}))?\.atom"
)


def read_path(path: str) -> ArchiveName | None:
    """Return the archive document that a path names; None for any other path."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return None
    selection = Selection(found["selection"] or Selection.ALL.value)
    return ArchiveName(found["topic"], day, int(found["volume"] or 1), selection)


def target_of(name: ArchiveName) -> str:
    """Return the path of an archive document."""
    part = "" if name.selection is Selection.ALL else f"/{name.selection.value}"
    volume = "" if name.volume == 1 else f"-{name.volume}"
    return f"/feeds/{name.topic}{part}/archive/{name.day}{volume}.atom"
