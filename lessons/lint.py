"""Every rule of the content, over all of it at once: ``docs/viet-bai.md`` gives their reasons."""

from datetime import date

from authoring.problems import Problem
from lessons.gather import Gathered
from lessons.lint_facts import check_facts, unused_facts
from lessons.lint_together import check_together

__all__ = ["lint", "unused_facts"]


def lint(gathered: Gathered, *, today: date | None = None) -> list[Problem]:
    """All problems of the gathered content, those found while reading included.

    With ``today``, lessons due for another check are reported too, as warnings.
    """
    problems = list(gathered.problems)
    problems.extend(check_facts(gathered, today))
    problems.extend(check_together(gathered))
    return problems
