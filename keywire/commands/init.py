"""`keywire init`: the configuration to begin with."""

from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "config.example.yaml"


class InitError(Exception):
    """No configuration was written; `str()` says why."""


def write(path: Path) -> None:
    """Write the commented example to `path`; raise InitError rather than overwrite anything."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise InitError(f"{path} is there already; it was left as it is") from None
    except OSError as error:
        raise InitError(f"{path} cannot be written: {error.strerror}") from None
