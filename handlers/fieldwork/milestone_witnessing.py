"""A team member saw a learner of their class do it: recorded as witnessed, with who and when."""

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button
from fieldwork.milestones import MILESTONES
from handlers.buttons import button
from handlers.fieldwork.milestone import MINE, the_milestone
from handlers.people import classes, seeing
from handlers.people.grants import granted, role_of
from handlers.saying import class_said
from people.roles import may_lead
from storage import audit, cohorts, enrolments, milestones
from storage.audit import AuditedDeed
from storage.cohorts import Cohort
from storage.enrolments import Enrolment

_PAGE = 10


async def ask_class(context: Context) -> Step:
    grants = await granted(context, "log_visits")
    mine = context.learner.id
    led = [
        one
        for one in await cohorts.led_by(context.connection, mine)
        if may_lead(grants, mine, one.owner_id, one.place, context.now)
    ]
    if len(led) == 1:
        return await ask_who(context, str(led[0].id), "0")
    buttons = [Button(class_said(context, one), action("witness_in", one.id, 0)) for one in led]
    back = button(context, "milestone.back", MINE)
    said = "milestone.which_class" if led else "milestone.no_class"
    return step(context.say(said, *buttons, back))


async def ask_who(context: Context, number: str, offset: str) -> Step:
    """Only who agreed to be seen; that they were looked at is written down."""
    cohort = await classes.the_class(context, number)
    start = number_of(offset, 6)
    seen = [
        one for one in await seeing.look(context, cohort) if one.learner_id != context.learner.id
    ]
    page = seen[start : start + _PAGE]
    buttons = [
        Button(
            one.name or context.text("milestone.nameless", number=start + at).unescape(),
            action("witness_of", cohort.id, one.learner_id),
        )
        for at, one in enumerate(page, start=1)
    ]
    if len(seen) > start + _PAGE:
        buttons.append(button(context, "role.more", action("witness_in", cohort.id, start + _PAGE)))
    back = button(context, "milestone.back", MINE)
    said = "milestone.ask_who" if seen else "milestone.nobody_seen"
    return step(context.say(said, *buttons, back, name=class_said(context, cohort)))


async def show(context: Context, number: str, learner: str) -> Step:
    """One learner's milestones: those still to be witnessed, and one's own to take back."""
    cohort, member = await _member(context, number, learner)
    have = await milestones.of_learner(context.connection, member.learner_id)
    seen = {slug for slug, row in have.items() if row.witnessed_at is not None}
    own = {slug for slug, row in have.items() if row.witnessed_by == context.learner.id}
    buttons = [
        Button(one.label, action("milestone_seen", cohort.id, member.learner_id, one.slug))
        for one in MILESTONES
        if one.slug not in seen
    ]
    buttons += [
        Button(
            context.text("milestone.unwitness", label=one.label).unescape(),
            action("milestone_unseen", cohort.id, member.learner_id, one.slug),
        )
        for one in MILESTONES
        if one.slug in own
    ]
    back = button(context, "milestone.others", action("witness_in", cohort.id, 0))
    return step(
        context.say(
            "milestone.theirs",
            *buttons,
            back,
            exact=True,
            name=member.name,
            have=[(one.label, one.slug in seen) for one in MILESTONES if one.slug in have],
        )
    )


async def witness(context: Context, number: str, learner: str, slug: str) -> Step:
    one = the_milestone(slug)
    cohort, member = await _member(context, number, learner)
    await milestones.witness(
        context.connection,
        member.learner_id,
        (*one.before, slug),
        context.learner.id,
        context.now,
    )
    await _write(context, "milestone_witnessed", cohort, member)
    return await show(context, number, learner)


async def unwitness(context: Context, number: str, learner: str, slug: str) -> Step:
    the_milestone(slug)
    cohort, member = await _member(context, number, learner)
    await milestones.unwitness(context.connection, member.learner_id, slug, context.learner.id)
    await _write(context, "milestone_unwitnessed", cohort, member)
    return await show(context, number, learner)


async def _write(context: Context, deed: AuditedDeed, cohort: Cohort, member: Enrolment) -> None:
    await audit.write(
        context.connection,
        deed,
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        subject_id=member.learner_id,
        place=cohort.place,
        cohort_id=cohort.id,
    )


async def _member(context: Context, number: str, learner: str) -> tuple[Cohort, Enrolment]:
    """Somebody else of a class one leads, who agreed to be seen and still does. Raises otherwise."""
    cohort = await classes.the_class(context, number)
    await granted(context, "log_visits")
    if not learner.isdecimal() or len(learner) > 15 or int(learner) == context.learner.id:
        raise Stale
    member = await enrolments.find(context.connection, cohort.id, int(learner))
    if member is None or member.scope != "progress":
        raise Stale
    return cohort, member


HANDLER = Handler(
    name="milestone_witnessing",
    actions={
        "witness": ask_class,
        "witness_in": ask_who,
        "witness_of": show,
        "milestone_seen": witness,
        "milestone_unseen": unwitness,
    },
)
