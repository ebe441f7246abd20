"""The visit sheet: whom to see next, grouped by where they are stuck.

By name only who agreed to be seen; the others are a count that picks out nobody. Every look is
written down, a line for each person named.
"""

from collections.abc import Iterable

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.fieldwork import visit
from handlers.people.grants import granted
from people.roles import highest
from storage import audit, hamlets, stuck
from storage.stuck import Stuck

_GROUPS = 5
_NAMES = 8


async def show(context: Context, number: str) -> Step:
    hamlet = await hamlets.by_id(context.connection, number_of(number))
    if hamlet is None:
        raise Stale
    grants = await granted(context, "see_progress", hamlet.place)
    found = await stuck.at(context.connection, hamlet.place, context.learner.id, context.now)
    found = [one for one in found if context.catalogue.lesson(one.lesson) is not None]
    groups = _groups(one for one in found if one.is_seen)[:_GROUPS]
    await audit.write_looked_at(
        context.connection,
        [one.learner_id for _, people in groups for one in people[:_NAMES]],
        actor_id=context.learner.id,
        acted_as=highest(grants, context.now) or "",
        place=hamlet.place,
        now=context.now,
    )
    lines = [
        (
            _title(context, key[0]),
            key[1],
            key[2],
            [one.name for one in people[:_NAMES]],
            len(people),
        )
        for key, people in groups
    ]
    return step(
        context.say(
            "visit.sheet",
            button(context, "visit.log_here", action("visit_at", hamlet.id)),
            button(context, "visit.elsewhere", action("visits")),
            where=hamlet.title,
            groups=lines,
            others=sum(not one.is_seen for one in found),
        )
    )


def _groups(found: Iterable[Stuck]) -> list[tuple[tuple[str, int, bool], list[Stuck]]]:
    """By lesson, step (from 1) and whether it is the task; where most are stuck first."""
    by_place: dict[tuple[str, int, bool], list[Stuck]] = {}
    for one in found:
        step_number = 0 if one.in_practice else one.card + 1
        by_place.setdefault((one.lesson, step_number, one.in_practice), []).append(one)
    return sorted(by_place.items(), key=lambda group: -len(group[1]))


def _title(context: Context, slug: str) -> str:
    lesson = context.catalogue.lesson(slug)
    assert lesson is not None  # noqa: S101 - the others were left out
    return lesson.title


async def choose(context: Context, commune: str = "") -> Step:
    """Of several hamlets, which; of the only one, its sheet at once."""
    listed = await (visit.hamlets_in(context, commune) if commune else visit.own_hamlets(context))
    if not listed:
        # Whose place is everywhere says the commune first, as for a visit.
        return await (visit.start_in(context, commune) if commune else visit.start(context))
    if len(listed) == 1:
        return await show(context, str(listed[0].id))
    buttons = [
        Button(one.title, action("visit_sheet", one.id)) for one in listed[: visit.MOST_PLACES]
    ]
    return step(context.say("visit.which_sheet", *buttons, exact=True))


async def _ask(context: Context, argument: str) -> Step:
    del argument
    return await choose(context)


HANDLER = Handler(
    name="sheet",
    commands=(
        Command(
            "thamai",
            "Nên tới thăm ai trước",
            _ask,
            words=("nên thăm ai", "thăm ai", "nên tới thăm ai"),
            in_menu=False,
            deed="log_visits",
        ),
    ),
    actions={"visit_sheet": show, "visit_sheets": choose},
)
