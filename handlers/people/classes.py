"""A class as whoever leads it sees it: the one page that others add their buttons to."""

from conversation.actions import Action, action
from conversation.handler import Context, Denied, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people.grants import grants_of
from handlers.people.joining import PREFIX
from handlers.people.reach import reaches_others
from handlers.saying import class_said, day_said, place_said
from people import codes
from people.roles import may_lead
from storage import cohorts, enrolments
from storage.cohorts import Cohort

CLASSES = action("classes")


async def the_class(context: Context, number: str) -> Cohort:
    """That class, when this person leads it. Raises ``Stale`` or ``Denied``."""
    cohort = await cohorts.by_id(context.connection, number_of(number))
    if cohort is None:
        raise Stale
    grants = await grants_of(context)
    if not may_lead(grants, context.learner.id, cohort.owner_id, cohort.place, context.now):
        raise Denied
    return cohort


async def page(context: Context, cohort: Cohort, said: str = "teaching.one") -> Step:
    """The code, the links, how many there are, and what can be done."""
    size = await enrolments.size(context.connection, cohort.id)
    course = context.catalogue.course(cohort.course)
    links = list(context.links(f"{PREFIX}{cohort.code}").values())
    return step(
        context.say(
            said,
            *_buttons(context, cohort),
            name=class_said(context, cohort),
            where=await place_said(context, cohort.place),
            course="" if course is None else course.title,
            code=codes.spaced(cohort.code),
            links=links,
            is_local=not all(map(reaches_others, links)),
            until=day_said(context, cohort.code_expires_at),
            is_expired=context.now >= cohort.code_expires_at,
            is_closed=cohort.closed_at is not None,
            is_mine=cohort.owner_id == context.learner.id,
            members=size.members,
            seen=size.seen,
            seats=cohort.seats,
        )
    )


def _buttons(context: Context, cohort: Cohort) -> list[Button]:
    if cohort.closed_at is not None:
        return [
            button(context, "teaching.reopen", action("reopen", cohort.id)),
            button(context, "teaching.members", action("members", cohort.id, 0)),
            button(context, "teaching.others", CLASSES),
        ]
    return [
        button(context, "teaching.how_it_is", action("class_today", cohort.id)),
        button(context, "screen.open", action("screen", cohort.id)),
        button(context, "teaching.poster", action("poster", cohort.id)),
        button(context, "teaching.sheet", action("sheet", cohort.id)),
        button(context, "teaching.members", action("members", cohort.id, 0)),
        button(context, "teaching.adjust", action("adjust", cohort.id)),
        button(context, "teaching.others", CLASSES),
    ]


def to_page(context: Context, cohort: Cohort) -> Button:
    return button(context, "teaching.back", page_of(cohort))


def page_of(cohort: Cohort) -> Action:
    return action("teach", cohort.id)
