"""What roles the person of this turn has, and what these allow."""

from conversation.handler import Context, Denied, Step, step
from handlers.buttons import onward
from people.roles import EVERYWHERE, Deed, Grant, Role, highest, may, may_anywhere
from places.model import Place
from storage import audit, role_grants

_ANOTHER = 2


async def grants_of(context: Context) -> tuple[Grant, ...]:
    """Everything they were ever given. Whom the configuration names is an administrator from the
    first time it matters.
    """
    held = await role_grants.of_learner(context.connection, context.learner.id)
    # Of those who share a telephone the configuration means whoever had it first.
    named = (
        context.address.seat < _ANOTHER
        and (context.address.channel, context.address.phone) in context.rules.administrators
    )
    if named and highest(held, context.now) != "administrator":
        first = await role_grants.give(
            context.connection,
            context.learner.id,
            "administrator",
            EVERYWHERE,
            granted_by=None,
            now=context.now,
        )
        await audit.write(
            context.connection,
            "granted",
            now=context.now,
            actor_id=None,
            subject_id=context.learner.id,
            role="administrator",
        )
        held.append(first)
    return tuple(held)


async def role_of(context: Context) -> Role | None:
    """The most that they are; ``None`` for who only learns."""
    return highest(await grants_of(context), context.now)


async def granted(context: Context, deed: Deed, place: Place | None = None) -> tuple[Grant, ...]:
    """Their grants, when these allow the deed at that place, or anywhere when none is given.

    Raises ``Denied``.
    """
    grants = await grants_of(context)
    allowed = (
        may_anywhere(grants, deed, context.now)
        if place is None
        else may(grants, deed, place, context.now)
    )
    if not allowed:
        raise Denied
    return grants


async def denied(context: Context) -> Step:
    """A learner who tapped a teacher's button, or somebody whose role ended."""
    return step(context.say("role.denied", *onward(context)))
