"""``/bai`` in a group: a commander picks a lesson, and it is posted as a card with a question."""

from datetime import datetime, time, timedelta

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.replies import Button, Link, Reply, Say
from handlers.buttons import button
from handlers.groups.group import this_chat
from handlers.groups.group_cards import caption_of, payload_of, picture_of, question_of
from handlers.groups.group_total import total_of_day
from handlers.lesson import the_lesson
from lessons.model import Lesson
from storage import group_chats, timers
from storage.group_chats import GroupChat

# Two of the team may choose the same lesson at once; a group reads it once.
_JUST_NOW = timedelta(minutes=10)
# How long people are given until the group hears how many they were, and when it is too late.
_UNTIL_TOTAL = timedelta(hours=1)
_LATEST_TOTAL = time(20, 45)
TOTAL = "group_total"


async def show_courses(context: Context) -> Step:
    return step(
        context.say(
            "group.courses",
            *(
                Button(course.title, action("bai_khoa", course.slug))
                for course in context.catalogue.courses
            ),
            replace=True,
        )
    )


async def show_lessons(context: Context, slug: str) -> Step:
    course = context.catalogue.course(slug)
    if course is None:
        raise Stale
    return step(
        context.say(
            "group.lessons",
            *(
                Button(the_lesson(context, name).title, action("bai_gui", name))
                for name in course.lessons
            ),
            button(context, "group.other_courses", action("bai")),
            replace=True,
            course=course.title,
        )
    )


async def choose(context: Context, slug: str) -> Step:
    """A commander tapped a lesson: post it, unless it stands there already."""
    lesson = the_lesson(context, slug)
    group = await this_chat(context)
    just = group.posted_at is not None and context.now - group.posted_at < _JUST_NOW
    if just and group.lesson == slug:
        return step(context.say("group.just_posted", replace=True, title=lesson.title))
    chosen = context.say("group.chosen", replace=True, title=lesson.title)
    return step(chosen, *await post(context, group, lesson))


async def post(context: Context, group: GroupChat, lesson: Lesson) -> tuple[Reply, ...]:
    """The card, a question for all, and the way to one's own lesson; written down as posted."""
    await group_chats.posted(context.connection, group.id, lesson.slug, context.now)
    await _count_later(context)
    replies: list[Reply] = [picture_of(context, lesson, caption_of(context, lesson))]
    question = question_of(context, lesson, "shown" if group.shows_votes else "secret")
    if question is not None:
        replies.append(question)
    url = context.link(payload_of(group, lesson.slug))
    links = (Link(context.text("group.alone").unescape(), url),) if url else ()
    text = context.text("group.learn_alone", minutes=lesson.minutes)
    return (*replies, Say(text, links=links))


async def _count_later(context: Context) -> None:
    """Have the group told in an hour how many learnt along, while people are still up."""
    at = context.now + _UNTIL_TOTAL
    zone = context.rules.manners.zone
    local, day = at.astimezone(zone), context.rules.spacing.day(context.now)
    if local.date() == day and local.time() <= _LATEST_TOTAL:
        await timers.set_for(context.connection, context.address.id, TOTAL, at)


async def tell_total(context: Context, subject: str, at: datetime) -> Step:
    """How many learnt along today. Late, or when nobody did, nothing is said."""
    del subject
    group = await group_chats.chat_at(context.connection, context.address.id)
    manners = context.rules.manners
    late = context.now - at > _UNTIL_TOTAL or manners.is_quiet(context.now, manners.zone)
    if group is None or late:
        return Step()
    people = await total_of_day(context, group)
    if not people:
        return Step()
    return Step(
        (context.say("group.total", people=people),),
        until=manners.falls_silent(context.now, manners.zone),
    )


async def vote(context: Context, question: str, place: str) -> Step:
    """An option of a question that no poll could hold, tapped: nobody's answer is taken."""
    del context, question, place
    return Step()


async def _show(context: Context, argument: str) -> Step:
    """The courses; or, when words were typed behind the command, the lessons they may mean."""
    found = context.catalogue.search.nearest(argument) if argument.strip() else []
    if not found:
        return await show_courses(context)
    return step(
        context.say(
            "group.nearest",
            *(Button(one.lesson.title, action("bai_gui", one.lesson.slug)) for one in found),
            button(context, "group.other_courses", action("bai")),
        )
    )


HANDLER = Handler(
    name="group_post",
    group_commands=(
        Command(
            "bai",
            "Chọn bài gửi cho cả nhóm",
            _show,
            words=("bài", "gửi bài", "lấy bài", "chọn bài", "học"),
        ),
    ),
    group_actions={
        "bai": show_courses,
        "bai_khoa": show_lessons,
        "bai_gui": choose,
        "together": vote,
    },
    timers={TOTAL: tell_total},
)
