"""One learner in several chats: a code from the one, typed in the other, joins both.

The code is no secret of the learner's: it opens nothing but this tutor's own notebook, for
a quarter of an hour and once. Still only who confirms is joined, after having read whose
notebook it is: a telephone may be a household's.
"""

from dataclasses import replace
from datetime import timedelta

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import Say, dump_reply
from handlers import notebook_codes as codes
from handlers.buttons import button, onward
from handlers.terms import ask_term
from storage import (
    addresses,
    assisted,
    deliveries,
    learners,
    notebook_codes,
    progress,
    seats,
    wrong_codes,
)
from storage.database import Connection
from storage.notebook_codes import NotebookCode
from templates.terms import NEUTRAL, TERMS

LASTS = timedelta(minutes=15)
# Wrong codes that a learner may try in an hour; of forty million codes that opens none.
MOST_GUESSES = 5


async def give(context: Context) -> Step:
    """A new code, in place of one given before, and how to use it."""
    expires_at = context.now + LASTS
    code = codes.make(context.seed())
    while not await notebook_codes.offer(
        context.connection, code, context.learner.id, context.address.id, expires_at
    ):
        code = codes.make(context.seed())
    return step(
        context.say(
            "notebook.code",
            *onward(context),
            code=codes.spaced(code),
            minutes=int(LASTS.total_seconds() // 60),
            links=_links(context, code),
        )
    )


def _links(context: Context, code: str) -> list[tuple[str, str]]:
    """Where a link carries the code into another chat: the channel's name, and the link."""
    links = context.links(codes.to_payload(code))
    return [(name, link) for name, link in links.items() if name != context.address.channel]


async def ask(context: Context, code: str) -> Step:
    """Whose notebook the code opens, and whether to join it; who speaks has agreed already."""
    found = await _usable(context, code)
    if isinstance(found, Say):
        return _then(context, found)
    owner = await learners.by_id(context.connection, found.learner_id)
    term = TERMS.get(owner.term if owner else "") or NEUTRAL
    return step(
        context.say(
            "notebook.confirm",
            button(context, "notebook.yes", action("unite", code)),
            button(context, "notebook.no", action("apart")),
            exact=True,
            whom=term.ban if owner and owner.term else "",
            done=await _done(context, found.learner_id),
            place=found.channel,
        )
    )


async def unite(context: Context, code: str = "") -> Step:
    """Yes: both chats have one notebook from now on, and the other chat is told."""
    found = await _usable(context, code)
    if isinstance(found, Say):
        return _then(context, found)
    connection = context.connection
    await notebook_codes.use(connection, code, context.now)
    told = await _let_go(connection, found)
    await addresses.join(connection, context.address.id, found.learner_id)
    learner = await learners.by_id(connection, found.learner_id)
    assert learner is not None  # noqa: S101 - the code would have gone with them
    joined = replace(context, learner=learner)
    await deliveries.add(
        connection,
        told,
        dump_reply(joined.say("notebook.told", place=context.address.channel)),
        priority=deliveries.ANSWER,
        due_at=context.now,
        now=context.now,
    )
    done = await _done(context, learner.id)
    return _then(joined, joined.say("notebook.joined", place=found.channel, done=done))


async def _let_go(connection: Connection, found: NotebookCode) -> int:
    """A notebook that somebody of the team kept is its learner's own from now on, who has a
    telephone now; the address where the joining is told of.
    """
    kept = await assisted.by_id(connection, found.learner_id)
    if kept is None:
        return found.address_id
    told = found.address_id
    for one in await addresses.of_learner(connection, found.learner_id):
        beside = await seats.of_phone(connection, one)
        home = next((other for other in beside if other.learner_id == kept.helper_id), None)
        if home is not None:
            told = home.id if one.id == found.address_id else told
            await seats.end_here(connection, one)
    await assisted.release(connection, found.learner_id)
    return told


async def stay_apart(context: Context) -> Step:
    """No: nothing changes here, and the code can still be used where it is meant to be."""
    return _then(context, context.say("notebook.apart"))


async def _usable(context: Context, code: str) -> NotebookCode | Say:
    """The code, or why it cannot be used here."""
    connection, now = context.connection, context.now
    if await wrong_codes.count(connection, context.learner.id, now) >= MOST_GUESSES:
        return context.say("notebook.too_many")
    if context.address.until_at is not None:
        return context.say("notebook.opened_here")
    found = await notebook_codes.find(connection, code)
    if found is None:
        await wrong_codes.add(connection, context.learner.id, now)
        return context.say("notebook.wrong")
    if found.learner_id == context.learner.id:
        here = found.address_id == context.address.id
        return context.say("notebook.own_here" if here else "notebook.own")
    if context.address.seat and any(
        one.learner_id == found.learner_id
        for one in await seats.of_phone(connection, context.address)
    ):
        return context.say("notebook.beside")
    apart = await _two_people(context, found.learner_id)
    if apart:
        return context.say(apart)
    if found.used_at is not None:
        return context.say("notebook.used")
    if found.expires_at <= now:
        return context.say("notebook.expired")
    return found


async def _two_people(context: Context, other_id: int) -> str:
    """What says that these are known to be two, whichever of their chats the code is typed in; ""
    when they may well be one.
    """
    connection, mine = context.connection, context.learner.id
    theirs = await assisted.by_id(connection, other_id)
    if theirs is not None and theirs.helper_id == mine:
        return "notebook.kept"
    my_own = await assisted.by_id(connection, mine)
    if my_own is not None and my_own.helper_id == other_id:
        return "notebook.opened_here"
    if await seats.are_beside(connection, mine, other_id):
        return "notebook.beside_elsewhere"
    return ""


def _then(context: Context, said: Say) -> Step:
    """After that, whatever comes next: who never said how to be addressed is asked now."""
    if not context.learner.term:
        return step(said, ask_term(context))
    return step(replace(said, buttons=onward(context)))


async def _done(context: Context, learner_id: int) -> int:
    learnt = await progress.of_learner(context.connection, learner_id)
    return sum(row.done_at is not None for row in learnt.values())


async def _give(context: Context, argument: str) -> Step:
    if not argument:
        return await give(context)
    return await ask(context, codes.find(argument))


HANDLER = Handler(
    name="notebook",
    commands=(
        Command(
            "maso",
            "Lấy mã để học tiếp trên máy khác",
            _give,
            words=(
                "mã học", "mã học của tôi", "mã học của tui", "mã học của mình", "lấy mã học",
                "mã số học", "học trên máy khác", "học trên điện thoại khác", "học máy khác",
            ),
        ),
    ),
    actions={"unite": unite, "apart": stay_apart},
)  # fmt: skip
