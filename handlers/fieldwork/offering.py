"""Offering the milestone that a lesson leads to, once its task is done."""

from conversation.actions import action
from conversation.handler import Context
from conversation.replies import Button
from fieldwork.milestones import BY_SLUG, TAUGHT_BY
from storage import milestones


async def offered_after(context: Context, lesson: str) -> tuple[Button, ...]:
    """One more button, for who does not have it yet; nothing otherwise."""
    slug = TAUGHT_BY.get(lesson)
    if slug is None or slug in await milestones.of_learner(context.connection, context.learner.id):
        return ()
    label = context.text("milestone.offer", label=BY_SLUG[slug].label).unescape()
    return (Button(label, action("milestone_have", slug)),)
