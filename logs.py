"""What the log may hold: event ids and reasons, never a learner's words and never a secret."""

import asyncio
import logging
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import quote, unquote, urlsplit

_HIDDEN = "•••"
# Everything else, libraries all, speaks from WARNING up: at DEBUG they write the addresses
# they call, with the token inside, and what learners typed.
_OURS = (
    "authoring", "channels", "conversation", "dashboard", "handlers", "hocso", "lessons", "outbox",
    "pictures", "quizzes", "screens", "storage", "templates",
)  # fmt: skip
# What these say is about code, files and tables. Others, a ValueError say, may quote what
# they choked on, and that may be what a learner typed.
_HARMLESS = (
    AttributeError, ImportError, MemoryError, NameError, OSError, RuntimeError, sqlite3.Error,
)  # fmt: skip

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Redacted(logging.Formatter):
    """One line for each record, with every known secret taken out, tracebacks included.

    Of an exception that is not ours only its kind and its place are written.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        spelt = {form for secret in secrets for form in _spellings(secret) if len(form) >= 4}
        self._secrets = sorted(spelt, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's words for it
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return line

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's own name
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to stderr from ``level`` up, and send there whatever nobody caught."""
    handler = _Handler()
    handler.setFormatter(Redacted(secrets))
    quiet = max(logging.WARNING, logging.getLevelName(level))
    logging.basicConfig(level=quiet, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda fault: _log_fault("in a destructor", fault.exc_value)
    threading.excepthook = lambda fault: _log_fault("in a thread", fault.exc_value)


def log_loop_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An event loop's exception handler: asyncio's own writes whole exceptions into its line."""
    _log_fault(str(context.get("message", "in the event loop")), context.get("exception"))


class _Handler(logging.StreamHandler[Any]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """A line that cannot be written: logging's own way prints all that was to be in it."""
        self.stream.write(f"a log line of {record.name}:{record.lineno} cannot be written\n")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del kind, trace
    _log_fault("not caught", error)


def _log_fault(where: str, error: BaseException | None) -> None:
    logging.getLogger("hocso").error("%s", where, exc_info=error)


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it may stand in a log: itself, in a URL, and the password of a URL alone."""
    yield from (secret, unquote(secret), quote(secret, safe=""))
    if "://" in secret:
        try:
            password = urlsplit(secret).password or ""
        except ValueError:
            return
        yield from (password, unquote(password))


def _told(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The error after those that led to it: where each was raised, and what it is.

    One that leads back to itself is told once: a log that cannot end stops the tutor.
    """
    seen |= {id(error)}
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield "which led to"
    yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
    kind = type(error)
    own = kind.__module__.partition(".")[0] in _OURS
    said = f": {error}" if own or isinstance(error, _HARMLESS) else ""
    yield f"{kind.__module__}.{kind.__qualname__}{said}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _told(one, seen)
