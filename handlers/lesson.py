"""Learning: courses, lessons, cards at the learner's own pace, and the practical task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from conversation.actions import action
from conversation.handler import Command, Context, Entrance, Handler, Stale, Step, step
from conversation.replies import Button, Say, preceded
from handlers import gentle, kept
from handlers.buttons import LEARN, NEXT, button, onward
from handlers.fieldwork.offering import offered_after
from handlers.reminders import reminder
from handlers.support import closing, stalls
from handlers.support.items import lesson_item
from lessons.model import Course, Lesson
from storage import progress

# What a learner may say of a practical task.
DONE, NOT_YET, STUCK = "done", "not_yet", "stuck"
# In a link: open this lesson. The rest of the payload is the lesson's slug.
LESSON_PAYLOAD = "hoc-"
# What a small screen shows at once, and numbers on it that are typed with one key.
_COURSES_AT_ONCE = 5
_LESSONS_AT_ONCE = 8

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _CourseLine:
    icon: str
    title: str
    summary: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _LessonLine:
    mark: str
    title: str


def the_lesson(context: Context, slug: str) -> Lesson:
    """The lesson of that name; ``Stale`` when it was taken out since the button was drawn."""
    lesson = context.catalogue.lesson(slug)
    if lesson is None:
        raise Stale
    return lesson


async def show_courses(context: Context, start: str = "0") -> Step:
    """So many of the courses from the place ``start``."""
    learnt = await progress.of_learner(context.connection, context.learner.id)
    courses, following = _page(context.catalogue.courses, start, _COURSES_AT_ONCE)
    lines = [
        _CourseLine(
            course.icon,
            course.title,
            context.plain(course.summary),
            sum(slug in learnt and learnt[slug].done_at is not None for slug in course.lessons),
            len(course.lessons),
        )
        for course in courses
    ]
    return step(
        context.say(
            "lesson.courses",
            button(context, "menu.next", NEXT),
            *(Button(course.title, action("course", course.slug)) for course in courses),
            *_onward_in_list(context, following, "learn"),
            courses=lines,
        )
    )


async def show_lessons(context: Context, slug: str, start: str = "0") -> Step:
    """So many of the course's lessons from the place ``start``."""
    course = _the_course(context, slug)
    learnt = await progress.of_learner(context.connection, context.learner.id)
    names, following = _page(course.lessons, start, _LESSONS_AT_ONCE)
    lessons = [the_lesson(context, name) for name in names]
    lines = []
    for lesson in lessons:
        row = learnt.get(lesson.slug)
        mark = "⬜" if row is None else "📖" if row.done_at is None else "✅"
        lines.append(_LessonLine(mark, lesson.title))
    return step(
        context.say(
            "lesson.lessons",
            *(Button(lesson.title, action("lesson", lesson.slug)) for lesson in lessons),
            *_onward_in_list(context, following, "course", slug),
            button(context, "lesson.other_courses", LEARN),
            course=course.title,
            icon=course.icon,
            lessons=lines,
        )
    )


def _page(all_of_it: Sequence[Item], start: str, at_once: int) -> tuple[Sequence[Item], int]:
    """Those from the place ``start``, and the place of those that follow: 0, so round, after the
    last. ``Stale`` where nothing is.
    """
    first = int(start) if start.isascii() and start.isdecimal() else len(all_of_it)
    if first >= len(all_of_it):
        raise Stale
    end = first + at_once
    return all_of_it[first:end], end if end < len(all_of_it) else 0


def _onward_in_list(context: Context, following: int, *names: str) -> Iterator[Button]:
    if following:
        yield button(context, "menu.others", action(*names, following))


async def open_lesson(context: Context, slug: str) -> Step:
    """The lesson where it was left, however long ago; from its first card when it is done."""
    lesson = the_lesson(context, slug)
    learnt = await progress.of_learner(context.connection, context.learner.id)
    row = learnt.get(slug)
    place = row.card if row is not None and row.done_at is None else 0
    return await show_card(context, slug, str(min(place, len(lesson.cards) - 1)))


async def show_card(context: Context, slug: str, place: str) -> Step:
    lesson = the_lesson(context, slug)
    if not place.isdecimal() or int(place) >= len(lesson.cards):
        raise Stale
    number = int(place)
    await progress.reach(context.connection, context.learner.id, slug, number, context.now)
    await kept.note(context)
    if number == 0:
        await stalls.watch(context)
    return draw_card(context, slug, number)


def draw_card(context: Context, slug: str, number: int) -> Step:
    """The card as it is shown, counted from zero; that it was reached is another matter."""
    lesson = the_lesson(context, slug)
    number = min(number, len(lesson.cards) - 1)
    last = number == len(lesson.cards) - 1
    buttons = [
        button(context, "lesson.to_takeaway", action("takeaway", slug))
        if last
        else button(context, "lesson.forward", action("card", slug, number + 1))
    ]
    if number > 0:
        buttons.append(button(context, "lesson.back", action("card", slug, number - 1)))
    return step(
        context.say(
            "lesson.card",
            *buttons,
            title=lesson.title,
            place=number + 1,
            total=len(lesson.cards),
            text=context.plain(lesson.cards[number].text).strip(),
        )
    )


async def show_takeaway(context: Context, slug: str) -> Step:
    """The end of a lesson; having read so far is what makes it done."""
    lesson = the_lesson(context, slug)
    before = await progress.of_learner(context.connection, context.learner.id)
    await progress.finish(context.connection, context.learner.id, slug, context.now)
    await kept.note(context)
    await closing.finished(context, lesson_item(slug), stalled_only=True)
    return step(
        context.say(
            "lesson.takeaway",
            button(context, "lesson.practice_done", action("practice", slug, DONE)),
            button(context, "lesson.practice_not_yet", action("practice", slug, NOT_YET)),
            button(context, "lesson.practice_stuck", action("practice", slug, STUCK)),
            title=lesson.title,
            lines=lesson.takeaway,
            task=context.plain(lesson.practice.task).strip(),
            praise=gentle.word(context, before, slug),
        )
    )


async def mark_practice(context: Context, slug: str, mark: str) -> Step:
    lesson = the_lesson(context, slug)
    if mark not in (DONE, NOT_YET, STUCK):
        raise Stale
    await progress.mark_practice(context.connection, context.learner.id, slug, mark, context.now)
    await kept.note(context)
    quiz = context.catalogue.quiz(slug)
    if mark == STUCK:
        buttons = [button(context, "lesson.practice_done", action("practice", slug, DONE))]
        if quiz is not None:
            buttons.append(button(context, "menu.quiz", action("quiz", slug)))
        help_ = action("case_stuck", lesson_item(slug))
        buttons.append(button(context, "support.ask", help_))
        hint = context.plain(lesson.practice.steps_if_stuck).strip()
        return step(context.say("lesson.marked_stuck", *buttons, hint=hint))
    marked = context.text(f"lesson.marked_{mark}")
    if mark == DONE and await closing.finished(context, lesson_item(slug)):
        marked += Markup("\n\n") + context.text("support.done_yourself")
    offered = await offered_after(context, slug) if mark == DONE else ()
    if quiz is None:
        return step(Say(marked, (*onward(context), *offered)))
    offer = context.say(
        "lesson.then_quiz",
        button(context, "menu.quiz", action("quiz", slug)),
        button(context, "lesson.later", action("later")),
        *offered,
        count=len(quiz.questions),
    )
    return step(preceded(marked, offer))


async def later(context: Context) -> Step:
    offered = await reminder.offer(context)
    said = context.text("lesson.later_answer")
    if offered is None:
        return step(Say(said, onward(context)))
    question, buttons = offered
    return step(Say(said + Markup("\n\n") + question, (*buttons, onward(context)[0])))


def _is_lesson(context: Context, slug: str) -> bool:
    return context.catalogue.lesson(slug) is not None


def _the_course(context: Context, slug: str) -> Course:
    course = context.catalogue.course(slug)
    if course is None:
        raise Stale
    return course


async def _courses(context: Context, argument: str) -> Step:
    del argument
    return await show_courses(context)


async def _later(context: Context, argument: str) -> Step:
    del argument
    return await later(context)


HANDLER = Handler(
    name="lesson",
    commands=(
        Command(
            "hoc",
            "Chọn bài để học",
            _courses,
            words=("học", "học bài", "chọn bài", "bài học", "khóa học", "danh sách bài"),
        ),
        Command(
            "desau",
            "Nghỉ, lát học tiếp",
            _later,
            words=(
                "để sau",
                "lát nữa",
                "nghỉ",
                "nghỉ đã",
                "thôi",
                "mai học tiếp",
                "bữa khác",
                "tạm biệt",
                "mệt",
                "mệt quá",
                "thôi mệt",
                "thôi nghỉ",
                "bận rồi",
                "ngủ đã",
            ),
            in_menu=False,
        ),
    ),
    actions={
        "learn": show_courses,
        "course": show_lessons,
        "lesson": open_lesson,
        "card": show_card,
        "takeaway": show_takeaway,
        "practice": mark_practice,
        "later": later,
    },
    entrances=(Entrance(LESSON_PAYLOAD, _is_lesson, open_lesson),),
)
