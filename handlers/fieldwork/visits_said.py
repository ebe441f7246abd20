"""A visit in one line, and which one a button means."""

from conversation.handler import Context, Stale, number_of
from fieldwork.contents import VISIT_KINDS, contents_of
from fieldwork.milestones import MILESTONES
from handlers.people.grants import granted
from storage import hamlets, visits
from storage.visits import Visit


async def visit_said(context: Context, visit: Visit) -> str:
    """As in "23/11, ấp 3, tại nhà: 4 người, dịch vụ công; VNeID mức 2: 1"."""
    hamlet = await hamlets.by_id(context.connection, visit.place.hamlet)
    reached = [
        f"{one.label}: {visit.milestones[one.slug]}"
        for one in MILESTONES
        if one.slug in visit.milestones
    ]
    about = [", ".join(one.short for one in contents_of(visit.contents)), *reached]
    return context.text(
        "visit.line",
        day=f"{visit.day:%d/%m}",
        where="" if hamlet is None else hamlet.title,
        kind=VISIT_KINDS[visit.kind],
        people=visit.people,
        about="; ".join(filter(None, about)),
    ).unescape()


async def my_visit(context: Context, number: str) -> Visit:
    """That visit, when this person wrote it and may still write there. Raises otherwise."""
    visit = await visits.by_id(context.connection, number_of(number))
    if visit is None or visit.author_id != context.learner.id or visit.state == "withdrawn":
        raise Stale
    await granted(context, "log_visits", visit.place)
    return visit
