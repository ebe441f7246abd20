"""In a group chat: who the tutor is there, and what it says to who may not command it."""

from datetime import timedelta

from conversation.actions import action
from conversation.handler import Context, Stale, Step, step
from conversation.replies import Button, Link, Say
from handlers.buttons import button
from handlers.find import FIRST_HOUR
from handlers.groups.commanders import home_of_sender
from handlers.groups.group_cards import payload_of
from handlers.lesson import the_lesson
from people.names import Unfit, clean
from storage import group_chats, plans
from storage.group_chats import GroupChat

# Saying what it is for once in a while is kind; at every call it is noise.
GREETED_FOR = timedelta(hours=1)
# Signs of a group's ref, none like another; six of them are as good as never twice the same.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_REF = 6
_MOST_TRIES = 8

CHOOSE = action("bai")


async def this_chat(context: Context) -> GroupChat:
    """The group whose chat this is, made known when it is not yet."""
    known = await group_chats.chat_at(context.connection, context.address.id)
    return known or await make(context, is_pasted=False)


async def make(context: Context, *, is_pasted: bool, label: str = "") -> GroupChat:
    """A new group at this address, with a ref that no other has."""
    for _ in range(_MOST_TRIES):
        made = await group_chats.add(
            context.connection,
            _new_ref(context),
            context.address.id,
            is_pasted=is_pasted,
            label=label,
            now=context.now,
        )
        if made is not None:
            return made
    raise RuntimeError("no ref is free")


def _new_ref(context: Context) -> str:
    number, ref = context.seed(), ""
    for _ in range(_REF):
        number, sign = divmod(number, len(_SIGNS))
        ref += _SIGNS[sign]
    return ref


async def joined(context: Context, title: str) -> Step:
    """Added to a group, for the first time or again."""
    group = await this_chat(context)
    label = _fit(title)
    if label:
        await group_chats.set_label(context.connection, group.id, label)
    home = await home_of_sender(context)
    if home.commune:
        await group_chats.set_place(context.connection, group.id, home)
    await group_chats.greeted(context.connection, group.id, context.now)
    choose = button(context, "group.choose", CHOOSE)
    if context.address.stopped_at is None:
        return step(_with_door(context, group, context.say("group.about", choose)))
    return await _back(context, group, choose)


async def _back(context: Context, group: GroupChat, choose: Button) -> Step:
    """Taken out and added again: a plan from before waits until somebody wants it."""
    plan = await plans.of_group(context.connection, group.id)
    if plan is None:
        return step(context.say("group.back", choose, planned=False))
    await plans.pause(context.connection, group.id, context.now)
    see = button(context, "group.see_plan", action("plan", group.id))
    return step(context.say("group.back", choose, see, planned=True))


def _fit(title: str) -> str:
    try:
        return clean(title)
    except Unfit:
        return ""


async def spoken_to(context: Context) -> Step:
    """Somebody who may not command spoke to the tutor: once in a while, what it is for."""
    group = await this_chat(context)
    if group.greeted_at is not None and context.now - group.greeted_at < GREETED_FOR:
        return Step()
    await group_chats.greeted(context.connection, group.id, context.now)
    return step(_with_door(context, group, context.say("group.about")))


async def how_to(context: Context) -> Step:
    """A commander said something that is no command: what there is to command."""
    return step(context.say("group.how_to", button(context, "group.choose", CHOOSE)))


async def secret(context: Context) -> Step:
    """Something that nobody should read was sent to all: it is not kept and not repeated."""
    return step(context.say("group.secret"))


async def urgent(context: Context) -> Step:
    """Somebody is being robbed, whoever says so and wherever."""
    try:
        lesson = the_lesson(context, FIRST_HOUR)
    except Stale:
        return Step()
    group = await this_chat(context)
    first = context.plain(lesson.cards[0].text).strip()
    said = context.say("group.urgent", first=first, then=lesson.takeaway[-1])
    return step(_with_door(context, group, said, FIRST_HOUR, "group.step_by_step"))


def _with_door(
    context: Context, group: GroupChat, said: Say, lesson: str = "", name: str = "group.alone"
) -> Say:
    """With a button that leads each to a chat of their own."""
    payload = payload_of(group, lesson)
    # A platform without links of its own has the page.
    url = context.link(payload) or next(iter(context.links(payload).values()), "")
    if not url:
        return said
    label = context.text(name).unescape()
    return Say(said.text, said.buttons, links=(Link(label, url),))
