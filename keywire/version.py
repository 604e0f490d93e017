"""Which keywire this is."""

from importlib.metadata import PackageNotFoundError, version


def number() -> str:
    """Return the installed version, "0" where keywire runs without being installed."""
    try:
        return version("keywire")
    except PackageNotFoundError:
        return "0"


def user_agent(name: str) -> str:
    """Return what we call ourselves to servers: the configured name, ours with its version."""
    return f"keywire/{number()}" if name == "keywire" else name
