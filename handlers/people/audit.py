"""The audit, for an administrator: what was done lately, without a name."""

from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, number_of, step
from handlers.buttons import button
from handlers.people.grants import granted
from handlers.people.role import ROLE
from handlers.saying import place_said, time_said
from storage import audit

_PAGE = 10


@dataclass(frozen=True, slots=True)
class _Line:
    when: str
    acted_as: str
    deed: str
    role: str
    where: str
    in_class: bool


async def show(context: Context, offset: str = "0") -> Step:
    await granted(context, "read_audit")
    start = number_of(offset, 9)
    found = await audit.latest(context.connection, limit=_PAGE + 1, offset=start)
    lines = [
        _Line(
            time_said(context, one.done_at),
            one.acted_as,
            one.deed,
            one.role,
            await place_said(context, one.place),
            one.cohort_id is not None,
        )
        for one in found[:_PAGE]
    ]
    buttons = []
    if len(found) > _PAGE:
        buttons.append(button(context, "role.more", action("audit", start + _PAGE)))
    back = button(context, "role.to_mine", ROLE)
    return step(context.say("audit.latest", *buttons, back, lines=lines))


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="audit",
    commands=(
        Command(
            "nhatky",
            "Sổ ghi: ai giao vai trò, ai đã xem",
            _show,
            words=("sổ ghi", "nhật ký"),
            in_menu=False,
            deed="read_audit",
        ),
    ),
    actions={"audit": show},
)
