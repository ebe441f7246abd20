"""Help: what the tutor can do, who it is, and a person to turn to."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from handlers.buttons import LEARN, NEXT, PERSON, PROGRESS, button, onward


async def show_help(context: Context) -> Step:
    return step(
        context.say(
            "help.help",
            button(context, "menu.next", NEXT),
            button(context, "menu.learn", LEARN),
            button(context, "menu.progress", PROGRESS),
            button(context, "menu.person", PERSON),
            commands=[command for command in context.commands if command.in_menu],
        )
    )


async def show_identity(context: Context) -> Step:
    """The identity card, which anybody may read before agreeing to anything."""
    if context.learner.consented_at is None:
        return step(context.say("help.identity", button(context, "start.agree", action("agree"))))
    return step(context.say("help.identity", *onward(context)))


async def show_person(context: Context) -> Step:
    person = context.say(
        "help.person",
        place=context.rules.support_place,
        phone=context.rules.support_phone,
    )
    if context.learner.consented_at is None:
        return step(person)
    return step(
        context.say(
            "help.person",
            *onward(context),
            place=context.rules.support_place,
            phone=context.rules.support_phone,
        )
    )


async def _help(context: Context, argument: str) -> Step:
    del argument
    return await show_help(context)


async def _identity(context: Context, argument: str) -> Step:
    del argument
    return await show_identity(context)


async def _person(context: Context, argument: str) -> Step:
    del argument
    return await show_person(context)


HANDLER = Handler(
    name="help",
    commands=(
        Command(
            "nguoi",
            "Gặp người hỗ trợ",
            _person,
            words=(
                "0", "số 0", "không hiểu gì hết", "gặp người", "gặp người hỗ trợ", "gặp người thật",
                "cần người giúp", "hỗ trợ", "người thật",
            ),
            open=True,
        ),
        Command(
            "botla",
            "Học Số là ai, kiểm tra thế nào",
            _identity,
            words=("bot là ai", "bạn là ai", "mày là ai", "ai vậy", "học số là ai", "có phải lừa đảo không", "bot là gì", "con là ai", "cháu là ai", "em là ai"),
            open=True,
        ),
        Command(
            "trogiup",
            "Xem cách dùng",
            _help,
            words=("trợ giúp", "giúp", "giúp tôi", "giúp với", "help", "menu", "hướng dẫn", "cách dùng", "làm sao", "lệnh"),
        ),
    ),
    actions={"help": show_help},
    open_actions={"identity": show_identity, "person": show_person},
)  # fmt: skip
