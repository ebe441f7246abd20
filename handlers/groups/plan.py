"""``/lich``: a plan that walks a group through a course, by typed words or by buttons.

The same dialogue in a group's own chat, where only who may command is heard, and in the chat
of somebody who pastes into a group elsewhere.
"""

from collections.abc import Mapping
from dataclasses import replace

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Handler,
    OnAction,
    Stale,
    Step,
    ask_words,
    step,
)
from conversation.replies import Button, Say
from handlers.buttons import button, onward
from handlers.groups import paste, plan_hour
from handlers.groups.commanders import is_of_team
from handlers.groups.group import this_chat
from handlers.groups.plan_words import Wanted, read_plan
from handlers.groups.planning import (
    PLAN,
    cancel_timer,
    coming,
    days_said,
    hour_said,
    label_of,
    parts,
    picked,
    plan_of,
    set_timer,
    start_of,
)
from lessons.model import Course
from storage import group_chats, plans
from storage.group_chats import GroupChat
from storage.plans import Plan

_DAYS_OFFERED = ("135", "246", "6", "1234567")
_MINUTES_OFFERED = (7 * 60 + 30, 15 * 60, 19 * 60 + 30, 20 * 60)
_MOST_DIGITS = 18


async def show(context: Context, group_id: str) -> Step:
    """The plan as it stands, or how to make one."""
    group = await _hold(context, group_id)
    plan = await plan_of(context, group)
    course = context.catalogue.course(plan.course) if plan else None
    if plan is None or course is None:
        return _ask_course(context, group, Wanted(), none_yet=True)
    number = str(group.id)
    if plan.paused_at is None:
        first = button(context, "plan.pause", action("plan_pause", number))
    else:
        first = button(context, "plan.resume", action("plan_resume", number))
    return step(
        context.say(
            "plan.shown",
            first,
            button(context, "plan.change", picked(group, Wanted())),
            button(context, "plan.drop", action("plan_drop", number)),
            label=label_of(group),
            course=course.title,
            days=days_said(plan.days),
            hour=hour_said(plan.minute),
            is_paused=plan.paused_at is not None,
            coming=coming(context, plan),
        )
    )


async def pick(context: Context, group_id: str, course: str, days: str, minute: str) -> Step:
    """Ask for what is still missing; when nothing is, show what it comes to."""
    group = await _hold(context, group_id)
    minutes = tuple(int(part) for part in minute.split(".") if part.isdecimal())
    return await _ask(context, group, Wanted(course, _days_of(days), minutes))


async def take_words(context: Context, text: str, group_id: str) -> Step:
    """Days, hour and course, typed in one line or a part of them."""
    group = await _hold(context, group_id)
    return await _ask(context, group, read_plan(text, context.catalogue.courses))


async def _ask(context: Context, group: GroupChat, wanted: Wanted) -> Step:
    """The first thing that is missing; or, when nothing is, what it comes to."""
    if not wanted.course:
        return _ask_course(context, group, wanted)
    course = _the_course(context, wanted.course)
    if not wanted.days:
        return _ask_days(context, group, course, wanted)
    fitting = tuple(filter(context.rules.manners.fits, wanted.minutes))
    if len(fitting) != 1:
        return _ask_hour(context, group, replace(wanted, minutes=fitting or wanted.minutes))
    return await _confirm(context, group, course, replace(wanted, minutes=fitting))


def _ask_course(
    context: Context, group: GroupChat, wanted: Wanted, *, none_yet: bool = False
) -> Step:
    buttons = (
        Button(one.title, picked(group, replace(wanted, course=one.slug)))
        for one in context.catalogue.courses
    )
    said = context.say(
        "plan.ask_course",
        *buttons,
        label=label_of(group),
        when_said=bool(wanted.days or wanted.minutes),
        none_yet=none_yet,
    )
    return _or_words(group, said)


def _ask_days(context: Context, group: GroupChat, course: Course, wanted: Wanted) -> Step:
    buttons = (
        Button(
            days_said(_days_of(days)).capitalize(),
            picked(group, replace(wanted, days=_days_of(days))),
        )
        for days in _DAYS_OFFERED
    )
    return _or_words(group, context.say("plan.ask_days", *buttons, course=course.title))


def _ask_hour(context: Context, group: GroupChat, wanted: Wanted) -> Step:
    """An hour by day; of one that may be morning or evening, which of the two."""
    fits = context.rules.manners.fits
    either = [minute for minute in wanted.minutes if fits(minute)]
    buttons = (
        Button(hour_said(minute), picked(group, replace(wanted, minutes=(minute,))))
        for minute in either or _MINUTES_OFFERED
    )
    said = context.say(
        "plan.ask_hour",
        *buttons,
        days=days_said(wanted.days),
        by_night=bool(wanted.minutes) and not either,
    )
    return _or_words(group, said)


def _or_words(group: GroupChat, said: Say) -> Step:
    """In a chat of one's own the answer may be typed in one's own words, too."""
    return ask_words(said, action("plan_words", group.id)) if group.is_pasted else step(said)


async def _confirm(context: Context, group: GroupChat, course: Course, wanted: Wanted) -> Step:
    (minute,) = wanted.minutes
    running = await plan_of(context, group)
    plan = _plan(group, course, running, wanted.days, minute)
    return step(
        context.say(
            "plan.confirm",
            button(context, "plan.run", action("plan_set", *parts(group, wanted))),
            button(context, "plan.again", picked(group, Wanted())),
            label=label_of(group),
            course=course.title,
            days=days_said(plan.days),
            hour=hour_said(plan.minute),
            coming=coming(context, plan),
            replaces=running is not None,
        )
    )


async def keep(context: Context, group_id: str, course: str, days: str, minute: str) -> Step:
    """The plan runs from now on, from where the group stands in its course."""
    group = await _hold(context, group_id)
    if not minute.isdecimal() or not context.rules.manners.fits(int(minute)):
        raise Stale
    if not (wanted := _days_of(days)):
        raise Stale
    running = await plan_of(context, group)
    plan = _plan(group, _the_course(context, course), running, wanted, int(minute))
    await plans.keep(context.connection, plan, context.now)
    await set_timer(context, group, plan)
    return step(
        context.say(
            "plan.kept",
            *(onward(context) if group.is_pasted else ()),
            replace=True,
            is_pasted=group.is_pasted,
            coming=coming(context, plan, 1),
        )
    )


async def pause(context: Context, group_id: str) -> Step:
    group, _ = await _running(context, group_id)
    await plans.pause(context.connection, group.id, context.now)
    await cancel_timer(context, group)
    resume_ = button(context, "plan.resume", action("plan_resume", group.id))
    return step(context.say("plan.paused", resume_, replace=True))


async def resume(context: Context, group_id: str) -> Step:
    group, plan = await _running(context, group_id)
    await plans.pause(context.connection, group.id, None)
    await set_timer(context, group, plan)
    said = context.say(
        "plan.resumed",
        *(onward(context) if group.is_pasted else ()),
        replace=True,
        coming=coming(context, plan),
    )
    return step(said)


async def drop(context: Context, group_id: str) -> Step:
    group, _ = await _running(context, group_id)
    await plans.drop(context.connection, group.id)
    await cancel_timer(context, group)
    buttons = onward(context) if group.is_pasted else ()
    return step(context.say("plan.dropped", *buttons, replace=True))


def _plan(
    group: GroupChat, course: Course, running: Plan | None, days: frozenset[int], minute: int
) -> Plan:
    return Plan(
        group_id=group.id,
        course=course.slug,
        lesson=start_of(group, course, running),
        days=days,
        minute=minute,
    )


def _days_of(days: str) -> frozenset[int]:
    return frozenset(int(day) for day in days if day in "1234567")


def _the_course(context: Context, slug: str) -> Course:
    course = context.catalogue.course(slug)
    if course is None:
        raise Stale
    return course


async def _running(context: Context, group_id: str) -> tuple[GroupChat, Plan]:
    group = await _hold(context, group_id)
    plan = await plan_of(context, group)
    if plan is None:
        raise Stale
    return group, plan


async def _hold(context: Context, group_id: str) -> GroupChat:
    """The group a button speaks of, if it is this chat's, or pasted into by who speaks here."""
    if context.sender is not None:
        group = await this_chat(context)
        if group_id != str(group.id):
            raise Stale
        return group
    return await paste.mine(context, group_id)


async def _command_in_group(context: Context, argument: str) -> Step:
    group = await this_chat(context)
    if argument.strip():
        return await take_words(context, argument, str(group.id))
    return await show(context, str(group.id))


async def _command(context: Context, argument: str) -> Step:
    """In a chat of one's own: of which group?"""
    if not await is_of_team(context):
        return step(context.say("paste.team_only", *onward(context)))
    groups = await group_chats.pasted_by(context.connection, context.learner.id)
    if not groups:
        return await paste.ask_name(context)
    if len(groups) == 1 and argument.strip():
        return await take_words(context, argument, str(groups[0].id))
    if len(groups) == 1:
        return await show(context, str(groups[0].id))
    return step(
        context.say(
            "plan.which_group", *(Button(one.label, action("plan", one.id)) for one in groups)
        )
    )


_ACTIONS: Mapping[str, OnAction] = {
    "plan": show,
    "plan_pick": pick,
    "plan_set": keep,
    "plan_pause": pause,
    "plan_resume": resume,
    "plan_drop": drop,
}
HANDLER = Handler(
    name="plan",
    commands=(
        Command(
            "lich",
            "Hẹn ngày giờ gửi bài cho nhóm",
            _command,
            words=("lịch", "lịch gửi bài", "đặt lịch", "hẹn lịch"),
            in_menu=False,
            deed="post",
        ),
    ),
    actions=_ACTIONS,
    words={"plan_words": take_words},
    group_commands=(
        Command(
            "lich",
            "Hẹn ngày giờ gửi bài cho nhóm",
            _command_in_group,
            words=("lịch", "lịch gửi bài", "đặt lịch"),
        ),
    ),
    group_actions=_ACTIONS,
    timers={PLAN: plan_hour.ring},
)
