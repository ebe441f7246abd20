"""A notebook kept for somebody goes to another of the team, and the end when its learner wants it."""

from dataclasses import replace

from conversation.actions import action
from conversation.door import knock
from conversation.handler import Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button, dump_reply
from handlers.assisting import ending
from handlers.assisting.assisting import HELPED, show_one, the_one
from handlers.buttons import button
from handlers.people.grants import granted
from people.roles import ROLES, Grant, may
from storage import addresses, assisted, deliveries, learners, privacy, role_grants
from storage.assisted import Assisted

# No more to choose among than fit a screen.
_MOST_SHOWN = 8


async def ask_whom(context: Context, number: str) -> Step:
    """To whom of the place a notebook may be given."""
    one = await the_one(context, number)
    others = await _others(context, one)
    back = button(context, "assisting.back", action("help_one", one.learner_id))
    if not others:
        return step(context.say("assisting.nobody_there", back))
    buttons = [
        Button(
            grant.name or context.text("role.Name", role=grant.role).unescape(),
            action("help_to", one.learner_id, grant.learner_id),
        )
        for grant in others
    ]
    return step(context.say("assisting.ask_whom", *buttons, back, exact=True, name=one.name))


async def _others(context: Context, one: Assisted) -> list[Grant]:
    found: dict[int, Grant] = {}
    for role in ROLES[:2]:
        for grant in await role_grants.held_in(
            context.connection, role, one.place.commune, context.now
        ):
            if may((grant,), "assist", one.place, context.now):
                found.setdefault(grant.learner_id, grant)
    found.pop(context.learner.id, None)
    return list(found.values())[:_MOST_SHOWN]


async def hand_over(context: Context, number: str, whom: str) -> Step:
    """The notebook is another's to keep, who is told; here it opens no more."""
    one = await the_one(context, number)
    to = next(
        (grant for grant in await _others(context, one) if str(grant.learner_id) == whom), None
    )
    if to is None:
        raise Stale
    await assisted.hand_over(context.connection, one.learner_id, to.learner_id)
    await ending.leave(context, one)
    await _tell(context, to.learner_id, one)
    name = to.name or context.text("role.Name", role=to.role).unescape()
    back = button(context, "assisting.back", HELPED)
    return step(context.say("assisting.handed_over", back, name=one.name, to=name))


async def _tell(context: Context, learner_id: int, one: Assisted) -> None:
    """One line to who keeps it now, if one may be written today; their list has it anyway."""
    there = await addresses.last_used(context.connection, learner_id)
    whom = await learners.by_id(context.connection, learner_id)
    if there is None or whom is None:
        return
    manners = context.rules.manners
    if await knock(context.connection, manners, whom.id, whom.zone, context.now) is not None:
        return
    told = replace(context, learner=whom).say("assisting.given_to_you", name=one.name)
    await deliveries.add(
        context.connection,
        there,
        dump_reply(told),
        priority=deliveries.REMINDER,
        due_at=context.now,
        expires_at=manners.falls_silent(context.now, manners.zone_of(whom.zone)),
        now=context.now,
    )


async def take(context: Context, number: str) -> Step:
    """One whom nobody looks after any more."""
    found = await assisted.by_id(context.connection, number_of(number))
    if found is None or found.helper_id is not None:
        raise Stale
    await granted(context, "assist", found.place)
    await assisted.hand_over(context.connection, found.learner_id, context.learner.id)
    return await show_one(context, number)


async def ask_end(context: Context, number: str) -> Step:
    one = await the_one(context, number)
    return step(
        context.say(
            "assisting.ask_end",
            button(context, "assisting.end", action("help_gone", one.learner_id)),
            button(context, "assisting.back", action("help_one", one.learner_id)),
            exact=True,
            name=one.name,
        )
    )


async def end(context: Context, number: str) -> Step:
    """They want no more: all of it is deleted, at once."""
    one = await the_one(context, number)
    await privacy.erase(context.connection, one.learner_id)
    back = button(context, "assisting.back", HELPED)
    return step(context.say("assisting.ended", back, name=one.name))


HANDLER = Handler(
    name="passing_over",
    actions={
        "help_give": ask_whom,
        "help_to": hand_over,
        "help_take": take,
        "help_end": ask_end,
        "help_gone": end,
    },
)
