"""Whatever an author writes, the linter answers with problems and never falls over."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.form import Sheet
from authoring.language import check_language
from authoring.problems import Problem
from authoring.reading import parse_source
from lessons.parse import parse_course, parse_facts, parse_lesson
from quizzes.parse import parse_quiz
from tests.lessons import sample

_FILES = [
    (sample.LESSON, parse_lesson),
    (sample.QUIZ, parse_quiz),
    (sample.COURSE, parse_course),
    (sample.FACTS, parse_facts),
]


def read(source, parse):
    problems: list[Problem] = []
    tree = parse_source(source.encode(), "x.yaml", problems)
    if tree is None:
        assert problems
        return
    sheet = Sheet("x.yaml", problems)
    parse(sheet, tree)
    problems.extend(check_language(sheet))
    assert all(problem.line >= 1 for problem in problems)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(_FILES),
    st.lists(
        st.tuples(st.integers(0, 80), st.sampled_from(["drop", "double", "replace"])), max_size=6
    ),
    st.text(max_size=20),
)
def test_lines_dropped_doubled_or_replaced(file, changes, words):
    name, parse = file
    lines = sample.text_of(name).splitlines()
    for place, change in changes:
        at = place % len(lines)
        if change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        else:
            head = lines[at].partition(":")[0]
            lines[at] = f"{head}: {words}"
    read("\n".join(lines), parse)


_TREES = st.recursive(
    st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(_FILES), st.sampled_from(["cards", "questions", "rows", "lessons"]), _TREES)
def test_any_tree_in_the_place_of_another(file, key, tree):
    read(yaml.safe_dump({key: tree}, allow_unicode=True), file[1])
