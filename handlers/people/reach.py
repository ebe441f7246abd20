"""Whether a link can be given to others, or opens on this machine only."""

from urllib.parse import urlsplit

_HERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - only compared


def reaches_others(link: str) -> bool:
    return urlsplit(link).hostname not in _HERE
