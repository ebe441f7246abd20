"""Arriving: identity, consent, the words of address, and coming back."""

from dataclasses import replace

from conversation.actions import Action, action
from conversation.handler import Command, Context, Entrance, Handler, Stale, Step, step
from conversation.replies import Say
from handlers import lesson, notebook, notebook_codes
from handlers.buttons import AGREE, button, onward
from handlers.onward import Read
from handlers.onward import onward as what_next
from handlers.terms import ask_term
from storage import learners
from templates.terms import TERMS

# Who says how they want to be called gets the nine words to choose from.
_CALLED = (*(term.ban for term in TERMS.values()), "ngoại", "nội", "thím", "mợ", "cậu", "dượng")
_CALLING = ("gọi {} là", "kêu {} là", "gọi {} bằng", "kêu {} bằng")
_WISHES = (
    "đổi cách gọi", "đổi cách kêu", "đổi tên gọi", "gọi lại cho đúng", "kêu lại cho đúng", "gọi sai rồi",
    "kêu sai rồi", "gọi khác đi", "kêu khác đi", "đừng gọi vậy", "đừng kêu vậy",
    *(
        f"{calling.format(me)} {called}"
        for calling in _CALLING
        for me in ("tôi", "tui", "mình")
        for called in _CALLED
    ),
    *(f"{calling} {called}" for calling in ("gọi là", "kêu bằng", "gọi bằng") for called in _CALLED),
)  # fmt: skip

# Stored with the consent, so that it is known which words a learner agreed to.
CONSENT_VERSION = "2026-11"


async def started(context: Context, payload: str) -> Step:
    """The chat was opened, perhaps through a link, or a code was typed that stands for one."""
    if context.learner.consented_at is None:
        return await welcome(context, payload)
    if code := notebook_codes.of_payload(payload):
        return await notebook.ask(context, code)
    if not context.learner.term:
        return _ask_term(context, payload)
    opened = await _open(context, payload)
    if opened is not None:
        return opened
    coming = await what_next(context)
    if isinstance(coming, Read) and coming.begun:
        title = lesson.the_lesson(context, coming.lesson).title
        return step(context.say("start.welcome_back_to", *onward(context), lesson=title))
    return step(context.say("start.welcome_back", *onward(context)))


async def welcome(context: Context, payload: str) -> Step:
    """Who the tutor is, and the question without whose answer nothing is kept."""
    return step(context.say("start.identity"), consent(context, payload))


async def not_agreed_yet(context: Context) -> Step:
    """Something else than an answer to that question: silence is no consent, so ask again."""
    if not context.asked.labels:
        return await welcome(context, "")
    return step(consent(context, _payload_asked_about(context)))


async def agree(context: Context, payload: str = "") -> Step:
    if context.learner.consented_at is None:
        await learners.give_consent(
            context.connection, context.learner.id, CONSENT_VERSION, context.now
        )
    if context.learner.term:
        # An old button of somebody who agreed long ago.
        raise Stale
    if code := notebook_codes.of_payload(payload):
        return await notebook.ask(context, code)
    return _ask_term(context, payload)


async def code_typed(context: Context, code: str) -> Step:
    """A notebook code: who has not agreed yet is asked that first, and the code is not lost.

    Whoever owns the notebook has agreed; who holds this telephone may be somebody else.
    """
    if context.learner.consented_at is not None:
        return await notebook.ask(context, code)
    payload = notebook_codes.to_payload(code)
    if not context.asked.labels:
        return await welcome(context, payload)
    return step(consent(context, payload))


async def decline(context: Context) -> Step:
    payload = _payload_asked_about(context)
    return step(
        context.say(
            "start.declined",
            button(context, "start.agree", action("agree", payload) if payload else AGREE),
            button(context, "start.read_identity", action("identity")),
            exact=True,
        )
    )


async def choose_term(context: Context, key: str, payload: str = "") -> Step:
    if key not in TERMS:
        raise Stale
    first_time = not context.learner.term
    await learners.set_term(context.connection, context.learner.id, key)
    context = context.known_as(key)
    chosen = context.say("start.term_chosen")
    if not first_time:
        return step(context.say("start.term_chosen", *onward(context)))
    opened = await _open(context, payload)
    if opened is not None:
        return replace(opened, replies=(chosen, *opened.replies))
    coming = await what_next(context)
    if not isinstance(coming, Read):
        return step(context.say("start.term_chosen", *onward(context)))
    first = lesson.the_lesson(context, coming.lesson)
    return step(
        chosen,
        context.say(
            "start.first_lesson",
            *onward(context),
            lesson=first.title,
            minutes=first.minutes,
        ),
    )


async def _change_term(context: Context, argument: str) -> Step:
    del argument
    return _ask_term(context)


def _ask_term(context: Context, payload: str = "") -> Step:
    return step(ask_term(context, payload if _entrance(context, payload) else ""))


async def _start(context: Context, argument: str) -> Step:
    return await started(context, argument)


def consent(context: Context, payload: str = "") -> Say:
    """Three lines on what is kept, and the two answers."""
    payload = _known(context, payload)
    return context.say(
        "start.consent",
        button(context, "start.agree", action("agree", payload)),
        button(context, "start.decline", action("decline")),
        exact=True,
    )


def _payload_asked_about(context: Context) -> str:
    """The link that brought them here: talking on before agreeing must not lose it."""
    for offered in map(Action.decode, context.asked.actions):
        if offered.name == AGREE.name and offered.arguments:
            return offered.arguments[0]
    return ""


def _entrance(context: Context, payload: str) -> Entrance | None:
    """The entrance that a payload leads through, or ``None`` when it is none of ours."""
    for entrance in context.entrances:
        rest = payload.removeprefix(entrance.prefix)
        if rest and rest != payload and entrance.fits(context, rest):
            return entrance
    return None


def _known(context: Context, payload: str) -> str:
    """Only what fits a entrance is carried on in a button: a link's payload is anybody's text."""
    code = notebook_codes.of_payload(payload)
    if code:
        return notebook_codes.to_payload(code)
    return payload if _entrance(context, payload) is not None else ""


async def _open(context: Context, payload: str) -> Step | None:
    """What is behind the payload; ``None`` when there is nothing."""
    entrance = _entrance(context, payload)
    if entrance is None:
        return None
    return await entrance.open(context, payload.removeprefix(entrance.prefix))


HANDLER = Handler(
    name="start",
    commands=(
        Command(
            "start",
            "Chào hỏi lại từ đầu",
            _start,
            words=(
                "bắt đầu", "start", "hello", "hi", "alo", "xin chào", "chào", "chào con",
                "chào cháu", "chào em", "chào bạn", "xin chào con", "alo con",
            ),
            in_menu=False,
            open=True,
        ),
        Command(
            "xungho",
            "Đổi cách xưng hô",
            _change_term,
            words=("xưng hô", "đổi xưng hô", "đổi cách xưng hô", "gọi tôi là", *_WISHES),
        ),
    ),
    actions={"term": choose_term},
    open_actions={"agree": agree, "decline": decline},
)  # fmt: skip
