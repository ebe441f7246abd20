"""Who may do what, where: the whole table."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from people.roles import (
    EVERYWHERE,
    Deed,
    Grant,
    Role,
    highest,
    may,
    may_anywhere,
    may_be_given,
    may_invite,
    may_lead,
    may_revoke,
    may_see,
    places_for,
)
from places.model import Place

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
XA, OTHER_XA = "28696", "29926"
AP, OTHER_AP = Place(XA, 3), Place(XA, 4)
WHOLE = Place(XA)
ELSEWHERE = Place(OTHER_XA, 7)
ME, SOMEBODY = 1, 2


def grant(
    role: Role,
    place: Place = EVERYWHERE,
    *,
    of: int = ME,
    by: int | None = SOMEBODY,
    ended: bool = False,
    expires_in: int | None = None,
) -> Grant:
    return Grant(
        id=9,
        learner_id=of,
        role=role,
        place=place,
        granted_by=by,
        granted_at=NOW - timedelta(days=9),
        expires_at=None if expires_in is None else NOW + timedelta(seconds=expires_in),
        revoked_at=NOW if ended else None,
    )


TEAM = grant("team_member", AP)
AMBASSADOR = grant("ambassador", WHOLE)
ADMINISTRATOR = grant("administrator")

# (grant, deed): where they may do it, of: own hamlet, another of the commune, the commune, another
# commune's hamlet, nowhere in particular.
PLACES = (AP, OTHER_AP, WHOLE, ELSEWHERE, EVERYWHERE)
ALLOWED = {
    ("team_member", "teach"): "1....",
    ("team_member", "host_fair"): "1....",
    ("team_member", "post"): "1....",
    ("team_member", "broadcast"): "1....",
    ("team_member", "lead_any_class"): ".....",
    ("team_member", "assist"): "1....",
    ("team_member", "see_progress"): "1....",
    ("team_member", "see_board"): "1....",
    ("team_member", "take_cases"): "1....",
    ("team_member", "name_hamlets"): ".....",
    ("team_member", "invite_team_member"): ".....",
    ("team_member", "invite_ambassador"): ".....",
    ("team_member", "invite_administrator"): ".....",
    ("team_member", "read_audit"): ".....",
    ("team_member", "log_visits"): "1....",
    ("team_member", "approve_report"): ".....",
    ("team_member", "lock_report"): ".....",
    ("ambassador", "teach"): "111..",
    ("ambassador", "host_fair"): "111..",
    ("ambassador", "post"): "111..",
    ("ambassador", "broadcast"): "111..",
    ("ambassador", "lead_any_class"): "111..",
    ("ambassador", "assist"): "111..",
    ("ambassador", "see_progress"): "111..",
    ("ambassador", "see_board"): "111..",
    ("ambassador", "take_cases"): "111..",
    ("ambassador", "name_hamlets"): "111..",
    ("ambassador", "invite_team_member"): "111..",
    ("ambassador", "invite_ambassador"): ".....",
    ("ambassador", "invite_administrator"): ".....",
    ("ambassador", "read_audit"): ".....",
    ("ambassador", "log_visits"): "111..",
    ("ambassador", "approve_report"): "111..",
    ("ambassador", "lock_report"): ".....",
    ("administrator", "teach"): "11111",
    ("administrator", "host_fair"): "11111",
    ("administrator", "post"): "11111",
    ("administrator", "lead_any_class"): "11111",
    ("administrator", "broadcast"): "11111",
    ("administrator", "assist"): "11111",
    ("administrator", "see_progress"): "11111",
    ("administrator", "see_board"): "11111",
    ("administrator", "take_cases"): "11111",
    ("administrator", "name_hamlets"): "11111",
    ("administrator", "invite_team_member"): "11111",
    ("administrator", "invite_ambassador"): "11111",
    ("administrator", "invite_administrator"): "11111",
    ("administrator", "read_audit"): "11111",
    ("administrator", "log_visits"): "11111",
    ("administrator", "approve_report"): "11111",
    ("administrator", "lock_report"): "11111",
}
HOLDERS = {"team_member": TEAM, "ambassador": AMBASSADOR, "administrator": ADMINISTRATOR}


def test_the_table_here_is_whole() -> None:
    assert set(ALLOWED) == {(role, deed) for role in HOLDERS for deed in get_args(Deed)}


@pytest.mark.parametrize(("role", "deed"), ALLOWED)
def test_a_role_may_do_what_the_table_says_and_only_there(role: Role, deed: Deed) -> None:
    seen = "".join("1" if may((HOLDERS[role],), deed, at, NOW) else "." for at in PLACES)

    assert seen == ALLOWED[role, deed]
    assert may_anywhere((HOLDERS[role],), deed, NOW) is ("1" in seen)


@pytest.mark.parametrize("deed", get_args(Deed))
@pytest.mark.parametrize(
    "grants",
    [
        (),
        (grant("administrator", ended=True),),
        (grant("administrator", expires_in=0),),
        (grant("administrator", expires_in=-1),),
    ],
)
def test_no_grant_a_revoked_one_and_an_expired_one_allow_nothing(
    grants: tuple[Grant, ...], deed: Deed
) -> None:
    assert not any(may(grants, deed, place, NOW) for place in PLACES)
    assert not may_anywhere(grants, deed, NOW)
    assert places_for(grants, deed, NOW) == ()
    assert highest(grants, NOW) is None


def test_a_grant_holds_until_the_moment_it_expires() -> None:
    assert may((grant("administrator", expires_in=1),), "read_audit", EVERYWHERE, NOW)


def test_somebody_with_several_roles_is_the_most_of_them_and_may_do_all_of_theirs() -> None:
    both = (grant("team_member", ELSEWHERE), AMBASSADOR)

    assert highest(both, NOW) == "ambassador"
    assert places_for(both, "teach", NOW) == (WHOLE, ELSEWHERE)
    assert may(both, "teach", ELSEWHERE, NOW)
    assert not may(both, "name_hamlets", ELSEWHERE, NOW)


def test_everywhere_makes_other_places_needless() -> None:
    assert places_for((AMBASSADOR, ADMINISTRATOR), "teach", NOW) == (EVERYWHERE,)


@pytest.mark.parametrize(
    ("holder", "given"),
    [
        (TEAM, ()),
        (AMBASSADOR, ("team_member",)),
        (ADMINISTRATOR, ("team_member", "ambassador", "administrator")),
    ],
)
def test_who_gives_what(holder: Grant, given: tuple[Role, ...]) -> None:
    assert may_be_given((holder,), NOW) == given


def test_an_ambassador_invites_to_the_team_of_the_own_commune_only() -> None:
    assert may_invite((AMBASSADOR,), "team_member", OTHER_AP, NOW)
    assert not may_invite((AMBASSADOR,), "team_member", ELSEWHERE, NOW)


@pytest.mark.parametrize(
    ("mine", "taken", "allowed"),
    [
        ((ADMINISTRATOR,), grant("administrator", of=5, by=7), True),
        ((ADMINISTRATOR,), grant("team_member", AP, of=5, by=None), True),
        ((AMBASSADOR,), grant("team_member", AP, of=5, by=ME), True),
        ((AMBASSADOR,), grant("team_member", AP, of=5, by=7), False),
        ((AMBASSADOR,), grant("team_member", AP, of=5, by=None), False),
        ((AMBASSADOR,), grant("team_member", ELSEWHERE, of=5, by=ME), False),
        ((AMBASSADOR,), grant("ambassador", WHOLE, of=5, by=ME), False),
        ((grant("ambassador", WHOLE, ended=True),), grant("team_member", AP, of=5, by=ME), False),
        ((TEAM,), grant("team_member", AP, of=5, by=ME), False),
        ((), grant("team_member", AP, of=5, by=ME), False),
    ],
)
def test_who_takes_back_what(mine: tuple[Grant, ...], taken: Grant, allowed: bool) -> None:
    assert may_revoke(mine, ME, taken, NOW) is allowed


@pytest.mark.parametrize(
    ("mine", "owner", "place", "leads", "sees"),
    [
        ((TEAM,), ME, AP, True, True),
        ((TEAM,), SOMEBODY, AP, False, True),
        ((TEAM,), ME, OTHER_AP, False, False),
        ((TEAM,), ME, EVERYWHERE, True, True),
        ((TEAM,), None, AP, False, True),
        ((AMBASSADOR,), SOMEBODY, AP, True, True),
        ((AMBASSADOR,), None, WHOLE, True, True),
        ((AMBASSADOR,), SOMEBODY, ELSEWHERE, False, False),
        ((AMBASSADOR,), SOMEBODY, EVERYWHERE, False, False),
        ((ADMINISTRATOR,), SOMEBODY, EVERYWHERE, True, True),
        ((grant("team_member", AP, ended=True),), ME, AP, False, False),
        ((grant("team_member", AP, ended=True),), ME, EVERYWHERE, False, False),
        ((), ME, AP, False, False),
    ],
)
def test_who_leads_a_class_and_who_sees_its_learners(
    mine: tuple[Grant, ...], owner: int | None, place: Place, leads: bool, sees: bool
) -> None:
    assert may_lead(mine, ME, owner, place, NOW) is leads
    assert may_see(mine, ME, owner, place, NOW) is sees
