"""Check that the packages that Python finds under keywire's names are keywire's.

`store` and `feeds` are plain names, which another distribution in the same environment may have
taken. Only the standard library is used here: everything else may be what is broken.
"""

import importlib.util
from importlib.metadata import packages_distributions
from pathlib import Path

PACKAGES = ("keywire", "scraper", "store", "feeds")
_HOME = Path(__file__).resolve().parents[2]
_MEND = "install keywire into an environment of its own: uvx keywire, or pipx install keywire"


class InstallationError(Exception):
    """keywire cannot run as it is installed; `str()` is one line with the remedy."""


def check_places() -> None:
    """Raise InstallationError where Python finds another package under a name of keywire's."""
    for told in _misplaced():
        raise InstallationError(told)


def find_strangers() -> list[str]:
    """Return a line for each of our packages that is misplaced or also written by others.

    Reads the file list of every installed distribution.
    """
    owners = packages_distributions()
    mixed = [
        f"the package {name} is also written by {_join(others)}, so each may break the other; "
        f"{_MEND}"
        for name in PACKAGES
        if (others := sorted(set(owners.get(name, ())) - {"keywire"}))
    ]
    return list(_misplaced()) + mixed


def explain(error: Exception) -> str:
    """Return in one line how a broken installation led to an error; "" where it is sound."""
    if strangers := find_strangers():
        return f"{strangers[0]} ({type(error).__name__}: {error})"
    if isinstance(error, ModuleNotFoundError) and error.name:
        extra = error.name.partition(".")[0] == "psycopg"
        what = "keywire[postgresql]" if extra else "keywire"
        return f"{error.name} is not installed, which keywire needs; install {what} anew"
    return ""


def _misplaced() -> list[str]:
    return [told for name in PACKAGES if (told := _why_misplaced(name))]


def _why_misplaced(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None:
        return f"the package {name} is missing; install keywire anew"
    found = [Path(place).resolve() for place in spec.submodule_search_locations or ()]
    if found == [_HOME / name]:
        return ""
    where = found[0] if found else spec.origin
    owners = sorted(set(packages_distributions().get(name, ())) - {"keywire"})
    whose = f"is that of {_join(owners)}" if owners else "is not keywire's"
    return f"the package {name}, found at {where}, {whose}; {_MEND}"


def _join(names: list[str]) -> str:
    return " and ".join(names)
