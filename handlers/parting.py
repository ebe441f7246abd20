"""Taking a chat out of a notebook again: it begins anew, and all that was learnt stays."""

from dataclasses import replace

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.start import welcome
from storage import addresses

# More than anybody has; the newest of them.
_MOST_SHOWN = 8
_MOST_DIGITS = 18


async def show(context: Context) -> Step:
    """In which chats the notebook is open, and which to take out."""
    here = context.address.id
    chats = await addresses.of_learner(context.connection, context.learner.id)
    others = [chat for chat in chats if chat.id != here][-_MOST_SHOWN:]
    if not others:
        return step(context.say("parting.alone", *onward(context)))
    zone = context.rules.spacing.zone
    return step(
        context.say(
            "parting.which",
            *(
                Button(
                    context.text(
                        "parting.other",
                        place=chat.channel,
                        day=chat.last_at.astimezone(zone).strftime("%d/%m"),
                    ).unescape(),
                    action("part", chat.id),
                )
                for chat in others
            ),
            button(context, "parting.here", action("part", here)),
            button(context, "parting.stay", action("next")),
            exact=True,
            count=len(others) + 1,
        )
    )


async def part(context: Context, address_id: str = "") -> Step:
    """Take this chat out. Only one's own: a button may be anybody's making."""
    if not address_id.isdecimal() or len(address_id) > _MOST_DIGITS:
        raise Stale
    chats = await addresses.of_learner(context.connection, context.learner.id)
    chosen = next((chat for chat in chats if chat.id == int(address_id)), None)
    if chosen is None or len(chats) < 2:
        raise Stale
    newcomer = await addresses.part(context.connection, chosen.id, context.now)
    if chosen.id != context.address.id:
        said = context.say("parting.other_parted", *onward(context), place=chosen.channel)
        return step(said)
    welcomed = await welcome(replace(context, learner=newcomer), "")
    return replace(welcomed, replies=(context.say("parting.here_parted"), *welcomed.replies))


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="parting",
    commands=(
        Command(
            "tach",
            "Tách một khung chat ra sổ riêng",
            _show,
            words=("tách ra", "tách", "tách sổ", "tách zalo ra", "tách máy ra"),
            in_menu=False,
        ),
    ),
    actions={"part": part},
)
