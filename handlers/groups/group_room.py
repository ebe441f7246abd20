"""``/nhom`` in a group: how it goes, the plan, and whether votes are shown."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from handlers.buttons import button
from handlers.groups.group import CHOOSE, this_chat
from handlers.groups.group_total import total_of_day
from storage import arrivals, group_chats, plans


async def show(context: Context) -> Step:
    group = await this_chat(context)
    plan = await plans.of_group(context.connection, group.id)
    votes = "group.hide_votes" if group.shows_votes else "group.show_votes"
    return step(
        context.say(
            "group.room",
            button(context, "group.choose", CHOOSE),
            button(context, "group.see_plan", action("plan", group.id)),
            button(context, votes, action("phieu", "kin" if group.shows_votes else "hoi")),
            today=await total_of_day(context, group),
            total=await arrivals.total(context.connection, group.id),
            has_plan=plan is not None and plan.paused_at is None,
            shows_votes=group.shows_votes,
        )
    )


async def switch_votes(context: Context, to: str) -> Step:
    """Polls that show who chose what need the group's own yes, after it heard what that means."""
    group = await this_chat(context)
    if to == "hoi":
        return step(
            context.say(
                "group.ask_votes",
                button(context, "group.all_agree", action("phieu", "ro")),
                button(context, "group.keep_secret", action("phieu", "kin")),
                replace=True,
            )
        )
    shows = to == "ro"
    await group_chats.set_shows_votes(context.connection, group.id, shows=shows)
    name = "group.votes_shown" if shows else "group.votes_secret"
    return step(context.say(name, replace=True))


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="group_room",
    group_commands=(
        Command("nhom", "Nhóm mình học tới đâu", _show, words=("nhóm", "nhóm học tới đâu")),
    ),
    group_actions={"phieu": switch_votes},
)
