"""Who may do what, and where: the whole of it, in one table.

Everybody is a learner and needs no grant for it. A team member has a hamlet, an ambassador one
commune or several, an administrator everything. Whoever adds a deed adds a line to ``_ALLOWED``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from places.model import Place

Role: TypeAlias = Literal["team_member", "ambassador", "administrator"]
Deed: TypeAlias = Literal[
    "teach",  # make a class, and lead it
    "host_fair",  # a learning day of the place: make it, lead it, close it
    "broadcast",  # a text to all learners of a class or a place
    "post",  # lessons to the groups of the neighbourhood
    "lead_any_class",  # of the place, whoever made it
    "assist",  # learners without a telephone, and see with one's own eyes what they can do
    "see_progress",  # of those who agreed to it
    "see_board",  # the pages of numbers, of one's places and classes
    "take_cases",  # of the place, and of one's own classes
    "name_hamlets",
    "invite_team_member",
    "invite_ambassador",
    "invite_administrator",
    "read_audit",
    "log_visits",  # and witness milestones, and write the report of the place
    "approve_report",
    "lock_report",
]

# From the least to the most.
ROLES: tuple[Role, ...] = ("team_member", "ambassador", "administrator")
EVERYWHERE = Place()

_TEAM, _AMBASSADOR, _ADMINISTRATOR = (frozenset(ROLES[at:]) for at in range(3))
_ALLOWED: Mapping[Deed, frozenset[Role]] = {
    "teach": _TEAM,
    "host_fair": _TEAM,
    "post": _TEAM,
    "broadcast": _TEAM,
    "lead_any_class": _AMBASSADOR,
    "assist": _TEAM,
    "see_progress": _TEAM,
    "see_board": _TEAM,
    "take_cases": _TEAM,
    "name_hamlets": _AMBASSADOR,
    "invite_team_member": _AMBASSADOR,
    "invite_ambassador": _ADMINISTRATOR,
    "invite_administrator": _ADMINISTRATOR,
    "read_audit": _ADMINISTRATOR,
    "log_visits": _TEAM,
    "approve_report": _AMBASSADOR,
    "lock_report": _ADMINISTRATOR,
}
_INVITING: Mapping[Role, Deed] = {
    "team_member": "invite_team_member",
    "ambassador": "invite_ambassador",
    "administrator": "invite_administrator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that a learner holds at a place, until it is revoked or runs out.

    ``place`` is a hamlet for a team member, a commune for an ambassador, ``EVERYWHERE`` for an
    administrator. ``granted_by`` is ``None`` for the first administrator, and when whoever
    granted it has left. ``name`` is what its holder wants to be called in it, or "".
    """

    id: int
    learner_id: int
    role: Role
    place: Place
    granted_by: int | None
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    name: str = ""

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def covers(self, place: Place) -> bool:
        """Whether ``place`` is within this grant's. A hamlet is within its commune."""
        match self.role:
            case "administrator":
                return True
            case "ambassador":
                return bool(place.commune) and place.commune == self.place.commune
            case "team_member":
                return bool(place.hamlet) and place == self.place


def may(grants: Iterable[Grant], deed: Deed, place: Place, now: datetime) -> bool:
    """Whether somebody with these grants may do this there."""
    return any(
        grant.role in _ALLOWED[deed] and grant.holds(now) and grant.covers(place)
        for grant in grants
    )


def may_anywhere(grants: Iterable[Grant], deed: Deed, now: datetime) -> bool:
    return any(grant.role in _ALLOWED[deed] and grant.holds(now) for grant in grants)


def places_for(grants: Iterable[Grant], deed: Deed, now: datetime) -> tuple[Place, ...]:
    """Where they may do it, each place once; only ``EVERYWHERE`` when that is among them."""
    found = {grant.place for grant in grants if grant.role in _ALLOWED[deed] and grant.holds(now)}
    return (EVERYWHERE,) if EVERYWHERE in found else tuple(sorted(found))


def highest(grants: Iterable[Grant], now: datetime) -> Role | None:
    """The most that they are; ``None`` for who only learns."""
    held = {grant.role for grant in grants if grant.holds(now)}
    return next((role for role in reversed(ROLES) if role in held), None)


def may_invite(grants: Iterable[Grant], role: Role, place: Place, now: datetime) -> bool:
    """Whether they may give ``role`` at ``place`` to somebody else."""
    return may(grants, _INVITING[role], place, now)


def may_be_given(grants: Iterable[Grant], now: datetime) -> tuple[Role, ...]:
    """The roles that they may give to anybody, anywhere, from the least to the most."""
    grants = tuple(grants)
    return tuple(role for role in ROLES if may_anywhere(grants, _INVITING[role], now))


def may_lead(
    grants: Iterable[Grant], learner_id: int, owner_id: int | None, place: Place, now: datetime
) -> bool:
    """Whether they may lead a class of that owner at that place: their own while they may teach,
    and every class of theirs to look after. A class nowhere in particular is its owner's.
    """
    grants = tuple(grants)
    if may(grants, "lead_any_class", place, now):
        return True
    if learner_id != owner_id:
        return False
    if place == EVERYWHERE:
        return may_anywhere(grants, "teach", now)
    return may(grants, "teach", place, now)


def may_see(
    grants: Iterable[Grant], learner_id: int, owner_id: int | None, place: Place, now: datetime
) -> bool:
    """Whether the progress of a class's learners, of those who agreed, may be shown to them: to
    who leads it, and to the team of the place.
    """
    grants = tuple(grants)
    leads = may_lead(grants, learner_id, owner_id, place, now)
    return leads or may(grants, "see_progress", place, now)


def may_revoke(grants: Iterable[Grant], learner_id: int, grant: Grant, now: datetime) -> bool:
    """Whether the learner with these grants may take ``grant`` back.

    An administrator may take back anybody's. Others what they gave themselves, as long as they
    could still give it.
    """
    grants = tuple(grants)
    if highest(grants, now) == "administrator":
        return True
    given = grant.granted_by == learner_id
    return given and may_invite(grants, grant.role, grant.place, now)
