"""The trusted certificate authorities: certifi's list, the same on every machine."""

import ssl

import certifi


def trusted() -> ssl.SSLContext:
    """Return a new TLS context that trusts certifi's list; each one takes half a megabyte."""
    return ssl.create_default_context(cafile=certifi.where())
