"""A note that a person of the team writes to one learner: a few words, once a week, signed.

It waits for an hour and a day at which the learner may be written to, says why it comes and how
to stop it, and its words are kept no longer than until it went out.
"""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from conversation import guard
from conversation.actions import Action, action
from conversation.asked import Asked
from conversation.broadcast import fault_of
from conversation.handler import Context, Denied, Handler, Stale, Step, ask_words, step
from conversation.replies import Button, Say
from handlers.buttons import button, onward
from handlers.people.grants import grants_of
from handlers.saying import class_said, role_said
from handlers.support.items import the_case
from handlers.support.routing import can_take, later, tell
from people.roles import Grant, Role, highest, may_see
from storage import assisted, audit, case_meetings, cohorts, enrolments, notes, role_grants, timers

KIND = "note"
MOST = 300
_MOST_DIGITS = 15
_NO_ASKED = Asked()


@dataclass(frozen=True, slots=True)
class _To:
    """Whom a note goes to: a learner of a class, or of a case that was taken. ``back`` is where it
    was written from; ``why`` says to the learner how their writer knows them.
    """

    learner_id: int
    name: str
    cohort_id: int | None
    back: Button
    case_id: int = 0


async def _to_member(context: Context, cohort_id: str, learner_id: str) -> _To:
    """Raises ``Stale`` for who left or is not to be seen, ``Denied`` for who may not see."""
    if not (cohort_id + learner_id).isdecimal() or len(cohort_id + learner_id) > 2 * _MOST_DIGITS:
        raise Stale
    cohort = await cohorts.by_id(context.connection, int(cohort_id))
    found = await enrolments.find(context.connection, int(cohort_id), int(learner_id))
    if cohort is None or found is None or found.scope != "progress":
        raise Stale
    grants = await grants_of(context)
    mine = context.learner.id
    if found.learner_id == mine:
        raise Stale
    if not may_see(grants, mine, cohort.owner_id, cohort.place, context.now):
        raise Denied
    back = Button(class_said(context, cohort), action("class_today", cohort.id))
    return _To(found.learner_id, found.name, cohort.id, back)


async def _to_case(context: Context, number: str) -> _To:
    case = await the_case(context, number)
    if case.taken_by != context.learner.id or case.closed_at is not None:
        raise Stale
    if not await can_take(context, context.learner.id, case):
        raise Denied
    back = button(context, "support.open", action("case", case.id))
    return _To(case.learner_id, case.name, case.cohort_id, back, case.id)


async def ask_member(context: Context, cohort_id: str, learner_id: str) -> Step:
    to = await _to_member(context, cohort_id, learner_id)
    return await _ask(context, to, action("note_words", cohort_id, learner_id))


async def ask_case(context: Context, number: str) -> Step:
    to = await _to_case(context, number)
    return await _ask(context, to, action("note_case_words", number))


async def _ask(context: Context, to: _To, taker: Action) -> Step:
    refused = await _why_not(context, to)
    if refused is not None:
        return refused
    called = to.name or context.text("support.nameless").unescape()
    return ask_words(context.say("note.ask", to.back, name=called, most=MOST), taker)


async def _why_not(context: Context, to: _To) -> Step | None:
    """The words for why no note can go there now."""
    if await notes.are_refused(context.connection, to.learner_id):
        return step(context.say("note.refused", to.back))
    since = context.now - context.rules.note_every
    if await notes.was_written_since(context.connection, to.learner_id, context.learner.id, since):
        return step(context.say("note.too_soon", to.back, days=context.rules.note_every.days))
    return None


async def take_member(context: Context, text: str, cohort_id: str, learner_id: str) -> Step:
    to = await _to_member(context, cohort_id, learner_id)
    return await _take(context, text, to, action("note_words", cohort_id, learner_id))


async def take_case(context: Context, text: str, number: str) -> Step:
    to = await _to_case(context, number)
    return await _take(context, text, to, action("note_case_words", number))


async def _take(context: Context, text: str, to: _To, taker: Action) -> Step:
    refused = await _why_not(context, to)
    if refused is not None:
        return refused
    words = " ".join(text.split())
    # Links and numbers of a telephone are what a fraud would send; a neighbour needs neither.
    fault = _fault(words)
    if fault:
        return ask_words(context.say("note.unfit", to.back, fault=fault, most=MOST), taker)
    number = await notes.write(
        context.connection, to.learner_id, context.learner.id, words, context.now
    )
    if to.case_id:
        # Whoever writes to them is at it, and need not be asked.
        await case_meetings.heard(context.connection, to.case_id, context.now)
    grants = await grants_of(context)
    await audit.write(
        context.connection,
        "wrote_note",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(grants, context.now) or "",
        subject_id=to.learner_id,
        cohort_id=to.cohort_id,
    )
    await tell(context, to.learner_id, KIND, str(number))
    return step(context.say("note.written", to.back))


def _fault(words: str) -> str:
    if len(words) > MOST:
        return "long"
    if guard.look(words, expecting=_NO_ASKED) is not None:
        return "secret"
    fault = fault_of(words, most=MOST)
    if fault in ("link", "number") or sum(map(str.isdigit, words)) >= _PHONE_DIGITS:
        return "link"
    return "" if any(map(str.isalpha, words)) else "empty"


_PHONE_DIGITS = 8


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """To the learner, signed, when they may be written to."""
    del at
    note = await notes.waiting(context.connection, int(subject))
    if note is None or note.learner_id != context.learner.id:
        return Step()
    role = await _writer(context, note)
    if role is None:
        await notes.sent(context.connection, note.id, context.now)
        return Step()
    when = await later(context)
    if when is not None:
        await timers.set_for(context.connection, context.address.id, KIND, when, subject=subject)
        return Step()
    until = context.rules.manners.falls_silent(context.now, context.zone)
    if context.address.chat:
        return Step((await _call(context),), until=until, calls=True)
    await notes.sent(context.connection, note.id, context.now)
    return Step((_with_buttons(context, await _said(context, note, role)),), until=until)


async def _call(context: Context) -> Say:
    """To who does not have the telephone just now: that there is a note, and not what is in it."""
    here, name = context.address, context.address.called
    opens = action("sit", here.id)
    if await assisted.by_id(context.connection, here.learner_id) is not None:
        opens = action("book", here.learner_id)
    label = context.text("note.reads", name=name).unescape()
    return context.say("note.waits", Button(label, opens), exact=True, name=name)


async def unread(context: Context) -> Say | None:
    """What was written to who has just taken the telephone, while it was another's."""
    said = []
    for note in await notes.unread(context.connection, context.learner.id):
        role = await _writer(context, note)
        await notes.sent(context.connection, note.id, context.now)
        if role is not None:
            said.append(await _said(context, note, role))
    return _with_buttons(context, Markup("\n\n").join(said)) if said else None


async def _said(context: Context, note: notes.Note, role: Grant) -> Markup:
    where = await role_said(context, role.role, role.place)
    who = f"{role.name}, {where}" if role.name else where
    return context.text("note.note", words=note.content, who=who)


def _with_buttons(context: Context, said: Markup) -> Say:
    return Say(
        said,
        (
            onward(context)[0],
            button(context, "support.ask", action("case_ask", "")),
            button(context, "note.stop", action("note_stop")),
        ),
    )


async def _writer(context: Context, note: notes.Note) -> Grant | None:
    """As whom its author writes; None when it must not be said any more."""
    if await notes.are_refused(context.connection, context.learner.id):
        return None
    return await _role_now(context, note.author_id)


async def _role_now(context: Context, author_id: int) -> Grant | None:
    """Who has lost their role meanwhile writes to nobody."""
    held = await role_grants.of_learner(context.connection, author_id)
    now: list[Grant] = [grant for grant in held if grant.holds(context.now)]
    most: Role | None = highest(now, context.now)
    return next((grant for grant in now if grant.role == most), None)


async def refuse(context: Context) -> Step:
    """No notes any more; what was learnt, and reminders, stay as they are."""
    await notes.refuse(context.connection, context.learner.id, context.now)
    return step(
        context.say(
            "note.stopped", onward(context)[0], button(context, "note.again", action("note_on"))
        )
    )


async def allow(context: Context) -> Step:
    await notes.allow(context.connection, context.learner.id)
    return step(context.say("note.allowed", *onward(context)))


HANDLER = Handler(
    name="nudging",
    actions={
        "note_to": ask_member,
        "note_case": ask_case,
        "note_stop": refuse,
        "note_on": allow,
    },
    words={"note_words": take_member, "note_case_words": take_case},
    timers={KIND: ring},
)
