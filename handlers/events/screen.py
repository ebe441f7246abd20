"""Opening a screen: whoever leads the class gets an address and a key that opens it once."""

from conversation.actions import action
from conversation.handler import Context, Handler, Step, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import classes
from handlers.people.reach import reaches_others
from live import hosting
from storage import screens
from storage.cohorts import Cohort
from storage.screens import Screen


async def open_class(context: Context, number: str) -> Step:
    cohort = await classes.the_class(context, number)
    if cohort.closed_at is not None:
        return await classes.page(context, cohort)
    screen = await screens.for_class(
        context.connection, cohort.id, _first_lesson(context, cohort), context.now
    )
    return await key_to(
        context,
        screen,
        f"/lop/{cohort.code}",
        button(context, "screen.again", action("screen", cohort.id)),
        classes.to_page(context, cohort),
    )


async def key_to(context: Context, screen: Screen, path: str, *buttons: Button) -> Step:
    """Where the screen is, and a new key to it."""
    key = hosting.make_key(context.seed)
    await hosting.give_key(context.connection, screen, context.learner.id, key, context.now)
    address = f"{context.rules.pages}{path}"
    return step(
        context.say(
            "screen.key",
            *buttons,
            link=f"{address}#ma={key}",
            address=address.partition("://")[2],
            key=f"{key[:4]} {key[4:]}",
            minutes=int(hosting.KEY_FOR.total_seconds() // 60),
            is_local=not reaches_others(address),
        )
    )


def _first_lesson(context: Context, cohort: Cohort) -> str:
    course = context.catalogue.course(cohort.course)
    return course.lessons[0] if course is not None else context.catalogue.lessons[0].slug


HANDLER = Handler(name="screen", actions={"screen": open_class})
