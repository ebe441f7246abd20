"""A learner's milestones: what they already have, one tap each, taken back as easily."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button, Say, preceded
from fieldwork.milestones import BY_SLUG, MILESTONES, Milestone
from handlers.buttons import button, onward
from handlers.people.grants import grants_of
from people.roles import may_anywhere
from storage import milestones

MINE = action("milestones")
# More than these on one screen frighten rather than invite.
_PAGE = 4


async def show(context: Context, offset: str = "0") -> Step:
    """From that one on; past the last it begins anew."""
    return step(await _mine(context, number_of(offset, 4)))


async def _mine(context: Context, start: int = 0) -> Say:
    """What there is, and buttons for some that there are not. "Not yet" needs no tap."""
    have = await milestones.of_learner(context.connection, context.learner.id)
    missing = [one for one in MILESTONES if one.slug not in have]
    start = start if start < len(missing) else 0
    shown = missing[start : start + _PAGE]
    buttons = [Button(one.label, action("milestone_have", one.slug)) for one in shown]
    if len(missing) > _PAGE:
        after = start + _PAGE if start + _PAGE < len(missing) else 0
        buttons.append(button(context, "milestone.more", action(MINE.name, after)))
    if any(row.declared_at for row in have.values()):
        buttons.append(button(context, "milestone.take_out", action("milestone_out")))
    if may_anywhere(await grants_of(context), "log_visits", context.now):
        buttons.append(button(context, "milestone.of_others", action("witness")))
    return context.say(
        "milestone.mine",
        *buttons,
        *onward(context)[:1],
        exact=True,
        have=[
            (one.label, have[one.slug].witnessed_at is not None)
            for one in MILESTONES
            if one.slug in have
        ],
        missing=len(missing),
    )


async def have(context: Context, slug: str) -> Step:
    """Those that nobody can skip come along."""
    one = the_milestone(slug)
    await milestones.declare(
        context.connection, context.learner.id, (*one.before, one.slug), context.now
    )
    return step(
        context.say(
            "milestone.noted",
            *onward(context)[:1],
            button(context, "milestone.more", MINE),
            button(context, "milestone.undo", action("milestone_undo", slug)),
            exact=True,
            label=one.label,
        )
    )


async def undo(context: Context, slug: str) -> Step:
    """With those that were noted by the same tap, and those that cannot be without it."""
    one = the_milestone(slug)
    have = await milestones.of_learner(context.connection, context.learner.id)
    said_at = have[slug].declared_at if slug in have else None
    along = [name for name in one.before if name in have and have[name].declared_at == said_at]
    after = [other.slug for other in MILESTONES if slug in other.before]
    for name in (slug, *along, *after):
        await milestones.undeclare(context.connection, context.learner.id, name)
    return step(preceded(context.text("milestone.undone", label=one.label), await _mine(context)))


async def ask_out(context: Context) -> Step:
    have = await milestones.of_learner(context.connection, context.learner.id)
    said = [one for one in MILESTONES if one.slug in have and have[one.slug].declared_at]
    buttons = [Button(one.label, action("milestone_undo", one.slug)) for one in said]
    back = button(context, "milestone.keep", MINE)
    return step(context.say("milestone.which_out", *buttons, back, exact=True))


def the_milestone(slug: str) -> Milestone:
    if slug not in BY_SLUG:
        raise Stale
    return BY_SLUG[slug]


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="milestone",
    commands=(
        Command(
            "cotmoc",
            "Cột mốc: việc mình làm được rồi",
            _show,
            words=("cột mốc", "cột mốc của tôi", "cột mốc của tui"),
            in_menu=False,
        ),
    ),
    actions={
        MINE.name: show,
        "milestone_have": have,
        "milestone_undo": undo,
        "milestone_out": ask_out,
    },
)
