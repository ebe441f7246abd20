"""All content, loaded once when the tutor starts and never changed while it runs."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from authoring.problems import Problem, report
from lessons.cache import Kept, fetch, fingerprint, keep
from lessons.gather import Gathered, Gathering
from lessons.lint import lint
from lessons.model import Course, Lesson
from lessons.search import Search
from quizzes.meaning import meaning
from quizzes.model import Question, Quiz, RealOrScam


class ContentBroken(Exception):
    """The content cannot be taught; ``problems`` are all of them and the text is theirs."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(report(self.problems)))


class Catalogue:
    """The courses in order, and every lesson, quiz and question by its permanent name."""

    def __init__(
        self,
        courses: Iterable[Course],
        lessons: Mapping[str, Lesson],
        quizzes: Mapping[str, Quiz],
    ) -> None:
        self.courses = tuple(courses)
        self._courses = {course.slug: course for course in self.courses}
        self._lessons = {slug: lessons[slug] for course in self.courses for slug in course.lessons}
        self._quizzes = dict(quizzes)
        self._questions = {
            question.id: question for quiz in quizzes.values() for question in quiz.questions
        }
        # Reckoned when somebody answers: nobody answers all of them.
        self._meanings: dict[str, str] = {}
        self._safety = {
            question.id
            for course in self.courses
            if course.is_safety
            for slug in course.lessons
            if slug in quizzes
            for question in quizzes[slug].questions
        }

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Every lesson, course by course."""
        return tuple(self._lessons.values())

    def course(self, slug: str) -> Course | None:
        return self._courses.get(slug)

    def lesson(self, slug: str) -> Lesson | None:
        return self._lessons.get(slug)

    def quiz(self, slug: str) -> Quiz | None:
        """The quiz of the lesson with this slug."""
        return self._quizzes.get(slug)

    def question(self, question_id: str) -> Question | None:
        return self._questions.get(question_id)

    def meaning(self, question_id: str) -> str:
        """What the question means (``quizzes.meaning``); '' when there is none of this name."""
        if question_id not in self._meanings:
            question = self._questions.get(question_id)
            self._meanings[question_id] = "" if question is None else meaning(question)
        return self._meanings[question_id]

    @cached_property
    def drills(self) -> Mapping[str, bool]:
        """Of each drill, whether it is a scam."""
        return {
            question.id: question.is_scam
            for question in self._questions.values()
            if isinstance(question, RealOrScam)
        }

    def new_drills(self, met: AbstractSet[str]) -> Iterator[str]:
        """The drills not in ``met`` of each safety course that has a question in ``met``; those of
        lessons something is known of come first.
        """
        later: list[str] = []
        for course in self.courses:
            asked = [
                self._quizzes[slug].questions for slug in course.lessons if slug in self._quizzes
            ]
            met_here = [not met.isdisjoint(one.id for one in questions) for questions in asked]
            if not course.is_safety or not any(met_here):
                continue
            for questions, is_known in zip(asked, met_here, strict=True):
                new = [one.id for one in questions if one.id in self.drills and one.id not in met]
                if is_known:
                    yield from new
                else:
                    later += new
        yield from later

    def is_safety(self, question_id: str) -> bool:
        """Whether the question belongs to a safety course, whose questions are asked again sooner."""
        return question_id in self._safety

    def course_of(self, slug: str) -> Course | None:
        """The course that the lesson belongs to."""
        lesson = self._lessons.get(slug)
        return None if lesson is None else self._courses[lesson.course]

    def lessons_in(self, courses: AbstractSet[str]) -> tuple[str, ...]:
        """The lessons of these courses; of all courses, without any."""
        return tuple(
            lesson
            for course in self.courses
            if not courses or course.slug in courses
            for lesson in course.lessons
        )

    def next_lesson(self, done: AbstractSet[str]) -> Lesson | None:
        """The first lesson not in ``done``, of a course already begun before the others."""
        begun = [course for course in self.courses if not done.isdisjoint(course.lessons)]
        for course in (*begun, *self.courses):
            for slug in course.lessons:
                if slug not in done:
                    return self._lessons[slug]
        return None

    @cached_property
    def search(self) -> Search:
        """Finds lessons by typed words; built at its first use or by ``load``."""
        return Search(self.lessons)


def load(root: Path, cache: Path | None = None) -> Catalogue:
    """Everything under ``root``/lessons/content and ``root``/quizzes/content, checked.

    ``cache`` is a file where checked content is kept for a quicker start next time; it may be
    missing, damaged or unwritable. Raises ``ContentBroken`` with all serious problems at once.
    """
    loading = Loading(root, cache)
    catalogue = loading.finish()
    loading.settle()
    return catalogue


class Loading:
    """As ``load``, begun: between its beginning and ``finish`` something else can be done.

    ``settle`` may follow at any time, in a thread too: without it everything works, but the first
    search and the next start take longer.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self._cache = cache
        with _no_collecting():
            self._known = "" if cache is None else fingerprint(root)
            self._kept = None if cache is None else fetch(cache, self._known)
            self._gathering = Gathering(root) if self._kept is None else None

    def finish(self) -> Catalogue:
        """Raises ``ContentBroken``."""
        with _no_collecting():
            if self._kept is not None:
                kept = self._kept
            else:
                assert self._gathering is not None  # noqa: S101 - the one or the other
                kept = self._kept = _checked(self._gathering.finish())
            self._catalogue = Catalogue(
                kept.courses,
                {lesson.slug: lesson for lesson in kept.lessons},
                {quiz.lesson: quiz for quiz in kept.quizzes},
            )
        return self._catalogue

    def settle(self) -> None:
        """Build the search, then keep what was read for the next start. Only after ``finish``."""
        with _no_collecting():
            self._catalogue.search  # noqa: B018  built now, so that hardly a learner waits for it
            if self._gathering is not None and self._cache is not None and self._kept is not None:
                keep(self._cache, self._known, self._kept)
        self._gathering = self._kept = None


def _checked(gathered: Gathered) -> Kept:
    serious = [problem for problem in lint(gathered) if problem.serious]
    if serious:
        raise ContentBroken(serious)
    courses = {found.part.slug: found.part for found in gathered.courses}
    return Kept(
        courses=tuple(courses[slug] for slug in gathered.order),
        lessons=tuple(found.part for found in gathered.lessons),
        quizzes=tuple(found.part for found in gathered.quizzes),
    )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Loading makes a million small objects and drops none of them in cycles: a collection
    meanwhile finds nothing and costs a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
