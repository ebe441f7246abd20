"""What is said of an answer, over everything that is shipped: each line as short as a card."""

from collections.abc import Iterator
from functools import partial
from itertools import combinations, permutations
from types import SimpleNamespace

import pytest

from channels.plain import plain
from handlers.feedback import explain
from quizzes.grading import REAL, RIGHT, SCAM, WRONG, grade, grade_reason
from quizzes.lengths import MOST_SAID, longest_said
from quizzes.model import PutInOrder, Question, RealOrScam, SeveralChoice, SingleChoice
from templates.terms import TERMS
from tests.support.talk import WORDS


def answers(question: Question) -> Iterator[tuple[str, str, bool]]:
    """Every answer there is: the verdict of a drill, what was given, and whether that is right."""
    match question:
        case SingleChoice(options=options):
            given = [str(place) for place in range(len(options))]
        case SeveralChoice(options=options):
            places = [str(place) for place in range(len(options))]
            given = [
                ".".join(some)
                for count in range(1, len(places) + 1)
                for some in combinations(places, count)
            ]
        case PutInOrder(steps=steps):
            given = [".".join(map(str, some)) for some in permutations(range(len(steps)))]
        case RealOrScam(reasons=reasons):
            for verdict in (REAL, SCAM):
                for place in map(str, range(len(reasons))):
                    yield verdict, place, grade_reason(question, place).is_right
            return
        case _:
            given = [RIGHT, WRONG]
    for one in given:
        yield "", one, grade(question, one).is_right


def lines(question: Question, term: str) -> Iterator[str]:
    """Whatever may be said of an answer, to one who is addressed so."""
    fill = partial(WORDS.fill, term=term)
    context = SimpleNamespace(
        text=lambda name, **values: WORDS.render(name, term, **values), plain=fill
    )
    for verdict, given, is_right in answers(question):
        ask = SimpleNamespace(question=question, verdict=verdict)
        yield from map(plain, explain(context, ask, given, is_right))  # type: ignore[arg-type]
    if isinstance(question, RealOrScam):
        said = WORDS.render(
            "quiz.drill_reason",
            term,
            verdict_right=False,
            is_scam=question.is_scam,
            tempting=fill(question.tempting),
        )
        yield plain(said)


@pytest.fixture(scope="module")
def questions(catalogue):
    return [one for lesson in catalogue.lessons for one in catalogue.quiz(lesson.slug).questions]


def test_no_line_about_an_answer_is_longer_than_a_card(questions):
    too_long = [
        (question.id, len(line))
        for question in questions
        for term in TERMS
        for line in lines(question, term)
        if len(line) > MOST_SAID
    ]
    assert too_long == []


def test_the_linter_reckons_with_the_words_that_the_templates_put_around(questions):
    """So that it refuses what would be too long, and nothing else."""
    apart = {
        question.id: longest_said(question)
        - max(len(line) for term in TERMS for line in lines(question, term))
        for question in questions
    }
    assert {name: by for name, by in apart.items() if by not in (0, 1)} == {}


def test_the_right_reason_of_a_drill_is_not_told_by_its_length(questions):
    """Chance makes one in three the longest, and one in three the shortest."""
    drills = [one for one in questions if isinstance(one, RealOrScam)]
    ranks = [
        sorted((len(reason.text), reason.is_right) for reason in drill.reasons) for drill in drills
    ]
    longest = sum(reasons[-1][1] for reasons in ranks)
    shortest = sum(reasons[0][1] for reasons in ranks)
    assert (longest / len(drills) < 0.45, shortest / len(drills) < 0.45) == (True, True)
