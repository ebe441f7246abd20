"""A gentle word at the first, third and tenth lesson and at a course's end. Never a ranking."""

from collections.abc import Mapping

from markupsafe import Markup

from conversation.handler import Context
from storage.progress import LessonProgress

_LESSONS = (1, 3, 10)


def word(context: Context, before: Mapping[str, LessonProgress], slug: str) -> Markup | None:
    """What to say when ``slug`` is done for the first time; ``before`` is what was learnt till then.

    None when there is nothing special. A lesson is done once, so each word is said once.
    """
    done = {name for name, row in before.items() if row.done_at is not None}
    if slug in done:
        return None
    done.add(slug)
    course = next(
        (one.title for one in context.catalogue.courses
         if slug in one.lessons and done.issuperset(one.lessons)), ""
    )  # fmt: skip
    if not course and len(done) not in _LESSONS:
        return None
    return context.text("lesson.praise", count=len(done), course=course)
