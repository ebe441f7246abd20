"""When a case goes on: nobody took it, or whoever did may not keep it, or lets it lie."""

from datetime import datetime, timedelta

from conversation.handler import Context, Step
from conversation.manners import at as moment_at
from handlers.support.routing import (
    MET,
    NEWS,
    anybody,
    can_take,
    look_again,
    put_back,
    route,
    tell,
)
from people.support import TOP, Rung
from storage import case_meetings, cases
from storage.cases import Case

# Nobody took it on any rung: it goes round again.
_ROUND = timedelta(days=7)


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """A day has gone by: on to the next rung, unless somebody has it who still may."""
    del at
    case = await cases.by_id(context.connection, int(subject))
    if case is None or case.closed_at is not None or case.shared_at is None:
        return Step()
    if case.taken_by is not None:
        if await can_take(context, case.taken_by, case):
            await _see_to(context, case, case.taken_by)
        else:
            await put_back(context, case)
        return Step()
    if case.rung < TOP:
        await route(context, case, Rung(case.rung + 1))
        return Step()
    await _go_round(context, case, case.shared_at)
    return Step()


async def _go_round(context: Context, case: Case, shared_at: datetime) -> None:
    """Past the last rung: say so to the learner, once, and begin again a week after the last of
    them was asked; where there was nobody at all, as soon as there is somebody.
    """
    reached_at = case.reached_at or shared_at
    if reached_at == shared_at:
        if await anybody(context, case):
            await route(context, case)
        else:
            await look_again(context, case, context.now + context.rules.support_next_after)
    elif context.now - shared_at < _ROUND:
        await tell(context, case.learner_id, NEWS, f"{case.id}.nobody")
        await look_again(context, case, context.now + _ROUND)
    elif context.now - reached_at < _ROUND:
        await look_again(context, case, reached_at + _ROUND)
    else:
        await route(context, case)


async def _see_to(context: Context, case: Case, taker: int) -> None:
    """Whoever has it is asked once in a stretch whether they met; unanswered for as long again,
    the case goes on.
    """
    now, look = context.now, context.now + context.rules.support_next_after
    if case.helped_at is not None:
        # The learner has the last word, and nobody waits for the taker.
        await look_again(context, case, look)
    elif case.met_asked_at is None and _idle_from(context, case) <= now:
        await case_meetings.asked(context.connection, case.id, now)
        await tell(context, taker, MET, str(case.id))
        await look_again(context, case, min(look, _lapses(context, now)))
    elif case.met_asked_at is None:
        await look_again(context, case, min(look, _idle_from(context, case)))
    elif _lapses(context, case.met_asked_at) <= now:
        await _pass_on(context, case, taker)
    else:
        await look_again(context, case, min(look, _lapses(context, case.met_asked_at)))


def _idle_from(context: Context, case: Case) -> datetime:
    """When the taker may be asked: some days after they were heard of, and the day after that on
    which they said they would come.
    """
    since = case.heard_at or case.taken_at or context.now
    due = since + context.rules.support_met_after
    if case.comes is None:
        return due
    manners = context.rules.manners
    day_after = case.comes.day + timedelta(days=1)
    return max(due, moment_at(day_after, manners.opens, manners.zone))


def _lapses(context: Context, asked_at: datetime) -> datetime:
    """From the first moment at which the question could reach them, so that a night or a feast
    takes nothing from their days.
    """
    manners = context.rules.manners
    return manners.next_open(asked_at, manners.zone) + context.rules.support_met_after


async def _pass_on(context: Context, case: Case, taker: int) -> None:
    """To whoever else is on this rung, or to the next; the learner hears who is asked now."""
    await cases.release(context.connection, case.id)
    rung = await route(context, case, Rung(case.rung), but=taker)
    what = "lost" if rung is None else "passed"
    await tell(context, case.learner_id, NEWS, f"{case.id}.{what}")
