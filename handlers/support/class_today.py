"""How a class is doing, in ten lines, with the one thing to do now; then one learner of it."""

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, number_of, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people import classes, seeing
from handlers.saying import class_said
from handlers.support.class_lines import line, needed
from handlers.support.items import item_said
from handlers.support.news import CASES
from storage.cohorts import Cohort
from storage.reports import classes as reports
from storage.reports.classes import ClassSummary

_MOST_ITEMS = 2


async def show(context: Context, number: str) -> Step:
    """Numbers only, so nobody was looked at; names are a tap further on."""
    cohort = await classes.the_class(context, number)
    report = await reports.report(
        context.connection, cohort.id, needed(context, cohort), context.now
    )
    advice, todo = _advice(context, cohort, report.summary)
    members = button(context, "teaching.by_name", action("members", cohort.id, 0))
    buttons = [todo, members] if todo.action != members.action else [members]
    return step(
        context.say(
            "teaching.today",
            *buttons,
            classes.to_page(context, cohort),
            button(context, "teaching.others", classes.CLASSES),
            name=class_said(context, cohort),
            now=report.summary,
            asked_on=[
                (item_said(context, one.item), one.count)
                for one in report.summary.asked_on[:_MOST_ITEMS]
            ],
            advice=advice,
        )
    )


def _advice(context: Context, cohort: Cohort, now: ClassSummary) -> tuple[str, Button]:
    """What to do first, and its button: who asks, who is stuck, who went silent."""
    members = action("members", cohort.id, 0)
    if not now.members:
        return "empty", button(context, "teaching.poster", action("poster", cohort.id))
    if now.asking:
        return "asking", button(context, "teaching.see_cases", CASES)
    if now.stuck:
        return "stuck", button(context, "teaching.see_stuck", members)
    if now.silent:
        return "silent", button(context, "teaching.see_silent", members)
    return "well", button(context, "teaching.by_name", members)


async def show_learner(context: Context, number: str, learner_id: str) -> Step:
    """Where one learner is, and what can be done for them."""
    cohort = await classes.the_class(context, number)
    await seeing.look(context, cohort, number_of(learner_id))
    report = await reports.report(
        context.connection, cohort.id, needed(context, cohort), context.now
    )
    found = next((one for one in report.learners if one.learner_id == int(learner_id)), None)
    if found is None:
        raise Stale
    buttons = [
        button(context, "support.write", action("note_to", cohort.id, found.learner_id)),
        button(context, "teaching.by_name", action("members", cohort.id, 0)),
    ]
    if found.asks_for:
        buttons.insert(0, button(context, "teaching.see_cases", CASES))
    return step(
        context.say("teaching.one_learner", *buttons, line=line(context, found), done=found.done)
    )


HANDLER = Handler(name="class_today", actions={"class_today": show, "learner": show_learner})
