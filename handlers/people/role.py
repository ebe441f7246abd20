"""Roles: what one is, whom one made what, and taking it back."""

from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Denied,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from handlers.assisting import ending
from handlers.broadcasting import following
from handlers.buttons import button, onward
from handlers.people.grants import grants_of, role_of
from handlers.saying import day_said, grant_said
from handlers.support import closing
from people.names import Unfit, clean
from people.roles import EVERYWHERE, Grant, highest, may_anywhere, may_be_given, may_revoke
from storage import audit, invitations, role_grants

ROLE = action("role")
_PAGE = 8


@dataclass(frozen=True, slots=True)
class _Held:
    """One line of a list: what somebody is, what they are called, since when."""

    said: str
    name: str
    day: str


async def show(context: Context) -> Step:
    """One's own roles, and what can be done with them."""
    grants = await grants_of(context)
    held = [grant for grant in grants if grant.holds(context.now)]
    if not held:
        return step(context.say("role.only_learner", *onward(context)))
    buttons = []
    if may_be_given(held, context.now):
        buttons.append(button(context, "role.invite", action("invite")))
        buttons.append(button(context, "role.given", action("given", 0)))
        if await invitations.open_of(context.connection, context.learner.id, context.now):
            buttons.append(button(context, "role.waiting", action("waiting")))
    buttons.append(button(context, "role.rename", action("rename_me")))
    if may_anywhere(held, "read_audit", context.now):
        buttons.append(button(context, "role.audit", action("audit", 0)))
    buttons.append(button(context, "role.resign", action("resign")))
    lines = [await _line(context, grant) for grant in held]
    name = next((grant.name for grant in reversed(held) if grant.name), "")
    return step(context.say("role.mine", *buttons, lines=lines, name=name))


async def _line(context: Context, grant: Grant) -> _Held:
    said = await grant_said(context, grant)
    return _Held(said, grant.name, day_said(context, grant.granted_at))


async def show_given(context: Context, offset: str = "0") -> Step:
    """Whom this person gave a role; an administrator sees everybody who has one."""
    grants = await grants_of(context)
    if not may_be_given(grants, context.now):
        raise Denied
    start = number_of(offset)
    everybody = highest(grants, context.now) == "administrator"
    found = await role_grants.granted_by(
        context.connection,
        None if everybody else context.learner.id,
        context.now,
        limit=_PAGE + 1,
        offset=start,
    )
    others = [grant for grant in found[:_PAGE] if grant.learner_id != context.learner.id]
    buttons = [
        Button(_short(await _line(context, grant)), action("grant", grant.id)) for grant in others
    ]
    if len(found) > _PAGE:
        buttons.append(button(context, "role.more", action("given", start + _PAGE)))
    back = button(context, "role.back", ROLE)
    if not others and start == 0:
        invite = button(context, "role.invite", action("invite"))
        return step(context.say("role.none_given", invite, back))
    return step(context.say("role.whom", *buttons, back))


def _short(held: _Held) -> str:
    return f"{held.name} · {held.said}" if held.name else held.said


async def show_grant(context: Context, number: str) -> Step:
    grant = await _revocable(context, number)
    return step(
        context.say(
            "role.one",
            button(context, "role.revoke", action("revoke", grant.id)),
            button(context, "role.back", action("given", 0)),
            held=await _line(context, grant),
        )
    )


async def ask_revoke(context: Context, number: str) -> Step:
    grant = await _revocable(context, number)
    return step(
        context.say(
            "role.ask_revoke",
            button(context, "role.revoke_now", action("revoke_now", grant.id)),
            button(context, "role.keep", action("given", 0)),
            exact=True,
            held=await _line(context, grant),
        )
    )


async def revoke(context: Context, number: str) -> Step:
    grant = await _revocable(context, number)
    await _end(context, grant)
    back = button(context, "role.back", action("given", 0))
    return step(context.say("role.revoked", back, held=await _line(context, grant)))


async def _end(context: Context, grant: Grant) -> None:
    await role_grants.revoke(context.connection, grant.id, context.now)
    await closing.role_ended(context, grant)
    await ending.role_ended(context, grant.learner_id)
    await following.role_ended(context, grant.learner_id)
    await audit.write(
        context.connection,
        "revoked",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        subject_id=grant.learner_id,
        role=grant.role,
        place=grant.place,
    )


async def _revocable(context: Context, number: str) -> Grant:
    """That grant, if it still holds and this person may take it back. Raises otherwise."""
    grant = await role_grants.by_id(context.connection, number_of(number))
    if grant is None or not grant.holds(context.now):
        raise Stale
    grants = await grants_of(context)
    if not may_revoke(grants, context.learner.id, grant, context.now):
        raise Denied
    return grant


async def ask_resign(context: Context) -> Step:
    """Which of one's own roles to give back."""
    held = [grant for grant in await grants_of(context) if grant.holds(context.now)]
    if not held:
        raise Denied
    buttons = [
        Button(await grant_said(context, grant), action("resign_now", grant.id)) for grant in held
    ]
    return step(
        context.say("role.ask_resign", *buttons, button(context, "role.keep", ROLE), exact=True)
    )


async def resign(context: Context, number: str) -> Step:
    grant = await role_grants.by_id(context.connection, number_of(number))
    if grant is None or grant.learner_id != context.learner.id or not grant.holds(context.now):
        raise Stale
    if grant.role == "administrator" and await _is_last(context):
        return step(context.say("role.last_administrator", button(context, "role.back", ROLE)))
    await _end(context, grant)
    return step(context.say("role.resigned", *onward(context), held=await _line(context, grant)))


async def _is_last(context: Context) -> bool:
    """Whether nobody else could make anybody an administrator any more."""
    held = await role_grants.held_in(
        context.connection, "administrator", EVERYWHERE.commune, context.now
    )
    return {grant.learner_id for grant in held} <= {context.learner.id}


async def ask_name(context: Context) -> Step:
    if await role_of(context) is None:
        raise Denied
    none = button(context, "role.no_name", action("no_name"))
    return ask_words(context.say("role.ask_name", none), action("called"))


async def take_name(context: Context, text: str) -> Step:
    if await role_of(context) is None:
        raise Denied
    try:
        name = clean(text)
    except Unfit as unfit:
        none = button(context, "role.no_name", action("no_name"))
        return ask_words(context.say("role.unfit", none, fault=unfit.fault), action("called"))
    await role_grants.set_name(context.connection, context.learner.id, name)
    return step(context.say("role.named", *_after(context), name=name))


async def no_name(context: Context) -> Step:
    if await role_of(context) is None:
        raise Denied
    await role_grants.set_name(context.connection, context.learner.id, "")
    return step(context.say("role.unnamed", *_after(context)))


def _after(context: Context) -> tuple[Button, ...]:
    return (
        button(context, "teaching.new", action("new_class")),
        button(context, "role.to_mine", ROLE),
        *onward(context)[:1],
    )


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="role",
    commands=(
        Command(
            "vaitro",
            "Vai trò của mình, mời người",
            _show,
            words=("vai trò", "vai trò của tôi", "vai trò của tui", "vai trò của mình"),
            in_menu=False,
            deed="teach",
        ),
    ),
    actions={
        "role": show,
        "given": show_given,
        "grant": show_grant,
        "revoke": ask_revoke,
        "revoke_now": revoke,
        "resign": ask_resign,
        "resign_now": resign,
        "rename_me": ask_name,
        "no_name": no_name,
    },
    words={"called": take_name},
)
