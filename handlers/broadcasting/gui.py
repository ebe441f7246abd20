"""``/gui``: a text to all learners of a class or a place, from choosing them to the report."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import Button
from handlers.broadcasting import audience, following, sending, writing
from handlers.broadcasting.drafts import DEED, may_approve, whom_said
from handlers.broadcasting.refusing import welcome
from handlers.buttons import button
from handlers.people.grants import granted
from outbox.broadcasts import REPORT
from storage import broadcasts

_MOST_SHOWN = 5
# So many of a whole province go out at once at most.
_MOST_RUNNING = 200


async def home(context: Context) -> Step:
    """A new one, one's last few, and what others are sending here: it can be stopped."""
    await granted(context, DEED)
    sent = await broadcasts.by_sender(context.connection, context.learner.id, _MOST_SHOWN)
    buttons = [button(context, "broadcast.new", action("gui_new"))]
    others = [
        one
        for one in await broadcasts.running(context.connection, _MOST_RUNNING)
        if await may_approve(context, one)
    ]
    for one in sent + others[:_MOST_SHOWN]:
        label = context.text(
            "broadcast.entry",
            day=(one.confirmed_at or one.created_at)
            .astimezone(context.rules.spacing.zone)
            .strftime("%d/%m"),
            whom=await whom_said(context, one),
            state=one.state,
        )
        buttons.append(Button(label.unescape(), action("gui_one", one.id)))
    return step(context.say("broadcast.home", *buttons, is_first=not sent))


async def _home(context: Context, argument: str) -> Step:
    del argument
    return await home(context)


async def _welcome(context: Context, argument: str) -> Step:
    del argument
    return await welcome(context)


HANDLER = Handler(
    name="gui",
    commands=(
        Command(
            "gui",
            "Gửi tin chung cho bà con trong lớp",
            _home,
            words=("gửi tin chung", "gửi tin", "gửi thông báo", "tin chung", "thông báo cho lớp"),
            in_menu=False,
            deed=DEED,
        ),
        Command(
            "nhantin",
            "Nhận lại tin chung của lớp",
            _welcome,
            words=("nhận tin chung", "nhận lại tin chung", "nhận tin lại"),
            in_menu=False,
        ),
    ),
    actions={
        "gui": home,
        "gui_new": audience.whom,
        "gui_class": audience.to_class,
        "gui_place": audience.to_place,
        "gui_courses": audience.ask_course,
        "gui_course": audience.ask_place,
        "gui_communes": audience.ask_commune,
        "gui_hamlets": audience.ask_hamlet,
        "gui_write": writing.ask_words_for,
        "gui_ready": writing.take_ready,
        "gui_drop": writing.drop,
        "gui_send": sending.send,
        "gui_look": sending.look,
        "gui_agree": sending.agree,
        "gui_decline": sending.decline,
        "gui_one": following.show,
        "gui_stop": following.stop,
        "gui_again": welcome,
    },
    words={
        "gui_words": writing.take_words,
        "gui_detail": writing.take_detail,
        "gui_in": audience.take_commune,
    },
    timers={REPORT: following.ring, sending.ASK: sending.ring},
)
