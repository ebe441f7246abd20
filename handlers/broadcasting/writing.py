"""What a broadcast says: typed, or ready-made; and how it will look."""

from dataclasses import dataclass
from datetime import timedelta

from conversation.actions import Action, action
from conversation.broadcast import (
    MOST_DETAIL,
    MOST_WORDS,
    READY,
    Ready,
    fault_of,
    line_of,
    ready,
)
from conversation.handler import Context, Stale, Step, ask_words, step
from conversation.replies import Button, Say
from handlers.broadcasting.drafts import mine, reached, whom_said
from handlers.buttons import button
from handlers.saying import time_said
from storage import broadcasts
from storage.audiences import MOST_COUNTED
from storage.broadcasts import Broadcast

WHOM = action("gui_new")
HOME = action("gui")
# How a channel is called where nobody knows our names for them; two are one to them.
_CHANNELS = {"telegram": "Telegram", "zalo_bot": "Zalo", "zalo_oa": "Zalo", "web": "trang web"}


async def draft_of(context: Context, number: str) -> Broadcast:
    """One's own that is still being written. Raises ``Stale`` for one that is on its way."""
    broadcast = await mine(context, number, hold=True)
    if broadcast.state != "draft":
        raise Stale
    return broadcast


async def ask_words_for(context: Context, number: str) -> Step:
    """The words, or one of the ready-made texts; for nobody there is nothing to write."""
    broadcast = await draft_of(context, number)
    found = await reached(context, broadcast)
    whom = await whom_said(context, broadcast)
    if not found.people:
        other = button(context, "broadcast.other_whom", WHOM)
        said = context.say("broadcast.nobody", other, whom=whom, refusing=found.refusing)
        return step(said)
    return _ask(
        broadcast,
        context.say(
            "broadcast.ask_words", *_ready_ones(context, number), whom=whom, people=found.people
        ),
    )


def _ready_ones(context: Context, number: str) -> list[Button]:
    buttons = [
        button(context, f"broadcast.label_{one.name}", action("gui_ready", number, one.name))
        for one in READY
    ]
    return [*buttons, button(context, "broadcast.back", HOME)]


def _ask(broadcast: Broadcast, said: Say) -> Step:
    return ask_words(said, action("gui_words", broadcast.id))


async def take_words(context: Context, text: str, number: str) -> Step:
    broadcast = await draft_of(context, number)
    fault = _fault(context, text, MOST_WORDS)
    if fault:
        back = button(context, "broadcast.back", HOME)
        return _ask(broadcast, context.say("broadcast.unfit", back, fault=fault, most=MOST_WORDS))
    await broadcasts.write(
        context.connection, broadcast.id, ready="", words=_even(text), is_urgent=False
    )
    return await show(context, number)


async def take_ready(context: Context, number: str, name: str) -> Step:
    broadcast = await draft_of(context, number)
    chosen = _ready(name)
    if chosen.asks:
        back = button(context, "broadcast.back", HOME)
        return ask_words(
            context.say(f"broadcast.ask_{name}", back), action("gui_detail", number, name)
        )
    await broadcasts.write(
        context.connection, broadcast.id, ready=name, words="", is_urgent=chosen.is_urgent
    )
    return await show(context, number)


async def take_detail(context: Context, text: str, number: str, name: str) -> Step:
    """When and where, into a ready-made text."""
    broadcast = await draft_of(context, number)
    chosen = _ready(name)
    fault = _fault(context, text, MOST_DETAIL)
    if fault:
        back = button(context, "broadcast.back", HOME)
        said = context.say("broadcast.unfit", back, fault=fault, most=MOST_DETAIL)
        return ask_words(said, action("gui_detail", number, name))
    await broadcasts.write(
        context.connection,
        broadcast.id,
        ready=name,
        words=" ".join(_even(text).split()).rstrip("."),
        is_urgent=chosen.is_urgent,
    )
    return await show(context, number)


def _ready(name: str) -> Ready:
    chosen = ready(name)
    if chosen is None:
        raise Stale
    return chosen


def _fault(context: Context, text: str, most: int) -> str | None:
    own = tuple(link.rstrip("/") for link in context.links("").values())
    return fault_of(text, context.rules.broadcasting.own_host, own, most=most)


def _even(text: str) -> str:
    """Without spaces at the ends of lines, and no more than one empty line between two."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = [line for place, line in enumerate(lines) if line or lines[place - 1]]
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str
    people: int


async def show(context: Context, number: str, *, again: str = "") -> Step:
    """Exactly what a learner gets, and below it for how many, where and how long; then whether to
    send it. ``again`` says why it is shown once more.
    """
    broadcast = await draft_of(context, number)
    if not broadcast.ready and not broadcast.words:
        raise Stale
    found = await reached(context, broadcast)
    people = found.people
    rules, manners = context.rules.broadcasting, context.rules.manners
    days = rules.same_again_after.days
    if not people and found.having:
        return step(
            context.say(
                "broadcast.all_have_it",
                button(context, "broadcast.rewrite", action("gui_write", number)),
                button(context, "broadcast.drop", action("gui_drop", number)),
                whom=await whom_said(context, broadcast),
                days=days,
            )
        )
    if not people:
        return await ask_words_for(context, number)
    await broadcasts.shown(context.connection, broadcast.id, people, context.now)
    named: dict[str, int] = {}
    for channel, count in found.channels.items():
        name = _CHANNELS.get(channel, channel)
        named[name] = named.get(name, 0) + count
    opens = manners.next_open(context.now, manners.zone)
    said = context.say(
        "broadcast.check",
        button(context, "broadcast.send", sending(broadcast)),
        button(context, "broadcast.rewrite", action("gui_write", number)),
        button(context, "broadcast.drop", action("gui_drop", number)),
        exact=True,
        whom=await whom_said(context, broadcast),
        people=people,
        is_more=found.is_more,
        most=MOST_COUNTED,
        channels=[_Channel(name, count) for name, count in sorted(named.items())],
        refusing=found.refusing,
        unreachable=found.unreachable,
        having=found.having,
        days=days,
        is_urgent=broadcast.is_urgent,
        minutes=_minutes(rules.takes(found.channels)),
        opens=time_said(context, opens) if opens > context.now else "",
        needs_second=people > rules.approve_above,
        again=again,
    )
    return step(line_of(context.words, broadcast, context.learner.term), said)


def sending(broadcast: Broadcast) -> Action:
    """The button that sends this very text."""
    return action("gui_send", broadcast.id, broadcast.edition)


def _minutes(time: timedelta) -> int:
    return -(-int(time.total_seconds()) // 60)


async def drop(context: Context, number: str) -> Step:
    broadcast = await draft_of(context, number)
    await broadcasts.drop(context.connection, broadcast.id)
    return step(context.say("broadcast.dropped", button(context, "broadcast.back", HOME)))
