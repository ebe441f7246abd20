"""Inviting: a single-use, expiring code that makes somebody a team member, an ambassador, an
administrator.
"""

from conversation.actions import action
from conversation.handler import Command, Context, Denied, Handler, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import communes
from handlers.people.grants import grants_of, role_of
from handlers.people.role import ROLE
from handlers.saying import role_said, time_said
from people import codes
from people.roles import EVERYWHERE, ROLES, Role, may_be_given, may_invite, places_for
from places.model import Place
from storage import audit, hamlets, invitations
from storage.invitations import InvitationKind

PREFIX = "moi-"
# Who has so many in the air hands them out without knowing to whom.
MOST_OPEN = 20


async def ask_role(context: Context) -> Step:
    """What the person is to become; asked only when there is a choice."""
    given = may_be_given(await grants_of(context), context.now)
    if not given:
        raise Denied
    if len(given) == 1:
        return await ask_commune(context, given[0])
    buttons = [
        Button(context.text("role.Name", role=role).unescape(), action("invite_as", role))
        for role in given
    ]
    return step(context.say("invitation.ask_role", *buttons))


async def ask_commune(context: Context, role: str) -> Step:
    """Where; whoever looks after one commune is not asked."""
    wanted = _role(role)
    grants = await grants_of(context)
    if wanted not in may_be_given(grants, context.now):
        raise Denied
    if wanted == "administrator":
        return await confirm(context, wanted)
    own = places_for(grants, "name_hamlets", context.now)
    if own == (EVERYWHERE,):
        return communes.ask(context, action("invite_where", wanted))
    if len(own) == 1:
        return await in_commune(context, wanted, own[0].commune)
    found = [place.commune for place in own]
    buttons = communes.own(context, found, lambda code: action("invite_in", wanted, code))
    return step(context.say("place.own_commune", *buttons))


async def take_commune(context: Context, text: str, role: str) -> Step:
    wanted = _role(role)
    return communes.choose(
        context,
        text,
        action("invite_where", wanted),
        lambda code: action("invite_in", wanted, code),
    )


async def in_commune(context: Context, role: str, commune: str) -> Step:
    """An ambassador has the whole commune; a team member one hamlet of it."""
    wanted = _role(role)
    if context.rules.places.commune(commune) is None:
        raise Stale
    if wanted == "ambassador":
        return await confirm(context, wanted, commune)
    await _allowed(context, wanted, Place(commune))
    listed = await hamlets.of_commune(context.connection, commune)
    buttons = [Button(one.title, action("invite_at", wanted, commune, one.id)) for one in listed]
    add = button(context, "hamlet.add", action("hamlet_add", commune))
    title = context.rules.places.commune(commune)
    return step(
        context.say(
            "invitation.ask_hamlet" if listed else "invitation.no_hamlets",
            *buttons,
            add,
            commune=title.title if title is not None else "",
        )
    )


async def confirm(context: Context, role: str, commune: str = "", hamlet: str = "0") -> Step:
    """What will be given, before a code for it exists."""
    wanted, place = await _wanted(context, role, commune, hamlet)
    return step(
        context.say(
            "invitation.confirm",
            button(
                context,
                "invitation.make",
                action("invite_make", wanted, place.commune, place.hamlet),
            ),
            button(context, "invitation.no", ROLE),
            said=await role_said(context, wanted, place),
            role=wanted,
        )
    )


async def make(context: Context, role: str, commune: str = "", hamlet: str = "0") -> Step:
    wanted, place = await _wanted(context, role, commune, hamlet)
    waiting = await invitations.open_of(context.connection, context.learner.id, context.now)
    if len(waiting) >= MOST_OPEN:
        see = button(context, "role.waiting", action("waiting"))
        return step(context.say("invitation.too_many", see, count=len(waiting)))
    code, number = await issue(context, wanted, place)
    await audit.write(
        context.connection,
        "invited",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        role=wanted,
        place=place,
    )
    return step(
        context.say(
            "invitation.made",
            button(context, "invitation.another", action("invite")),
            button(context, "invitation.take_back", action("uninvite", number)),
            button(context, "role.to_mine", ROLE),
            said=await role_said(context, wanted, place),
            code=codes.spaced(code),
            links=list(context.links(f"{PREFIX}{code}").values()),
            until=time_said(context, context.now + context.rules.invitation_for),
        )
    )


async def issue(
    context: Context, kind: InvitationKind, place: Place, cohort_id: int | None = None
) -> tuple[str, int]:
    """A new code, told to nobody yet, and its invitation's id."""
    while True:
        code = codes.make(codes.INVITATION_SIGNS, context.seed)
        number = await invitations.add(
            context.connection,
            kind,
            codes.fingerprint(code),
            place=place,
            cohort_id=cohort_id,
            created_by=context.learner.id,
            now=context.now,
            expires_at=context.now + context.rules.invitation_for,
        )
        if number is not None:
            return code, number


async def show_waiting(context: Context) -> Step:
    """One's own invitations that nobody has used yet: one tap takes one back."""
    waiting = await invitations.open_of(context.connection, context.learner.id, context.now)
    back = button(context, "role.back", ROLE)
    if not waiting:
        return step(context.say("invitation.none_waiting", back))
    buttons = []
    for one in waiting:
        said = context.text("invitation.hand_over").unescape()
        if one.kind != "cohort":
            said = await role_said(context, one.kind, one.place)
        label = f"{said}, {time_said(context, one.created_at)}"
        buttons.append(Button(label, action("uninvite", one.id)))
    return step(context.say("invitation.waiting", *buttons, back))


async def take_back(context: Context, number: str) -> Step:
    found = await invitations.by_id(context.connection, number_of(number))
    if found is None or found.created_by != context.learner.id:
        raise Stale
    back = button(context, "role.to_mine", ROLE)
    if found.used_at is not None:
        return step(context.say("invitation.used_already", back))
    if found.revoked_at is None:
        await invitations.revoke(context.connection, found.id, context.now)
        await audit.write(
            context.connection,
            "invitation_revoked",
            now=context.now,
            actor_id=context.learner.id,
            acted_as=await role_of(context) or "",
            role=found.kind if found.kind != "cohort" else "",
            place=found.place,
            cohort_id=found.cohort_id,
        )
    return step(context.say("invitation.taken_back", back))


async def _wanted(context: Context, role: str, commune: str, hamlet: str) -> tuple[Role, Place]:
    """What a button asks to give and where, held against what there is. Raises otherwise."""
    wanted = _role(role)
    place = Place(commune, number_of(hamlet))
    if wanted != "administrator" and context.rules.places.commune(commune) is None:
        raise Stale
    if (wanted == "team_member") != bool(place.hamlet):
        raise Stale
    if place.hamlet:
        found = await hamlets.by_id(context.connection, place.hamlet)
        if found is None or found.is_closed or found.commune != commune:
            raise Stale
    await _allowed(context, wanted, place)
    return wanted, place


async def _allowed(context: Context, role: Role, place: Place) -> None:
    if not may_invite(await grants_of(context), role, place, context.now):
        raise Denied


def _role(given: str) -> Role:
    for role in ROLES:
        if role == given:
            return role
    raise Stale


async def _ask(context: Context, argument: str) -> Step:
    del argument
    return await ask_role(context)


HANDLER = Handler(
    name="invitation",
    commands=(
        Command(
            "moi",
            "Mời người vào Tổ, làm đại sứ",
            _ask,
            words=("mời người", "mời thêm người", "mời thành viên tổ", "mời đại sứ"),
            in_menu=False,
            deed="invite_team_member",
        ),
    ),
    actions={
        "invite": ask_role,
        "invite_as": ask_commune,
        "invite_in": in_commune,
        "invite_at": confirm,
        "invite_make": make,
        "waiting": show_waiting,
        "uninvite": take_back,
    },
    words={"invite_where": take_commune},
)
