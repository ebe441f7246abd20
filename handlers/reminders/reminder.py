"""Reminders as the learner wants them: which days, and what hour, tapped or typed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from markupsafe import Markup

from conversation import when
from conversation.actions import Action, action
from conversation.asked import Asked
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.replies import Button, Say
from conversation.when import When
from handlers.buttons import NEXT, button, onward
from handlers.reminders.rhythm import (
    AGAIN,
    HEARS,
    KEEP,
    REMIND,
    STOP,
    WAKES,
    awake,
    coming,
    days_told,
    hour_label,
    known,
    plan,
    told,
    usual,
    with_days,
)
from handlers.reminders.soon import soon
from storage import progress, rhythms, study_weeks
from storage.rhythms import Rhythm
from vietnamese import fold

NOT_NOW = action("remind_no")
# Hours proposed beside the tutor's usual one, in minutes after midnight.
_HOURS = (7 * 60, 11 * 60 + 30, 16 * 60 + 30)
_DAYS = ("s3", "d127", "d21", "d96")
_HOUR_DIGITS = range(4, 24)
_MINUTES_OF_A_DAY = 24 * 60
# Not asked again for so long, by whoever left it for another time.
_OFFERED_AGAIN = timedelta(days=120)
_REMINDING = re.compile(r"(?:(?:con|chau|em|cho|nho) )*(?:nhac|hen gio|doi gio)\b")


async def menu(context: Context) -> Step:
    """What is set, and what can be changed; the hours, for whom nothing is."""
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is None or rhythm.state == "off":
        return _hours(context, "reminder.choose_hour", rhythm or usual(context))
    rhythm = await awake(context, rhythm)
    rests = rhythm.rests_until_at
    is_resting = rests is not None and rests > context.now
    first = (
        button(context, "reminder.again", AGAIN)
        if is_resting
        else button(context, "reminder.rest_week", action("rest", "week"))
    )
    return _listening(
        context.say(
            "reminder.menu",
            button(context, "reminder.other_hour", action("remind_hours")),
            button(context, "reminder.other_days", action("remind_days")),
            first,
            button(context, "reminder.rest_family", action("rest", "family")),
            button(context, "reminder.stop", STOP),
            **told(rhythm),
            coming=await coming(context),
            is_resting=is_resting,
        )
    )


async def ask_hour(context: Context) -> Step:
    return _hours(context, "reminder.other_hour_ask", await known(context))


async def ask_days(context: Context) -> Step:
    return _listening(context.say("reminder.ask_days", *_day_buttons(context, None)))


async def choose_hour(context: Context, minute: str, days: str = "") -> Step:
    """This hour; with ``days``, those too."""
    if not minute.isdecimal() or len(minute) > 4 or int(minute) >= _MINUTES_OF_A_DAY:
        raise Stale
    rhythm = await known(context)
    if not context.rules.manners.fits(int(minute)):
        return _moved(context, rhythm, (int(minute),), days)
    return await begin(context, with_days(replace(rhythm, minute=int(minute)), days))


async def choose_days(context: Context, days: str) -> Step:
    return await begin(context, with_days(await known(context), days))


async def not_now(context: Context) -> Step:
    """Left for another time: respected, and not asked again for long."""
    rhythm = await known(context)
    if rhythm.state != "off":  # an old button
        return await keep_as_is(context)
    await rhythms.keep(
        context.connection, context.learner.id, replace(rhythm, offered_at=context.now)
    )
    return step(context.say("reminder.another_time", *onward(context)))


async def keep_as_is(context: Context) -> Step:
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is None or rhythm.state == "off":
        return await menu(context)
    return step(context.say("reminder.kept_as_is", *onward(context), **told(rhythm)))


async def offer(context: Context) -> tuple[Markup, tuple[Button, ...]] | None:
    """A question whether to remind, for the end of a lesson; None when it was asked, or is no use yet."""
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is not None and (
        rhythm.state != "off" or context.now - (rhythm.offered_at or context.now) < _OFFERED_AGAIN
    ):
        return None
    learnt = await progress.of_learner(context.connection, context.learner.id)
    if not any(row.done_at is not None for row in learnt.values()):
        return None
    await rhythms.keep(
        context.connection,
        context.learner.id,
        replace(rhythm or usual(context), offered_at=context.now),
    )
    minute = context.rules.remind_at
    return context.text("reminder.offer"), (
        Button(hour_label(context, minute), action("remind_at", minute)),
        button(context, "reminder.other_hour_offered", REMIND),
        button(context, "reminder.not_now", NOT_NOW),
    )


async def wish(context: Context, text: str) -> Step | None:
    """A line such as "nhắc con 7h tối", said at any time; None when it is no such line."""
    if not _speaks_of_reminding(text):
        return None
    said = when.parse(text)
    return None if said is None else await _take(context, said)


async def begin(context: Context, rhythm: Rhythm) -> Step:
    """Remind in this rhythm from now on, and say so."""
    rhythm = replace(
        rhythm,
        state="on",
        begun_at=context.now,
        rests_until_at=None,
        unanswered=0,
        is_skipping=False,
        offered_at=rhythm.offered_at or context.now,
    )
    connection, learner_id = context.connection, context.learner.id
    await rhythms.keep(connection, learner_id, rhythm)
    await study_weeks.want(connection, learner_id, context.today, rhythm.sessions)
    due = await plan(context, rhythm)
    return _listening(
        context.say(
            "reminder.begun",
            *_day_buttons(context, rhythm)[:2],
            button(context, "menu.next", NEXT),
            **told(rhythm),
            coming=soon(due.astimezone(context.zone).date(), context.today),
        )
    )


def _hours(context: Context, name: str, rhythm: Rhythm) -> Step:
    manners = context.rules.manners
    hours = sorted({*filter(manners.fits, _HOURS), context.rules.remind_at})
    return _listening(
        context.say(
            name,
            *(Button(hour_label(context, one), _at(one, "")) for one in hours),
            _as_it_is(context, rhythm),
        )
    )


def _as_it_is(context: Context, rhythm: Rhythm) -> Button:
    """The way out of changing anything."""
    if rhythm.state == "off":
        return button(context, "reminder.not_now", NOT_NOW)
    return button(context, "reminder.keep", KEEP)


def _moved(context: Context, rhythm: Rhythm, minutes: Sequence[int], days: str) -> Step:
    """Hours at which people rest, or two that one word can mean: which is it to be?"""
    manners = context.rules.manners
    is_quiet = not any(map(manners.fits, minutes))
    fitting = dict.fromkeys(map(manners.nearest, minutes))
    return _listening(
        context.say(
            "reminder.quiet_hour" if is_quiet else "reminder.which_hour",
            *(Button(hour_label(context, one), _at(one, days)) for one in fitting),
            *((_as_it_is(context, rhythm),) if is_quiet else ()),
            opens=_minutes(manners.opens),
            closes=_minutes(manners.closes),
        )
    )


async def _take(context: Context, said: When) -> Step:
    """What was typed of days and hours."""
    days = f"s{said.sessions}" if said.sessions else f"d{said.days}" if said.days else ""
    minutes = said.minutes
    if said.is_evening:
        minutes = (_evening(context),)
    if len(minutes) > 1:
        return _moved(context, await known(context), minutes, days)
    if minutes:
        return await choose_hour(context, str(minutes[0]), days)
    return await choose_days(context, days)


def _evening(context: Context) -> int:
    minute = context.rules.remind_at
    return minute if minute >= 17 * 60 else context.rules.manners.nearest(19 * 60 + 30)


async def _hear(context: Context, text: str) -> Step | None:
    """A typed hour, while hours are asked for. A number that stands before a choice is that choice."""
    typed = text.strip().rstrip(".")
    if typed.isdecimal():
        number = int(typed) if len(typed) < 3 else 0
        if number <= len(context.asked.labels) or number not in _HOUR_DIGITS:
            return None
        text = f"{number}h"
    said = when.parse(text)
    return None if said is None else await _take(context, said)


async def _wake(context: Context, text: str) -> None:
    """Somebody who left all reminders unanswered is back: it reminds again as before."""
    del text
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is not None:
        await awake(context, rhythm)


def _listening(said: Say) -> Step:
    """Choices in whose place an hour may be typed."""
    return Step((said,), asked_of(said, HEARS))


def asked_of(said: Say, listener: str) -> Asked:
    return Asked(
        labels=tuple(one.label for one in said.buttons),
        actions=tuple(one.action.encode() for one in said.buttons),
        listener=listener,
    )


def _day_buttons(context: Context, but: Rhythm | None) -> tuple[Button, ...]:
    """The days proposed, without those that are set."""
    made = []
    for days in _DAYS:
        rhythm = with_days(Rhythm(), days)
        if but is None or (rhythm.days, rhythm.is_free) != (but.days, but.is_free):
            label = context.text("reminder.days_label", **days_told(rhythm)).unescape()
            made.append(Button(label, action("remind_on", days)))
    return tuple(made)


def _at(minute: int, days: str) -> Action:
    return action("remind_at", minute, days) if days else action("remind_at", minute)


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _speaks_of_reminding(text: str) -> bool:
    return bool(_REMINDING.match(fold(text)))


async def _menu(context: Context, argument: str) -> Step:
    said = when.parse(argument) if argument else None
    return await menu(context) if said is None else await _take(context, said)


HANDLER = Handler(
    name="reminder",
    commands=(
        Command(
            "nhac",
            "Hẹn giờ nhắc học",
            _menu,
            words=(
                "nhắc", "nhắc học", "nhắc nhở", "nhắc tôi", "nhắc tôi học", "nhắc con", "nhắc tui học",
                "nhắc mình học", "hẹn giờ", "hẹn giờ nhắc", "giờ nhắc", "đổi giờ", "đổi giờ nhắc",
                "đổi ngày nhắc", "lời nhắc", "nhớ nhắc tôi", "nhớ nhắc tui", "nhắc học bài",
            ),
        ),
    ),
    actions={
        "remind": menu,
        "remind_hours": ask_hour,
        "remind_days": ask_days,
        "remind_at": choose_hour,
        "remind_on": choose_days,
        "remind_keep": keep_as_is,
        "remind_no": not_now,
    },
    listeners={HEARS: _hear, WAKES: _wake},
)  # fmt: skip
