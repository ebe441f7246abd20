"""A learner's classes: which, who sees what there, and leaving with one word."""

from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.people import teaching
from handlers.people.grants import grants_of
from handlers.people.joining import my_class, to_learn
from handlers.saying import class_said, place_said
from people import codes
from people.roles import may_anywhere
from storage import cohorts, enrolments
from storage.cohorts import Cohort
from storage.enrolments import Enrolment, Scope


@dataclass(frozen=True, slots=True)
class _Mine:
    """One line: a class, and whether its teachers see this learner's progress."""

    name: str
    is_seen: bool


async def show(context: Context) -> Step:
    """Their own classes; for who teaches, those they lead come first."""
    if may_anywhere(await grants_of(context), "teach", context.now):
        return await teaching.show_classes(context, straight=True)
    return await show_mine(context)


async def show_mine(context: Context) -> Step:
    mine = await cohorts.of_learner(context.connection, context.learner.id)
    if not mine:
        code = button(context, "cohort.type_code", action("type_code"))
        return step(context.say("cohort.no_class", code, *onward(context)[:1]))
    if len(mine) == 1:
        return await show_one(context, str(mine[0].id))
    rows = await enrolments.of_learner(context.connection, context.learner.id)
    seen = {row.cohort_id: row.scope == "progress" for row in rows}
    lines = [_Mine(class_said(context, one), seen.get(one.id, False)) for one in mine]
    return step(context.say("cohort.mine", *_each(context, mine, "cohort"), lines=lines))


def _each(context: Context, classes: list[Cohort], name: str) -> list[Button]:
    return [Button(class_said(context, one), action(name, one.id)) for one in classes]


async def show_one(context: Context, number: str) -> Step:
    cohort, mine = await my_class(context, number)
    is_seen = mine.scope == "progress"
    scope = action("scope", cohort.id, 0 if is_seen else 1)
    buttons = [
        *to_learn(context, cohort)[:1],
        button(context, "cohort.hide" if is_seen else "cohort.let_see", scope),
        button(context, "cohort.my_name", action("my_name", cohort.id)),
        button(context, "cohort.leave", action("leave", cohort.id)),
    ]
    size = await enrolments.size(context.connection, cohort.id)
    return step(
        context.say(
            "cohort.one",
            *buttons,
            name=class_said(context, cohort),
            where=await place_said(context, cohort.place),
            members=size.members,
            is_seen=is_seen,
            called=mine.name,
            is_closed=cohort.closed_at is not None,
        )
    )


async def set_scope(context: Context, number: str, scope: str) -> Step:
    """Let the teachers see, or no longer: at once, and as often as one likes."""
    cohort, mine = await my_class(context, number)
    wanted: Scope = "progress" if scope == "1" else ""
    if wanted != mine.scope:
        await enrolments.join(
            context.connection, cohort.id, context.learner.id, wanted, context.now
        )
    return await show_one(context, number)


async def leave(context: Context, number: str) -> Step:
    cohort, mine = await my_class(context, number)
    return await _left(context, cohort, mine)


async def ask_leave(context: Context) -> Step:
    """Out of the only class at once; of several, which."""
    mine = await cohorts.of_learner(context.connection, context.learner.id)
    if not mine:
        return step(context.say("cohort.in_none", *onward(context)))
    if len(mine) == 1:
        return await leave(context, str(mine[0].id))
    stay = button(context, "cohort.stay", action("my_classes"))
    return step(context.say("cohort.which_leave", *_each(context, mine, "leave"), stay, exact=True))


async def _left(context: Context, cohort: Cohort, mine: Enrolment) -> Step:
    await enrolments.leave(context.connection, cohort.id, context.learner.id)
    back = action("join", cohort.code, "1" if mine.scope else "0")
    return step(
        context.say(
            "cohort.left",
            *onward(context)[:1],
            button(context, "cohort.back", back),
            exact=True,
            name=class_said(context, cohort),
            code=codes.spaced(cohort.code),
        )
    )


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


async def _ask_leave(context: Context, argument: str) -> Step:
    del argument
    return await ask_leave(context)


HANDLER = Handler(
    name="cohort",
    commands=(
        Command(
            "lop",
            "Lớp của mình",
            _show,
            words=("lớp", "lớp học", "lớp của tôi", "lớp của tui", "lớp của mình", "xem lớp"),
        ),
        Command(
            "roilop",
            "Rời lớp",
            _ask_leave,
            words=(
                "rời lớp",
                "ra khỏi lớp",
                "thoát lớp",
                "nghỉ lớp",
                "bỏ lớp",
                "không học lớp nữa",
            ),
            in_menu=False,
            firm=True,
        ),
    ),
    actions={
        "my_classes": show_mine,
        "cohort": show_one,
        "scope": set_scope,
        "leave": leave,
    },
)
