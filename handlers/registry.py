"""The list of handlers. A new one is added here; menu, help and routing follow from it.

The menu shows commands in this order: what people look for first comes first.
"""

from conversation.group_router import GroupOtherwise
from conversation.router import Otherwise, Router
from handlers import (
    board,
    fallback,
    find,
    go_on,
    lesson,
    notebook,
    notebook_codes,
    parting,
    privacy,
    progress,
    quiz,
    review,
    start,
)
from handlers import help as help_
from handlers.assisting import assisting, noting, passing_over, witnessing
from handlers.broadcasting import gui
from handlers.events import fair, fair_papers, live, screen, visiting
from handlers.fieldwork import (
    changing,
    deciding,
    milestone,
    milestone_witnessing,
    report,
    sheet,
    visit,
)
from handlers.groups import arrival, group, group_post, group_room, paste, plan
from handlers.groups.commanders import may_command
from handlers.households import entering, home, passing, telephone
from handlers.people import (
    acceptance,
    adjusting,
    audit,
    cohort,
    grants,
    hamlet,
    invitation,
    joining,
    poster,
    role,
    seeing,
    teaching,
)
from handlers.reminders import reminder, reminding, stopping, zone
from handlers.support import asking, class_today, errands, nudging, taking
from lessons.search import is_urgent

HANDLERS = (
    go_on.HANDLER,
    lesson.HANDLER,
    quiz.HANDLER,
    review.HANDLER,
    progress.HANDLER,
    reminder.HANDLER,
    stopping.HANDLER,
    reminding.HANDLER,
    cohort.HANDLER,
    joining.HANDLER,
    telephone.HANDLER,
    home.HANDLER,
    entering.HANDLER,
    passing.HANDLER,
    help_.HANDLER,
    start.HANDLER,
    zone.HANDLER,
    notebook.HANDLER,
    parting.HANDLER,
    privacy.HANDLER,
    teaching.HANDLER,
    adjusting.HANDLER,
    poster.HANDLER,
    seeing.HANDLER,
    class_today.HANDLER,
    taking.HANDLER,
    asking.HANDLER,
    nudging.HANDLER,
    errands.HANDLER,
    hamlet.HANDLER,
    invitation.HANDLER,
    acceptance.HANDLER,
    role.HANDLER,
    audit.HANDLER,
    assisting.HANDLER,
    noting.HANDLER,
    witnessing.HANDLER,
    passing_over.HANDLER,
    board.HANDLER,
    paste.HANDLER,
    plan.HANDLER,
    gui.HANDLER,
    group_post.HANDLER,
    group_room.HANDLER,
    arrival.HANDLER,
    live.HANDLER,
    screen.HANDLER,
    visiting.HANDLER,
    fair.HANDLER,
    fair_papers.HANDLER,
    milestone.HANDLER,
    milestone_witnessing.HANDLER,
    visit.HANDLER,
    changing.HANDLER,
    sheet.HANDLER,
    report.HANDLER,
    deciding.HANDLER,
    fallback.HANDLER,
)


def build_router() -> Router:
    """Every handler together. Raises ``ValueError`` when two claim the same name or word."""
    return Router(
        HANDLERS,
        Otherwise(
            started=start.started,
            not_agreed=start.not_agreed_yet,
            secret=fallback.secret,
            urgent=find.first_aid,
            is_urgent=is_urgent,
            code=start.code_typed,
            code_in=notebook_codes.find,
            ambiguous=fallback.which_one,
            text=fallback.not_understood,
            stale=fallback.stale,
            denied=grants.denied,
            unsupported=fallback.unsupported,
            group=GroupOtherwise(
                may_command=may_command,
                joined=group.joined,
                spoken_to=group.spoken_to,
                how_to=group.how_to,
                secret=group.secret,
                urgent=group.urgent,
                is_urgent=is_urgent,
            ),
        ),
    )
