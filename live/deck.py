"""What a screen shows, slide by slide: a lesson, and then its questions. Pure.

The same for everybody who looks at it, so it addresses nobody in particular.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lessons.catalogue import Catalogue
from lessons.model import Lesson
from quizzes.model import Question, SeveralChoice

Kind: TypeAlias = Literal["join", "card", "takeaway", "practice", "question", "end"]

# A fair has time for so many.
FAIR_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class Slide:
    """``at`` counts the cards of ``lesson`` from zero, or the questions from one. ``lesson`` is
    the one that the slide is of, and ``question`` a question's id there, or "".
    """

    kind: Kind
    lesson: str
    at: int = 0
    question: str = ""


def deck(catalogue: Catalogue, slug: str, *, is_fair: bool) -> tuple[Slide, ...]:
    """The slides for that lesson; of one that was taken out since, only how to join.

    Questions with several right options are left out: bars of them would say nothing.
    """
    lesson = catalogue.lesson(slug)
    if lesson is None:
        return (Slide("join", slug), Slide("end", slug))
    questions = _for_fair(catalogue, lesson) if is_fair else _of(catalogue, slug)
    return (
        Slide("join", slug),
        *(Slide("card", slug, at) for at in range(len(lesson.cards))),
        Slide("takeaway", slug),
        Slide("practice", slug),
        *(Slide("question", found, at, name) for at, (found, name) in enumerate(questions, 1)),
        Slide("end", slug),
    )


def question_at(catalogue: Catalogue, slide: Slide) -> Question | None:
    quiz = catalogue.quiz(slide.lesson) if slide.question else None
    return None if quiz is None else quiz.question(slide.question)


def _of(catalogue: Catalogue, slug: str) -> list[tuple[str, str]]:
    quiz = catalogue.quiz(slug)
    if quiz is None:
        return []
    return [(slug, one.id) for one in quiz.questions if not isinstance(one, SeveralChoice)]


def _for_fair(catalogue: Catalogue, lesson: Lesson) -> list[tuple[str, str]]:
    """Its own, and then those of the lessons that follow in its course."""
    course = catalogue.course_of(lesson.slug)
    rest = [slug for slug in course.lessons if slug != lesson.slug] if course is not None else []
    found = [one for slug in (lesson.slug, *rest) for one in _of(catalogue, slug)]
    return found[:FAIR_QUESTIONS]
