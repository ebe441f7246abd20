"""Coming to a fair, through its gate or its screen, and to a class through its screen. A fair counts
a visitor once, however often they scan.
"""

from datetime import datetime

from conversation.actions import action
from conversation.handler import Context, Entrance, Handler, Stale, Step, step
from handlers.buttons import button, onward
from handlers.events import live
from handlers.people import guessing
from handlers.saying import class_said, day_said, place_said
from people import codes
from storage import cohorts, enrolments, fairs, live_questions, screens
from storage.fairs import Fair

PREFIX = "hoi-"
SCREEN_PREFIX = "song-"


async def open_entrance(context: Context, typed: str) -> Step:
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    code = codes.read(typed)
    fair = await fairs.by_code(context.connection, code) if code else None
    if fair is None:
        return await guessing.wrong(context)
    return await visit(context, fair)


async def open_screen(context: Context, typed: str) -> Step:
    """The QR code on the screen, or a link to it."""
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    code = codes.read(typed)
    fair = await fairs.by_code(context.connection, code) if code else None
    if fair is not None:
        return await visit(context, fair)
    through = await cohorts.through(context.connection, code) if code else None
    if through is None:
        return await guessing.wrong(context)
    cohort = through.cohort
    screen = await screens.of_class(context.connection, cohort.id)
    is_current = not through.replaced and context.now < through.expires_at
    if screen is None or cohort.closed_at is not None or not is_current:
        join = button(context, "live.to_class", action("ask_join", code))
        return step(context.say("live.no_round", join, *onward(context)[:1]))
    mine = await enrolments.find(context.connection, cohort.id, context.learner.id)
    to_class = button(context, "live.to_class", action("ask_join", code))
    return await live.sit(
        context, screen, class_said(context, cohort), *(() if mine else (to_class,))
    )


async def visit(context: Context, fair: Fair) -> Step:
    """Counted, seated for the live round, and shown the way; or told which day it is."""
    name = fair_said(context, fair)
    if not fair.is_on(context.now):
        said = "fair.over" if fair.is_over(context.now) else "fair.not_yet"
        day = fair.day.strftime("%d/%m/%Y")
        return step(context.say(said, *onward(context), name=name, day=day))
    is_new = await fairs.come(
        context.connection, fair.id, context.learner.id, hour_of(context, context.now), context.now
    )
    screen = await screens.for_fair(context.connection, fair.id, fair.lesson, context.now)
    await live_questions.take_seat(context.connection, screen.id, context.learner.id, context.now)
    lesson = context.catalogue.lesson(fair.lesson)
    return step(
        context.say(
            "fair.welcome" if is_new else "fair.welcome_back",
            button(context, "fair.card", action("fair_card", fair.code)),
            button(context, "fair.lesson", action("lesson", fair.lesson)),
            button(context, "fair.quiz", action("fair_quiz", fair.code)),
            name=name,
            where=await place_said(context, fair.place),
            lesson=lesson.title if lesson is not None else "",
        )
    )


async def show_card(context: Context, code: str) -> Step:
    """Who the tutor is, on the way to the lesson."""
    fair = await _the_fair(context, code)
    return step(
        context.say(
            "help.identity",
            button(context, "fair.lesson", action("lesson", fair.lesson)),
            button(context, "fair.quiz", action("fair_quiz", fair.code)),
        )
    )


async def to_quiz(context: Context, code: str) -> Step:
    """The round on the big screen, from now on or once more."""
    fair = await _the_fair(context, code)
    if not fair.is_on(context.now):
        return await visit(context, fair)
    screen = await screens.for_fair(context.connection, fair.id, fair.lesson, context.now)
    to_lesson = button(context, "fair.lesson", action("lesson", fair.lesson))
    return await live.sit(context, screen, fair_said(context, fair), to_lesson)


async def _the_fair(context: Context, code: str) -> Fair:
    fair = await fairs.by_code(context.connection, code)
    if fair is None:
        raise Stale
    return fair


def fair_said(context: Context, fair: Fair) -> str:
    """Its name; by its day when nobody names it any more."""
    return fair.name or context.text("fair.by_day", day=day_said(context, fair.opens_at)).unescape()


def hour_of(context: Context, moment: datetime) -> int:
    return moment.astimezone(context.rules.spacing.zone).hour


def _fits(context: Context, rest: str) -> bool:
    del context
    return len(codes.read(rest)) == codes.COHORT_SIGNS


HANDLER = Handler(
    name="visiting",
    actions={"fair_card": show_card, "fair_quiz": to_quiz},
    entrances=(
        Entrance(PREFIX, _fits, open_entrance),
        Entrance(SCREEN_PREFIX, _fits, open_screen),
    ),
)
