"""From a typed question to the lesson that answers it, and to first aid when it cannot wait."""

from conversation.actions import action
from conversation.handler import Context, Stale, Step, step
from conversation.replies import Button
from handlers.buttons import NEXT, PERSON, button
from handlers.lesson import LESSON_PAYLOAD
from lessons.model import Lesson
from lessons.search import is_account_taken

# The lesson whose cards are the first hour after a fraud (facts C41 to C43).
FIRST_HOUR = "bi-lua-lam-gi"
# The lesson that locks a chat account and throws strangers out of it (facts C19, D6).
LOCK_ACCOUNT = "khoa-zalo"
# Of the search's strength: from here on the nearest lesson is likely what was meant, and to say
# that there is none would send away who stands before it.
_LIKELY = 0.55


async def find(context: Context, text: str) -> Step | None:
    """The lesson the words surely mean, or None when none is sure."""
    found = context.catalogue.search.find(text)
    if not found or not found[0].sure:
        return None
    lesson = found[0].lesson
    return step(
        context.say(
            "find.found",
            button(context, "find.open", action("lesson", lesson.slug)),
            button(context, "menu.next", NEXT),
            title=lesson.title,
            minutes=lesson.minutes,
        )
    )


async def nearest(context: Context, text: str) -> Step:
    """Kindly, the three lessons that come nearest to words no lesson surely answers."""
    found = context.catalogue.search.nearest(text)
    lessons = [one.lesson for one in found]
    is_likely = bool(found) and found[0].strength >= _LIKELY
    return Step(
        (
            context.say(
                "find.likely" if is_likely else "find.nearest",
                *(Button(lesson.title, action("lesson", lesson.slug)) for lesson in lessons),
                button(context, "menu.person", PERSON),
            ),
        ),
        understood=False,
    )


async def first_aid(context: Context, text: str) -> Step:
    """What to do in the first minutes of a fraud, at once and before anything else."""
    account = context.catalogue.lesson(LOCK_ACCOUNT) if is_account_taken(text) else None
    if account is not None:
        return step(
            context.say(
                "find.urgent_account",
                _open_now(context, account),
                button(context, "menu.person", PERSON),
                exact=context.is_stranger,
            )
        )
    lesson = context.catalogue.lesson(FIRST_HOUR)
    if lesson is None:
        raise Stale
    return step(
        context.say(
            "find.urgent",
            _open_now(context, lesson),
            button(context, "menu.person", PERSON),
            exact=context.is_stranger,
            first=context.plain(lesson.cards[0].text).strip(),
            then=lesson.takeaway[-1],
        )
    )


def _open_now(context: Context, lesson: Lesson) -> Button:
    if context.is_stranger:
        # Whoever is being robbed reads no terms first; nothing of it is kept.
        return button(context, "start.agree", action("agree", f"{LESSON_PAYLOAD}{lesson.slug}"))
    return button(context, "find.urgent_open", action("lesson", lesson.slug))
