"""Where a learner lives, for whom it is evening when it is night in Viet Nam."""

from dataclasses import replace

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.manners import known_zone
from conversation.replies import Button
from handlers.buttons import onward
from handlers.reminders.rhythm import replan
from storage import learners

# Where many Vietnamese live; others may type a zone's own name after the command.
ZONES = {
    "vn": "",
    "tw": "Asia/Taipei",
    "jp": "Asia/Tokyo",
    "au": "Australia/Sydney",
    "eu": "Europe/Berlin",
    "us-east": "America/New_York",
    "us-mid": "America/Chicago",
    "us-west": "America/Los_Angeles",
}


async def ask(context: Context) -> Step:
    return step(
        context.say(
            "zone.ask",
            *(
                Button(context.text("zone.place", key=key).unescape(), action("zone", key))
                for key in ZONES
            ),
        )
    )


async def choose(context: Context, key: str) -> Step:
    if key not in ZONES:
        raise Stale
    return await _live_in(context, ZONES[key])


async def _live_in(context: Context, zone: str) -> Step:
    await learners.set_zone(context.connection, context.learner.id, zone)
    there = replace(context, learner=replace(context.learner, zone=zone))
    await replan(there)
    now = there.now.astimezone(there.zone)
    return step(context.say("zone.chosen", *onward(context), minute=now.hour * 60 + now.minute))


async def _zone(context: Context, argument: str) -> Step:
    named = argument.strip()
    if named and known_zone(named) is not None:
        return await _live_in(context, named)
    return await ask(context)


HANDLER = Handler(
    name="zone",
    commands=(
        Command(
            "muigio",
            "Đổi giờ cho người ở nước ngoài",
            _zone,
            words=(
                "múi giờ",
                "đổi múi giờ",
                "ở nước ngoài",
                "tôi ở nước ngoài",
                "tui ở nước ngoài",
            ),
            in_menu=False,
        ),
    ),
    actions={"zone": choose},
)
