"""A fair on paper: the QR code for its gate, and one page of what came of it."""

from typing import Any

from conversation.actions import action
from conversation.handler import Context, Handler, Step, step
from conversation.replies import Button, GiveDocument, ShowPicture
from handlers.buttons import button
from handlers.events.fair import the_fair
from handlers.events.visiting import PREFIX, fair_said
from handlers.people.reach import reaches_others
from handlers.saying import place_said, time_said
from live.choices import put
from live.deck import Slide, question_at
from people import codes
from quizzes.grading import SCAM
from storage import fairs, live_questions, screens
from storage.fairs import Fair
from templates.terms import GROUP

_PREFERRED = ("web", "zalo_oa", "zalo_bot", "telegram")


async def show_picture(context: Context, number: str) -> Step:
    fair = await the_fair(context, number)
    content = await _content(context, fair)
    return step(
        ShowPicture("poster", content, _alt(context, content), context.text("fair.caption")),
        context.say(
            "fair.to_paste",
            button(context, "teaching.sheet", action("fair_sheet", fair.id)),
            _back(context, fair),
            name=content["title"],
            day=fair.day.strftime("%d/%m/%Y"),
            code=content["code"],
            links=content["links"],
        ),
    )


async def give_sheet(context: Context, number: str) -> Step:
    fair = await the_fair(context, number)
    content = await _content(context, fair)
    caption = context.text("fair.sheet_caption")
    name = f"ngay-hoi-{fair.code}.pdf"
    return step(
        GiveDocument("sheet", content, name, _alt(context, content), caption),
        context.say(
            "fair.how_to_print",
            button(context, "teaching.poster", action("fair_poster", fair.id)),
            _back(context, fair),
            code=content["code"],
        ),
    )


async def _content(context: Context, fair: Fair) -> dict[str, Any]:
    """As ``handlers.people.poster`` has it for a class."""
    links = {
        name: link
        for name, link in context.links(f"{PREFIX}{fair.code}").items()
        if reaches_others(link)
    }
    preferred = [links[name] for name in _PREFERRED if name in links]
    where = await place_said(context, fair.place)
    day = fair.day.strftime("%d/%m/%Y")
    said = context.text("fair.where", where=where, day=day, partner=fair.partner)
    return {
        "title": fair_said(context, fair),
        "where": said.unescape(),
        "code": codes.spaced(fair.code),
        "link": (preferred or [*links.values(), ""])[0],
        "links": list(links.values()),
        "lead": context.text("fair.lead").unescape(),
        "steps": context.text("fair.steps", has_link=bool(links)).unescape().splitlines(),
        "code_says": context.text("fair.code_says", has_link=bool(links)).unescape(),
        "promise": context.text("poster.promise").unescape(),
    }


async def give_report(context: Context, number: str) -> Step:
    """One page: counts and no name. What was never counted is not nought."""
    fair = await the_fair(context, number)
    content = await report_of(context, fair)
    return step(
        GiveDocument(
            "fair_report",
            content,
            f"bao-cao-ngay-hoi-{fair.code}.pdf",
            context.text("fair.report_alt", content=content).unescape(),
            context.text("fair.report_caption", is_over=fair.is_over(context.now)),
        ),
        context.say("fair.report_says", _back(context, fair)),
    )


async def report_of(context: Context, fair: Fair) -> dict[str, Any]:
    """Plain words and numbers; ``None`` where nothing was counted."""
    crowd = await fairs.crowd(context.connection, fair.id)
    lesson = context.catalogue.lesson(fair.lesson)
    questions, drills = await _questions(context, fair)
    return {
        "title": fair_said(context, fair),
        "where": await place_said(context, fair.place),
        "day": fair.day.strftime("%d/%m/%Y"),
        "partner": fair.partner,
        "lesson": lesson.title if lesson is not None else "",
        "people": crowd.people or None,
        "lessons": crowd.lessons if crowd.people else None,
        "hours": [[hour, people] for hour, people in sorted(crowd.by_hour.items())],
        "questions": questions,
        "drills": drills,
        "is_over": fair.is_over(context.now),
        "made": time_said(context, context.now),
    }


async def _questions(context: Context, fair: Fair) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Each question with its share of right answers; of drills, verdicts of both kinds apart."""
    screen = await screens.of_fair(context.connection, fair.id)
    asked = await live_questions.of_screen(context.connection, screen.id) if screen else {}
    told = []
    drills = {"scams": 0, "hits": 0, "real": 0, "false_alarms": 0}
    for (lesson, name), chosen in asked.items():
        found = question_at(context.catalogue, Slide("question", lesson, question=name))
        shown = None if found is None else put(found, context.words, GROUP.key, 0)
        if shown is None:
            continue  # taken out of its lesson since: nobody can say any more what was right
        answers = sum(chosen.values())
        told.append(
            {"ask": shown.ask.striptags(), "answers": answers, "right": chosen.get(shown.right, 0)}
        )
        if shown.is_drill:
            kind, counted = ("scams", "hits") if shown.right == SCAM else ("real", "false_alarms")
            drills[kind] += answers
            drills[counted] += chosen.get(SCAM, 0)
    return told, drills


def _alt(context: Context, content: dict[str, Any]) -> str:
    return context.text("fair.alt", content=content).unescape()


def _back(context: Context, fair: Fair) -> Button:
    return button(context, "fair.back", action("fair", fair.id))


HANDLER = Handler(
    name="fair_papers",
    actions={
        "fair_poster": show_picture,
        "fair_sheet": give_sheet,
        "fair_report": give_report,
    },
)
