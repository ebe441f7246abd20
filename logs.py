"""What the log may hold: event ids and reasons, never a learner's words and never a secret."""

import logging
from collections.abc import Iterable

_HIDDEN = "•••"


class _Redacted(logging.Formatter):
    """Takes every known secret out of a finished line, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return line


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to stderr from ``level`` up. Libraries that log tokens or learners' words stay quiet."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacted(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in (
        "aiosqlite", "alembic",
        "httpx",
        "httpcore",
        "telegram",
        "apscheduler",
        "aiohttp.access",
        "asyncio",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
