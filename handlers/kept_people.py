"""What is kept of a person's roles and classes, in plain words for /dulieu."""

from markupsafe import Markup

from conversation.handler import Context
from handlers.saying import class_said, grant_said, time_said
from handlers.support.items import item_said
from storage import audit, cases, cohorts, enrolments, role_grants

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
    looks = [
        one
        for one in await audit.done_to(connection, learner_id, _LOOKS * 10)
        if one.deed == "looked"
    ]
    said += [
        context.text(
            "privacy.line_look", as_role=one.acted_as, when=time_said(context, one.done_at)
        )
        for one in looks[:_LOOKS]
    ]
    return said


async def classes_led(context: Context) -> int:
    return len(await cohorts.led_by(context.connection, context.learner.id))
