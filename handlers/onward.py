"""What comes next for a learner: the one answer behind every "Học tiếp"."""

from dataclasses import dataclass
from typing import TypeAlias

from conversation.handler import Context
from storage import attempts, progress
from storage.progress import LessonProgress


@dataclass(frozen=True, slots=True)
class Read:
    """Open the lesson at this card (counted from zero)."""

    lesson: str
    card: int = 0
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Take the lesson's quiz, or go on with it."""

    lesson: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything there is has been learnt."""


Onward: TypeAlias = Read | Answer | Finished


async def onward(context: Context) -> Onward:
    """The lesson left open, else the quiz left open or never taken, else the next lesson."""
    known = context.catalogue
    learnt = {
        slug: row
        for slug, row in (await progress.of_learner(context.connection, context.learner.id)).items()
        if known.lesson(slug) is not None
    }
    reading = [row for row in learnt.values() if row.done_at is None]
    if reading:
        last = max(reading, key=_freshness)
        return Read(last.lesson, last.card, begun=True)
    unfinished = await attempts.latest_unfinished(context.connection, context.learner.id)
    if unfinished is not None and known.quiz(unfinished.lesson) is not None:
        return Answer(unfinished.lesson)
    taken = await attempts.results(context.connection, context.learner.id)
    untaken = [row for slug, row in learnt.items() if slug not in taken and known.quiz(slug)]
    if untaken:
        return Answer(max(untaken, key=_freshness).lesson)
    following = known.next_lesson(set(learnt))
    return Read(following.slug) if following is not None else Finished()


def _freshness(row: LessonProgress) -> tuple[float, str]:
    return row.updated_at.timestamp(), row.lesson
