"""What is kept of a person's roles and classes, in plain words for /dulieu."""

from markupsafe import Markup

from conversation.handler import Context
from handlers.saying import class_said, grant_said, place_said, time_said
from handlers.support.items import item_said
from storage import (
    assisted,
    audit,
    cases,
    cohorts,
    enrolments,
    field_reports,
    households,
    milestones,
    role_grants,
    visits,
    witnesses,
)

# Lines of who looked; the file has all of them.
_LOOKS = 3


async def lines(context: Context) -> list[Markup]:
    """Only of what there is: most learners get none."""
    connection, learner_id = context.connection, context.learner.id
    said = []
    grants = await role_grants.of_learner(connection, learner_id)
    for grant in grants:
        name = "privacy.line_role" if grant.holds(context.now) else "privacy.line_role_ended"
        said.append(context.text(name, role=await grant_said(context, grant), name=grant.name))
    mine = {row.cohort_id: row for row in await enrolments.of_learner(connection, learner_id)}
    for cohort in await cohorts.of_learner(connection, learner_id):
        row = mine[cohort.id]
        said.append(
            context.text(
                "privacy.line_class",
                name=class_said(context, cohort),
                called=row.name,
                is_seen=row.scope == "progress",
            )
        )
    said += await _fieldwork(context)
    led = await cohorts.led_by(connection, learner_id)
    if led:
        said.append(context.text("privacy.line_led", count=len(led)))
    said += [
        context.text(
            "privacy.line_case",
            item=item_said(context, case.item),
            called=case.name,
            is_shared=case.shared_at is not None,
            is_taken=case.taken_by is not None,
        )
        for case in await cases.open_of_learner(connection, learner_id)
    ]
    said += await _at_home(context)
    looks = [
        one
        for one in await audit.done_to(connection, learner_id, _LOOKS * 10)
        if one.deed == "looked"
    ]
    said += [
        context.text(
            "privacy.line_look", as_role=_looked_as(one), when=time_said(context, one.done_at)
        )
        for one in looks[:_LOOKS]
    ]
    return said


async def _fieldwork(context: Context) -> list[Markup]:
    """Milestones, and what somebody of the team wrote: counts, because they are nobody's names."""
    connection, learner_id = context.connection, context.learner.id
    reached = await milestones.of_learner(connection, learner_id)
    wrote = (
        ("privacy.line_milestones", len(reached)),
        ("privacy.line_visits", await visits.count_of(connection, learner_id)),
        ("privacy.line_reports", await field_reports.count_of(connection, learner_id)),
    )
    return [context.text(name, count=count) for name, count in wrote if count]


async def _at_home(context: Context) -> list[Markup]:
    """What is kept of the telephone they share, of their household, and of what others saw."""
    connection, learner_id = context.connection, context.learner.id
    said = []
    if context.address.called:
        said.append(context.text("privacy.line_called", name=context.address.called))
    home = await households.of_learner(connection, learner_id)
    if home is not None:
        people = await households.members(connection, home.id)
        mine = next(one for one in people if one.learner_id == learner_id)
        said.append(
            context.text(
                "privacy.line_home", name=home.name, called=mine.name, is_seen=mine.is_seen
            )
        )
    kept = await assisted.by_id(connection, learner_id)
    if kept is not None:
        where = await place_said(context, kept.place)
        said.append(context.text("privacy.line_assisted", name=kept.name, where=where))
    seen = await witnesses.of_learner(connection, learner_id)
    if seen:
        said.append(context.text("privacy.line_witnessed", count=len(seen)))
    official = await witnesses.confirmation(connection, learner_id)
    if official is not None:
        said.append(context.text("privacy.line_official", how=official.how_seen))
    return said


def _looked_as(one: audit.Audited) -> str:
    """At home nobody acts in a role, and no class is looked at."""
    return "home" if not one.acted_as and one.cohort_id is None else one.acted_as


async def classes_led(context: Context) -> int:
    return len(await cohorts.led_by(context.connection, context.learner.id))
