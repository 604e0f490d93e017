"""Check that keywire's libraries are installed, and that packages under its names are its own."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from keywire.commands.doctor.finding import Finding, bad, good
from keywire.commands.ownership import find_strangers
from keywire.version import number

_SOME_LIBRARIES = ("httpx", "selectolax", "sqlalchemy", "uvicorn")


def examine_installation() -> Iterator[Finding]:
    """Report versions, missing libraries, and foreign packages under keywire's names."""
    missing = [name for name in _libraries() if _version(name) is None]
    some = ", ".join(f"{name} {_version(name)}" for name in _SOME_LIBRARIES)
    yield good("versions", f"keywire {number()}, Python {platform.python_version()}, {some}")
    if missing:
        yield bad(
            "libraries", f"{', '.join(missing)} not installed, which keywire needs; install it anew"
        )
    strangers = find_strangers()
    for told in strangers:
        yield bad("packages", told)
    if not strangers:
        yield good("packages", "keywire, scraper, store and feeds are keywire's own")


def _libraries() -> list[str]:
    """Return the distributions that keywire always needs; [] where it is not installed."""
    try:
        lines = requires("keywire") or []
    except PackageNotFoundError:
        return []
    plain = (line for line in lines if ";" not in line)
    return [_name_of(line) for line in plain]


def _name_of(requirement: str) -> str:
    end = next(
        (n for n, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")), None
    )
    return requirement[:end]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
