"""The fake server is strict where Telegram is; else the other tests would prove little."""

from typing import Any

import pytest

from tests.support.telegram_rules import Refused, check


def line(text: str, **more: Any) -> dict[str, Any]:
    return {"chat_id": "7", "text": text, "parse_mode": "HTML", **more}


def button(text: str, data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data}]]}


def poll(**changes: Any) -> dict[str, Any]:
    options = [{"text": "a"}, {"text": "b"}]
    quiz = {"type": "quiz", "correct_option_ids": [0]}
    return {"chat_id": "7", "question": "q", "options": options, **quiz, **changes}


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", line("&lt;" * 4096)),
        ("sendMessage", line("<b>a</b>", reply_markup=button("b", "d" * 64))),
        ("sendPoll", poll(question="q" * 300, explanation="a\nb\nc")),
    ],
)
def test_what_telegram_takes_is_taken(method: str, parameters: dict[str, Any]) -> None:
    check(method, parameters)


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"chat_id": "7"}),
        ("sendMessage", line("a", colour="red")),
        ("sendMessage", line(" ")),
        ("sendMessage", line("a" * 4097)),
        ("sendMessage", line("<b>a")),
        ("sendMessage", line("<b>a</i>")),
        ("sendMessage", line("a</b>")),
        ("sendMessage", line("<h1>a</h1>")),
        ("sendMessage", line("a", reply_markup=button("b", "đ" * 33))),
        ("sendMessage", line("a", reply_markup=button("b", ""))),
        ("sendMessage", line("a", reply_markup=button("", "d"))),
        ("sendPhoto", {"chat_id": "7", "photo": b"", "caption": "a" * 1025}),
        ("sendPoll", poll(question="q" * 301)),
        ("sendPoll", poll(options=[{"text": "a" * 101}])),
        ("sendPoll", poll(options=[])),
        ("sendPoll", poll(options=[{"text": "a"}] * 13)),
        ("sendPoll", poll(correct_option_ids=[2])),
        ("sendPoll", poll(correct_option_ids=[])),
        ("sendPoll", poll(explanation="a" * 201)),
        ("sendPoll", poll(explanation="a\nb\nc\nd")),
        ("setMyCommands", {"commands": [{"command": "Hoc", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "hoc", "description": ""}]}),
        ("setMyDescription", {"description": "a" * 513}),
        ("setMyShortDescription", {"short_description": "a" * 121}),
        ("setWebhook", {"url": "http://hocso.example.vn"}),
    ],
)
def test_what_telegram_refuses_is_refused(method: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check(method, parameters)
