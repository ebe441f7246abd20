"""Hamlets: a commune lists its own ấp, khóm, khu phố here, because no file knows them."""

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import communes
from handlers.people.grants import granted
from handlers.people.role import ROLE
from people.hamlet_names import read_hamlets
from people.roles import EVERYWHERE, places_for
from places.model import Commune, Place
from storage import hamlets

MOST = 80
# Buttons of one page.
_PAGE = 10


async def ask_commune(context: Context) -> Step:
    """Which commune's list; whoever looks after one is not asked."""
    grants = await granted(context, "name_hamlets")
    own = places_for(grants, "name_hamlets", context.now)
    if own == (EVERYWHERE,):
        return communes.ask(context, action("hamlets_of"))
    if len(own) == 1:
        return await show(context, own[0].commune)
    found = [place.commune for place in own]
    buttons = communes.own(context, found, lambda code: action("hamlets", code))
    return step(context.say("place.own_commune", *buttons))


async def take_commune(context: Context, text: str) -> Step:
    return communes.choose(
        context, text, action("hamlets_of"), lambda code: action("hamlets", code)
    )


async def show(context: Context, code: str) -> Step:
    commune = await _commune(context, code)
    listed = await hamlets.of_commune(context.connection, code)
    buttons = [button(context, "hamlet.add", action("hamlet_add", code))]
    if listed:
        buttons.append(button(context, "hamlet.remove", action("hamlet_out", code, 0)))
        buttons.append(button(context, "role.invite", action("invite_in", "team_member", code)))
    return step(
        context.say(
            "hamlet.listed" if listed else "hamlet.unlisted",
            *buttons,
            button(context, "role.to_mine", ROLE),
            commune=commune.title,
            names=[one.title for one in listed],
        )
    )


async def ask_names(context: Context, code: str) -> Step:
    commune = await _commune(context, code)
    back = button(context, "hamlet.back", action("hamlets", code))
    said = context.say("hamlet.ask_names", back, commune=commune.title)
    return ask_words(said, action("hamlet_names", code))


async def take_names(context: Context, text: str, code: str) -> Step:
    commune = await _commune(context, code)
    found = read_hamlets(text, is_ward=commune.kind == "phường")
    listed = await hamlets.of_commune(context.connection, code)
    back = button(context, "hamlet.back", action("hamlets", code))
    if not found.named or len(listed) + len(found.named) > MOST:
        said = context.say("hamlet.unfit", back, unfit=len(found.unfit), most=MOST)
        return ask_words(said, action("hamlet_names", code))
    await hamlets.add(context.connection, code, found.named, context.now)
    shown = await show(context, code)
    if not found.unfit:
        return shown
    return step(context.say("hamlet.some_unfit", count=len(found.unfit)), *shown.replies)


async def ask_which_out(context: Context, code: str, offset: str) -> Step:
    await _commune(context, code)
    start = number_of(offset, 4)
    listed = await hamlets.of_commune(context.connection, code)
    page = listed[start : start + _PAGE]
    buttons = [Button(one.title, action("hamlet_close", one.id)) for one in page]
    if len(listed) > start + _PAGE:
        buttons.append(button(context, "role.more", action("hamlet_out", code, start + _PAGE)))
    back = button(context, "hamlet.back", action("hamlets", code))
    return step(context.say("hamlet.which_out", *buttons, back, exact=True))


async def ask_close(context: Context, number: str) -> Step:
    hamlet = await _hamlet(context, number)
    return step(
        context.say(
            "hamlet.ask_close",
            button(context, "hamlet.close", action("hamlet_close_now", hamlet.id)),
            button(context, "hamlet.back", action("hamlets", hamlet.commune)),
            exact=True,
            name=hamlet.title,
        )
    )


async def close(context: Context, number: str) -> Step:
    hamlet = await _hamlet(context, number)
    await hamlets.close(context.connection, hamlet.id, context.now)
    return await show(context, hamlet.commune)


async def _commune(context: Context, code: str) -> Commune:
    """That commune, when its list is this person's to keep. Raises otherwise."""
    commune = context.rules.places.commune(code)
    if commune is None:
        raise Stale
    await granted(context, "name_hamlets", Place(code))
    return commune


async def _hamlet(context: Context, number: str) -> hamlets.Hamlet:
    found = None
    if number.isdecimal() and len(number) < 16:
        found = await hamlets.by_id(context.connection, int(number))
    if found is None or found.is_closed:
        raise Stale
    await granted(context, "name_hamlets", Place(found.commune))
    return found


async def _ask(context: Context, argument: str) -> Step:
    del argument
    return await ask_commune(context)


HANDLER = Handler(
    name="hamlet",
    commands=(
        Command(
            "apkhom",
            "Danh sách ấp, khóm của xã",
            _ask,
            words=("danh sách ấp", "danh sách khóm", "ấp khóm", "danh sách ấp khóm"),
            in_menu=False,
            deed="name_hamlets",
        ),
    ),
    actions={
        "hamlets": show,
        "hamlet_add": ask_names,
        "hamlet_out": ask_which_out,
        "hamlet_close": ask_close,
        "hamlet_close_now": close,
    },
    words={"hamlets_of": take_commune, "hamlet_names": take_names},
)
