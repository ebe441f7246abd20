"""All content, loaded once when the tutor starts and never changed while it runs."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from lessons.model import Course, Lesson
from lessons.search import Search
from quizzes.meaning import meaning
from quizzes.model import Question, Quiz, RealOrScam


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
        """Finds lessons by typed words; built at its first use or by ``lessons.loading``."""
        return Search(self.lessons)
