"""A fair as its host sees it: making one, its day, its partner, its page, closing it."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

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
from handlers.events import screen
from handlers.events.visiting import PREFIX, fair_said
from handlers.people.grants import granted, grants_of
from handlers.people.reach import reaches_others
from handlers.saying import place_said
from people import codes
from people.names import MOST_OF_A_CLASS, Unfit, clean
from people.roles import may, places_for
from places.model import Place
from storage import fairs, hamlets, live_questions, screens
from storage.fairs import Fair
from vietnamese import fold

FAIRS = action("fairs")
_MOST_SHOWN = 6
# So far ahead nobody plans one; further is a slip of the finger.
_AHEAD = timedelta(days=400)
_DATE = re.compile(
    r"(?:ng[aà]y )?(\d{1,2})\s*(?:[/.-]|th[aá]ng)\s*(\d{1,2})(?:\s*(?:[/.-]|n[aă]m)\s*(\d{4}))?"
)


async def show_fairs(context: Context) -> Step:
    await granted(context, "host_fair")
    found = await fairs.owned(context.connection, context.learner.id, _MOST_SHOWN)
    buttons = [
        Button(f"{fair_said(context, one)} ({one.day:%d/%m})", action("fair", one.id))
        for one in found
    ]
    new = button(context, "fair.new", action("fair_new"))
    return step(context.say("fair.fairs" if found else "fair.no_fairs", *buttons, new))


async def new(context: Context) -> Step:
    """The place when there are several, then the name."""
    own = places_for(await granted(context, "host_fair"), "host_fair", context.now)
    if len(own) == 1:
        return _ask_name(context, own[0])
    buttons = [
        Button(await place_said(context, place), action("fair_at", place.commune, place.hamlet))
        for place in own
    ]
    return step(context.say("fair.ask_place", *buttons))


async def new_at(context: Context, commune: str, hamlet: str) -> Step:
    return _ask_name(context, await _place(context, commune, hamlet))


def _ask_name(context: Context, place: Place, said: str = "fair.ask_name") -> Step:
    no = button(context, "teaching.no", FAIRS)
    return ask_words(context.say(said, no), action("fair_name", place.commune, place.hamlet))


async def take_name(context: Context, text: str, commune: str, hamlet: str) -> Step:
    place = await _place(context, commune, hamlet)
    try:
        name = clean(text, MOST_OF_A_CLASS)
    except Unfit:
        return _ask_name(context, place, "fair.unfit")
    number = None
    opens_at, ends_at = _hours(context, context.today)
    while number is None:
        number = await fairs.add(
            context.connection,
            codes.make(codes.COHORT_SIGNS, context.seed),
            name,
            context.learner.id,
            place,
            day=context.today,
            lesson=_lesson(context),
            opens_at=opens_at,
            ends_at=ends_at,
            now=context.now,
        )
    return _ask_day(context, str(number), "fair.ask_day", name=name)


def _lesson(context: Context) -> str:
    """What a fair teaches until its host chooses otherwise: the first about safety."""
    safe = [course for course in context.catalogue.courses if course.is_safety]
    return safe[-1].lessons[0] if safe else context.catalogue.lessons[0].slug


def _hours(context: Context, day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight, where the fair is."""
    zone = context.rules.spacing.zone
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def _ask_day(context: Context, number: str, said: str, **values: Any) -> Step:
    today = context.today
    days = {"fair.today": today, "fair.tomorrow": today + timedelta(days=1)}
    buttons = [
        button(context, name, action("fair_on", number, day.strftime("%Y%m%d")))
        for name, day in days.items()
    ]
    return ask_words(context.say(said, *buttons, **values), action("fair_day", number))


async def ask_day(context: Context, number: str) -> Step:
    await the_fair(context, number)
    return _ask_day(context, number, "fair.ask_other_day")


async def take_day(context: Context, text: str, number: str) -> Step:
    fair = await the_fair(context, number)
    day = read_day(text, context.today)
    if day is None:
        return _ask_day(context, number, "fair.no_day")
    return await _set_day(context, fair, day)


async def set_day(context: Context, number: str, day: str) -> Step:
    fair = await the_fair(context, number)
    try:
        chosen = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Stale from None
    return await _set_day(context, fair, chosen)


async def _set_day(context: Context, fair: Fair, day: date) -> Step:
    # Whoever came is counted for the day on which they came.
    came = (await fairs.crowd(context.connection, fair.id)).people
    if came or fair.is_over(context.now) or not context.today <= day < context.today + _AHEAD:
        why = "fair.day_stays" if came or fair.is_over(context.now) else "fair.no_day"
        return step(context.say(why, _to_page(context, fair)))
    opens_at, ends_at = _hours(context, day)
    await fairs.set_day(context.connection, fair.id, day, opens_at, ends_at)
    if fair.partner:
        return await page(context, str(fair.id))
    none = button(context, "fair.no_partner", action("fair", fair.id))
    said = context.say("fair.ask_partner", none, day=day.strftime("%d/%m/%Y"))
    return ask_words(said, action("fair_partner", fair.id))


async def take_partner(context: Context, text: str, number: str) -> Step:
    fair = await the_fair(context, number)
    try:
        partner = clean(text, MOST_OF_A_CLASS)
    except Unfit:
        none = button(context, "fair.no_partner", action("fair", fair.id))
        return ask_words(context.say("fair.unfit", none), action("fair_partner", fair.id))
    await fairs.set_partner(context.connection, fair.id, partner)
    return await page(context, number)


def read_day(text: str, today: date) -> date | None:
    """The day in "10/10", "ngày 5 tháng 12", "hôm nay", "mai"; one that is past is next year's."""
    said = " ".join(fold(text[:60]).split())
    named = {
        "hom nay": 0,
        "nay": 0,
        "mai": 1,
        "ngay mai": 1,
        "mot": 2,
        "ngay mot": 2,
        "ngay kia": 2,
    }
    if said in named:
        return today + timedelta(days=named[said])
    found = _DATE.fullmatch(unicodedata.normalize("NFC", text[:60]).strip().lower())
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[2]), int(found[3] or today.year)
    try:
        read = date(year, month, day)
        return read if found[3] or read >= today else date(year + 1, month, day)
    except ValueError:
        return None


async def page(context: Context, number: str) -> Step:
    """What there is to know of it, and what can be done."""
    fair = await the_fair(context, number)
    crowd = await fairs.crowd(context.connection, fair.id)
    link = next(iter(context.links(f"{PREFIX}{fair.code}").values()), "")
    return step(
        context.say(
            "fair.page",
            *_buttons(context, fair),
            name=fair_said(context, fair),
            where=await place_said(context, fair.place),
            day=fair.day.strftime("%d/%m/%Y"),
            partner=fair.partner,
            code=codes.spaced(fair.code),
            link=link,
            is_local=bool(link) and not reaches_others(link),
            is_over=fair.is_over(context.now),
            people=crowd.people,
            lessons=crowd.lessons,
        )
    )


def _buttons(context: Context, fair: Fair) -> list[Button]:
    report = button(context, "fair.report", action("fair_report", fair.id))
    others = button(context, "fair.others", FAIRS)
    if fair.is_over(context.now):
        return [report, others]
    buttons = [
        button(context, "fair.screen", action("fair_screen", fair.id)),
        button(context, "teaching.poster", action("fair_poster", fair.id)),
        button(context, "teaching.sheet", action("fair_sheet", fair.id)),
        button(context, "fair.other_day", action("fair_when", fair.id)),
        button(context, "fair.close", action("fair_close", fair.id)),
    ]
    return [*buttons, report, others]


async def open_screen(context: Context, number: str) -> Step:
    fair = await the_fair(context, number)
    if fair.is_over(context.now):
        return await page(context, number)
    shown = await screens.for_fair(context.connection, fair.id, fair.lesson, context.now)
    return await screen.key_to(
        context,
        shown,
        f"/ngayhoi/{fair.code}",
        button(context, "screen.again", action("fair_screen", fair.id)),
        _to_page(context, fair),
    )


async def ask_close(context: Context, number: str) -> Step:
    fair = await the_fair(context, number)
    return step(
        context.say(
            "fair.ask_close",
            button(context, "fair.close_now", action("fair_over", fair.id)),
            button(context, "fair.go_on", action("fair", fair.id)),
            exact=True,
            name=fair_said(context, fair),
        )
    )


async def close(context: Context, number: str) -> Step:
    fair = await the_fair(context, number)
    shown = await screens.of_fair(context.connection, fair.id)
    if shown is not None:
        await live_questions.close_open(context.connection, shown.id, context.now)
    await fairs.close(context.connection, fair.id, context.now)
    crowd = await fairs.crowd(context.connection, fair.id)
    return step(
        context.say(
            "fair.closed",
            button(context, "fair.report", action("fair_report", fair.id)),
            button(context, "fair.others", FAIRS),
            name=fair_said(context, fair),
            people=crowd.people,
        )
    )


def _to_page(context: Context, fair: Fair) -> Button:
    return button(context, "fair.back", action("fair", fair.id))


async def the_fair(context: Context, number: str) -> Fair:
    """That fair, when this person leads it. Raises ``Stale`` or ``Denied``."""
    fair = await fairs.by_id(context.connection, number_of(number))
    if fair is None:
        raise Stale
    grants = await grants_of(context)
    own = fair.owner_id == context.learner.id and may(grants, "host_fair", fair.place, context.now)
    if not own and not may(grants, "lead_any_class", fair.place, context.now):
        raise Denied
    return fair


async def _place(context: Context, commune: str, hamlet: str) -> Place:
    """The place a button names, when this person may hold a fair there. Raises otherwise."""
    place = Place(commune, number_of(hamlet))
    if place.hamlet:
        found = await hamlets.by_id(context.connection, place.hamlet)
        if found is None or found.commune != commune:
            raise Stale
    await granted(context, "host_fair", place)
    return place


async def _fairs(context: Context, argument: str) -> Step:
    del argument
    return await show_fairs(context)


HANDLER = Handler(
    name="fair",
    commands=(
        Command(
            "ngayhoi",
            "Mở ngày hội học tập số",
            _fairs,
            words=("ngày hội", "mở ngày hội", "ngày hội học tập số"),
            in_menu=False,
            deed="host_fair",
        ),
    ),
    actions={
        FAIRS.name: show_fairs,
        "fair": page,
        "fair_new": new,
        "fair_at": new_at,
        "fair_when": ask_day,
        "fair_on": set_day,
        "fair_screen": open_screen,
        "fair_close": ask_close,
        "fair_over": close,
    },
    words={"fair_name": take_name, "fair_day": take_day, "fair_partner": take_partner},
)
