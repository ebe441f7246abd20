"""What a reminder says when it is due: the lesson or the review itself, with its first button.

Everything about the learner is looked up now, when it rings: whether they learnt today, whether they
were heard of since the last one, where they were heard of last. No turn of theirs pays for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from conversation import pace
from conversation.actions import action
from conversation.door import knock
from conversation.handler import Context, Handler, Step
from conversation.replies import AskQuestion, Button, Say, preceded
from handlers import lesson, quiz, review
from handlers.buttons import NEXT, button
from handlers.onward import Answer, Finished, Onward, Read, onward
from handlers.reminders.reminder import asked_of
from handlers.reminders.rhythm import KEEP, KIND, STOP, WAKES, plan
from storage import addresses, deliveries, rhythms, study_weeks, timers
from storage.rhythms import Rhythm
from storage.study_weeks import StudyWeek, monday_of

# The wordings in templates/vi/reminder.j2 that say why it came, one after the other.
WORDINGS = 6
# Nobody is interrupted who is just talking to the tutor about something else.
_TALKING = timedelta(minutes=10)
_LATER = timedelta(minutes=20)
_LOOK_BACK = timedelta(weeks=4)


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """It is time, or was: at most one line, and the next time set."""
    del subject
    rhythm = await rhythms.of_learner(context.connection, context.learner.id)
    if rhythm is None or rhythm.state != "on":
        return Step()
    last = await addresses.last_used(context.connection, context.learner.id)
    if last is not None and last != context.address.id:
        await timers.cancel_for_learner(context.connection, context.learner.id, KIND)
        await timers.set_for(context.connection, last, KIND, context.now)
        return Step()
    if _waits(context, rhythm, at):
        await plan(context, rhythm, any_day=True)
        return Step()
    rhythm = await _seen_so_far(context, rhythm)
    is_talking = abs(context.now - await _heard_here(context)) < _TALKING
    if is_talking and not _is_quiet(context, context.now + _LATER):
        later = context.now + _LATER
        await timers.set_for(context.connection, context.address.id, KIND, later)
        return Step()
    after, said = await _answer(context, rhythm)
    await rhythms.keep(context.connection, context.learner.id, after)
    if after.state == "on":
        await plan(context, after)
    return said


async def _heard_here(context: Context) -> datetime:
    """When anybody was last heard on this telephone: another may be learning on it just now."""
    here = context.address
    found = await addresses.find(context.connection, here.channel, here.chat) if here.chat else None
    return (found or here).last_at


def _waits(context: Context, rhythm: Rhythm, at: datetime) -> bool:
    """Whether it comes too late for today: by night, on a quiet day, or from another day while the
    learner's own hour is still to come, so that late ones fall together with that one.
    """
    if _is_quiet(context, context.now):
        return True
    if at.astimezone(context.zone).date() >= context.today:
        return False
    manners, now = context.rules.manners, context.now
    following = pace.next_time(rhythm, manners, context.zone, now, any_day=True)
    return following.astimezone(context.zone).date() == context.today


def _is_quiet(context: Context, moment: datetime) -> bool:
    return context.rules.manners.is_quiet(moment, context.zone)


async def _seen_so_far(context: Context, rhythm: Rhythm) -> Rhythm:
    """With what became of the last reminder: answered, or perhaps never sent."""
    looked = pace.heard_of(rhythm, context.address.last_at)
    if looked.unanswered and looked.reminded_at is not None:
        unsent = await deliveries.is_unsent(
            context.connection, context.learner.id, deliveries.REMINDER, looked.reminded_at
        )
        looked = replace(looked, unanswered=looked.unanswered - int(unsent))
    return looked


async def _answer(context: Context, rhythm: Rhythm) -> tuple[Rhythm, Step]:
    """The rhythm afterwards, and what is said, if anything."""
    weeks = await study_weeks.since(
        context.connection, context.learner.id, context.today - _LOOK_BACK
    )
    this = weeks[0] if weeks and weeks[0].monday == monday_of(context.today) else None
    if not pace.is_needed(rhythm, this, context.today):
        return await _step_back(context, rhythm, weeks)
    match pace.turn(rhythm):
        case pace.Turn.SKIP:
            return replace(rhythm, is_skipping=True), Step()
        case pace.Turn.GOODBYE:
            return await _goodbye(context, rhythm)
        case pace.Turn.REMIND:
            return await _remind(context, rhythm)


async def _remind(context: Context, rhythm: Rhythm) -> tuple[Rhythm, Step]:
    coming = await onward(context)
    to_review = not isinstance(coming, Answer) and await review.is_waiting(context)
    if (isinstance(coming, Finished) and not to_review) or not await _may(context):
        return rhythm, Step()
    what, opened = await _opened(context, None if to_review else coming)
    minute, name = rhythm.minute, context.address.called
    why = context.text(f"reminder.why_{rhythm.reminders % WORDINGS}", what=what, minute=minute)
    reminded = replace(
        rhythm,
        reminded_at=context.now,
        reminders=rhythm.reminders + 1,
        unanswered=rhythm.unanswered + 1,
        is_skipping=False,
    )
    if context.address.chat:
        opened = _called(context, "telephone.remind", what=what, minute=minute)
    else:
        if name:
            why = context.text("telephone.calls", name=name) + Markup("\n") + why
        opened = _preceded(context, why, opened)
    return reminded, _until_night(context, opened)


def _called(context: Context, said: str, **values: Any) -> Step:
    """To who is not learning on this telephone just now: a name, and the button that gives it to
    them. What they learn is not shown to who has it.
    """
    name = context.address.called
    label = context.text("telephone.takes", name=name).unescape()
    take = Button(label, action("sit", context.address.id, 1))
    return Step((context.say(said, take, exact=True, name=name, **values),), calls=True)


async def _opened(context: Context, coming: Onward | None) -> tuple[str, Step]:
    """What "Học tiếp" would open, today's review for None, and what it is called."""
    match coming:
        case Answer(slug):
            return "quiz", await quiz.open_quiz(context, slug)
        case Read(slug, card, begun):
            return "lesson" if begun else "new", lesson.draw_card(context, slug, card)
        case _:
            return "review", await review.open_today(context)


def _preceded(context: Context, why: Markup, opened: Step) -> Step:
    """Why it came, before what it brings; a card has a button to stop as well."""
    first, *others = opened.replies
    if isinstance(first, Say):
        stop = button(context, "reminder.stop_here", STOP)
        first = preceded(why, replace(first, buttons=(*first.buttons, stop)))
    elif isinstance(first, AskQuestion):
        first = replace(first, text=why + Markup("\n\n") + first.text)
    return replace(opened, replies=(first, *others))


async def _goodbye(context: Context, rhythm: Rhythm) -> tuple[Rhythm, Step]:
    """Nobody answered for so long: a kind word, and silence until the learner is back."""
    if not await _may(context):
        return rhythm, Step()
    if context.address.chat:
        step = _called(context, "telephone.goodbye")
        return replace(rhythm, state="asleep"), _until_night(context, step)
    said = context.say(
        "reminder.goodbye",
        button(context, "menu.next", NEXT),
        button(context, "reminder.stop_here", STOP),
    )
    step = Step((said,), asked_of(said, WAKES))
    return replace(rhythm, state="asleep"), _until_night(context, step)


async def _step_back(
    context: Context, rhythm: Rhythm, weeks: Sequence[StudyWeek]
) -> tuple[Rhythm, Step]:
    """Not needed today; and when it was not for three weeks, perhaps no more at all."""
    fades = pace.may_fade(rhythm, weeks, context.now, context.today)
    if not fades or context.address.chat or not await _may(context):
        return rhythm, Step()
    said = context.say(
        "reminder.step_back",
        button(context, "reminder.enough", STOP),
        button(context, "reminder.once_a_week", action("remind_on", "s1")),
        button(context, "reminder.keep", KEEP),
    )
    return replace(rhythm, fading_at=context.now), _until_night(context, Step((said,)))


async def _may(context: Context) -> bool:
    """Whether the learner may have one line more today, which is counted then."""
    refused = await knock(
        context.connection,
        context.rules.manners,
        context.learner.id,
        context.learner.zone,
        context.now,
        is_reminder=True,
    )
    return refused is None


def _until_night(context: Context, step: Step) -> Step:
    return replace(step, until=context.rules.manners.falls_silent(context.now, context.zone))


HANDLER = Handler(name="reminding", timers={KIND: ring})
