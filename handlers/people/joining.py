"""Joining a class: who will see what, then a tap; and the name to be called by there."""

from dataclasses import dataclass
from typing import Any

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Entrance,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button, Say
from handlers.buttons import button, onward
from handlers.events import live, visiting
from handlers.people import acceptance, guessing
from handlers.saying import class_said, place_said, time_said
from people import codes
from people.names import Unfit, clean
from storage import cohorts, enrolments, fairs
from storage.cohorts import Cohort
from storage.enrolments import Enrolment, Scope

PREFIX = "lop-"
_OTHER_CODES = (codes.INVITATION_SIGNS, codes.HOUSEHOLD_SIGNS)
# How a button says what may be seen.
_SCOPES: dict[str, Scope] = {"1": "progress", "0": ""}


@dataclass(frozen=True, slots=True)
class _Open:
    """A class that this person can join."""

    cohort: Cohort
    members: int


async def open_entrance(context: Context, typed: str) -> Step:
    """What joining means, before the tap; or why this code joins nothing."""
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    code = codes.read(typed) or typed
    fair = await fairs.by_code(context.connection, code)
    if fair is not None:
        return await visiting.visit(context, fair)
    found = await _joinable(context, code)
    if isinstance(found, Step):
        return found
    cohort = found.cohort
    return step(
        context.say(
            "joining.offer",
            button(context, "joining.seen", action("join", code, "1")),
            button(context, "joining.unseen", action("join", code, "0")),
            button(context, "joining.no", action("no_class")),
            exact=True,
            name=class_said(context, cohort),
            where=await place_said(context, cohort.place),
            course=_course(context, cohort),
            members=found.members,
        )
    )


async def join(context: Context, code: str, scope: str) -> Step:
    if scope not in _SCOPES or not codes.read(code):
        raise Stale
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    through = await cohorts.through(context.connection, codes.read(code))
    if through is not None:
        await cohorts.hold(context.connection, through.cohort.id)
    found = await _joinable(context, codes.read(code))
    if isinstance(found, Step):
        return found
    cohort = found.cohort
    await enrolments.join(
        context.connection, cohort.id, context.learner.id, _SCOPES[scope], context.now
    )
    if not _SCOPES[scope]:
        return step(_joined(context, cohort, "joining.joined_unseen"))
    return _ask_name(context, cohort, "joining.joined")


async def _joinable(context: Context, code: str) -> _Open | Step:
    """The class, or the words that say why this person cannot join it with that code."""
    through = await cohorts.through(context.connection, code)
    if through is None:
        return await guessing.wrong(context)
    cohort = through.cohort
    mine = await enrolments.find(context.connection, cohort.id, context.learner.id)
    if mine is not None:
        screen = await live.is_running(context, cohort.id)
        if screen is not None:
            return await live.sit(context, screen, class_said(context, cohort))
        return step(
            context.say(
                "joining.in_it",
                button(context, "cohort.open", action("cohort", cohort.id)),
                *onward(context)[:1],
                name=class_said(context, cohort),
            )
        )
    why = ""
    if cohort.closed_at is not None:
        why = "closed"
    elif through.replaced:
        why = "replaced"
    elif context.now >= through.expires_at:
        why = "expired"
    if why:
        day = time_said(context, through.expires_at)
        return step(context.say("joining.not_now", *onward(context), why=why, day=day))
    size = await enrolments.size(context.connection, cohort.id)
    if cohort.seats is not None and size.members >= cohort.seats:
        return step(
            context.say("joining.not_now", *onward(context), why="full", day=str(cohort.seats))
        )
    return _Open(cohort, size.members)


def _ask_name(context: Context, cohort: Cohort, said: str, **values: Any) -> Step:
    none = button(context, "joining.no_name", action("nameless", cohort.id))
    words = context.say(said, none, name=class_said(context, cohort), **values)
    return ask_words(words, action("class_name", cohort.id))


async def ask_name(context: Context, number: str) -> Step:
    cohort, _ = await my_class(context, number)
    return _ask_name(context, cohort, "joining.ask_name")


async def take_name(context: Context, text: str, number: str) -> Step:
    cohort, _ = await my_class(context, number)
    try:
        name = clean(text)
    except Unfit as unfit:
        return _ask_name(context, cohort, "joining.unfit", fault=unfit.fault)
    await enrolments.set_name(context.connection, cohort.id, context.learner.id, name)
    return step(_joined(context, cohort, "joining.named", called=name))


async def nameless(context: Context, number: str) -> Step:
    cohort, _ = await my_class(context, number)
    await enrolments.set_name(context.connection, cohort.id, context.learner.id, "")
    return step(_joined(context, cohort, "joining.nameless"))


async def decline(context: Context) -> Step:
    return step(context.say("joining.declined", *onward(context)))


def _joined(context: Context, cohort: Cohort, said: str, **values: Any) -> Say:
    """In, and on with learning: the course of the class first, if it has one."""
    return context.say(
        said,
        *to_learn(context, cohort),
        button(context, "cohort.open", action("cohort", cohort.id)),
        name=class_said(context, cohort),
        **values,
    )


def to_learn(context: Context, cohort: Cohort) -> tuple[Button, ...]:
    course = context.catalogue.course(cohort.course)
    if course is None:
        return onward(context)[:1]
    return (Button(course.title, action("course", course.slug)), onward(context)[0])


async def my_class(context: Context, number: str) -> tuple[Cohort, Enrolment]:
    """A class this learner is in. Raises ``Stale`` when they are not, or not any more."""
    cohort = await cohorts.by_id(context.connection, number_of(number))
    mine = await enrolments.find(context.connection, int(number), context.learner.id)
    if cohort is None or mine is None:
        raise Stale
    return cohort, mine


def _course(context: Context, cohort: Cohort) -> str:
    course = context.catalogue.course(cohort.course)
    return "" if course is None else course.title


async def ask_code(context: Context) -> Step:
    no = button(context, "joining.no", action("no_class"))
    return ask_words(context.say("joining.ask_code", no), action("class_code"))


async def take_code(context: Context, text: str) -> Step:
    code = codes.read(text)
    if len(code) == codes.INVITATION_SIGNS:
        return await acceptance.open_entrance(context, code)
    return await open_entrance(context, code or text)


def _fits(context: Context, rest: str) -> bool:
    del context
    return rest.isascii() and rest.isalnum() and len(rest) <= codes.INVITATION_SIGNS


def _typed(text: str) -> str:
    code = codes.meant(text)
    return "" if len(codes.read(text)) in _OTHER_CODES else code


async def _ask_code(context: Context, argument: str) -> Step:
    return await (take_code(context, argument) if argument else ask_code(context))


HANDLER = Handler(
    name="joining",
    commands=(
        Command(
            "vaolop",
            "Vào lớp bằng mã",
            _ask_code,
            words=("vào lớp", "vô lớp", "mã lớp", "nhập mã lớp", "tham gia lớp"),
            in_menu=False,
        ),
    ),
    actions={
        "type_code": ask_code,
        "ask_join": open_entrance,
        "join": join,
        "no_class": decline,
        "my_name": ask_name,
        "nameless": nameless,
    },
    words={"class_name": take_name, "class_code": take_code},
    entrances=(Entrance(PREFIX, _fits, open_entrance, _typed),),
)
