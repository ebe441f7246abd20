"""What the dialogues about reminders share: setting the one timer, and saying what is set."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from conversation import pace
from conversation.actions import action
from conversation.handler import Context, Stale, number_of
from conversation.when import bits
from handlers.reminders.soon import Soon, soon
from storage import addresses, deliveries, rhythms, timers
from storage.rhythms import EVERY_DAY, Rhythm

KIND = rhythms.TIMER
REMIND = action("remind")
AGAIN = action("remind_again")
STOP = action("remind_stop")
KEEP = action("remind_keep")
# Hears typed hours while the choice of an hour or of days is open; wakes what paused itself.
HEARS, WAKES = "remind_hears", "remind_wakes"
# Whoever is reminded every day keeps the rhythm with two days of rest as well.
_OF_EVERY_DAY = 5


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


async def silence(context: Context) -> None:
    connection, learner_id = context.connection, context.learner.id
    await timers.cancel_for_learner(connection, learner_id, KIND)
    await deliveries.cancel_reminders(connection, learner_id, context.now)


async def awake(context: Context, rhythm: Rhythm) -> Rhythm:
    if rhythm.state != "asleep":
        return rhythm
    rhythm = replace(rhythm, state="on", begun_at=context.now, unanswered=0, is_skipping=False)
    await rhythms.keep(context.connection, context.learner.id, rhythm)
    await plan(context, rhythm)
    return rhythm


async def known(context: Context) -> Rhythm:
    known = await rhythms.of_learner(context.connection, context.learner.id)
    return known or usual(context)


def usual(context: Context) -> Rhythm:
    return with_days(Rhythm(minute=context.rules.remind_at), f"s{context.rules.remind_sessions}")


def with_days(rhythm: Rhythm, days: str) -> Rhythm:
    """``days`` as a button carries them: "s3" is three a week, "d21" exactly these; "" changes none."""
    if not days:
        return rhythm
    kind, number = days[0], days[1:]
    if kind == "s" and number_of(number, 3) in pace.SPREAD:
        sessions = int(number)
        return replace(rhythm, days=pace.SPREAD[sessions], sessions=sessions, is_free=sessions < 7)
    if kind == "d" and 0 < int(number) <= EVERY_DAY:
        exact = int(number)
        wanted = _OF_EVERY_DAY if exact == EVERY_DAY else exact.bit_count()
        return replace(rhythm, days=exact, sessions=wanted, is_free=False)
    raise Stale


async def coming(context: Context) -> Soon | None:
    """How soon the next reminder is, None when none is set."""
    last = await addresses.last_used(context.connection, context.learner.id)
    due = None if last is None else await timers.when(context.connection, last, KIND)
    return None if due is None else soon(due.astimezone(context.zone).date(), context.today)


def told(rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm as the templates say it."""
    return {"minute": rhythm.minute, **days_told(rhythm)}


def days_told(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "days": list(bits(rhythm.days)),
        "sessions": rhythm.sessions if rhythm.is_free else 0,
    }


def hour_label(context: Context, minute: int) -> str:
    return context.text("reminder.hour_label", minute=minute).unescape()
