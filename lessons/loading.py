"""From the files of a project to its catalogue: read and checked, or kept from the last start.

A first start begins with this, and other processes then read: what only they do not need is
imported once they do.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from authoring.problems import Problem, report
from lessons.gather import Gathered, Gathering

if TYPE_CHECKING:
    from lessons.cache import Kept
    from lessons.catalogue import Catalogue


class ContentBroken(Exception):
    """The content cannot be taught; ``problems`` are all of them and the text is theirs."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(report(self.problems)))


def load(root: Path, cache: Path | None = None) -> "Catalogue":
    """Everything under ``root``/lessons/content and ``root``/quizzes/content, checked.

    ``cache`` is a file where checked content is kept for a quicker start next time; it may be
    missing, damaged or unwritable. Raises ``ContentBroken`` with all serious problems at once.
    """
    loading = Loading(root, cache)
    catalogue = loading.finish()
    loading.settle()
    return catalogue


class Loading:
    """As ``load``, begun: between its beginning and ``finish`` something else can be done, such
    as importing what is wanted then.

    ``settle`` may follow at any time, in a thread too: without it everything works, but the first
    search and the next start take longer.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self._cache = cache
        self._kept: Kept | None = None
        self._gathering: Gathering | None = None
        self._gathered: Gathered | None = None
        with _no_collecting():
            if cache is not None and cache.exists():
                from lessons.cache import fetch

                self._kept = fetch(cache, root)
            if self._kept is None:
                self._gathering = Gathering(root)

    def finish(self) -> "Catalogue":
        """Raises ``ContentBroken``."""
        from lessons.catalogue import Catalogue

        with _no_collecting():
            if self._kept is None:
                assert self._gathering is not None  # noqa: S101 - the one or the other
                self._gathered = self._gathering.finish()
                self._kept = _checked(self._gathered)
            kept = self._kept
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
            if self._gathered is not None and self._cache is not None and self._kept is not None:
                from lessons.cache import keep

                keep(self._cache, self._gathered.digests, self._kept)
        self._gathered = self._kept = None


def _checked(gathered: Gathered) -> "Kept":
    from lessons.cache import Kept
    from lessons.lint import lint

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
