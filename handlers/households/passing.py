"""Showing one another at home: who learnt a lesson shows it to somebody, who says so themselves."""

from dataclasses import replace

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button, Say
from handlers.buttons import button
from handlers.households import home
from handlers.households.telephone import sit
from storage import households, learners, progress, seats

# Fits a phone's screen.
_MOST_LESSONS = 5


async def ask_lesson(context: Context) -> Step:
    """Which of the lessons that this person finished, the latest first."""
    waiting = await _waiting(context)
    if waiting is not None:
        return step(waiting)
    learnt = await progress.of_learner(context.connection, context.learner.id)
    done = sorted(
        (row for row in learnt.values() if row.done_at is not None),
        key=lambda row: row.updated_at,
        reverse=True,
    )
    lessons = [found for row in done if (found := context.catalogue.lesson(row.lesson))]
    back = button(context, "household.back", home.HOME)
    if not lessons:
        return step(
            context.say("household.nothing_yet", button(context, "menu.next", action("next")), back)
        )
    buttons = [
        Button(one.title, action("pass_lesson", one.slug)) for one in lessons[:_MOST_LESSONS]
    ]
    return step(context.say("household.which_lesson", *buttons, back, exact=True))


async def ask_pupil(context: Context, lesson: str) -> Step:
    _, people, _ = await home.my_home(context)
    back = button(context, "household.back", home.HOME)
    others = [one for one in people if one.learner_id != context.learner.id and one.name]
    if not others:
        return step(context.say("household.nobody_else", back))
    buttons = [Button(one.name, action("pass_to", one.learner_id, lesson)) for one in others]
    return step(context.say("household.which_pupil", *buttons, back, exact=True))


async def tell(context: Context, pupil: str, lesson: str) -> Step:
    """Noted as told; it counts once the pupil says so, on their own chat or on this telephone."""
    _, people, _ = await home.my_home(context)
    chosen = next((one for one in people if str(one.learner_id) == pupil), None)
    known = context.catalogue.lesson(lesson)
    if chosen is None or known is None or chosen.learner_id == context.learner.id:
        raise Stale
    await households.tell(
        context.connection, context.learner.id, chosen.learner_id, lesson, context.now
    )
    buttons = [button(context, "household.back", home.HOME)]
    beside = (
        await seats.of_phone(context.connection, context.address) if context.address.seat else []
    )
    here = next((one for one in beside if one.learner_id == chosen.learner_id), None)
    if here is not None:
        label = context.text("household.hand_to", name=chosen.name).unescape()
        buttons.insert(0, Button(label, action("pass_hand", here.id)))
    return step(
        context.say(
            "household.told",
            *buttons,
            name=chosen.name,
            lesson=known.title,
            is_here=here is not None,
        )
    )


async def hand(context: Context, number: str) -> Step:
    """The telephone goes to the pupil, who is asked at once."""
    seated = await sit(context, number)
    if seated.seated is None:
        raise Stale
    pupil = await learners.by_id(context.connection, seated.seated.learner_id)
    if pupil is None:
        raise Stale
    there = replace(context, address=seated.seated, learner=pupil)
    asked = await _waiting(there)
    if asked is None:
        return seated
    first = seated.replies[0]
    said = first.text if isinstance(first, Say) else asked.text
    return replace(seated, replies=(Say(said), asked))


async def _waiting(context: Context) -> Say | None:
    """The question of what somebody says they showed this person, if anything waits for a word."""
    told = await households.told_of(context.connection, context.learner.id)
    if told is None:
        return None
    teacher, lesson = told
    found = await households.of_learner(context.connection, context.learner.id)
    people = await households.members(context.connection, found.id) if found else []
    name = next((one.name for one in people if one.learner_id == teacher), "")
    known = context.catalogue.lesson(lesson)
    if not name or known is None:
        await households.was_not_shown(context.connection, teacher, context.learner.id, lesson)
        return None
    return context.say(
        "household.was_it",
        button(context, "household.it_was", action("pass_yes", teacher, lesson)),
        button(context, "household.it_was_not", action("pass_no", teacher, lesson)),
        exact=True,
        name=name,
        lesson=known.title,
    )


async def yes(context: Context, teacher: str, lesson: str) -> Step:
    done = await households.was_shown(
        context.connection, number_of(teacher), context.learner.id, lesson, context.now
    )
    if not done:
        raise Stale
    return step(
        context.say(
            "household.thanks",
            button(context, "menu.next", action("next")),
            button(context, "household.back", home.HOME),
        )
    )


async def no(context: Context, teacher: str, lesson: str) -> Step:
    if not await households.was_not_shown(
        context.connection, number_of(teacher), context.learner.id, lesson
    ):
        raise Stale
    return step(
        context.say(
            "household.not_yet",
            button(context, "menu.next", action("next")),
            button(context, "household.back", home.HOME),
        )
    )


async def _tell(context: Context, argument: str) -> Step:
    del argument
    if await households.of_learner(context.connection, context.learner.id) is None:
        return await home.show(context)
    return await ask_lesson(context)


HANDLER = Handler(
    name="passing",
    commands=(
        Command(
            "chilai",
            "Chỉ lại bài cho người nhà",
            _tell,
            words=("chỉ lại", "chỉ lại cho người nhà", "dạy lại người nhà", "chỉ người nhà"),
            in_menu=False,
        ),
    ),
    actions={
        "pass_on": ask_lesson,
        "pass_lesson": ask_pupil,
        "pass_to": tell,
        "pass_hand": hand,
        "pass_yes": yes,
        "pass_no": no,
    },
)
