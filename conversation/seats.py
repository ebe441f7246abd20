"""Several learners on one telephone: a button says whose it is, and nobody's notebook takes
another's tap.

A button of a shared telephone carries its learner's address in front, a few signs. Tapped while
another learner has the telephone it does nothing; the tutor asks whether they have changed places.
Typed words are held against what that learner was asked, which hangs on their own address.
"""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from conversation.actions import Action, action
from conversation.asked import Asked
from conversation.replies import AskQuestion, Button, Reply, Say
from storage.addresses import Address

# Tapped by whoever has the telephone: who learns now, and closing a notebook.
FOR_ANYBODY = frozenset({"sit", "who_learns", "shut"})
# They name an attempt, which knows whose it is; so they may go unmarked where there is no room.
KNOW_THEIR_LEARNER = frozenset({"more", "a", "pick", "rank", "ease"})
# Hears what is typed after a notebook closed by itself.
MEANT_FOR_BOOK = "book_hears"
# Answers a button that is another's; its argument is whose.
ANOTHERS = "anothers"

_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST_SIGNS = 12


def mark_of(address: Address) -> str:
    """What the buttons of this learner carry here; "" where nobody shares."""
    if not address.seat:
        return ""
    number, signs = address.id, ""
    while number:
        number, place = divmod(number, len(_SIGNS))
        signs = _SIGNS[place] + signs
    return signs


def address_of(mark: str) -> int:
    """The id that a mark stands for; 0 when it is none of ours, or stands for whoever was first."""
    if not mark or len(mark) > _MOST_SIGNS or not set(mark) <= set(_SIGNS):
        return 0
    return int(mark, len(_SIGNS))


def another(address: Address, meaning: Action) -> Action | None:
    """What a tap means here when the button is somebody else's; ``None`` when it is not."""
    if not address.seat or meaning.name in FOR_ANYBODY or meaning.whose == mark_of(address):
        return None
    if not meaning.whose and (address.seat == 1 or meaning.name in KNOW_THEIR_LEARNER):
        # Drawn before anybody shared: whoever was here first.
        return None
    return Action(ANOTHERS, (meaning.whose,))


def marked(replies: Sequence[Reply], mark: str) -> tuple[Reply, ...]:
    return tuple(_marked(reply, mark) for reply in replies) if mark else tuple(replies)


def under(heading: Markup, replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """With the heading over the first words among them."""
    headed = list(replies)
    for place, reply in enumerate(headed):
        if isinstance(reply, Say | AskQuestion):
            headed[place] = replace(reply, text=heading + Markup("\n\n") + reply.text)
            break
    return tuple(headed)


def _marked(reply: Reply, mark: str) -> Reply:
    match reply:
        case Say(buttons=buttons):
            return replace(reply, buttons=_buttons(buttons, mark))
        case AskQuestion(options=options, extra=extra, taps=taps):
            return replace(
                reply,
                options=_buttons(options, mark),
                extra=_buttons(extra, mark),
                taps=_buttons(taps, mark),
            )
        case _:
            return reply


def _buttons(buttons: Sequence[Button], mark: str) -> tuple[Button, ...]:
    return tuple(replace(one, action=_of(one.action, mark)) for one in buttons)


def _of(meaning: Action, mark: str) -> Action:
    if meaning.name in FOR_ANYBODY:
        return replace(meaning, whose="")
    try:
        return replace(meaning, whose=mark)
    except ValueError:  # no room
        return meaning


def shut_by_itself(opened: Address) -> Asked:
    """What hangs on the helper's address from then on: what looks like an answer was meant for
    this notebook, and is heard by whoever can open it again.
    """
    return Asked(base=action("book", opened.learner_id).encode(), listener=MEANT_FOR_BOOK)


def for_anybody(asked: Asked) -> bool:
    """Whether it makes no difference who answers this by a number."""
    return all(
        Action.decode(one).name in FOR_ANYBODY for one in (*asked.actions, asked.base) if one
    )
