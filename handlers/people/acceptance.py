"""Being invited: what an invitation gives, and taking it with a tap of one's own.

Opening one changes nothing, so a preview of the link, or a curious neighbour, uses up nothing.
"""

from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Context, Entrance, Handler, Stale, Step, ask_words, step
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.people import guessing
from handlers.people.grants import grants_of, role_of
from handlers.people.invitation import PREFIX
from handlers.people.role import ROLE
from handlers.saying import class_said, place_said, role_said, time_said
from people import codes
from people.roles import Role, may_invite, may_lead
from storage import assisted, audit, cohorts, invitations, role_grants
from storage.cohorts import Cohort
from storage.invitations import Invitation


@dataclass(frozen=True, slots=True)
class _Offer:
    """An invitation that can be taken: to a role, or to a class."""

    invitation: Invitation
    role: Role | None
    cohort: Cohort | None


async def open_entrance(context: Context, typed: str) -> Step:
    """What the code offers, or why it offers nothing (any more)."""
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    code = codes.read(typed)
    found = await invitations.find(context.connection, codes.fingerprint(code))
    if found is None:
        return await guessing.wrong(context)
    offer = await _offered(context, found)
    if isinstance(offer, Step):
        return offer
    take = button(context, "acceptance.take", action("accept", code))
    decline = button(context, "acceptance.decline", action("not_now"))
    until = time_said(context, found.expires_at)
    if offer.cohort is not None:
        where = await place_said(context, offer.cohort.place)
        return step(
            context.say(
                "acceptance.offer_class",
                take,
                decline,
                exact=True,
                name=class_said(context, offer.cohort),
                where=where,
                until=until,
            )
        )
    assert offer.role is not None  # noqa: S101 - an offer is of one or the other
    said = await role_said(context, offer.role, found.place)
    return step(
        context.say(
            "acceptance.offer", take, decline, exact=True, said=said, role=offer.role, until=until
        )
    )


async def accept(context: Context, code: str) -> Step:
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    found = await invitations.find(context.connection, codes.fingerprint(code), hold=True)
    if found is None:
        return await guessing.wrong(context)  # a button can be made up as well as a link
    offer = await _offered(context, found)
    if isinstance(offer, Step):
        return offer
    await invitations.use(context.connection, found.id, context.learner.id, context.now)
    if offer.cohort is not None:
        return await _take_class(context, offer.cohort)
    assert offer.role is not None  # noqa: S101 - an offer is of one or the other
    return await _take_role(context, found, offer.role)


async def _take_role(context: Context, found: Invitation, role: Role) -> Step:
    lasts = context.rules.role_for
    before = await role_grants.of_learner(context.connection, context.learner.id)
    await role_grants.give(
        context.connection,
        context.learner.id,
        role,
        found.place,
        granted_by=found.created_by,
        now=context.now,
        expires_at=None if lasts is None else context.now + lasts,
    )
    name = next((one.name for one in before if one.name and one.holds(context.now)), "")
    if name:
        await role_grants.set_name(context.connection, context.learner.id, name)
    await audit.write(
        context.connection,
        "granted",
        now=context.now,
        actor_id=found.created_by,
        subject_id=context.learner.id,
        role=role,
        place=found.place,
    )
    said = await role_said(context, role, found.place)
    accepted = context.say(
        "acceptance.taken",
        button(context, "role.no_name", action("no_name")),
        said=said,
        role=role,
    )
    return ask_words(accepted, action("called"))


async def _take_class(context: Context, cohort: Cohort) -> Step:
    await cohorts.set_owner(context.connection, cohort.id, context.learner.id)
    await audit.write(
        context.connection,
        "took_over",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        subject_id=cohort.owner_id,
        place=cohort.place,
        cohort_id=cohort.id,
    )
    return step(
        context.say(
            "acceptance.class_taken",
            button(context, "teaching.open", action("teach", cohort.id)),
            *onward(context)[:1],
            name=class_said(context, cohort),
        )
    )


async def decline(context: Context) -> Step:
    return step(context.say("acceptance.declined", *onward(context)))


async def _offered(context: Context, found: Invitation) -> _Offer | Step:
    """The offer, or the words that say why there is none for this person."""
    mine = context.learner.id
    if await _is_a_notebook(context):
        return step(context.say("acceptance.in_a_notebook", *_to_shut(context)))
    if found.used_at is not None:
        if found.used_by == mine:
            return step(
                context.say("acceptance.yours_already", button(context, "role.to_mine", ROLE))
            )
        return step(context.say("acceptance.used", *onward(context)))
    if found.revoked_at is not None:
        return step(context.say("acceptance.revoked", *onward(context)))
    if context.now >= found.expires_at:
        until = time_said(context, found.expires_at)
        return step(context.say("acceptance.expired", *onward(context), until=until))
    if found.created_by == mine:
        return step(context.say("acceptance.own", button(context, "role.to_mine", ROLE)))
    if found.kind == "cohort":
        return await _class_offered(context, found)
    return await _role_offered(context, found, found.kind)


async def _is_a_notebook(context: Context) -> bool:
    """Whoever types here is not whom the role would be given to: one person would be two, and
    agree to what they asked for themselves.
    """
    if context.address.until_at is not None:
        return True
    kept = await assisted.by_id(context.connection, context.learner.id)
    return kept is not None


def _to_shut(context: Context) -> tuple[Button, ...]:
    if context.address.until_at is None:
        return onward(context)
    return (button(context, "assisting.shut", action("shut")),)


async def _role_offered(context: Context, found: Invitation, role: Role) -> _Offer | Step:
    if found.created_by is not None:
        inviter = await role_grants.of_learner(context.connection, found.created_by)
        if not may_invite(inviter, role, found.place, context.now):
            return step(context.say("acceptance.revoked", *onward(context)))
    for grant in await grants_of(context):
        same = grant.role == role and grant.place == found.place
        if same and grant.holds(context.now):
            said = await role_said(context, role, found.place)
            there = button(context, "role.to_mine", ROLE)
            return step(context.say("acceptance.have_it", there, said=said))
    return _Offer(found, role, None)


async def _class_offered(context: Context, found: Invitation) -> _Offer | Step:
    cohort = await cohorts.by_id(context.connection, found.cohort_id or 0)
    if cohort is None or found.created_by is None:
        raise Stale
    giver = await role_grants.of_learner(context.connection, found.created_by)
    if not may_lead(giver, found.created_by, cohort.owner_id, cohort.place, context.now):
        return step(context.say("acceptance.revoked", *onward(context)))
    if cohort.owner_id == context.learner.id:
        there = button(context, "teaching.open", action("teach", cohort.id))
        return step(context.say("acceptance.your_class", there))
    grants = await grants_of(context)
    # Whether it would still be theirs to lead, once it is theirs.
    if not may_lead(grants, context.learner.id, context.learner.id, cohort.place, context.now):
        where = await place_said(context, cohort.place)
        return step(context.say("acceptance.needs_role", *onward(context), where=where))
    return _Offer(found, None, cohort)


def _fits(context: Context, rest: str) -> bool:
    del context
    return _typed(rest) != ""


def _typed(text: str) -> str:
    code = codes.read(text)
    return code if len(code) == codes.INVITATION_SIGNS else ""


HANDLER = Handler(
    name="acceptance",
    actions={"accept": accept, "not_now": decline},
    entrances=(Entrance(PREFIX, _fits, open_entrance, _typed),),
)
