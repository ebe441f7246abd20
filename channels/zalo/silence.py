"""Keeping Zalo's tokens out of the log."""

import logging


def silence_libraries() -> None:
    """Httpx writes every address it calls at INFO, and httpcore every header at DEBUG."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
