"""The hour of a plan: its lesson is posted, or given to who pastes it, or the course is over."""

from datetime import datetime

from conversation.door import knock
from conversation.handler import Context, Step, step
from conversation.replies import Button
from handlers.buttons import onward
from handlers.groups import paste
from handlers.groups.commanders import is_of_team
from handlers.groups.group_post import post
from handlers.groups.plan_words import Wanted
from handlers.groups.planning import (
    following_course,
    go_on,
    is_time,
    label_of,
    lesson_of,
    picked,
    plan_of,
    set_timer,
)
from storage import group_chats, plans
from storage.group_chats import GroupChat
from storage.plans import Plan


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """The time of a plan has come, perhaps long ago: post the lesson, or let this time pass.

    What comes of it is at most one lesson: a time that was missed by hours is not made up for,
    and the next one goes on where the course stands.
    """
    del at
    group = await group_chats.by_id(context.connection, int(subject))
    plan = await plan_of(context, group) if group else None
    if group is None or plan is None or plan.paused_at is not None:
        return Step()
    manners = context.rules.manners
    if not is_time(context, plan) or manners.is_quiet(context.now, manners.zone):
        await set_timer(context, group, plan)
        return Step()
    if group.is_pasted and not await is_of_team(context):
        await plans.pause(context.connection, group.id, context.now)
        return step(context.say("paste.role_ended", *onward(context), label=group.label))
    if group.is_pasted and await _is_enough_today(context):
        await set_timer(context, group, plan)
        return Step()
    until = manners.falls_silent(context.now, manners.zone)
    lesson = lesson_of(context, plan)
    if lesson is None:
        return Step((await _over(context, group, plan)).replies, until=until)
    await go_on(context, group, plan)
    if group.is_pasted:
        given = await paste.give_planned(context, group, lesson)
        return Step(given.replies, given.asked, until=until)
    return Step(await post(context, group, lesson), until=until)


async def _is_enough_today(context: Context) -> bool:
    """Whether who pastes has been written to as often today as anybody is, unasked."""
    learner = context.learner
    later = await knock(
        context.connection, context.rules.manners, learner.id, learner.zone, context.now
    )
    return later is not None


async def _over(context: Context, group: GroupChat, plan: Plan) -> Step:
    """The course is through: say so, and offer the next at the same hours."""
    await plans.drop(context.connection, group.id)
    course = context.catalogue.course(plan.course)
    if course is None:
        return Step()
    following = following_course(context, plan)
    buttons: tuple[Button, ...] = ()
    if following is not None:
        meaning = picked(group, Wanted(following.slug, plan.days, (plan.minute,)))
        buttons = (Button(context.text("plan.next", course=following.title).unescape(), meaning),)
    return step(
        context.say(
            "plan.over",
            *buttons,
            label=label_of(group),
            course=course.title,
            following=following.title if following else "",
        )
    )
