"""Changing a class: its name, its seats, its course, its code; closing it, handing it over."""

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, ask_words, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import classes, invitation, teaching
from handlers.people.grants import role_of
from handlers.saying import class_said, place_said, time_said
from people import codes
from people.names import MOST_OF_A_CLASS, Unfit, clean
from storage import audit, cohorts, enrolments, invitations

_SEATS = (10, 20, 30, 50, 100)


async def show(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    return step(
        context.say(
            "adjusting.what",
            button(context, "adjusting.rename", action("rename", cohort.id)),
            button(context, "adjusting.seats", action("seats", cohort.id)),
            button(context, "adjusting.course", action("set_course", cohort.id)),
            button(context, "adjusting.extend", action("extend", cohort.id)),
            button(context, "adjusting.new_code", action("new_code", cohort.id)),
            button(context, "adjusting.hand_over", action("hand_over", cohort.id)),
            button(context, "adjusting.close", action("close", cohort.id)),
            classes.to_page(context, cohort),
            name=class_said(context, cohort),
        )
    )


async def ask_name(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    said = context.say("teaching.ask_name", classes.to_page(context, cohort))
    return ask_words(said, action("renamed", cohort.id))


async def take_name(context: Context, text: str, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    try:
        name = clean(text, MOST_OF_A_CLASS)
    except Unfit as unfit:
        back = classes.to_page(context, cohort)
        said = context.say("teaching.unfit", back, fault=unfit.fault, most=MOST_OF_A_CLASS)
        return ask_words(said, action("renamed", cohort.id))
    await cohorts.rename(context.connection, cohort.id, name)
    return await _page(context, number)


async def ask_seats(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    size = await enrolments.size(context.connection, cohort.id)
    buttons = [
        Button(context.text("adjusting.so_many", count=seats).unescape(), meaning)
        for seats in _SEATS
        if seats >= size.members
        for meaning in (action("seats_now", cohort.id, seats),)
    ]
    unlimited = button(context, "adjusting.unlimited", action("seats_now", cohort.id, 0))
    back = classes.to_page(context, cohort)
    return step(context.say("adjusting.ask_seats", *buttons, unlimited, back, members=size.members))


async def set_seats(context: Context, number: str, seats: str) -> Step:
    cohort = await classes.the_class(context, number)
    if seats not in {str(one) for one in (0, *_SEATS)}:
        raise Stale
    await cohorts.set_seats(context.connection, cohort.id, int(seats) or None)
    return await _page(context, number)


async def ask_course(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    buttons = [
        Button(course.title, action("course_now", cohort.id, course.slug))
        for course in context.catalogue.courses
    ]
    anything = button(context, "adjusting.any_course", action("course_now", cohort.id, ""))
    back = classes.to_page(context, cohort)
    return step(context.say("adjusting.ask_course", *buttons, anything, back))


async def set_course(context: Context, number: str, slug: str) -> Step:
    cohort = await classes.the_class(context, number)
    if slug and context.catalogue.course(slug) is None:
        raise Stale
    await cohorts.set_course(context.connection, cohort.id, slug)
    return await _page(context, number)


async def extend(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    until = context.now + context.rules.code_for
    await cohorts.extend_code(context.connection, cohort.id, until)
    return await _page(context, number)


async def ask_new_code(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    return step(
        context.say(
            "adjusting.ask_new_code",
            button(
                context,
                "adjusting.new_code_now",
                action("new_code_now", cohort.id, cohort.code),
            ),
            classes.to_page(context, cohort),
            exact=True,
            code=codes.spaced(cohort.code),
        )
    )


async def new_code(context: Context, number: str, old: str) -> Step:
    """Of a second tap there is nothing left to replace."""
    cohort = await classes.the_class(context, number)
    if cohort.code == old:
        await teaching.give_code(context, cohort.id)
    return await _page(context, number)


async def hand_over(context: Context, number: str) -> Step:
    """A single-use code: whoever takes it leads the class from then on."""
    cohort = await classes.the_class(context, number)
    # The one made last counts: two people cannot both be promised a class.
    await invitations.revoke_for_cohort(context.connection, cohort.id, context.now)
    code, given = await invitation.issue(context, "cohort", cohort.place, cohort.id)
    await audit.write(
        context.connection,
        "invited",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        place=cohort.place,
        cohort_id=cohort.id,
    )
    return step(
        context.say(
            "adjusting.handing_over",
            button(context, "invitation.take_back", action("uninvite", given)),
            classes.to_page(context, cohort),
            name=class_said(context, cohort),
            where=await place_said(context, cohort.place),
            code=codes.spaced(code),
            links=list(context.links(f"{invitation.PREFIX}{code}").values()),
            until=time_said(context, context.now + context.rules.invitation_for),
        )
    )


async def ask_close(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    return step(
        context.say(
            "adjusting.ask_close",
            button(context, "adjusting.close_now", action("close_now", cohort.id)),
            classes.to_page(context, cohort),
            exact=True,
            name=class_said(context, cohort),
        )
    )


async def close(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    await cohorts.close(context.connection, cohort.id, context.now)
    return await _page(context, number)


async def reopen(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    await cohorts.reopen(context.connection, cohort.id)
    return await _page(context, number)


async def _page(context: Context, number: str) -> Step:
    """The class as it is now."""
    return await classes.page(context, await classes.the_class(context, number))


HANDLER = Handler(
    name="adjusting",
    actions={
        "adjust": show,
        "rename": ask_name,
        "seats": ask_seats,
        "seats_now": set_seats,
        "set_course": ask_course,
        "course_now": set_course,
        "extend": extend,
        "new_code": ask_new_code,
        "new_code_now": new_code,
        "hand_over": hand_over,
        "close": ask_close,
        "close_now": close,
        "reopen": reopen,
    },
    words={"renamed": take_name},
)
