"""The list of handlers. A new one is added here; menu, help and routing follow from it."""

from conversation.router import Otherwise, Router
from handlers import fallback, find, go_on, group, help, lesson, privacy, progress, quiz, start
from lessons.search import is_urgent

HANDLERS = (
    start.HANDLER,
    go_on.HANDLER,
    lesson.HANDLER,
    quiz.HANDLER,
    progress.HANDLER,
    help.HANDLER,
    privacy.HANDLER,
)


def build_router() -> Router:
    """Every handler together. Raises ``ValueError`` when two claim the same name or word."""
    return Router(
        HANDLERS,
        Otherwise(
            started=start.started,
            welcome=start.welcome,
            secret=fallback.secret,
            urgent=find.first_aid,
            is_urgent=is_urgent,
            ambiguous=fallback.which_one,
            text=fallback.not_understood,
            stale=fallback.stale,
            unsupported=fallback.unsupported,
            group=group.about,
        ),
    )
