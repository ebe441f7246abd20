"""Looking at the progress of others: only of who agreed, and every look is written down."""

from conversation.actions import action
from conversation.handler import Context, Denied, Handler, Stale, Step, step
from handlers import classes
from handlers.buttons import button
from handlers.grants import grants_of
from handlers.saying import class_said
from people.roles import highest, may_see
from storage import audit, enrolments, progress
from storage.cohorts import Cohort
from storage.enrolments import Enrolment

_PAGE = 10


async def look(context: Context, cohort: Cohort) -> list[Enrolment]:
    """Those of the class whose progress may be shown to this person now; a line in the audit for
    each of them. Every page that shows anybody's progress comes through here.

    Raises ``Denied``.
    """
    grants = await grants_of(context)
    mine = context.learner.id
    if not may_see(grants, mine, cohort.owner_id, cohort.place, context.now):
        raise Denied
    seen = await enrolments.seen_in(context.connection, cohort.id)
    await audit.write_looked_at_class(
        context.connection,
        cohort.id,
        actor_id=mine,
        acted_as=highest(grants, context.now) or "",
        now=context.now,
    )
    return seen


async def members(context: Context, number: str, offset: str) -> Step:
    """By name, with the lessons each has done."""
    cohort = await classes.the_class(context, number)
    if not offset.isdecimal() or len(offset) > 6:
        raise Stale
    start = int(offset)
    size = await enrolments.size(context.connection, cohort.id)
    seen = await look(context, cohort)
    lines = []
    for one in seen[start : start + _PAGE]:
        learnt = await progress.of_learner(context.connection, one.learner_id)
        lines.append((one.name, sum(row.done_at is not None for row in learnt.values())))
    buttons = []
    if len(seen) > start + _PAGE:
        buttons.append(button(context, "role.more", action("members", cohort.id, start + _PAGE)))
    if lines:
        buttons.append(button(context, "witness.see", action("witness_who", cohort.id)))
    return step(
        context.say(
            "teaching.who",
            *buttons,
            classes.to_page(context, cohort),
            name=class_said(context, cohort),
            lines=lines,
            unseen=size.members - size.seen,
            members=size.members,
        )
    )


HANDLER = Handler(name="seeing", actions={"members": members})
