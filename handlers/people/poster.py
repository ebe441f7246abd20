"""A class on paper and in a group: a picture with its QR code, and a sheet to print."""

from typing import Any

from conversation.actions import action
from conversation.handler import Context, Handler, Step, step
from conversation.replies import GiveDocument, ShowPicture
from handlers.buttons import button
from handlers.people import classes
from handlers.people.joining import PREFIX
from handlers.people.reach import reaches_others
from handlers.saying import class_said, place_said
from people import codes
from storage.cohorts import Cohort

# In this order one link goes into the QR code: the page opens on every phone.
_PREFERRED = ("web", "zalo_oa", "zalo_bot", "telegram")


async def show_picture(context: Context, number: str) -> Step:
    """For a group: a picture, and the words to paste beside it."""
    cohort = await classes.the_class(context, number)
    content = await _content(context, cohort)
    return step(
        ShowPicture("poster", content, _alt(context, content), context.text("poster.caption")),
        context.say(
            "poster.to_paste",
            button(context, "teaching.sheet", action("sheet", cohort.id)),
            classes.to_page(context, cohort),
            name=content["title"],
            code=content["code"],
            links=content["links"],
        ),
    )


async def give_sheet(context: Context, number: str) -> Step:
    """A4, for the wall of the village hall."""
    cohort = await classes.the_class(context, number)
    content = await _content(context, cohort)
    return step(
        GiveDocument(
            "sheet",
            content,
            f"lop-{cohort.code}.pdf",
            _alt(context, content),
            context.text("poster.sheet_caption"),
        ),
        context.say(
            "poster.how_to_print",
            button(context, "teaching.poster", action("poster", cohort.id)),
            classes.to_page(context, cohort),
            code=content["code"],
        ),
    )


async def _content(context: Context, cohort: Cohort) -> dict[str, Any]:
    """All that is drawn, in words; ``link`` is what the QR code opens, "" when nothing does."""
    links = {
        name: link
        for name, link in context.links(f"{PREFIX}{cohort.code}").items()
        if reaches_others(link)
    }
    preferred = [links[name] for name in _PREFERRED if name in links]
    return {
        "title": class_said(context, cohort),
        "where": await place_said(context, cohort.place),
        "code": codes.spaced(cohort.code),
        "link": (preferred or [*links.values(), ""])[0],
        "links": list(links.values()),
        "lead": context.text("poster.lead").unescape(),
        "steps": context.text("poster.steps", has_link=bool(links)).unescape().splitlines(),
        "code_says": context.text("poster.code_says", has_link=bool(links)).unescape(),
        "promise": context.text("poster.promise").unescape(),
    }


def _alt(context: Context, content: dict[str, Any]) -> str:
    return context.text("poster.alt", content=content).unescape()


HANDLER = Handler(name="poster", actions={"poster": show_picture, "sheet": give_sheet})
