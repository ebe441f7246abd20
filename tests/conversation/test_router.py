"""Which handler answers which event, and in which order words are held against things."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from conversation.actions import action
from conversation.asked import Asked
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from conversation.group_router import GroupOtherwise
from conversation.handler import Command, Context, Denied, Handler, Stale, Step
from conversation.router import Otherwise, Router
from storage.learners import Learner
from tests.support.talk import START

STRANGER = Learner(1, "", None, "", START)
KNOWN = Learner(1, "bac", START, "1", START)
MENU = Asked(labels=("Học tiếp", "Chọn bài khác"), actions=("next", "learn"))


class Answers:
    """Functions that only remember that they were asked."""

    def __init__(self) -> None:
        self.called: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Step]]:
        async def remember(_context: Context, *arguments: object) -> Step:
            self.called.append((name, *arguments))
            return Step()

        return remember


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def router(answers: Answers) -> Router:
    async def gone(_context: Context) -> Step:
        raise Stale

    async def staff(_context: Context) -> Step:
        raise Denied

    async def card(_context: Context, slug: str, place: str = "0") -> Step:
        answers.called.append(("card", slug, place))
        return Step()

    async def following(_context: Context) -> Step:
        answers.called.append(("next",))
        return Step()

    handler = Handler(
        name="all",
        commands=(
            Command("hoc", "Học", answers.hoc, words=("học", "học bài")),
            Command("desau", "Để sau", answers.desau, words=("nghỉ đã",)),
            Command("roilop", "Rời lớp", answers.roilop, words=("rời lớp",), firm=True),
            Command("botla", "Là ai", answers.botla, words=("bot là ai",), open=True),
        ),
        actions={
            "next": following,
            "learn": answers.learn,
            "gone": gone,
            "card": card,
            "staff": staff,
        },
        open_actions={"agree": answers.agree},
    )
    otherwise = Otherwise(
        **{
            name: getattr(answers, name)
            for name in (
                "started", "not_agreed", "secret", "urgent", "ambiguous", "text", "stale",
                "denied", "unsupported", "code",
            )
        },
        group=_nothing_in_groups(),
        is_urgent=lambda text: "cuu" in text,
        code_in=lambda text: text if text.startswith("KMPR") else "",
    )  # fmt: skip
    return Router((handler,), otherwise)


def _nothing_in_groups() -> GroupOtherwise:
    async def silent(_context: Context, *_: object) -> Step:
        raise AssertionError("nothing came from a group")

    names = ("joined", "spoken_to", "how_to", "secret", "urgent", "may_command")
    return GroupOtherwise(**dict.fromkeys(names, cast("Any", silent)), is_urgent=lambda _: False)


def context(learner: Learner = KNOWN, asked: Asked = MENU) -> Context:
    values: dict[str, Any] = dict.fromkeys(Context.__dataclass_fields__)
    return Context(**{**values, "learner": learner, "asked": asked, "now": START})


@pytest.mark.parametrize(
    ("event", "called"),
    [
        (Started("hoc-a"), ("started", "hoc-a")),
        (CommandReceived("hoc", "gì đó"), ("hoc", "gì đó")),
        (CommandReceived("khong-co", "gì đó"), ("text", "khong-co gì đó")),
        (TextReceived("BOT LA AI"), ("botla", "")),
        (TextReceived("1"), ("next",)),
        (TextReceived("chọn bài khác"), ("learn",)),
        (TextReceived("1 hay 2"), ("ambiguous", (0, 1))),
        (TextReceived("2", quoted="Học tiếp"), ("ambiguous", (0, 1))),
        (TextReceived("nghi da"), ("desau", "")),
        (TextReceived("trời mưa"), ("text", "trời mưa")),
        (TextReceived("cuu toi voi 1"), ("urgent", "cuu toi voi 1")),
        (TextReceived("079203001234 cuu"), ("secret", "cccd")),
        (TextReceived("KMPR 7492"), ("code", "KMPR 7492")),
        (TextReceived("KMPR cuu"), ("urgent", "KMPR cuu")),
        (CommandReceived("linhtinh", "079203001234"), ("secret", "cccd")),
        (Chosen(action("learn")), ("learn",)),
        (Chosen(action("gone")), ("stale",)),
        (Chosen(action("staff")), ("denied",)),
        (Chosen(action("khong-ai-biet")), ("stale",)),
        (Chosen(action("next", "thua")), ("stale",)),
        (Chosen(action("card")), ("stale",)),
        (Chosen(action("card", "a", 1, 2)), ("stale",)),
        (Chosen(action("card", "a")), ("card", "a", "0")),
        (Unsupported("voice"), ("unsupported", "voice")),
    ],
    ids=str,
)
async def test_event_of_who_agreed_is_answered_by(
    event: Event, called: tuple[object, ...], router: Router, answers: Answers
) -> None:
    await router.answer(context(), event)

    assert answers.called == [called]


@pytest.mark.parametrize(
    ("event", "called"),
    [
        (Started(), ("started", "")),
        (CommandReceived("hoc"), ("not_agreed",)),
        (CommandReceived("botla"), ("botla", "")),
        (TextReceived("bot la ai"), ("botla", "")),
        (TextReceived("hoc bai"), ("not_agreed",)),
        (TextReceived("trời mưa"), ("not_agreed",)),
        (TextReceived("nghi da"), ("not_agreed",)),
        (TextReceived("1"), ("agree",)),
        (TextReceived("079203001234"), ("secret", "cccd")),
        (TextReceived("KMPR 7492"), ("code", "KMPR 7492")),
        (TextReceived("cuu toi voi"), ("urgent", "cuu toi voi")),
        (Chosen(action("agree")), ("agree",)),
        (Chosen(action("learn")), ("not_agreed",)),
        (Chosen(action("khong-ai-biet")), ("stale",)),
    ],
    ids=str,
)
async def test_event_of_who_has_not_agreed_is_answered_by(
    event: Event, called: tuple[object, ...], router: Router, answers: Answers
) -> None:
    consent = Asked(labels=("Đồng ý, vào học", "Chưa đồng ý"), actions=("agree", "learn"))

    await router.answer(context(STRANGER, consent), event)

    assert answers.called == [called]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("roi lop", ("roilop", "")),
        ("rời lớp", ("roilop", "")),
        ("xem lop nay", ("learn",)),
        ("1", ("learn",)),
        ("hoc bai", ("hoc", "")),
    ],
)
async def test_a_firm_command_is_no_choice_that_only_shares_a_word_with_it(
    router: Router, answers: Answers, text: str, called: tuple[object, ...]
) -> None:
    asked = Asked(labels=("Xem lớp này", "Thôi"), actions=("learn", "next"))

    await router.answer(context(asked=asked), TextReceived(text))

    assert answers.called == [called]


async def test_words_without_anything_asked_are_no_choice(router: Router, answers: Answers) -> None:
    await router.answer(context(asked=Asked()), TextReceived("1"))

    assert answers.called == [("text", "1")]


async def test_event_the_turn_keeps_to_itself_is_a_fault_here(router: Router) -> None:
    with pytest.raises(AssertionError):
        await router.answer(context(), Stopped())


@pytest.mark.parametrize(
    "second",
    [
        Handler(name="b", commands=(Command("hoc", "Khác", cast("Any", None)),)),
        Handler(name="b", commands=(Command("khac", "Khác", cast("Any", None), words=("HOC",)),)),
        Handler(name="b", actions={"next": cast("Any", None)}),
        Handler(name="b", open_actions={"next": cast("Any", None)}),
    ],
    ids=["command", "word without marks", "action", "open action"],
)
def test_name_claimed_twice_is_refused(second: Handler, router: Router) -> None:
    with pytest.raises(ValueError, match="claimed twice"):
        Router((*router.handlers, second), router._otherwise)


def test_commands_keep_the_order_of_their_handlers(router: Router) -> None:
    assert [command.name for command in router.commands] == ["hoc", "desau", "roilop", "botla"]
