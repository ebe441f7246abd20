"""Choosing whom a broadcast is for: a class, a place, the learners of a course."""

from conversation.actions import Action, action
from conversation.handler import Context, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.broadcasting.drafts import DEED, may_send_to
from handlers.broadcasting.writing import ask_words_for
from handlers.buttons import button
from handlers.people import classes, communes
from handlers.people.grants import granted
from handlers.saying import class_said, place_said
from people.roles import EVERYWHERE, highest, may_lead, places_for
from places.model import Place
from storage import broadcasts, cohorts, hamlets

HOME = action("gui")
# A phone shows no more, and who leads more goes by place.
_MOST_CLASSES = 8
_MOST_HAMLETS = 30


async def whom(context: Context) -> Step:
    """One's own classes first, then one's places."""
    grants = await granted(context, DEED)
    mine = context.learner.id
    led = [
        one
        for one in await cohorts.led_by(context.connection, mine)
        if may_lead(grants, mine, one.owner_id, one.place, context.now)
    ]
    buttons = [
        Button(class_said(context, one), action("gui_class", one.id)) for one in led[:_MOST_CLASSES]
    ]
    buttons += await _places(context, "")
    buttons.append(button(context, "broadcast.by_course", action("gui_courses")))
    buttons.append(button(context, "broadcast.back", HOME))
    return step(context.say("broadcast.ask_whom", *buttons))


async def _places(context: Context, course: str) -> list[Button]:
    """Where this person may send, as buttons; a commune also by its hamlets."""
    own = places_for(await granted(context, DEED), DEED, context.now)
    if own == (EVERYWHERE,):
        return [
            button(context, "broadcast.everywhere", _to(EVERYWHERE, course)),
            button(context, "broadcast.by_commune", action("gui_communes", course)),
        ]
    buttons = []
    for place in own:
        title = await place_said(context, place)
        buttons.append(
            Button(context.text("broadcast.all_of", where=title).unescape(), _to(place, course))
        )
        if not place.hamlet and await hamlets.of_commune(context.connection, place.commune):
            label = context.text("broadcast.by_hamlet", where=title).unescape()
            buttons.append(Button(label, action("gui_hamlets", place.commune, course)))
    return buttons


def _to(place: Place, course: str) -> Action:
    return action("gui_place", place.commune, place.hamlet, course)


async def ask_course(context: Context) -> Step:
    await granted(context, DEED)
    buttons = [
        Button(one.title, action("gui_course", one.slug)) for one in context.catalogue.courses
    ]
    return step(context.say("broadcast.ask_course", *buttons))


async def ask_place(context: Context, course: str) -> Step:
    """Of a course's learners, those of one's places; there may be only one."""
    found = context.catalogue.course(course)
    if found is None:
        raise Stale
    own = places_for(await granted(context, DEED), DEED, context.now)
    if len(own) == 1 and own[0].hamlet:
        return await to_place(context, own[0].commune, str(own[0].hamlet), course)
    buttons = await _places(context, course)
    return step(context.say("broadcast.ask_where", *buttons, course=found.title))


async def ask_commune(context: Context, course: str) -> Step:
    await granted(context, DEED, EVERYWHERE)
    return communes.ask(context, action("gui_in", course), button(context, "broadcast.back", HOME))


async def take_commune(context: Context, text: str, course: str) -> Step:
    return communes.choose(
        context, text, action("gui_in", course), lambda code: action("gui_hamlets", code, course)
    )


async def ask_hamlet(context: Context, commune: str, course: str) -> Step:
    """All of a commune, or one hamlet of it."""
    place = Place(commune)
    await granted(context, DEED, place)
    title = await place_said(context, place)
    listed = await hamlets.of_commune(context.connection, commune)
    if not listed:
        return await to_place(context, commune, "0", course)
    buttons = [Button(context.text("broadcast.all_of", where=title).unescape(), _to(place, course))]
    buttons += [Button(one.title, _to(one.place, course)) for one in listed[:_MOST_HAMLETS]]
    return step(context.say("broadcast.ask_hamlet", *buttons, where=title))


async def to_class(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    if cohort.closed_at is not None:
        raise Stale
    await may_send_to(context, cohort.place, is_class=True)
    return await _draft(context, cohort.place, cohort_id=cohort.id)


async def to_place(context: Context, commune: str, hamlet: str, course: str) -> Step:
    place = Place(commune, number_of(hamlet))
    if place.hamlet:
        found = await hamlets.by_id(context.connection, place.hamlet)
        if found is None or found.commune != commune:
            raise Stale
    if course and context.catalogue.course(course) is None:
        raise Stale
    await may_send_to(context, place, is_class=False)
    return await _draft(context, place, course=course)


async def _draft(
    context: Context, place: Place, *, cohort_id: int | None = None, course: str = ""
) -> Step:
    """It is written down for whom; then for what."""
    grants = await granted(context, DEED)
    role = highest(grants, context.now)
    if place == EVERYWHERE and cohort_id is None:
        where = ""
    else:
        where = await place_said(context, place)
    number = await broadcasts.draft(
        context.connection,
        context.learner.id,
        cohort_id=cohort_id,
        place=place,
        course=course,
        signed=context.text("broadcast.signed", role=role, where=where).unescape(),
        now=context.now,
    )
    return await ask_words_for(context, str(number))
