"""Whose certificates are trusted: certifi's list, the same on every machine."""

import ssl

import certifi


def trusted() -> ssl.SSLContext:
    """Make the context of connections to the web; a second one costs half a megabyte."""
    return ssl.create_default_context(cafile=certifi.where())
