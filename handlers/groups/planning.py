"""What a plan does: its next times, the lesson it posts, and what follows the last one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from conversation.actions import Action, action
from conversation.handler import Context
from handlers.groups.plan_times import LATE, next_times
from handlers.groups.plan_words import Wanted
from lessons.model import Course, Lesson
from storage import plans, timers
from storage.group_chats import GroupChat
from storage.plans import Plan

# The kind of timer that a plan sets at its group's address; the subject is the group's id.
PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Coming:
    """One of the next times: when (local), and the lesson's title."""

    day: str
    at: str
    title: str


async def plan_of(context: Context, group: GroupChat) -> Plan | None:
    """The group's plan. When its next lesson was taken out of the course, the one that follows
    what was posted last is next.
    """
    plan = await plans.of_group(context.connection, group.id)
    course = context.catalogue.course(plan.course) if plan else None
    if plan is None or course is None or not plan.lesson or plan.lesson in course.lessons:
        return plan
    return replace(plan, lesson=_after(course, group.lesson))


def start_of(group: GroupChat, course: Course, running: Plan | None) -> str:
    """Where a plan begins: where the group stands in that course, or else at its beginning."""
    if running is not None and running.course == course.slug and running.lesson:
        return running.lesson
    return _after(course, group.lesson) or course.lessons[0]


def _after(course: Course, lesson: str) -> str:
    """The slug of the lesson after this one; the first, when it is none of the course's; "" after
    the last.
    """
    if lesson not in course.lessons:
        return course.lessons[0]
    return next(iter(course.lessons[course.lessons.index(lesson) + 1 :]), "")


def lesson_of(context: Context, plan: Plan) -> Lesson | None:
    """What it posts next; ``None`` after the last, or when the course is gone."""
    return context.catalogue.lesson(plan.lesson) if plan.lesson else None


def after(context: Context, plan: Plan) -> str:
    """The slug of the lesson after the next, "" when there is none."""
    course = context.catalogue.course(plan.course)
    return _after(course, plan.lesson) if course and plan.lesson else ""


def following_course(context: Context, plan: Plan) -> Course | None:
    """The course after this one, the first again after the last; ``None`` when there is no other."""
    courses = [course.slug for course in context.catalogue.courses]
    if plan.course not in courses or len(courses) < 2:
        return None
    return context.catalogue.course(courses[(courses.index(plan.course) + 1) % len(courses)])


def times(context: Context, plan: Plan, count: int = 1) -> list[datetime]:
    manners = context.rules.manners
    return next_times(
        plan, context.now, zone=manners.zone, is_quiet_day=manners.is_quiet_day, count=count
    )


def is_time(context: Context, plan: Plan) -> bool:
    """Whether one of its times is now, or was a short while ago."""
    earlier = replace(context, now=context.now - LATE)
    return any(moment <= context.now for moment in times(earlier, plan))


def coming(context: Context, plan: Plan, count: int = 3) -> Sequence[Coming]:
    """The next few times, with the lesson of each, as far as the course goes."""
    shown = []
    zone = context.rules.manners.zone
    for moment in times(context, plan, count):
        lesson = lesson_of(context, plan)
        if lesson is None:
            break
        local = moment.astimezone(zone)
        shown.append(Coming(_day(local), f"{local:%H:%M}", lesson.title))
        plan = replace(plan, lesson=after(context, plan))
    return shown


_DAYS = ("", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


def _day(local: datetime) -> str:
    return f"{_DAYS[local.isoweekday()]} {local.day}/{local.month}"


def days_said(days: frozenset[int]) -> str:
    """As people say them: "thứ 2, thứ 4, thứ 6"."""
    if len(days) == 7:
        return "mỗi ngày"
    return ", ".join("chủ nhật" if day == 7 else f"thứ {day + 1}" for day in sorted(days))


def hour_said(minute: int) -> str:
    return f"{time(*divmod(minute, 60)):%H:%M}"


async def set_timer(context: Context, group: GroupChat, plan: Plan) -> None:
    """Ring at the next time of this plan, and at no other."""
    upcoming = times(context, plan)
    if upcoming:
        await timers.set_for(
            context.connection, group.address_id, PLAN, upcoming[0], subject=str(group.id)
        )
    else:
        await cancel_timer(context, group)


async def cancel_timer(context: Context, group: GroupChat) -> None:
    await timers.cancel(context.connection, group.address_id, PLAN, str(group.id))


async def go_on(context: Context, group: GroupChat, plan: Plan) -> None:
    """The lesson went out: the next one comes at the next time."""
    await plans.advance(context.connection, group.id, after(context, plan))
    await set_timer(context, group, plan)


def picked(group: GroupChat, wanted: Wanted) -> Action:
    """The button that says so much of a plan, and asks for the rest."""
    return action("plan_pick", *parts(group, wanted))


def parts(group: GroupChat, wanted: Wanted) -> tuple[str | int, ...]:
    """What a button carries of it: whatever is not said yet stays empty."""
    days = "".join(map(str, sorted(wanted.days)))
    return group.id, wanted.course, days, ".".join(map(str, wanted.minutes))


def label_of(group: GroupChat) -> str:
    """What to call it where there may be several; in its own chat it needs no name."""
    return group.label if group.is_pasted else ""
