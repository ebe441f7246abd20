"""One thing wrong in one place, said so that an author can put it right alone."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """``path`` is relative to the root of the project, ``line`` counts from 1.

    ``message`` says in Vietnamese what is wrong and ``advice`` what to do. A problem that is
    not ``serious`` is only worth a look: it never stops the tutor from starting.
    """

    path: str
    line: int
    message: str
    advice: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} → {self.advice}"


def report(problems: Iterable[Problem]) -> list[str]:
    """Each problem once, as ``path:line: message → advice``, in the order of the files."""
    return [str(problem) for problem in sorted(set(problems))]
