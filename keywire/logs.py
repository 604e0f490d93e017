"""Where the program's own log goes: stderr, one line an event."""

import logging


def set_up() -> None:
    """Log warnings and worse to stderr, with the time and where they came from."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
