"""A tally of a place or a class, as pages, charts and exports show it: one reading for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.words import figure
from lessons.catalogue import Catalogue
from quizzes.model import Question, RealOrScam
from storage.discrimination import Discrimination
from storage.reports.few import FEWEST, Figure, shown
from storage.reports.tally import Tally, weeks_until
from templates.terms import NEUTRAL

_HARDEST = 10
# A question that was asked less often says little, and of a place too much.
_ASKED_OFTEN = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a course's funnel: how many people got so far."""

    title: str
    people: Figure


@dataclass(frozen=True, slots=True)
class Week:
    """``people`` learnt in it; of ``asked`` questions in reviews ``right`` were known."""

    monday: date
    people: Figure
    asked: Figure
    right: Figure

    @property
    def recall(self) -> float | None:
        if isinstance(self.asked, str) or isinstance(self.right, str) or not self.asked:
            return None
        return self.right / self.asked


@dataclass(frozen=True, slots=True)
class HardQuestion:
    text: str
    lesson: str
    asked: int
    right: int

    @property
    def wrong_share(self) -> float:
        return 1 - self.right / self.asked


@dataclass(frozen=True, slots=True)
class Figures:
    """``finished`` by course; ``silent`` is everybody who is not active."""

    people: Figure
    active: Figure
    silent: Figure
    finished: tuple[tuple[str, Figure], ...]
    funnel: tuple[Step, ...]
    weeks: tuple[Week, ...]
    hardest: tuple[HardQuestion, ...]
    drills: Discrimination

    # The numbers of each chart, as its table writes them.

    @property
    def step_rows(self) -> list[tuple[str, ...]]:
        return [(step.title, figure(step.people)) for step in self.funnel]

    @property
    def week_rows(self) -> list[tuple[str, ...]]:
        return [(f"{week.monday:%d/%m/%Y}", figure(week.people)) for week in self.weeks]

    @property
    def review_rows(self) -> list[tuple[str, ...]]:
        return [
            (f"{week.monday:%d/%m/%Y}", figure(week.asked), figure(week.right))
            for week in self.weeks
        ]

    @property
    def question_rows(self) -> list[tuple[str, ...]]:
        return [
            (one.text, one.lesson, figure(one.asked), figure(one.right)) for one in self.hardest
        ]


def figures(
    tally: Tally, catalogue: Catalogue, course: str, today: date, *, hides: bool
) -> Figures:
    """``hides`` few people, as everything above a class does."""

    def said(count: int, total: int | None = None) -> Figure:
        return shown(count, total) if hides else count

    people = tally.people
    drills = tally.drills
    if hides and any(0 < count < FEWEST for count in _verdicts(drills)):
        drills = Discrimination()
    return Figures(
        people=said(people),
        active=said(tally.active, people),
        silent=said(people - tally.active, people),
        finished=tuple(
            (one.title, said(tally.of("finished", one.slug), people)) for one in catalogue.courses
        ),
        funnel=_funnel(tally, catalogue, course, said(people), hides=hides),
        weeks=tuple(
            Week(
                monday,
                said(tally.of("week", monday.isoformat()), people),
                said(tally.of("reviewed", monday.isoformat())),
                said(tally.of("recalled", monday.isoformat())),
            )
            for monday in weeks_until(today)
        ),
        hardest=_hardest(tally, catalogue),
        drills=drills,
    )


def _verdicts(drills: Discrimination) -> Sequence[int]:
    return drills.hits, drills.misses, drills.false_alarms, drills.correct_rejections


def _funnel(
    tally: Tally, catalogue: Catalogue, course: str, people: Figure, *, hides: bool
) -> tuple[Step, ...]:
    chosen = catalogue.course(course) or catalogue.courses[0]
    steps = [Step("Vào lớp", people)]
    first = catalogue.lesson(chosen.lessons[0])
    if first is not None:
        opened = tally.of("opened", first.slug)
        steps.append(
            Step(f"Mở bài 1: {first.title}", shown(opened, tally.people) if hides else opened)
        )
    for number, slug in enumerate(chosen.lessons, start=1):
        lesson, done = catalogue.lesson(slug), tally.of("done", slug)
        steps.append(
            Step(
                f"Xong bài {number}: {lesson.title if lesson is not None else slug}",
                shown(done, tally.people) if hides else done,
            )
        )
    finished = tally.of("finished", chosen.slug)
    steps.append(Step("Xong hết khóa", shown(finished, tally.people) if hides else finished))
    return tuple(steps)


def _hardest(tally: Tally, catalogue: Catalogue) -> tuple[HardQuestion, ...]:
    often = {
        number: asked
        for number, asked in tally.counts.get("asked", {}).items()
        if asked >= _ASKED_OFTEN
    }
    found = []
    for lesson in catalogue.lessons:
        quiz = catalogue.quiz(lesson.slug)
        for question in quiz.questions if quiz is not None else ():
            if question.id in often:
                right = tally.of("right", question.id)
                found.append(
                    HardQuestion(_asked(question), lesson.title, often[question.id], right)
                )
    found.sort(key=lambda one: (-one.wrong_share, -one.asked, one.text))
    return tuple(one for one in found[:_HARDEST] if one.right < one.asked)


def _asked(question: Question) -> str:
    """As it is asked of nobody in particular."""
    text = question.scene if isinstance(question, RealOrScam) else question.ask
    return " ".join(text.format_map(NEUTRAL.filling).split())
