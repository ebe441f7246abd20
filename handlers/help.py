"""Help: what the tutor can do, who it is, and a person to turn to."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from handlers import lesson
from handlers.buttons import LEARN, NEXT, PERSON, PROGRESS, ask_for_help, button, onward
from handlers.fallback import then_again
from handlers.find import FIRST_HOUR
from handlers.people.grants import grants_of
from handlers.support.items import is_item, lesson_item
from people.roles import may_anywhere
from storage import cases, progress


async def show_help(context: Context) -> Step:
    grants = await grants_of(context)
    return step(
        context.say(
            "help.help",
            button(context, "menu.next", NEXT),
            button(context, "menu.learn", LEARN),
            button(context, "menu.progress", PROGRESS),
            button(context, "menu.first_hour", action("lesson", FIRST_HOUR)),
            button(context, "menu.person", PERSON),
            commands=[command for command in context.commands if command.in_menu],
            of_staff=[
                command
                for command in context.commands
                if command.deed and may_anywhere(grants, command.deed, context.now)
            ],
        )
    )


async def show_identity(context: Context) -> Step:
    """The identity card, which anybody may read before agreeing to anything."""
    return step(context.say("help.identity", *onward(context), exact=context.is_stranger))


async def show_person(context: Context) -> Step:
    """Where to go; and, for who agreed to be remembered, somebody who comes, or how that stands."""
    buttons = list(onward(context))
    if not context.is_stranger:
        mine = await cases.open_of_learner(context.connection, context.learner.id)
        asked = [case for case in mine if case.shared_at is not None]
        if asked:
            there = action("case_mine", asked[-1].id)
            buttons.insert(0, button(context, "support.how_it_stands", there))
        else:
            buttons.insert(0, ask_for_help(context, await _current_item(context)))
    return step(
        context.say(
            "help.person",
            *buttons,
            exact=context.is_stranger,
            place=context.rules.support_place,
            phone=context.rules.support_phone,
        )
    )


async def _current_item(context: Context) -> str:
    """The lesson they are at, which they most likely mean; "" for none."""
    learnt = await progress.of_learner(context.connection, context.learner.id)
    begun = [row for row in learnt.values() if row.done_at is None or row.practice == lesson.STUCK]
    if not begun:
        return ""
    item = lesson_item(max(begun, key=lambda row: row.updated_at).lesson)
    return item if is_item(context, item) else ""


async def _help(context: Context, argument: str) -> Step:
    del argument
    return await show_help(context)


async def _identity(context: Context, argument: str) -> Step:
    del argument
    return await show_identity(context)


async def _person(context: Context, argument: str) -> Step:
    del argument
    return await show_person(context)


async def _thanks(context: Context, argument: str) -> Step:
    del argument
    return await then_again(context, context.say("help.thanks"))


HANDLER = Handler(
    name="help",
    commands=(
        Command(
            "nguoi",
            "Gặp người hỗ trợ",
            _person,
            words=(
                "0", "số 0", "không hiểu gì hết", "gặp người", "gặp người hỗ trợ", "gặp người thật",
                "cần người giúp", "hỗ trợ", "người thật", "người thật đâu", "gọi người",
                "chưa làm được", "làm không được", "làm hông được", "bấm nhầm rồi", "bấm lộn rồi",
                "bấm nhầm quá", "sợ bấm nhầm",
            ),
            open=True,
        ),
        Command(
            "botla",
            "Học Số là ai, kiểm tra thế nào",
            _identity,
            words=("bot là ai", "bạn là ai", "mày là ai", "ai vậy", "học số là ai", "có phải lừa đảo không", "bot là gì", "con là ai", "cháu là ai", "em là ai", "có phải người thật không", "người hay máy",
                "là người hay máy", "có tốn tiền không", "có mất tiền không", "có thu tiền không",
                "miễn phí không", "có phải công an không", "của ai vậy"),
            open=True,
        ),
        Command(
            "trogiup",
            "Xem cách dùng",
            _help,
            words=("trợ giúp", "giúp", "giúp tôi", "giúp với", "help", "menu", "hướng dẫn", "cách dùng", "làm sao", "lệnh"),
        ),
        Command(
            "camon",
            "Nói lời cảm ơn",
            _thanks,
            words=(
                "cảm ơn", "cảm ơn con", "cảm ơn cháu", "cảm ơn em", "cảm ơn bạn", "cảm ơn nha",
                "cảm ơn con nha", "cảm ơn con nhiều", "cảm ơn nhiều",
            ),
            in_menu=False,
        ),
    ),
    actions={"help": show_help},
    open_actions={"identity": show_identity, "person": show_person},
)  # fmt: skip
