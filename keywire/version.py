"""The version of the installed keywire."""

from importlib.metadata import PackageNotFoundError, version


def number() -> str:
    """Return the installed version; "0" where keywire runs without being installed."""
    try:
        return version("keywire")
    except PackageNotFoundError:
        return "0"


def user_agent(name: str) -> str:
    """Return the User-Agent to send: `name`, or keywire with its version for "keywire"."""
    return f"keywire/{number()}" if name == "keywire" else name
