"""A notebook closed by itself while its learner was thinking: their answer is not their helper's."""

import re
from dataclasses import replace

from conversation.actions import Action, action
from conversation.asked import Asked
from conversation.handler import Context
from conversation.replies import Button, Say
from conversation.seats import shut_by_itself
from storage.addresses import Address
from vietnamese import fold

_ONE = "(?:[1-9]|[a-f]|mot|hai|ba|bon|tu|nam)"
_NUMBERS = re.compile(rf"(?:(?:cau|so|chon|y) )?{_ONE}(?:[ ,]+{_ONE})*")
# "dung" without marks may be the word that stops reminders.
_VERDICTS = frozenset({"sai", "that", "lua", "lua dao"})
_RIGHT = "đúng"


def reopen(context: Context, learner_id: int, name: str) -> Button:
    label = context.text("assisting.reopen", name=name).unescape()
    return Button(label, action("book", learner_id))


def asked_of(said: Say, opened: Address) -> Asked:
    """What stands under the word that it is closed; a number alone is not taken for these."""
    return replace(
        shut_by_itself(opened),
        labels=tuple(one.label for one in said.buttons),
        actions=tuple(one.action.encode() for one in said.buttons),
    )


def meant_for(context: Context, text: str) -> str:
    """Whose notebook the words were an answer for; "" when they do not look like one."""
    said = fold(text)
    if not (_NUMBERS.fullmatch(said) or said in _VERDICTS or text.strip().lower() == _RIGHT):
        return ""
    return "".join(Action.decode(context.asked.base).arguments)
