"""What the team saw with its own eyes: a task done, a confirmation on a screen. The learner is
told, and may object. The tutor never writes either by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversation.actions import action
from conversation.door import knock
from conversation.handler import Command, Context, Denied, Handler, Stale, Step, number_of, step
from conversation.replies import Button, dump_reply
from conversation.seats import mark_of, marked
from handlers.buttons import button, onward
from handlers.people import classes, seeing
from handlers.people.grants import grants_of
from handlers.saying import day_said
from people.roles import Grant, Role, highest, may, may_anywhere
from places.model import Place
from storage import (
    addresses,
    assisted,
    deliveries,
    learners,
    progress,
    role_grants,
    witnesses,
)
from storage.witnesses import HowSeen

_PAGE = 6
_SEEN_HOW: dict[str, HowSeen] = {"v": "vneid", "p": "platform"}


@dataclass(frozen=True, slots=True)
class _Witness:
    """Who saw it, as what and where; and whose task it was, with the name they go by there."""

    learner_id: int
    role: Role
    place: Place
    of: int
    name: str


async def _at_book(context: Context) -> _Witness:
    """In a notebook that was opened: whoever opened it. Raises ``Denied``."""
    kept = await assisted.by_id(context.connection, context.learner.id)
    if context.address.until_at is None or kept is None or kept.helper_id is None:
        raise Stale
    grants = await role_grants.of_learner(context.connection, kept.helper_id)
    if not may(grants, "assist", kept.place, context.now):
        raise Denied
    return _Witness(kept.helper_id, _role(grants, context), kept.place, kept.learner_id, kept.name)


async def _in_class(context: Context, cohort: str, learner: str) -> _Witness:
    """Somebody of a class who lets its teachers see: the look is written down."""
    found = await classes.the_class(context, cohort)
    grants = await grants_of(context)
    if not may_anywhere(grants, "assist", context.now):
        raise Denied
    seen = await seeing.look(context, found)
    one = next((one for one in seen if str(one.learner_id) == learner), None)
    if one is None or one.learner_id == context.learner.id:
        raise Stale
    return _Witness(
        context.learner.id, _role(grants, context), found.place, one.learner_id, one.name
    )


def _role(grants: Sequence[Grant], context: Context) -> Role:
    role = highest(grants, context.now)
    if role is None:
        raise Denied
    return role


async def ask_book(context: Context) -> Step:
    """Which task was done before the helper's eyes."""
    witness = await _at_book(context)
    return await _ask_lesson(context, witness, "witness_book", ())


async def ask_person(context: Context, cohort: str, offset: str = "0") -> Step:
    found = await classes.the_class(context, cohort)
    start = number_of(offset, 6)
    seen = [one for one in await seeing.look(context, found) if one.name]
    others = [one for one in seen if one.learner_id != context.learner.id]
    buttons = [
        Button(one.name, action("witness_one", cohort, one.learner_id))
        for one in others[start : start + _PAGE]
    ]
    if len(others) > start + _PAGE:
        more = action("witness_who", cohort, start + _PAGE)
        buttons.append(button(context, "role.more", more))
    back = classes.to_page(context, found)
    said = "witness.ask_person" if others else "witness.nobody"
    return step(context.say(said, *buttons, back, exact=True))


async def ask_class(context: Context, cohort: str, learner: str) -> Step:
    witness = await _in_class(context, cohort, learner)
    return await _ask_lesson(context, witness, "witness_class", (cohort, learner))


async def _ask_lesson(
    context: Context, witness: _Witness, name: str, where: tuple[str, ...]
) -> Step:
    learnt = await progress.of_learner(context.connection, witness.of)
    seen = {
        one.lesson
        for one in await witnesses.of_learner(context.connection, witness.of)
        if one.objected_at is None
    }
    rows = sorted(learnt.values(), key=lambda row: row.updated_at, reverse=True)
    lessons = [
        found
        for row in rows
        if row.lesson not in seen and (found := context.catalogue.lesson(row.lesson))
    ]
    buttons = [Button(one.title, action(name, *where, one.slug)) for one in lessons[:_PAGE]]
    how = "official_book" if name == "witness_book" else "official_class"
    buttons += [
        button(context, f"witness.official_{key}", action(how, *where, key)) for key in _SEEN_HOW
    ]
    buttons.append(button(context, "witness.back", action("next")))
    return step(context.say("witness.ask_lesson", *buttons, exact=True, name=witness.name))


async def see_book(context: Context, lesson: str) -> Step:
    return await _see(context, await _at_book(context), lesson)


async def see_class(context: Context, cohort: str, learner: str, lesson: str) -> Step:
    return await _see(context, await _in_class(context, cohort, learner), lesson)


async def _see(context: Context, witness: _Witness, lesson: str) -> Step:
    known = context.catalogue.lesson(lesson)
    if known is None:
        raise Stale
    noted = await witnesses.see(
        context.connection,
        witness.of,
        lesson,
        witness_id=witness.learner_id,
        acted_as=witness.role,
        place=witness.place,
        now=context.now,
    )
    if not noted:
        return step(context.say("witness.already", *onward(context)[:1], name=witness.name))
    await _tell(context, witness, "witness.told", lesson=known.title)
    return _noted(context, witness, "witness.noted", lesson=known.title)


async def official_book(context: Context, how: str) -> Step:
    return await _official(context, await _at_book(context), how)


async def official_class(context: Context, cohort: str, learner: str, how: str) -> Step:
    return await _official(context, await _in_class(context, cohort, learner), how)


async def _official(context: Context, witness: _Witness, how: str) -> Step:
    if how not in _SEEN_HOW:
        raise Stale
    noted = await witnesses.confirm(
        context.connection,
        witness.of,
        _SEEN_HOW[how],
        witness_id=witness.learner_id,
        acted_as=witness.role,
        place=witness.place,
        now=context.now,
    )
    if not noted:
        return step(context.say("witness.already", *onward(context)[:1], name=witness.name))
    await _tell(context, witness, "witness.told_official", how=how)
    return _noted(context, witness, "witness.noted_official", how=how)


def _noted(context: Context, witness: _Witness, said: str, **values: Any) -> Step:
    """In an opened notebook the learner sits there and may object at once."""
    is_book = context.learner.id == witness.of
    buttons = [*onward(context)[:1]]
    if is_book:
        buttons.append(button(context, "witness.mine", action("witnessed")))
    return step(context.say(said, *buttons, name=witness.name, **values))


async def _tell(context: Context, witness: _Witness, said: str, **values: Any) -> None:
    """The learner is told on their own telephone; without one they sit beside the helper."""
    if context.learner.id == witness.of:
        return
    chats = await addresses.of_learner(context.connection, witness.of)
    last = await addresses.last_used(context.connection, witness.of)
    there = next((one for one in chats if one.id == last), None)
    whom = await learners.by_id(context.connection, witness.of)
    if there is None or whom is None:
        return
    manners, now = context.rules.manners, context.now
    if await knock(context.connection, manners, whom.id, whom.zone, now) is not None:
        return
    to_them = replace(context, learner=whom, address=there)
    grants = await grants_of(context)
    by = next((grant.name for grant in grants if grant.holds(now) and grant.name), "")
    see = button(to_them, "witness.mine", action("witnessed"))
    told = to_them.say(said, see, by=by, role=witness.role, **values)
    (reply,) = marked((told,), mark_of(there))
    await deliveries.add(
        context.connection,
        there.id,
        dump_reply(reply),
        priority=deliveries.REMINDER,
        due_at=now,
        expires_at=manners.falls_silent(now, manners.zone_of(whom.zone)),
        now=now,
    )


async def mine(context: Context) -> Step:
    """What others saw of me, and whether the state confirmed it; each with a way to object."""
    connection, learner_id = context.connection, context.learner.id
    buttons: list[Button] = []
    lines: list[tuple[str, str, str, bool]] = []
    for one in await witnesses.of_learner(connection, learner_id):
        known = context.catalogue.lesson(one.lesson)
        if known is None:
            continue
        is_standing = one.objected_at is None
        lines.append((known.title, day_said(context, one.seen_at), one.acted_as, is_standing))
        if is_standing and len(buttons) < _PAGE:
            label = context.text("witness.object", lesson=known.title).unescape()
            buttons.append(Button(label, action("object", one.lesson)))
    official = await witnesses.confirmation(connection, learner_id)
    if official is None or official.objected_at is not None:
        if context.address.until_at is None:
            buttons.append(button(context, "witness.declare", action("declare")))
    else:
        buttons.append(button(context, "witness.object_official", action("object_official")))
    return step(
        context.say(
            "witness.of_me",
            *buttons,
            *onward(context)[:1],
            exact=True,
            lines=lines,
            official=official,
            day=day_said(context, official.confirmed_at) if official else "",
        )
    )


async def object_to(context: Context, lesson: str) -> Step:
    if not await witnesses.object_to(context.connection, context.learner.id, lesson, context.now):
        raise Stale
    return step(context.say("witness.objected", *onward(context)[:1]))


async def object_official(context: Context) -> Step:
    if not await witnesses.object_to_confirmation(
        context.connection, context.learner.id, context.now
    ):
        raise Stale
    return step(context.say("witness.objected", *onward(context)[:1]))


async def declare(context: Context) -> Step:
    """The learner says so; nobody saw it, and that is how it is kept."""
    if context.address.until_at is not None:
        raise Stale
    await witnesses.confirm(
        context.connection, context.learner.id, "declared", witness_id=None, now=context.now
    )
    return await mine(context)


async def _mine(context: Context, argument: str) -> Step:
    del argument
    return await mine(context)


async def _witness(context: Context, argument: str) -> Step:
    del argument
    if context.address.until_at is None:
        return step(context.say("witness.open_first", *onward(context)[:1]))
    return await ask_book(context)


HANDLER = Handler(
    name="witnessing",
    commands=(
        Command(
            "chungnhan",
            "Ai đã thấy mình làm được",
            _mine,
            words=("chứng nhận", "xác nhận", "ai thấy tôi làm", "ai thấy tui làm"),
            in_menu=False,
        ),
        Command(
            "lamchung",
            "Ghi việc đã thấy làm trước mặt",
            _witness,
            words=("làm chứng", "ghi đã thấy làm"),
            in_menu=False,
        ),
    ),
    actions={
        "witness_who": ask_person,
        "witness_one": ask_class,
        "witness_class": see_class,
        "witness_book": see_book,
        "official_book": official_book,
        "official_class": official_class,
        "witnessed": mine,
        "object": object_to,
        "object_official": object_official,
        "declare": declare,
    },
)
