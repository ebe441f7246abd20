"""No secret and no learner's word leaves through the log, whoever wrote the line."""

import asyncio
import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from logs import log_loop_fault, set_up_logging
from storage.errors import DatabaseBusy

TOKEN = "4242:geheim-token"
URL = "postgresql://hoc:m%40t-kh%E1%BA%A9u@db.example.vn/hoc"
WORDS = "con gái tui bị lừa mất tiền"


class Said(io.StringIO):
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    root, levels = logging.getLogger(), {}
    for name in ("outbox", "channels", "hocso", "httpx"):
        levels[name] = logging.getLogger(name).level
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    said = Said()
    monkeypatch.setattr(sys, "stderr", said)
    set_up_logging("DEBUG", [TOKEN, "", URL])
    yield said
    logging.captureWarnings(capture=False)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.mark.parametrize(
    "spelt", [TOKEN, "4242%3Ageheim-token", URL, "m%40t-kh%E1%BA%A9u", "m@t-khẩu"]
)
def test_a_secret_is_hidden_however_it_is_spelt(said: Said, spelt: str) -> None:
    logging.getLogger("outbox").debug("calling https://api/bot%s/getMe", spelt)
    logging.getLogger("httpx").error("failed", exc_info=OSError(f"no route to {spelt}"))

    assert said.lines()[0].endswith("DEBUG outbox: calling https://api/bot•••/getMe")
    assert said.lines()[-1] == "builtins.OSError: no route to •••"
    assert spelt not in said.getvalue()


def test_libraries_speak_from_warning_up(said: Said) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://api/bot")
    logging.getLogger("aiosqlite").debug(WORDS)
    logging.getLogger("apscheduler").warning("late")

    assert [line.split(" ", 2)[2] for line in said.lines()] == ["WARNING apscheduler: late"]


def test_of_an_exception_that_may_quote_a_learner_only_kind_and_place_are_written(
    said: Said,
) -> None:
    try:
        try:
            int(WORDS)
        except ValueError:
            raise DatabaseBusy from None
    except DatabaseBusy as busy:
        several = ExceptionGroup(WORDS, [KeyError(WORDS)])
        several.__cause__ = busy
    logging.getLogger("outbox").error("turn failed: telegram 77", exc_info=several)

    assert WORDS not in said.getvalue()
    assert [line for line in said.lines() if not line.startswith("  ")][1:] == [
        "storage.errors.DatabaseBusy: Cơ sở dữ liệu đang bận. Hãy đợi một lát rồi thử lại.",
        "which led to",
        "builtins.ExceptionGroup",
        "builtins.KeyError",
    ]


def test_an_error_that_leads_back_to_itself_is_told_once(said: Said) -> None:
    error, other = DatabaseBusy(), KeyError(WORDS)
    error.__cause__, other.__cause__ = other, error
    alone = KeyError(WORDS)
    alone.__cause__ = alone
    logging.getLogger("outbox").error("failed", exc_info=error)
    logging.getLogger("outbox").error("failed", exc_info=alone)

    assert [line for line in said.lines() if "ERROR" not in line] == [
        "builtins.KeyError",
        "which led to",
        "storage.errors.DatabaseBusy: Cơ sở dữ liệu đang bận. Hãy đợi một lát rồi thử lại.",
        "builtins.KeyError",
    ]


async def test_a_task_that_nobody_awaited_is_told_without_its_words(said: Said) -> None:
    log_loop_fault(
        asyncio.get_running_loop(),
        {"message": "Task exception was never retrieved", "exception": ValueError(WORDS)},
    )

    assert [line.split(" ", 2)[2] for line in said.lines()[:1]] == [
        "ERROR hocso: Task exception was never retrieved"
    ]
    assert said.lines()[1:] == ["builtins.ValueError"]


def test_what_nobody_caught_goes_the_same_way(said: Said) -> None:
    error = ValueError(f"{WORDS} {TOKEN}")
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=int, args=(WORDS,))
    thread.start()
    thread.join()

    assert (WORDS in said.getvalue(), TOKEN in said.getvalue()) == (False, False)
    assert said.getvalue().count("builtins.ValueError") == 2


def test_a_line_that_cannot_be_written_is_not_printed_with_its_arguments(said: Said) -> None:
    record = logging.LogRecord("outbox", logging.ERROR, "x.py", 1, "%d", (WORDS,), None)
    (handler,) = (h for h in logging.getLogger().handlers if type(h).__module__ == "logs")
    handler.handle(record)

    assert WORDS not in said.getvalue()
    assert said.lines()[0].startswith("a log line of outbox:")
