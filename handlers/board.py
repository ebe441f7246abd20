"""The dashboard: a link that opens it once, and shutting it everywhere."""

import base64
import hashlib

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from handlers.buttons import button, onward
from handlers.people.grants import granted
from handlers.people.reach import reaches_others
from handlers.saying import place_said, time_said
from people.roles import places_for
from storage import board_links, sittings
from storage.reports import kept, siblings

# Each is of 31 bits; together they are more than the 256 of the secret.
_SEEDS = 9


async def show(context: Context) -> Step:
    """How many learn at one's places, by the same count as the page's, and the way in."""
    grants = await granted(context, "see_board")
    places = places_for(grants, "see_board", context.now)
    counted = await kept.of(context.connection, places)
    beside = await siblings.of(context.connection, places, places)
    people = siblings.told(counted.tally, beside, "people", is_share=False)
    active = siblings.told(counted.tally, beside, "active")
    secret = _secret(context)
    expires_at = context.now + context.rules.board_link_for
    await board_links.offer(context.connection, secret, context.learner.id, context.now, expires_at)
    link = f"{context.rules.board_url}/bang/vao/{secret}"
    open_now = await sittings.open_of(
        context.connection, context.learner.id, context.now, context.rules.board_idle_for
    )
    where = [await place_said(context, place) for place in places[:3]]
    buttons = [button(context, "board.again", action("board"))]
    if open_now:
        buttons.append(button(context, "board.leave_all", action("board_leave")))
    return step(
        context.say(
            "board.link",
            *buttons,
            *onward(context)[:1],
            link=link,
            minutes=round(context.rules.board_link_for.total_seconds() / 60),
            is_local=not reaches_others(link),
            where=[title for title in where if title],
            counted=counted.counted_at is not None,
            people=people,
            # Of few people not even "none of them" is said.
            active=people if isinstance(people, str) else active,
            machines=[(one.browser, time_said(context, one.last_at)) for one in open_now[:5]],
        )
    )


def _secret(context: Context) -> str:
    """43 signs that nobody can guess."""
    seeds = ".".join(f"{context.seed()}" for _ in range(_SEEDS))
    digest = hashlib.sha256(f"hocso.bang.{seeds}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def leave_all(context: Context) -> Step:
    """Every browser, and the links that were not used yet. Also for whoever lost the role."""
    await sittings.end_all(context.connection, context.learner.id)
    await board_links.drop(context.connection, context.learner.id)
    return step(
        context.say("board.left", button(context, "board.again", action("board")), *onward(context))
    )


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="board",
    commands=(
        Command(
            "bangso",
            "Bảng số của nơi mình phụ trách",
            _show,
            words=("bảng số", "mở bảng số", "bảng số liệu", "số liệu"),
            in_menu=False,
            deed="see_board",
        ),
    ),
    actions={"board": show, "board_leave": leave_all},
)
