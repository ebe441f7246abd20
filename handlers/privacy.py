"""The learner's own: everything the tutor keeps, and deleting all of it."""

import json
from dataclasses import replace
from typing import Any

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import GiveFile
from handlers.buttons import ERASE, ERASE_NOW, button, onward
from handlers.people import kept_people
from handlers.support import closing
from storage import addresses, learners, privacy
from templates.terms import NEUTRAL, TERMS

_CONFIRMED_FOR = 3600  # seconds
_MOST_DIGITS = 12


async def show(context: Context) -> Step:
    """A summary in plain words, and the whole of it as a JSON file."""
    about = await privacy.everything_about(context.connection, context.learner.id)
    # A table that holds nothing of theirs would only be a strange word in the file.
    kept = {table: rows for table, rows in about.items() if rows}
    _leave_out_copies(kept)
    lessons = kept.get("lesson_progress", [])
    lines = [
        context.text("privacy.line_term", term=(TERMS.get(context.learner.term) or NEUTRAL).ban),
        context.text("privacy.line_places", count=len(kept.get("address", []))),
        context.text(
            "privacy.line_lessons",
            started=len(lessons),
            done=sum(row["done_at"] is not None for row in lessons),
        ),
        context.text(
            "privacy.line_answers",
            attempts=len(kept.get("attempt", [])),
            answers=len(kept.get("answer", [])),
        ),
    ]
    if kept.get("review_item"):
        lines.append(context.text("privacy.line_reviews", count=len(kept["review_item"])))
    if kept.get("study_week"):
        weeks = len(kept["study_week"])
        lines.append(context.text("privacy.line_rhythm", weeks=weeks, on=_is_reminded(kept)))
    lines += await kept_people.lines(context)
    if kept.get("web_line"):
        lines.append(context.text("privacy.line_chat", count=len(kept["web_line"])))
    if context.learner.consented_at is not None:
        day = context.learner.consented_at.strftime("%d/%m/%Y")
        lines.append(context.text("privacy.line_consent", day=day))
    return step(
        GiveFile(
            context.text("privacy.file_name").unescape(),
            json.dumps(kept, ensure_ascii=False, indent=2),
            context.text("privacy.file_caption"),
        ),
        context.say(
            "privacy.everything",
            onward(context)[0],
            button(context, "privacy.to_delete", ERASE),
            exact=context.is_stranger,
            lines=lines,
        ),
    )


def _is_reminded(kept: dict[str, list[dict[str, Any]]]) -> bool:
    return any(row["state"] == "on" for row in kept.get("rhythm", ()))


def _leave_out_copies(kept: dict[str, list[dict[str, Any]]]) -> None:
    """A file given before is a copy of all this; a copy of each copy would double every time."""
    for table, column in (("web_line", "content"), ("delivery", "reply")):
        for row in kept.get(table, []):
            stored = json.loads(row[column] or "{}")
            reply = stored.get("reply", stored)
            if reply.get("kind") == "file":
                reply["content"] = ""
                row[column] = json.dumps(stored, ensure_ascii=False)


async def ask_erase(context: Context) -> Step:
    chats = await addresses.of_learner(context.connection, context.learner.id)
    return step(
        context.say(
            "privacy.ask_delete",
            button(context, "privacy.confirm_delete", action("erase_now", _seconds(context))),
            button(context, "privacy.keep", action("keep")),
            exact=True,
            places=len(chats),
            led=await kept_people.classes_led(context),
            called=context.address.called,
        )
    )


async def erase(context: Context, asked_at: str = "") -> Step:
    """Delete everything, queued deliveries too, and say so; afterwards nobody is known here.

    A confirmation older than an hour was meant then, and is asked for again.
    """
    fresh = asked_at.isdecimal() and len(asked_at) < _MOST_DIGITS
    if not fresh or _seconds(context) - int(asked_at) > _CONFIRMED_FOR:
        return await ask_erase(context)
    await closing.before_erasure(context)
    await privacy.erase(context.connection, context.learner.id)
    return await _left_to_others(context) or Step(
        (context.known_as("").say("privacy.deleted"),), farewell=True, erased=True
    )


async def _left_to_others(context: Context) -> Step | None:
    """On a telephone that others share one of them has it now; ``None`` when nobody does."""
    mine = context.address
    heir = await addresses.find(context.connection, mine.channel, mine.phone) if mine.seat else None
    if heir is None:
        return None
    learner = await learners.by_id(context.connection, heir.learner_id)
    if learner is None:
        return None
    there = replace(context, address=heir, learner=learner)
    said = there.say("telephone.erased", *onward(there), name=mine.called, now=heir.called)
    return Step((said,), seated=heir, erased=True)


def _seconds(context: Context) -> int:
    return int(context.now.timestamp())


async def keep(context: Context) -> Step:
    return step(context.say("privacy.kept", *onward(context), exact=context.is_stranger))


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


async def _ask_erase(context: Context, argument: str) -> Step:
    del argument
    return await ask_erase(context)


HANDLER = Handler(
    name="privacy",
    commands=(
        Command(
            "dulieu",
            "Xem những gì được nhớ về mình",
            _show,
            words=("dữ liệu", "dữ liệu của tôi", "dữ liệu của tui", "xem dữ liệu"),
            open=True,
        ),
        Command(
            "xoa",
            "Xóa hết những gì được nhớ",
            _ask_erase,
            words=("xóa", "xóa hết", "xóa dữ liệu", "xóa tài khoản"),
            open=True,
        ),
    ),
    open_actions={"erase": ask_erase, ERASE_NOW: erase, "keep": keep},
)
