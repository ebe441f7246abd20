"""What a case is about, and who takes it: how both are said."""

from datetime import datetime

from conversation.handler import Context, Stale, number_of
from handlers.saying import place_said, role_said
from people.roles import ROLES
from storage import cases, role_grants
from storage.case_meetings import Coming
from storage.cases import Case

_LESSON, _QUESTION = "bai.", "cau."


def lesson_item(slug: str) -> str:
    return _LESSON + slug


def question_item(question_id: str) -> str:
    return _QUESTION + question_id


def is_item(context: Context, item: str) -> bool:
    """Whether a button may name it: anything there is now, or "" for nothing in particular."""
    kind, name = item[: len(_LESSON)], item[len(_LESSON) :]
    if kind == _LESSON:
        return context.catalogue.lesson(name) is not None
    if kind == _QUESTION:
        return context.catalogue.question(name) is not None
    return item == ""


def item_said(context: Context, item: str) -> str:
    """As in "bài “Quét mã QR để trả tiền”"; content that is gone is "một bài đã cũ"."""
    kind, name = item[: len(_LESSON)], item[len(_LESSON) :]
    if not item:
        return context.text("support.item_any").unescape()
    slug = name if kind == _LESSON else _lesson_of(context, name)
    lesson = context.catalogue.lesson(slug)
    if lesson is None:
        return context.text("support.item_gone").unescape()
    said = "support.item_lesson" if kind == _LESSON else "support.item_question"
    return context.text(said, title=lesson.title).unescape()


def _lesson_of(context: Context, question_id: str) -> str:
    for lesson in context.catalogue.lessons:
        quiz = context.catalogue.quiz(lesson.slug)
        if quiz is not None and any(one.id == question_id for one in quiz.questions):
            return lesson.slug
    return ""


async def supporter_said(context: Context, learner_id: int, case: Case) -> str:
    """Who takes it, as in "Chín, đại sứ số, xã Tràm Chim"; their role only, if they gave no name."""
    held = [
        grant
        for grant in await role_grants.of_learner(context.connection, learner_id)
        if grant.holds(context.now)
    ]
    if not held:
        return context.text("support.somebody").unescape()
    near = [grant for grant in held if grant.covers(case.place)] or held
    grant = min(near, key=lambda one: ROLES.index(one.role))
    said = await role_said(context, grant.role, grant.place)
    return f"{grant.name}, {said}" if grant.name else said


async def name_said(context: Context, case: Case) -> str:
    """What the learner wants to be called, and where they are."""
    called = case.name or context.text("support.nameless").unescape()
    where = await place_said(context, case.place)
    return f"{called}, {where}" if where else called


def days_since(context: Context, moment: datetime) -> int:
    """Whole days by the tutor's own calendar; 0 is today."""
    day = context.rules.spacing.day
    return (day(context.now) - day(moment)).days


def coming_said(context: Context, comes: Coming | None) -> str:
    """As in "ngày mai, thứ năm 26/11"; "" when no day was named, or it is over."""
    today = context.rules.spacing.day(context.now)
    if comes is None or comes.day < today:
        return ""
    away = (comes.day - today).days
    return context.text(
        "support.coming", day=comes.day, away=away, is_last=comes.is_last
    ).unescape()


async def the_case(context: Context, number: str) -> Case:
    """Raises ``Stale`` when there is none, or nothing of it may be shown yet."""
    case = await cases.by_id(context.connection, number_of(number))
    if case is None:
        raise Stale
    return case


async def my_case(context: Context, number: str) -> Case:
    """An open case of the learner who speaks. Raises ``Stale``."""
    case = await the_case(context, number)
    if case.learner_id != context.learner.id or case.closed_at is not None:
        raise Stale
    return case
