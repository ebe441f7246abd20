"""Coming through a group: a link or a code from a card leads to one's own lesson, and the group
has one more person to count. Who it was is shown to nobody.
"""

import re

from conversation.handler import Context, Entrance, Handler, Step
from handlers import go_on, lesson
from handlers.groups.group_cards import GROUP_PAYLOAD, PARTS
from storage import arrivals

_REF = re.compile(r"[a-z0-9]{4,12}")


def _fits(context: Context, rest: str) -> bool:
    """Whether it can be one of ours: a ref, and a lesson there is, or none."""
    ref, parts, slug = rest.partition(PARTS)
    known = not parts or context.catalogue.lesson(slug) is not None
    return _REF.fullmatch(ref) is not None and known


async def _open(context: Context, rest: str) -> Step:
    ref, _, slug = rest.partition(PARTS)
    await arrivals.came(context.connection, ref, context.learner.id, context.now)
    return await (lesson.open_lesson(context, slug) if slug else go_on.go_on(context))


HANDLER = Handler(name="arrival", entrances=(Entrance(GROUP_PAYLOAD, _fits, _open),))
