"""Whom a case goes to; nobody is told here, only asked to be.

Whoever is to hear something gets a timer at their own address, so that their own quiet hours and
the limit of their day hold (``handlers.support.news``).
"""

from datetime import datetime, timedelta

from conversation.door import knock
from conversation.handler import Context
from handlers.saying import class_said, place_said
from people.roles import Grant, Role, may_lead
from people.support import TOP, Rung, may_take
from places.model import Place
from storage import addresses, audit, cases, cohorts, role_grants, timers
from storage.cases import Case

# Kinds of timer: at the learner's, look who has it; at a supporter's, a new one, or whether they
# met; at either's, a word on what came of it.
ROUTE, CALL, MET, NEWS = "case_route", "case_call", "case_met", "case_news"
# More people are not called for one case; they find it in /ca.
_MOST_CALLED = 8
# Nobody is interrupted who is just doing something else.
_TALKING = timedelta(minutes=2)
_ROLES: dict[Rung, Role] = {
    Rung.TEAM: "team_member",
    Rung.AMBASSADORS: "ambassador",
    Rung.ADMINISTRATORS: "administrator",
}


async def owner_of(context: Context, case: Case) -> int | None:
    """Who leads the class that a case came from."""
    cohort = await cohorts.by_id(context.connection, case.cohort_id or 0)
    return None if cohort is None else cohort.owner_id


async def can_take(context: Context, learner_id: int, case: Case) -> bool:
    """Whether that person may take the case, or keep it."""
    grants = await role_grants.of_learner(context.connection, learner_id)
    return may_take(
        grants,
        learner_id,
        learner_id=case.learner_id,
        owner_id=await owner_of(context, case),
        place=case.place,
        now=context.now,
    )


async def _on(context: Context, case: Case, rung: Rung) -> list[int]:
    """The people of that rung, each once."""
    if rung is Rung.TEACHER:
        owner = await owner_of(context, case)
        found = [owner] if owner is not None and await _leads(context, owner, case) else []
    else:
        at = "" if rung is Rung.ADMINISTRATORS else case.place.commune
        held: list[Grant] = []
        if at or rung is Rung.ADMINISTRATORS:
            held = await role_grants.held_in(context.connection, _ROLES[rung], at, context.now)
        found = [grant.learner_id for grant in held if grant.covers(case.place)]
    return [one for one in dict.fromkeys(found) if one != case.learner_id]


async def _leads(context: Context, owner: int, case: Case) -> bool:
    cohort = await cohorts.by_id(context.connection, case.cohort_id or 0)
    grants = await role_grants.of_learner(context.connection, owner)
    return cohort is not None and may_lead(
        grants, owner, cohort.owner_id, cohort.place, context.now
    )


async def route(
    context: Context, case: Case, start: Rung = Rung.TEACHER, *, but: int | None = None
) -> Rung | None:
    """Ask the first rung from ``start`` on that has somebody, ``but`` that one and who was asked
    on a rung before; None: nobody is.
    """
    found = await _next(context, case, start, but)
    rung, people = found or (TOP, [])
    await cases.reach(context.connection, case.id, rung, context.now)
    for learner_id in people[:_MOST_CALLED]:
        await tell(context, learner_id, CALL, str(case.id))
    await look_again(context, case, context.now + context.rules.support_next_after)
    return rung if found else None


async def _next(
    context: Context, case: Case, start: Rung, but: int | None
) -> tuple[Rung, list[int]] | None:
    asked = {but}
    for rung in Rung:
        people = [one for one in await _on(context, case, rung) if one not in asked]
        asked.update(people)
        if people and rung >= start:
            return rung, people
    return None


async def anybody(context: Context, case: Case) -> bool:
    for rung in Rung:
        if await _on(context, case, rung):
            return True
    return False


async def look_again(context: Context, case: Case, at: datetime) -> None:
    """The timer hangs on the learner's address, whoever speaks in this turn."""
    address = await addresses.last_used(context.connection, case.learner_id)
    if address is not None:
        await timers.set_for(context.connection, address, ROUTE, at, subject=str(case.id))


async def tell(
    context: Context, learner_id: int, kind: str, subject: str, *, after: timedelta = timedelta(0)
) -> None:
    """Have it said to that person as soon as their hours allow, where they were last heard of."""
    address = await addresses.last_used(context.connection, learner_id)
    if address is not None:
        due = context.now + after
        await timers.set_for(context.connection, address, kind, due, subject=subject)


async def later(context: Context, lines: int = 1) -> datetime | None:
    """May the learner of this turn be written to now? None: yes, and it is counted. Else when."""
    heard = context.address.last_at
    if heard is not None and timedelta(0) <= context.now - heard < _TALKING:
        return heard + _TALKING
    return await knock(
        context.connection,
        context.rules.manners,
        context.learner.id,
        context.learner.zone,
        context.now,
        lines=lines,
    )


async def asked_said(context: Context, case: Case) -> str:
    """Who is asked now, as in "Tổ công nghệ số, ấp 3, xã Tràm Chim"."""
    rung = Rung(case.rung)
    cohort = None
    if rung is Rung.TEACHER:
        cohort = await cohorts.by_id(context.connection, case.cohort_id or 0)
    place = Place() if rung is Rung.ADMINISTRATORS else case.place
    if rung is Rung.AMBASSADORS:
        place = Place(place.commune)
    return context.text(
        "support.asked_now",
        rung=int(rung),
        where=await place_said(context, place),
        lesson_class="" if cohort is None else class_said(context, cohort),
    ).unescape()


async def put_back(context: Context, case: Case) -> None:
    """Whoever took it cannot go on: it waits again, and the learner is told."""
    await cases.release(context.connection, case.id)
    await route(context, case)
    await tell(context, case.learner_id, NEWS, f"{case.id}.lost")


async def write_look(context: Context, case: Case) -> None:
    """The person of this turn saw who asks for help, and with what."""
    grants = await role_grants.of_learner(context.connection, context.learner.id)
    held = [grant for grant in grants if grant.holds(context.now)]
    near = next((one.role for one in held if one.covers(case.place)), None)
    await audit.write(
        context.connection,
        "looked",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=near or (held[0].role if held else ""),
        subject_id=case.learner_id,
        place=case.place,
        cohort_id=case.cohort_id,
    )
