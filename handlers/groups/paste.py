"""``/dan`` and ``/nhom``: lessons for groups that the tutor cannot be in, given to a person of the
team who pastes them there; and what came of it.
"""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, ask_words, step
from conversation.replies import Button, Say
from handlers.buttons import button, onward
from handlers.groups.commanders import home_of_learner, is_of_team
from handlers.groups.group import make
from handlers.groups.group_cards import payload_of, picture_of, text_of
from handlers.groups.group_total import total_of_day
from handlers.groups.planning import PLAN
from handlers.lesson import the_lesson
from lessons.model import Lesson
from people.names import Unfit, clean
from storage import arrivals, group_chats, pastes, timers
from storage.group_chats import GroupChat

# More than anybody keeps apart; a button each must still fit a phone's screen.
_MOST_GROUPS = 12
_MOST_DIGITS = 18


async def mine(context: Context, group_id: str) -> GroupChat:
    """The group that a button speaks of, when it is this learner's to paste into."""
    known = group_id.isdecimal() and len(group_id) <= _MOST_DIGITS
    group = await group_chats.by_id(context.connection, int(group_id)) if known else None
    if group is None or not group.is_pasted:
        raise Stale
    if await group_chats.owner_of(context.connection, group.id) != context.learner.id:
        raise Stale
    return group


async def choose_group(context: Context) -> Step:
    """Into which group? The first time, what it is called."""
    if not await is_of_team(context):
        return step(context.say("paste.team_only", *onward(context)))
    groups = await group_chats.pasted_by(context.connection, context.learner.id)
    if not groups:
        return await ask_name(context)
    buttons = [Button(one.label, action("paste_to", one.id)) for one in groups]
    if len(groups) < _MOST_GROUPS:
        buttons.append(button(context, "paste.other_group", action("paste_new")))
    return step(context.say("paste.which_group", *buttons))


async def ask_name(context: Context) -> Step:
    if not await is_of_team(context):
        return step(context.say("paste.team_only", *onward(context)))
    return ask_words(context.say("paste.ask_name"), action("paste_name"))


async def take_name(context: Context, text: str) -> Step:
    """A name for their own eyes, and then a course."""
    if not await is_of_team(context):
        return step(context.say("paste.team_only", *onward(context)))
    try:
        label = clean(text)
    except Unfit as unfit:
        return ask_words(context.say("paste.unfit", fault=unfit.fault), action("paste_name"))
    groups = await group_chats.pasted_by(context.connection, context.learner.id)
    known = next((one for one in groups if one.label.casefold() == label.casefold()), None)
    if known is None and len(groups) >= _MOST_GROUPS:
        return step(context.say("paste.too_many", *onward(context), most=_MOST_GROUPS))
    group = known or await make(context, is_pasted=True, label=label)
    home = await home_of_learner(context)
    if home.commune:
        await group_chats.set_place(context.connection, group.id, home)
    return await show_courses(context, str(group.id))


async def show_courses(context: Context, group_id: str) -> Step:
    group = await _mine_to_paste(context, group_id)
    return step(
        context.say(
            "paste.courses",
            *(
                Button(course.title, action("paste_course", group.id, course.slug))
                for course in context.catalogue.courses
            ),
            label=group.label,
        )
    )


async def show_lessons(context: Context, group_id: str, slug: str) -> Step:
    group = await _mine_to_paste(context, group_id)
    course = context.catalogue.course(slug)
    if course is None:
        raise Stale
    return step(
        context.say(
            "paste.lessons",
            *(
                Button(the_lesson(context, name).title, action("paste_it", group.id, name))
                for name in course.lessons
            ),
            button(context, "paste.other_course", action("paste_to", group.id)),
            label=group.label,
            course=course.title,
        )
    )


async def give(context: Context, group_id: str, slug: str) -> Step:
    """The card: its words, its picture, and one tap to say that it stands in the group."""
    group = await _mine_to_paste(context, group_id)
    return await _given(context, group, the_lesson(context, slug), "paste.given", is_planned=False)


async def give_planned(context: Context, group: GroupChat, lesson: Lesson) -> Step:
    """The same at the hour of the plan; the one before, when it was not pasted, is let go."""
    last = await pastes.last_of(context.connection, group.id)
    missed = last is not None and last.is_planned and last.pasted_at is None
    name = "paste.planned_after_missed" if missed else "paste.planned"
    return await _given(context, group, lesson, name, is_planned=True)


async def _given(
    context: Context, group: GroupChat, lesson: Lesson, name: str, *, is_planned: bool
) -> Step:
    number = await pastes.give(
        context.connection, group.id, lesson.slug, is_planned=is_planned, now=context.now
    )
    await group_chats.posted(context.connection, group.id, lesson.slug, context.now)
    link = next(iter(context.links(payload_of(group, lesson.slug)).values()), "")
    caption = context.text("paste.picture")
    return step(
        Say(await text_of(context, lesson, group)),
        picture_of(context, lesson, caption, link),
        context.say(
            name,
            button(context, "paste.done", action("paste_done", number)),
            button(context, "paste.other_lesson", action("paste_to", group.id)),
            label=group.label,
            title=lesson.title,
        ),
    )


async def done(context: Context, paste_id: str) -> Step:
    """It stands in the group; once said, it stays said."""
    known = paste_id.isdecimal() and len(paste_id) <= _MOST_DIGITS
    paste = await pastes.by_id(context.connection, int(paste_id)) if known else None
    if paste is None:
        raise Stale
    group = await mine(context, str(paste.group_id))
    await pastes.pasted(context.connection, paste.id, context.now)
    return step(
        context.say(
            "paste.thanks",
            button(context, "paste.plan", action("plan", group.id)),
            button(context, "paste.my_groups", action("my_groups")),
            label=group.label,
        )
    )


async def show_groups(context: Context) -> Step:
    """Each group with what came of it, in counts alone."""
    if not await is_of_team(context):
        return step(context.say("paste.team_only", *onward(context)))
    groups = await group_chats.pasted_by(context.connection, context.learner.id)
    if not groups:
        return await ask_name(context)
    lines = [(group.label, await arrivals.total(context.connection, group.id)) for group in groups]
    return step(
        context.say(
            "paste.groups",
            *(Button(group.label, action("my_group", group.id)) for group in groups),
            button(context, "paste.other_group", action("paste_new")),
            lines=lines,
        )
    )


async def show_group(context: Context, group_id: str) -> Step:
    group = await mine(context, group_id)
    return step(
        context.say(
            "paste.group",
            button(context, "paste.get", action("paste_to", group.id)),
            button(context, "paste.plan", action("plan", group.id)),
            button(context, "paste.forget", action("paste_forget", group.id, "ask")),
            label=group.label,
            today=await total_of_day(context, group),
            total=await arrivals.total(context.connection, group.id),
        )
    )


async def forget(context: Context, group_id: str, sure: str) -> Step:
    """No more lessons for that group; its plan and its counts go too."""
    group = await mine(context, group_id)
    if sure != "yes":
        return step(
            context.say(
                "paste.ask_forget",
                button(context, "paste.forget_sure", action("paste_forget", group.id, "yes")),
                button(context, "paste.keep", action("my_group", group.id)),
                label=group.label,
                exact=True,
            )
        )
    await timers.cancel(context.connection, group.address_id, PLAN, str(group.id))
    await group_chats.forget(context.connection, group.id)
    return step(context.say("paste.forgotten", *onward(context), label=group.label))


async def _mine_to_paste(context: Context, group_id: str) -> GroupChat:
    """The same, for who is still of the team; a role may end, and the cards with it."""
    if not await is_of_team(context):
        raise Stale
    return await mine(context, group_id)


async def _paste(context: Context, argument: str) -> Step:
    if argument.strip():
        return await take_name(context, argument)
    return await choose_group(context)


async def _groups(context: Context, argument: str) -> Step:
    del argument
    return await show_groups(context)


HANDLER = Handler(
    name="paste",
    commands=(
        Command(
            "dan",
            "Lấy bài để dán vô nhóm",
            _paste,
            words=("lấy bài để dán", "lấy bài dán", "dán bài", "bài để dán", "lấy bài dán nhóm"),
            in_menu=False,
            deed="post",
        ),
        Command(
            "nhom",
            "Xem các nhóm mình gửi bài",
            _groups,
            words=("nhóm của tôi", "nhóm của tui", "các nhóm", "xem nhóm"),
            in_menu=False,
            deed="post",
        ),
    ),
    actions={
        "paste_to": show_courses,
        "paste_new": ask_name,
        "paste_course": show_lessons,
        "paste_it": give,
        "paste_done": done,
        "paste_forget": forget,
        "my_groups": show_groups,
        "my_group": show_group,
    },
    words={"paste_name": take_name},
)
