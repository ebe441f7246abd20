"""Asking how a learner wants to be addressed."""

from conversation.actions import action
from conversation.handler import Context
from conversation.replies import Button, Say
from templates.terms import TERMS


def ask_term(context: Context, payload: str = "") -> Say:
    """The nine words of address; ``payload`` is what a link brought along, known to be ours."""
    return context.say(
        "start.change_term" if context.learner.term else "start.ask_term",
        *(
            Button(term.ban.capitalize(), action("term", term.key, payload))
            for term in TERMS.values()
        ),
    )
