"""Coming in by a link from the chat, and going out again."""

import secrets

from aiohttp import web

from dashboard.answers import Refused, form_of, html, require_same_site, see_other
from dashboard.parts import Parts
from dashboard.scope import titles_of
from dashboard.visitor import (
    Visitor,
    browser_of,
    give_cookie,
    require_seal,
    secret_of,
    take_cookie,
)
from dashboard.words import role as role_said
from people.roles import Grant, highest, may_anywhere
from storage import board_links, role_grants, sittings
from storage.database import Connection

HOME = "/bang"
ENTER = "/bang/vao"


async def show_link(parts: Parts, request: web.Request) -> web.StreamResponse:
    """Whose link it is, and one button. Looking uses up nothing: chats look at links by themselves."""
    secret = request.match_info["secret"]
    now = parts.now()
    async with parts.database.read() as connection:
        link = await board_links.find(connection, secret)
        if link is None:
            raise Refused(404, "no_link")
        if link.used_at is not None:
            raise Refused(410, "used")
        if not link.is_open(now):
            raise Refused(410, "late")
        whose, name = await _whose(parts, connection, link.learner_id)
        if not whose:
            raise Refused(403, "no_role")
        here = await sittings.find(connection, secret_of(request)) if secret_of(request) else None
        other = here is not None and here.learner_id != link.learner_id
        is_open = here is not None and here.is_open(now, parts.idle)
        before, _ = (
            await _whose(parts, connection, here.learner_id)
            if here is not None and other and is_open
            else ("", "")
        )
    return html(
        parts.templates.render(
            "enter", title="Mở bảng số", secret=secret, whose=whose, name=name, before=before
        )
    )


async def _whose(parts: Parts, connection: Connection, learner_id: int) -> tuple[str, str]:
    """What that person is and where, and what they are called in it; "" when they are nothing
    any more. Never a name that somebody has as a learner.
    """
    now = parts.now()
    held = [
        grant for grant in await role_grants.of_learner(connection, learner_id) if grant.holds(now)
    ]
    if not may_anywhere(held, "see_board", now):
        return "", ""
    role = highest(held, now)
    shown: list[Grant] = [grant for grant in held if grant.role == role]
    titles = await titles_of(parts, connection, [grant.place for grant in shown[:3]])
    said = role_said(role) + ", " + " · ".join(titles.values())
    return said, next((grant.name for grant in reversed(held) if grant.name), "")


async def enter(parts: Parts, request: web.Request) -> web.StreamResponse:
    """Use up the link, and give this browser a sitting of its own, new whatever it brought."""
    require_same_site(request, parts.public_url)
    secret = (await form_of(request)).get("ma", "")
    now = parts.now()
    mine = secrets.token_urlsafe(32)
    async with parts.database.transaction() as connection:
        learner_id = await board_links.use(connection, secret, now)
        if learner_id is None:
            link = await board_links.find(connection, secret)
            if link is None:
                raise Refused(404, "no_link")
            raise Refused(410, "late" if link.used_at is None else "used")
        grants = await role_grants.of_learner(connection, learner_id)
        if not may_anywhere(grants, "see_board", now):
            raise Refused(403, "no_role")
        if secret_of(request):
            await sittings.end(connection, secret_of(request))
        await sittings.begin(
            connection, mine, learner_id, browser_of(request), now, now + parts.longest
        )
    response = see_other(HOME)
    give_cookie(response, mine, parts.longest, secure=parts.is_secure(request))
    return response


async def leave(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """This browser, or all of this person's."""
    require_same_site(request, parts.public_url)
    form = await form_of(request)
    require_seal(visitor, form.get("dau", ""))
    async with parts.database.transaction() as connection:
        if form.get("het"):
            await sittings.end_all(connection, visitor.learner_id)
            await board_links.drop(connection, visitor.learner_id)
        else:
            await sittings.end(connection, secret_of(request))
    response = html(
        parts.templates.render("left", title="Đã thoát", everywhere=bool(form.get("het")))
    )
    take_cookie(response, secure=parts.is_secure(request))
    return response
