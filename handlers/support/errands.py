"""Nhắc giúp: whom the tutor may not write to, for those who can speak to them in person."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Command, Context, Denied, Handler, Stale, Step, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people.grants import granted
from handlers.support.items import days_since
from people.roles import EVERYWHERE, Grant, highest, places_for
from places.model import Place
from storage import audit, errands
from storage.errands import NamedErrand

ERRANDS = action("errands")
_PAGE = 8


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    lesson_class: str
    days: int
    reason: str


def _places(context: Context, grants: Sequence[Grant]) -> tuple[Place, ...]:
    return places_for(grants, "see_progress", context.now)


async def count(context: Context) -> int:
    """How many wait for this person, named or not; of all, for an administrator, as
    ``python bot.py zalo`` says.
    """
    grants = await granted(context, "see_progress")
    places = _places(context, grants)
    if places == (EVERYWHERE,):
        return await errands.count(context.connection)
    return await errands.count_near(context.connection, context.learner.id, places)


async def show(context: Context) -> Step:
    """By name those who agreed to be seen in a class; the others are only counted."""
    grants = await granted(context, "see_progress")
    found = await errands.named_near(
        context.connection, context.learner.id, _places(context, grants), _PAGE
    )
    for one in found:
        await _write_look(context, grants, one)
    total = await count(context)
    buttons = [
        Button(
            context.text("support.reminded", name=_name(context, one)).unescape(),
            action("errand_done", one.address_id),
        )
        for one in found
    ]
    return step(
        context.say(
            "support.to_remind",
            *buttons,
            button(context, "support.all", action("cases")),
            lines=[
                _Line(
                    _name(context, one),
                    one.class_name,
                    days_since(context, one.created_at),
                    one.reason,
                )
                for one in found
            ],
            others=total - len(found),
        )
    )


def _name(context: Context, one: NamedErrand) -> str:
    return one.name or context.text("support.nameless").unescape()


async def _write_look(context: Context, grants: Sequence[Grant], one: NamedErrand) -> None:
    await audit.write(
        context.connection,
        "looked",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(grants, context.now) or "",
        subject_id=one.learner_id,
        cohort_id=one.cohort_id,
    )


async def done(context: Context, number: str) -> Step:
    """Somebody spoke to them. A second tap, or somebody else's, finds it done."""
    grants = await granted(context, "see_progress")
    if not number.isdecimal() or len(number) > 15:
        raise Stale
    places = _places(context, grants)
    if not await errands.is_open(context.connection, int(number)):
        return await show(context)
    if not await errands.is_near(context.connection, int(number), context.learner.id, places):
        raise Denied
    await errands.done(context.connection, int(number))
    return await show(context)


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="errands",
    commands=(
        Command(
            "nhacgiup",
            "Nhắc giúp bà con Học Số chưa nhắn được",
            _show,
            words=("nhắc giúp", "nhắc giùm", "danh sách nhắc giúp"),
            in_menu=False,
            deed="see_progress",
        ),
    ),
    actions={ERRANDS.name: show, "errand_done": done},
)
