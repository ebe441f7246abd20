"""A tally of a place or a class, as pages, charts and exports show it: one reading for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.words import figure
from lessons.catalogue import Catalogue
from quizzes.model import Question, RealOrScam
from storage.discrimination import Discrimination
from storage.reports.few import Figure, shown
from storage.reports.siblings import Siblings, told
from storage.reports.tally import VERDICTS, Measure, Tally, weeks_until
from templates.terms import NEUTRAL

_HARDEST = 10
# A question that was asked less often says little.
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
    tally: Tally,
    catalogue: Catalogue,
    course: str,
    today: date,
    *,
    hides: bool,
    siblings: Sequence[Siblings] = (),
) -> Figures:
    """``hides`` few people, as everything above a class does, and what those beside them tell."""
    said = _Said(tally, siblings, hides=hides)
    active = said.people("active")
    return Figures(
        people=said.people("people"),
        active=active,
        silent=said.rest(active),
        finished=tuple((one.title, said.people("finished", one.slug)) for one in catalogue.courses),
        funnel=_funnel(said, catalogue, course),
        weeks=tuple(
            Week(
                monday,
                said.people("week", monday.isoformat()),
                said.answers("reviewed", "reviewers", monday.isoformat()),
                said.answers("recalled", "reviewers", monday.isoformat()),
            )
            for monday in weeks_until(today)
        ),
        hardest=_hardest(said, catalogue),
        drills=_drills(said),
    )


class _Said:
    """Each count as it may be said. Where not even the people may be counted, nothing is."""

    def __init__(self, tally: Tally, siblings: Sequence[Siblings], *, hides: bool) -> None:
        self.tally = tally
        self._siblings = siblings
        self._hides = hides
        everybody = told(tally, siblings, "people", is_share=False) if hides else 0
        self._nothing = everybody if isinstance(everybody, str) else None

    def people(self, measure: Measure, subject: str = "") -> Figure:
        if not self._hides:
            return self.tally.of(measure, subject)
        if self._nothing is not None:
            return self._nothing
        return told(self.tally, self._siblings, measure, subject, is_share=measure != "people")

    def rest(self, part: Figure) -> Figure:
        """Everybody but those."""
        if not isinstance(part, str):
            return self.tally.people - part
        if self._nothing is not None or part == "withheld":
            return part
        return "nearly_all" if part == "few" else "few"

    def answers(self, measure: Measure, of_whom: Measure, subject: str) -> Figure:
        """Of many people: one alone may answer a hundred times."""
        count = self.tally.of(measure, subject)
        if not self._hides:
            return count
        if self._nothing is not None:
            return self._nothing
        persons = told(self.tally, self._siblings, of_whom, subject, is_share=False)
        if isinstance(persons, str):
            return persons
        return shown(count) if persons else "few" if count else 0


def _drills(said: _Said) -> Discrimination:
    """All four verdicts or none."""
    verdicts = [said.answers("verdict", "judges", one) for one in VERDICTS]
    return Discrimination() if any(isinstance(one, str) for one in verdicts) else said.tally.drills


def _funnel(said: _Said, catalogue: Catalogue, course: str) -> tuple[Step, ...]:
    chosen = catalogue.course(course) or catalogue.courses[0]
    steps = [Step("Vào lớp", said.people("people"))]
    first = catalogue.lesson(chosen.lessons[0])
    if first is not None:
        steps.append(Step(f"Mở bài 1: {first.title}", said.people("opened", first.slug)))
    for number, slug in enumerate(chosen.lessons, start=1):
        lesson = catalogue.lesson(slug)
        title = f"Xong bài {number}: {lesson.title if lesson is not None else slug}"
        steps.append(Step(title, said.people("done", slug)))
    steps.append(Step("Xong hết khóa", said.people("finished", chosen.slug)))
    return tuple(steps)


def _hardest(said: _Said, catalogue: Catalogue) -> tuple[HardQuestion, ...]:
    tally = said.tally
    often = {
        number: asked
        for number, asked in tally.counts.get("asked", {}).items()
        if asked >= _ASKED_OFTEN and isinstance(said.answers("asked", "answerers", number), int)
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
