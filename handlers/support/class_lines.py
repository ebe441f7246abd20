"""How one learner of a class is said, and what finishes a class."""

from collections.abc import Collection
from dataclasses import dataclass

from conversation.handler import Context
from handlers.support.items import days_since, item_said
from storage.cohorts import Cohort
from storage.reports.classes import ClassLearner


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``card`` counts from one; ``days`` are those since they were last heard of."""

    name: str
    lesson: str
    card: int
    done: int
    is_finished: bool
    is_stuck: bool
    is_silent: bool
    days: int
    asks_for: tuple[str, ...]


def needed(context: Context, cohort: Cohort) -> Collection[str]:
    """The lessons that finish a class: its course's, or those of the first course, the basics."""
    course = context.catalogue.course(cohort.course)
    if course is None:
        course = context.catalogue.courses[0]
    return course.lessons


def line(context: Context, one: ClassLearner) -> Line:
    lesson = context.catalogue.lesson(one.lesson)
    return Line(
        name=one.name or context.text("support.nameless").unescape(),
        lesson=lesson.title if lesson is not None else "",
        card=one.card + 1,
        done=one.done,
        is_finished=one.is_finished,
        is_stuck=one.is_stuck,
        is_silent=one.is_silent,
        days=0 if one.last_at is None else days_since(context, one.last_at),
        asks_for=tuple(item_said(context, item) for item in one.asks_for),
    )
