"""What a host does with a screen: on, back, another lesson. One step a press.

Whoever presses knows a version of the screen; when another host did something meanwhile, nothing
happens, and the page is told what is so now. So two hosts never skip a slide together.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from lessons.catalogue import Catalogue
from live.deck import Slide, deck
from people import codes
from people.roles import may, may_lead
from storage import cohorts, fairs, live_questions, role_grants, screens
from storage.database import Connection
from storage.live_questions import LiveQuestion
from storage.screens import Screen
from vietnamese import fold

# The timer that brings an open question to a telephone.
TIMER = "live"
# Somebody who sat down this long ago has gone home.
SEATED_FOR = timedelta(hours=6)
KEY_FOR = timedelta(minutes=15)
KEY_SIGNS = 8
# A screen that nobody moved for so long begins anew with its next host.
SITTING = timedelta(hours=6)


def make_key(seed: Callable[[], int]) -> str:
    """A key to be typed off a telephone: eight signs, of which there are a thousand million. It
    opens one screen, once, within minutes, and wrong ones are counted.
    """
    return codes.make(KEY_SIGNS, seed)


def read_key(typed: str) -> str:
    """The key in what somebody typed, in any case and with any spaces; "" when it can be none."""
    key = "".join(fold(typed[:40]).split()).upper()
    return key if len(key) == KEY_SIGNS and set(key) <= set(codes.ALPHABET) else ""


async def give_key(
    connection: Connection, screen: Screen, learner_id: int, key: str, now: datetime
) -> None:
    """That key opens the screen to that host, once."""
    await screens.add_key(connection, codes.fingerprint(key), screen.id, learner_id, now + KEY_FOR)


async def take_key(
    connection: Connection, catalogue: Catalogue, screen: Screen, key: str, now: datetime
) -> int | None:
    """Who is the host now; ``None`` when the key opens nothing, or not any more.

    A screen left over from another day begins anew.
    """
    host = await screens.take_key(connection, codes.fingerprint(key), screen.id, now)
    if host is None or not await may_host(connection, screen, host, now):
        return None
    is_old = now - screen.moved_at > SITTING
    if (is_old and screen.fair_id is None) or catalogue.lesson(screen.lesson) is None:
        await live_questions.close_open(connection, screen.id, now)
        lesson = screen.lesson if catalogue.lesson(screen.lesson) else catalogue.lessons[0].slug
        await screens.begin(connection, screen.id, screen.version, lesson, 0, now)
    return host


async def may_host(connection: Connection, screen: Screen, learner_id: int, now: datetime) -> bool:
    """Whether this person still leads the class or the fair, and it is still on."""
    grants = await role_grants.of_learner(connection, learner_id)
    if screen.fair_id is not None:
        fair = await fairs.by_id(connection, screen.fair_id)
        if fair is None or fair.is_over(now):
            return False
        if fair.owner_id == learner_id:
            return may(grants, "host_fair", fair.place, now)
        return may(grants, "lead_any_class", fair.place, now)
    cohort = await cohorts.by_id(connection, screen.cohort_id or 0)
    if cohort is None or cohort.closed_at is not None:
        return False
    return may_lead(grants, learner_id, cohort.owner_id, cohort.place, now)


def slides(catalogue: Catalogue, screen: Screen) -> tuple[Slide, ...]:
    return deck(catalogue, screen.lesson, is_fair=screen.fair_id is not None)


def slide_of(catalogue: Catalogue, screen: Screen) -> Slide:
    """Where the host is. A lesson may have lost cards since."""
    shown = slides(catalogue, screen)
    return shown[min(screen.place, len(shown) - 1)]


async def asked_at(connection: Connection, screen: Screen, slide: Slide) -> LiveQuestion | None:
    """The slide's question as it was put in this sitting, the last time; or not yet."""
    if not slide.question:
        return None
    put = await live_questions.since(connection, screen.id, screen.begun_at)
    here = [one for one in put if (one.lesson, one.question) == (slide.lesson, slide.question)]
    return here[-1] if here else None


async def go_on(
    connection: Connection, catalogue: Catalogue, screen: Screen, version: int, now: datetime
) -> bool:
    """The next thing: put the question, show what is right, or the next slide.

    False when somebody else did something since ``version``.
    """
    slide = slide_of(catalogue, screen)
    asked = await asked_at(connection, screen, slide)
    is_put = bool(slide.question) and asked is None
    is_shown = asked is not None and asked.shown_at is None
    last = len(slides(catalogue, screen)) - 1
    place = screen.place if is_put or is_shown else min(screen.place + 1, last)
    if not await screens.move(connection, screen.id, version, place, now):
        return False
    if is_put:
        number = await live_questions.open_one(
            connection, screen.id, slide.lesson, slide.question, now
        )
        await live_questions.ring(
            connection, screen.id, now - SEATED_FOR, kind=TIMER, subject=str(number), now=now
        )
    elif is_shown:
        await live_questions.close_open(connection, screen.id, now)
    return True


async def go_to(
    connection: Connection,
    catalogue: Catalogue,
    screen: Screen,
    version: int,
    place: int,
    now: datetime,
) -> bool:
    """To that slide, whatever is there; an open question stays open."""
    last = len(slides(catalogue, screen)) - 1
    return await screens.move(connection, screen.id, version, max(0, min(place, last)), now)


async def choose(
    connection: Connection,
    catalogue: Catalogue,
    screen: Screen,
    version: int,
    lesson: str,
    now: datetime,
) -> bool:
    """Another lesson, from its beginning. A fair goes on with the questions it has put."""
    if catalogue.lesson(lesson) is None:
        return False
    if not await screens.begin(connection, screen.id, version, lesson, 0, now):
        return False
    await live_questions.close_open(connection, screen.id, now)
    return True
