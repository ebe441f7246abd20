"""Whose certificates are believed, for every client that calls a platform."""

import ssl
from functools import cache

import certifi


@cache
def tls() -> ssl.SSLContext:
    """The system's certificates and certifi's: not every system has any where Python looks.

    Reading them takes longer than anything else at start, so once is enough.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
