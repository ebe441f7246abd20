"""In a group: who is heard, who only gets a kind word, and what nobody gets."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from conversation.actions import action
from conversation.asked import Asked
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupJoined,
    GroupReopened,
    Sender,
    Started,
    TextReceived,
    Unsupported,
)
from conversation.group_router import GroupOtherwise, GroupRouter
from conversation.handler import Command, Context, Handler, Stale, Step
from tests.support.talk import START

MENU = Asked(labels=("An toàn trên mạng", "Thanh toán an toàn"), actions=("khoa:a", "khoa:b"))


class Answers:
    """Functions that only remember that they were asked."""

    def __init__(self) -> None:
        self.called: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Step]]:
        async def remember(_context: Context, *arguments: object) -> Step:
            self.called.append((name, *arguments))
            return Step()

        return remember


def router(answers: Answers) -> GroupRouter:
    async def may(context: Context) -> bool:
        return context.sender is not None and context.sender.is_admin

    async def khoa(_context: Context, slug: str) -> Step:
        answers.called.append(("khoa", slug))
        return Step()

    async def gone(_context: Context) -> Step:
        raise Stale

    handler = Handler(
        name="group",
        group_commands=(
            Command("bai", "Gửi bài", answers.bai, words=("bài", "gửi bài")),
            Command("lich", "Lịch", answers.lich, words=("lịch",)),
        ),
        group_actions={"khoa": khoa, "gone": gone},
    )
    names = ("joined", "spoken_to", "how_to", "secret", "urgent")
    otherwise = GroupOtherwise(
        **{name: getattr(answers, name) for name in names},
        may_command=may,
        is_urgent=lambda text: "cuu" in text,
    )
    return GroupRouter((handler,), otherwise)


def context(*, is_admin: bool) -> Context:
    values: dict[str, Any] = dict.fromkeys(Context.__dataclass_fields__)
    sender = Sender("7", is_admin=is_admin)
    return Context(**{**values, "asked": MENU, "now": START, "sender": sender})


@pytest.mark.parametrize(
    ("event", "commander", "others"),
    [
        (CommandReceived("bai", "otp là gì"), ("bai", "otp là gì"), ("spoken_to",)),
        (CommandReceived("hoc"), ("spoken_to",), ("spoken_to",)),
        (CommandReceived("bai", "079203001234"), ("secret",), ("secret",)),
        (Chosen(action("khoa", "a")), ("khoa", "a"), None),
        (Chosen(action("khoa")), ("how_to",), None),
        (Chosen(action("gone")), ("how_to",), None),
        (Chosen(action("learn")), None, None),
        (TextReceived("2"), ("khoa", "b"), ("spoken_to",)),
        (TextReceived("an toan tren mang"), ("khoa", "a"), ("spoken_to",)),
        (TextReceived("gửi bài nha"), ("bai", ""), ("spoken_to",)),
        (
            TextReceived("lịch tối thứ 2 lúc 19:30"),
            ("lich", "lịch tối thứ 2 lúc 19:30"),
            ("spoken_to",),
        ),
        (TextReceived("khỏe không con"), ("how_to",), ("spoken_to",)),
        (TextReceived("cuu toi"), ("urgent",), ("urgent",)),
        (TextReceived("căn cước tui 079203001234"), ("secret",), ("secret",)),
        (Started("hoc-x"), ("spoken_to",), ("spoken_to",)),
        (Unsupported("other"), ("spoken_to",), ("spoken_to",)),
        (GroupJoined("Ấp 3"), ("joined", "Ấp 3"), ("joined", "Ấp 3")),
        (GroupReopened(), None, None),
    ],
    ids=str,
)
async def test_in_a_group_an_event_is_answered_by(
    event: Event, commander: tuple[object, ...] | None, others: tuple[object, ...] | None
) -> None:
    heard = []
    for is_admin in (True, False):
        answers = Answers()
        await router(answers).answer(context(is_admin=is_admin), event)
        heard.append(answers.called)

    assert heard == [[commander] if commander else [], [others] if others else []]


def test_two_that_claim_the_same_command_stop_the_start() -> None:
    answers = Answers()
    command = Command("bai", "Gửi bài", answers.bai)
    handler = Handler(name="twice", group_commands=(command, command))
    names = ("joined", "spoken_to", "how_to", "secret", "urgent", "may_command")
    otherwise: Any = {name: getattr(answers, name) for name in names}

    with pytest.raises(ValueError, match="claimed twice: 'bai'"):
        GroupRouter((handler,), GroupOtherwise(**otherwise, is_urgent=lambda _: False))
