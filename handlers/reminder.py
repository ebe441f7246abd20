"""Reminders as the learner wants them: which days, what hour, a rest, an end."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from markupsafe import Markup

from conversation import pace, when
from conversation.actions import Action, action
from conversation.asked import Asked
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.manners import at
from conversation.replies import Button, Say
from conversation.when import When, bits
from handlers.buttons import NEXT, button, onward
from handlers.soon import soon
from storage import addresses, deliveries, progress, rhythms, study_weeks, timers
from storage.rhythms import EVERY_DAY, Rhythm
from vietnamese import fold

KIND = rhythms.TIMER
REMIND = action("remind")
AGAIN = action("remind_again")
STOP = action("remind_stop")
NOT_NOW = action("remind_no")
# Hears typed hours while the choice of an hour or of days is open; wakes what paused itself.
HEARS, WAKES = "remind_hears", "remind_wakes"

# Hours proposed beside the tutor's usual one, in minutes after midnight.
_HOURS = (7 * 60, 11 * 60 + 30, 16 * 60 + 30)
_DAYS = ("s3", "d127", "d21", "d96")
_HOUR_DIGITS = range(4, 24)
# Whoever is reminded every day keeps the rhythm with two days of rest as well.
_OF_EVERY_DAY = 5
_MINUTES_OF_A_DAY = 24 * 60
# Not asked again for so long, by whoever left it for another time.
_OFFERED_AGAIN = timedelta(days=120)
_RESTS = {"week": 7, "family": 14}
_REMINDING = re.compile(r"(?:(?:con|chau|em|cho|nho) )*(?:nhac|hen gio|doi gio)\b")


async def menu(context: Context) -> Step:
    """What is set, and what can be changed; the hours, for whom nothing is."""
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is None or rhythm.state == "off":
        return _hours(context, "reminder.choose_hour", rhythm or _usual(context))
    rhythm = await _awake(context, rhythm)
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
            **_told(rhythm),
            coming=await _coming(context),
            is_resting=is_resting,
        )
    )


async def ask_hour(context: Context) -> Step:
    return _hours(context, "reminder.other_hour_ask", await _known(context))


async def ask_days(context: Context) -> Step:
    return _listening(context.say("reminder.ask_days", *_day_buttons(context, None)))


async def choose_hour(context: Context, minute: str, days: str = "") -> Step:
    """This hour; with ``days``, those too."""
    if not minute.isdecimal() or len(minute) > 4 or int(minute) >= _MINUTES_OF_A_DAY:
        raise Stale
    rhythm = await _known(context)
    if not context.rules.manners.fits(int(minute)):
        return _moved(context, rhythm, (int(minute),), days)
    return await _begin(context, _with_days(replace(rhythm, minute=int(minute)), days))


async def choose_days(context: Context, days: str) -> Step:
    return await _begin(context, _with_days(await _known(context), days))


async def again(context: Context) -> Step:
    """As it was before it was stopped, or before the rest is over."""
    return await _begin(context, await _known(context))


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
    await _silence(context)
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
    await _silence(context)
    if rhythm is None or rhythm.state == "off":
        return step(context.say("reminder.nothing_to_stop", *onward(context)))
    rhythm = replace(rhythm, state="off", rests_until_at=None, offered_at=context.now)
    await rhythms.keep(context.connection, context.learner.id, rhythm)
    return step(
        context.say(
            "reminder.stopped",
            button(context, "menu.next", NEXT),
            button(context, "reminder.again", AGAIN),
        )
    )


async def not_now(context: Context) -> Step:
    """Left for another time: respected, and not asked again for long."""
    rhythm = await _known(context)
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
    return step(context.say("reminder.kept_as_is", *onward(context), **_told(rhythm)))


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
        replace(rhythm or _usual(context), offered_at=context.now),
    )
    usual = context.rules.remind_at
    return context.text("reminder.offer"), (
        Button(_hour(context, usual), action("remind_at", usual)),
        button(context, "reminder.other_hour_offered", REMIND),
        button(context, "reminder.not_now", NOT_NOW),
    )


async def wish(context: Context, text: str) -> Step | None:
    """A line such as "nhắc con 7h tối", said at any time; None when it is no such line."""
    if not _speaks_of_reminding(text):
        return None
    said = when.parse(text)
    return None if said is None else await _take(context, said)


async def plan(context: Context, rhythm: Rhythm, *, any_day: bool = False) -> datetime:
    """Set the one timer of this learner, here, where the learner was last heard of."""
    manners = context.rules.manners
    due = pace.next_time(rhythm, manners, context.zone, context.now, any_day=any_day)
    await timers.cancel_for_learner(context.connection, context.learner.id, KIND)
    await timers.set_for(context.connection, context.address.id, KIND, due)
    return due


async def replan(context: Context) -> None:
    """After the learner moved to another zone."""
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is not None and rhythm.state == "on":
        await plan(context, rhythm)


async def _begin(context: Context, rhythm: Rhythm) -> Step:
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
            **_told(rhythm),
            coming=soon(due.astimezone(context.zone).date(), context.today),
        )
    )


async def _silence(context: Context) -> None:
    connection, learner_id = context.connection, context.learner.id
    await timers.cancel_for_learner(connection, learner_id, KIND)
    await deliveries.cancel_reminders(connection, learner_id, context.now)


async def _known(context: Context) -> Rhythm:
    known = await rhythms.of_learner(context.connection, context.learner.id)
    return known or _usual(context)


def _usual(context: Context) -> Rhythm:
    return _with_days(Rhythm(minute=context.rules.remind_at), f"s{context.rules.remind_sessions}")


def _with_days(rhythm: Rhythm, days: str) -> Rhythm:
    """``days`` as a button carries them: "s3" is three a week, "d21" exactly these; "" changes none."""
    if not days:
        return rhythm
    kind, number = days[0], days[1:]
    if not number.isdecimal() or len(number) > 3:
        raise Stale
    if kind == "s" and int(number) in pace.SPREAD:
        sessions = int(number)
        return replace(rhythm, days=pace.SPREAD[sessions], sessions=sessions, is_free=sessions < 7)
    if kind == "d" and 0 < int(number) <= EVERY_DAY:
        exact = int(number)
        wanted = _OF_EVERY_DAY if exact == EVERY_DAY else exact.bit_count()
        return replace(rhythm, days=exact, sessions=wanted, is_free=False)
    raise Stale


def _hours(context: Context, name: str, rhythm: Rhythm) -> Step:
    usual, manners = context.rules.remind_at, context.rules.manners
    hours = sorted({*filter(manners.fits, _HOURS), usual})
    return _listening(
        context.say(
            name,
            *(Button(_hour(context, one), _at(one, "")) for one in hours),
            _as_it_is(context, rhythm),
        )
    )


def _as_it_is(context: Context, rhythm: Rhythm) -> Button:
    """The way out of changing anything."""
    if rhythm.state == "off":
        return button(context, "reminder.not_now", NOT_NOW)
    return button(context, "reminder.keep", action("remind_keep"))


def _moved(context: Context, rhythm: Rhythm, minutes: Sequence[int], days: str) -> Step:
    """Hours at which people rest, or two that one word can mean: which is it to be?"""
    manners = context.rules.manners
    is_quiet = not any(map(manners.fits, minutes))
    fitting = dict.fromkeys(map(manners.nearest, minutes))
    return _listening(
        context.say(
            "reminder.quiet_hour" if is_quiet else "reminder.which_hour",
            *(Button(_hour(context, one), _at(one, days)) for one in fitting),
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
        return _moved(context, await _known(context), minutes, days)
    if minutes:
        return await choose_hour(context, str(minutes[0]), days)
    return await choose_days(context, days)


def _evening(context: Context) -> int:
    usual = context.rules.remind_at
    return usual if usual >= 17 * 60 else context.rules.manners.nearest(19 * 60 + 30)


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
        await _awake(context, rhythm)


async def _awake(context: Context, rhythm: Rhythm) -> Rhythm:
    if rhythm.state != "asleep":
        return rhythm
    rhythm = replace(rhythm, state="on", begun_at=context.now, unanswered=0, is_skipping=False)
    await rhythms.keep(context.connection, context.learner.id, rhythm)
    await plan(context, rhythm)
    return rhythm


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
        rhythm = _with_days(Rhythm(), days)
        if but is None or (rhythm.days, rhythm.is_free) != (but.days, but.is_free):
            label = context.text("reminder.days_label", **_days_told(rhythm)).unescape()
            made.append(Button(label, action("remind_on", days)))
    return tuple(made)


def _at(minute: int, days: str) -> Action:
    return action("remind_at", minute, days) if days else action("remind_at", minute)


def _hour(context: Context, minute: int) -> str:
    return context.text("reminder.hour_label", minute=minute).unescape()


def _told(rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm as the templates say it."""
    return {"minute": rhythm.minute, **_days_told(rhythm)}


def _days_told(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "days": list(bits(rhythm.days)),
        "sessions": rhythm.sessions if rhythm.is_free else 0,
    }


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


async def _coming(context: Context) -> object:
    """How soon the next reminder is, None when none is set."""
    last = await addresses.last_used(context.connection, context.learner.id)
    due = None if last is None else await timers.when(context.connection, last, KIND)
    return None if due is None else soon(due.astimezone(context.zone).date(), context.today)


def _speaks_of_reminding(text: str) -> bool:
    return bool(_REMINDING.match(fold(text)))


async def _menu(context: Context, argument: str) -> Step:
    said = when.parse(argument) if argument else None
    return await menu(context) if said is None else await _take(context, said)


async def _stop(context: Context, argument: str) -> Step:
    del argument
    return await stop(context)


async def _rest_week(context: Context, argument: str) -> Step:
    del argument
    return await rest(context, "week")


async def _rest_family(context: Context, argument: str) -> Step:
    del argument
    return await rest(context, "family")


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
        "remind": menu,
        "remind_hours": ask_hour,
        "remind_days": ask_days,
        "remind_at": choose_hour,
        "remind_on": choose_days,
        "remind_again": again,
        "remind_keep": keep_as_is,
        "remind_no": not_now,
        "remind_stop": stop,
        "rest": rest,
    },
    listeners={HEARS: _hear, WAKES: _wake},
)  # fmt: skip
