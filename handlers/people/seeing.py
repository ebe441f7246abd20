"""Looking at the progress of others: only of who agreed, and every look is written down."""

from conversation.actions import action
from conversation.handler import Context, Denied, Handler, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import classes
from handlers.people.grants import grants_of
from handlers.saying import class_said
from handlers.support.class_lines import line, needed
from people.roles import highest, may_see
from storage import audit, enrolments
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.reports import classes as reports

# A phone shows so many lines, and as many buttons.
_PAGE = 6


async def look(context: Context, cohort: Cohort, learner_id: int | None = None) -> list[Enrolment]:
    """Those of the class whose progress may be shown to this person now; a line in the audit for
    each of them, or for the one that is looked at. Every page that shows anybody's progress
    comes through here.

    Raises ``Denied``.
    """
    grants = await grants_of(context)
    mine = context.learner.id
    if not may_see(grants, mine, cohort.owner_id, cohort.place, context.now):
        raise Denied
    seen = await enrolments.seen_in(context.connection, cohort.id)
    acted_as = highest(grants, context.now) or ""
    if learner_id is None:
        await audit.write_looked_at_class(
            context.connection, cohort.id, actor_id=mine, acted_as=acted_as, now=context.now
        )
        return seen
    seen = [one for one in seen if one.learner_id == learner_id]
    if seen and learner_id != mine:
        await audit.write(
            context.connection,
            "looked",
            now=context.now,
            actor_id=mine,
            acted_as=acted_as,
            subject_id=learner_id,
            place=cohort.place,
            cohort_id=cohort.id,
        )
    return seen


async def members(context: Context, number: str, offset: str) -> Step:
    """By name, whoever needs somebody first, with the lesson and the card where each is."""
    cohort = await classes.the_class(context, number)
    start = number_of(offset, 6)
    await look(context, cohort)
    report = await reports.report(
        context.connection, cohort.id, needed(context, cohort), context.now
    )
    page = reports.page(report.learners, offset=start, limit=_PAGE)
    lines = [line(context, one) for one in page.learners]
    buttons = [
        Button(said.name, action("learner", cohort.id, one.learner_id))
        for one, said in zip(page.learners, lines, strict=True)
    ]
    if page.total > start + _PAGE:
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
            unseen=report.summary.members - report.summary.seen,
            members=report.summary.members,
        )
    )


HANDLER = Handler(name="seeing", actions={"members": members})
