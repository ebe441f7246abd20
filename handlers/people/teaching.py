"""Leading classes: making one in under a minute, and finding the others."""

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Denied,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import classes, communes
from handlers.people.grants import granted, grants_of
from handlers.saying import class_said, place_said
from handlers.support import class_today
from people import codes
from people.names import MOST_OF_A_CLASS, Unfit, clean
from people.roles import EVERYWHERE, may, may_anywhere, may_lead, places_for
from places.model import Place
from storage import cohorts, hamlets
from storage.cohorts import Cohort

# Open classes of one person: nobody teaches more.
MOST_LED = 30
_PAGE = 8
NEW = action("new_class")


async def new(context: Context, typed: str = "") -> Step:
    """The place when there are several, then the name, then it is there."""
    grants = await granted(context, "teach")
    if len(await cohorts.led_by(context.connection, context.learner.id)) >= MOST_LED:
        return step(context.say("teaching.too_many", _to_classes(context), most=MOST_LED))
    own = places_for(grants, "teach", context.now)
    if len(own) == 1:
        place = own[0]
        if typed:
            return await take_name(context, typed, place.commune, str(place.hamlet))
        return _ask_name(context, place)
    buttons = [
        Button(await place_said(context, place), action("new_at", place.commune, place.hamlet))
        for place in own
    ]
    return step(context.say("teaching.ask_place", *buttons))


async def new_at(context: Context, commune: str, hamlet: str) -> Step:
    place = await _place(context, commune, hamlet)
    return _ask_name(context, place)


def _ask_name(context: Context, place: Place) -> Step:
    no = button(context, "teaching.no", classes.CLASSES)
    return ask_words(
        context.say("teaching.ask_name", no), action("new_name", place.commune, place.hamlet)
    )


async def take_name(context: Context, text: str, commune: str, hamlet: str) -> Step:
    place = await _place(context, commune, hamlet)
    try:
        name = clean(text, MOST_OF_A_CLASS)
    except Unfit as unfit:
        no = button(context, "teaching.no", classes.CLASSES)
        said = context.say("teaching.unfit", no, fault=unfit.fault, most=MOST_OF_A_CLASS)
        return ask_words(said, action("new_name", commune, hamlet))
    number = await cohorts.add(context.connection, name, context.learner.id, place, context.now)
    await give_code(context, number)
    cohort = await cohorts.by_id(context.connection, number)
    assert cohort is not None  # noqa: S101 - it was made in this transaction
    return await classes.page(context, cohort, "teaching.made")


async def give_code(context: Context, number: int) -> None:
    """A code that was never anybody's."""
    until = context.now + context.rules.code_for
    while not await cohorts.set_code(
        context.connection,
        number,
        codes.make(codes.COHORT_SIGNS, context.seed),
        context.now,
        until,
    ):
        pass


async def _place(context: Context, commune: str, hamlet: str) -> Place:
    """The place a button names, when this person may teach there. Raises otherwise."""
    place = Place(commune, number_of(hamlet))
    if place == EVERYWHERE:
        await granted(context, "teach")
        return place
    if place.hamlet:
        found = await hamlets.by_id(context.connection, place.hamlet)
        if found is None or found.commune != commune:
            raise Stale
    await granted(context, "teach", place)
    return place


async def show_classes(context: Context, *, straight: bool = False) -> Step:
    """Those one leads; one's own places and the classes one learns in are a button away. With
    ``straight``, who leads one class only sees at once how it is.
    """
    grants = await granted(context, "teach")
    mine = context.learner.id
    # A class stays its teacher's when the role for its place ended, and waits for another.
    led = [
        one
        for one in await cohorts.led_by(context.connection, mine)
        if may_lead(grants, mine, one.owner_id, one.place, context.now)
    ]
    if straight and len(led) == 1:
        return await class_today.show(context, str(led[0].id))
    buttons = [_button(context, one) for one in led]
    buttons.append(button(context, "teaching.new", NEW))
    if may_anywhere(grants, "lead_any_class", context.now):
        buttons.append(button(context, "teaching.in_place", action("classes_where")))
    if await cohorts.of_learner(context.connection, context.learner.id):
        buttons.append(button(context, "teaching.as_learner", action("my_classes")))
    return step(
        context.say("teaching.classes" if led else "teaching.no_classes", *buttons, count=len(led))
    )


def _button(context: Context, cohort: Cohort) -> Button:
    return Button(class_said(context, cohort), action("class_today", cohort.id))


def _to_classes(context: Context) -> Button:
    return button(context, "teaching.others", classes.CLASSES)


async def ask_where(context: Context) -> Step:
    """The classes of a commune, whoever leads them."""
    grants = await granted(context, "lead_any_class")
    own = places_for(grants, "lead_any_class", context.now)
    if own == (EVERYWHERE,):
        return communes.ask(context, action("classes_of"), _to_classes(context))
    if len(own) == 1:
        return await show_in(context, own[0].commune, "0")
    found = [place.commune for place in own]
    buttons = communes.own(context, found, lambda code: action("classes_in", code, 0))
    return step(context.say("place.own_commune", *buttons))


async def take_where(context: Context, text: str) -> Step:
    return communes.choose(
        context, text, action("classes_of"), lambda code: action("classes_in", code, 0)
    )


async def show_in(context: Context, commune: str, offset: str) -> Step:
    place = Place(commune)
    if not offset.isdecimal() or len(offset) > 6:
        raise Stale
    if not may(await grants_of(context), "lead_any_class", place, context.now):
        raise Denied
    start = int(offset)
    found = await cohorts.at(context.connection, place, _PAGE + 1, offset=start)
    buttons = [_button(context, one) for one in found[:_PAGE]]
    if len(found) > _PAGE:
        buttons.append(button(context, "role.more", action("classes_in", commune, start + _PAGE)))
    where = await place_said(context, place)
    said = "teaching.here" if found else "teaching.none_here"
    return step(context.say(said, *buttons, _to_classes(context), where=where))


async def show(context: Context, number: str) -> Step:
    return await classes.page(context, await classes.the_class(context, number))


async def _new(context: Context, argument: str) -> Step:
    return await new(context, argument)


async def _tap_new(context: Context) -> Step:
    return await new(context)


HANDLER = Handler(
    name="teaching",
    commands=(
        Command(
            "lopmoi",
            "Lập một lớp mới",
            _new,
            words=("lập lớp", "tạo lớp", "lớp mới", "mở lớp", "lập lớp mới", "mở lớp mới"),
            in_menu=False,
            deed="teach",
        ),
    ),
    actions={
        NEW.name: _tap_new,
        "new_at": new_at,
        "classes": show_classes,
        "classes_where": ask_where,
        "classes_in": show_in,
        "teach": show,
    },
    words={"new_name": take_name, "classes_of": take_where},
)
