"""Resting from reminders, and stopping them: one tap, or one word."""

from dataclasses import replace
from datetime import time, timedelta

from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.manners import at
from conversation.replies import preceded
from handlers.broadcasting import refusing
from handlers.buttons import NEXT, button, onward
from handlers.reminders import whose
from handlers.reminders.reminder import begin
from handlers.reminders.rhythm import AGAIN, known, plan, silence
from storage import broadcasts, notes, rhythms

# Days of silence, by what they are for.
_RESTS = {"week": 7, "family": 14}


async def again(context: Context) -> Step:
    """As it was before it was stopped, or before the rest is over; broadcasts too."""
    await broadcasts.welcome(context.connection, context.learner.id)
    return await begin(context, await known(context))


async def rest(context: Context, why: str) -> Step:
    """No reminder for a while; it comes back by itself."""
    if why not in _RESTS:
        raise Stale
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is None or rhythm.state == "off":
        return step(context.say(f"reminder.rest_without_{why}", *onward(context)))
    back = context.today + timedelta(_RESTS[why] + 1)
    rhythm = replace(
        rhythm,
        state="on",
        unanswered=0,
        is_skipping=False,
        rests_until_at=at(back, time(), context.zone),
    )
    await silence(context)
    due = await plan(context, rhythm)
    await rhythms.keep(context.connection, context.learner.id, rhythm)
    return step(
        context.say(
            f"reminder.rests_{why}",
            button(context, "menu.next", NEXT),
            button(context, "reminder.again", AGAIN),
            day=due.astimezone(context.zone).date(),
        )
    )


async def stop(context: Context) -> Step:
    """No reminder any more, not even one that waits to go out. Nothing that was learnt is lost."""
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    await silence(context)
    # "dừng" stands under a note and a broadcast too: nobody has to know which kind of line it was.
    had_notes = await notes.any_to(context.connection, context.learner.id)
    if had_notes:
        await notes.refuse(context.connection, context.learner.id, context.now)
    had_broadcasts = await refusing.refuse(context)
    if rhythm is None or rhythm.state == "off":
        if had_broadcasts:
            welcome = refusing.again(context)
            return step(context.say("broadcast.refused", *onward(context), welcome))
        if had_notes:
            return step(context.say("note.stopped", *onward(context)))
        return step(context.say("reminder.nothing_to_stop", *onward(context)))
    rhythm = replace(rhythm, state="off", rests_until_at=None, offered_at=context.now)
    await rhythms.keep(context.connection, context.learner.id, rhythm)
    said = context.say(
        "reminder.stopped",
        button(context, "menu.next", NEXT),
        button(context, "reminder.again", AGAIN),
        name=context.address.called if context.address.seat else "",
    )
    if had_broadcasts:
        said = preceded(context.text("broadcast.refused_too"), said)
    return step(said)


async def _stop(context: Context, argument: str) -> Step:
    """The word; on a telephone that is shared, whose is asked first."""
    del argument
    if whose.was_asked(context):
        return await whose.everybody(context, stop)
    return await whose.ask(context) or await stop(context)


async def _stop_one(context: Context, number: str) -> Step:
    return await whose.one(context, number, stop)


async def _stop_all(context: Context) -> Step:
    return await whose.everybody(context, stop)


async def _rest_week(context: Context, argument: str) -> Step:
    del argument
    return await rest(context, "week")


async def _rest_family(context: Context, argument: str) -> Step:
    del argument
    return await rest(context, "family")


HANDLER = Handler(
    name="stopping",
    commands=(
        Command(
            "dung",
            "Dừng nhắc",
            _stop,
            words=(
                "dừng", "dừng hẳn", "dừng nhắc", "dừng lại", "dừng nhắc nữa", "ngừng", "ngừng nhắc",
                "ngưng", "ngưng nhắc", "ngưng lại", "stop", "đừng", "đừng nhắc", "đừng nhắc nữa",
                "đừng nhắn", "đừng nhắn nữa", "đừng nhắn tin nữa", "đừng gửi", "đừng gửi nữa",
                "đừng gửi tin nữa", "đừng làm phiền", "thôi nhắc", "thôi đừng nhắc", "thôi đừng nhắc nữa",
                "thôi đừng nhắn", "thôi đừng nhắn nữa", "thôi khỏi nhắc", "khỏi nhắc", "khỏi nhắc nữa",
                "khỏi cần nhắc", "không nhắc nữa", "không cần nhắc", "không cần nhắc nữa", "hông nhắc nữa",
                "không nhắn nữa", "hủy nhắc", "tắt nhắc", "bỏ nhắc", "phiền quá", "nhắn hoài",
            ),
            in_menu=False,
            firm=True,
        ),
        Command(
            "tamnghi",
            "Tạm nghỉ một tuần",
            _rest_week,
            words=(
                "tạm nghỉ", "tạm nghỉ 1 tuần", "tạm nghỉ một tuần", "nghỉ 1 tuần", "nghỉ một tuần",
                "nghỉ tuần này", "tuần này nghỉ", "tuần này bận", "nghỉ ít bữa", "nghỉ mấy bữa",
                "nghỉ vài bữa", "nghỉ ít hôm", "nghỉ mấy hôm",
            ),
            in_menu=False,
            firm=True,
        ),
        Command(
            "nhacoviec",
            "Nhà có việc, tạm nghỉ hai tuần",
            _rest_family,
            words=(
                "nhà có việc", "nhà đang có việc", "có việc nhà", "bận việc nhà", "nhà có đám",
                "nhà có đám tang", "nhà có tang", "nhà có đám cưới", "nhà có đám giỗ", "nhà có giỗ",
                "nhà có người bệnh", "đang bệnh", "bị bệnh", "nằm viện", "đang nằm viện", "đi xa",
            ),
            in_menu=False,
            firm=True,
        ),
    ),
    actions={
        "remind_again": again,
        "remind_stop": stop,
        "rest": rest,
        "stop_seat": _stop_one,
        whose.ALL.name: _stop_all,
        "stop_nobody": whose.nobody,
    },
)  # fmt: skip
