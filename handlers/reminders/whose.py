"""“Dừng” on a telephone that several share: whose reminders end is asked by name.

Whoever has the telephone may speak for themselves, or be annoyed by what comes to somebody else.
A second “dừng” needs no name: it ends them for everybody here.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from conversation.actions import Action, action
from conversation.handler import Context, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.households.telephone import family, seated
from storage import broadcasts, learners, notes, recipients, rhythms
from storage.addresses import Address

ALL = action("stop_phone")
# Ends what is sent to the learner of a context.
Stops: TypeAlias = Callable[[Context], Awaitable[Step]]


async def ask(context: Context) -> Step | None:
    """By name; None where there is nobody else it could be."""
    people = await _written_to(context)
    if not context.address.seat or all(one.id == context.address.id for one in people):
        return None
    buttons = [
        Button(
            context.text("reminder.stop_whose", name=_name(context, one)).unescape(),
            action("stop_seat", one.id),
        )
        for one in people
    ]
    buttons.append(button(context, "reminder.stop_all", ALL))
    buttons.append(button(context, "reminder.stop_nobody", action("stop_nobody")))
    return step(
        context.say(
            "reminder.whose",
            *buttons,
            exact=True,
            name=_name(context, people[0]),
            others=len(people) > 1,
        )
    )


def was_asked(context: Context) -> bool:
    """Whether this is the second time in a row that they say it."""
    if context.asked.kind != "one":
        return False
    return any(Action.decode(one).name == ALL.name for one in context.asked.actions)


async def one(context: Context, number: str, stops: Stops) -> Step:
    """That person's, and nobody else's."""
    whose = next((one for one in await _people(context) if one.id == number_of(number)), None)
    if whose is None:
        raise Stale
    if whose.id == context.address.id:
        return await stops(context)
    await _stop(context, whose, stops)
    return step(context.say("reminder.stopped_whose", *onward(context), name=_name(context, whose)))


async def everybody(context: Context, stops: Stops) -> Step:
    """Of this telephone; each can have them again from their own place."""
    if not context.address.seat:
        return await stops(context)
    people = await _people(context)
    for whose in people:
        await _stop(context, whose, stops)
    names = [_name(context, one) for one in people]
    return step(context.say("reminder.stopped_all", *onward(context), names=names))


async def nobody(context: Context) -> Step:
    return step(context.say("reminder.stopped_nobody", *onward(context)))


async def _stop(context: Context, whose: Address, stops: Stops) -> None:
    learner = await learners.by_id(context.connection, whose.learner_id)
    if learner is not None:
        await stops(seated(context, whose, learner))


async def _people(context: Context) -> list[Address]:
    """Who has the telephone now, then everybody else who shares it."""
    others = [one for one in await family(context) if one.id != context.address.id]
    return [context.address, *others]


async def _written_to(context: Context) -> list[Address]:
    return [one for one in await _people(context) if await _is_written_to(context, one)]


async def _is_written_to(context: Context, whose: Address) -> bool:
    """Whether anything comes here of the tutor's own accord, or somebody's, to that learner."""
    rhythm = await rhythms.of_learner(context.connection, whose.learner_id)
    if rhythm is not None and rhythm.state != "off":
        return True
    if await recipients.has_heard(
        context.connection, whose.learner_id
    ) and not await broadcasts.refuses(context.connection, whose.learner_id):
        return True
    if await notes.are_refused(context.connection, whose.learner_id):
        return False
    return await notes.any_to(context.connection, whose.learner_id)


def _name(context: Context, whose: Address) -> str:
    return whose.called or context.text("telephone.nameless").unescape()
