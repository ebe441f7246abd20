"""From a reply to the exact requests that draw it in Telegram.

Limits: https://core.telegram.org/bots/api#sendmessage, #sendpoll, #sendphoto
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup

from channels.plain import with_choices
from channels.split import Flat, split_markup
from channels.telegram.api import Request, Upload
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Reply,
    Say,
    ShowPicture,
)

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
EXPLANATION_LIMIT = 200
EXPLANATION_LINE_FEEDS = 2
POLL_OPTIONS = range(2, 13)

# A phone of 360 px cuts a button's label after about this many characters.
BUTTON_FITS = 24
# Labels this short stand three in a row, in big type too.
_NARROW = 8
_PER_ROW = 3

Keyboard: TypeAlias = dict[str, list[list[dict[str, str]]]]
# The name and the content of a picture or a document, in; its bytes out.
Draw: TypeAlias = Callable[[str, dict[str, Any]], bytes]


def render(address: str, reply: Reply, draw: Draw) -> list[Request]:
    """The requests in the order they must go out. ``draw`` takes a while for a picture."""
    match reply:
        case Say():
            return _texts(address, reply.text, _under(reply))
        case AskQuestion():
            return [_poll(address, reply)] if fits_poll(reply) else _question(address, reply)
        case ShowPicture():
            picture = Upload(f"{reply.picture}.png", draw(reply.picture, reply.content))
            return _captioned("sendPhoto", address, {"photo": picture}, reply.caption)
        case GiveDocument():
            drawn = Upload(reply.name, draw(reply.document, reply.content))
            return _captioned("sendDocument", address, {"document": drawn}, reply.caption)
        case GiveFile():
            document = Upload(reply.name, reply.content.encode())
            return _captioned("sendDocument", address, {"document": document}, reply.caption)


def render_edit(address: str, line: str, reply: Say | AskQuestion) -> Request | None:
    """The request that draws ``reply`` over the line with that id, if one line can hold it."""
    if isinstance(reply, Say):
        requests = _texts(address, reply.text, _under(reply))
    else:
        requests = [] if fits_poll(reply) else _question(address, reply)
    if len(requests) != 1:
        return None
    return Request("editMessageText", {**requests[0].parameters, "message_id": line})


def keyboard(*groups: Sequence[Button]) -> Keyboard | None:
    """Buttons under a line, each group in rows of its own; ``None`` when there are none."""
    rows = [row for group in groups for row in _rows(group)]
    return {"inline_keyboard": rows} if rows else None


def _under(say: Say) -> Keyboard | None:
    """The choices, and below them what opens an address."""
    under = keyboard(_numbered(say.buttons))
    links = [[{"text": link.label, "url": link.url}] for link in say.links]
    if not links:
        return under
    return {"inline_keyboard": [*(under["inline_keyboard"] if under else ()), *links]}


def _rows(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    narrow = all(len(button.label) <= _NARROW for button in buttons)
    width = _PER_ROW if narrow else 1
    keys = [{"text": b.label, "callback_data": b.action.encode()} for b in buttons]
    return [keys[start : start + width] for start in range(0, len(keys), width)]


def _numbered(buttons: Sequence[Button]) -> Sequence[Button]:
    """Labels that a phone would cut get their number, which may be typed, in front."""
    if all(len(button.label) <= BUTTON_FITS for button in buttons):
        return buttons
    return [Button(f"{n}. {button.label}", button.action) for n, button in enumerate(buttons, 1)]


def _texts(address: str, text: Markup, under: Keyboard | None) -> list[Request]:
    parts = split_markup(text, TEXT_LIMIT)
    requests = [
        Request(
            "sendMessage",
            {
                "chat_id": address,
                "text": str(part),
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )
        for part in parts
    ]
    if requests and under:
        requests[-1].parameters["reply_markup"] = under
    return requests


def _captioned(
    method: str, address: str, attached: dict[str, Upload], caption: Markup
) -> list[Request]:
    """The file with its caption, or with the caption after it when that is too long."""
    parts = split_markup(caption, CAPTION_LIMIT)
    beside = {"caption": str(parts[0]), "parse_mode": "HTML"} if len(parts) == 1 else {}
    request = Request(method, {"chat_id": address, **attached, **beside})
    after = _texts(address, caption, None) if len(parts) > 1 else []
    return [request, *after]


def fits_poll(question: AskQuestion) -> bool:
    """Whether a native quiz can hold the question, and shows it better than buttons do.

    Buttons serve while every label fits on one, but not a group, where all would tap the same.
    A poll shows no markup, so a quoted scene or a link needs a line of its own.
    """
    labels = [option.label for option in question.options]
    return (
        question.right is not None
        and (question.votes != "own" or any(len(label) > BUTTON_FITS for label in labels))
        and len(labels) in POLL_OPTIONS
        and all(1 <= len(label) <= OPTION_LIMIT for label in labels)
        and len(question.explanation) <= EXPLANATION_LIMIT
        and question.explanation.count("\n") <= EXPLANATION_LINE_FEEDS
        and _fits_poll(Flat.of(question.text))
    )


def _fits_poll(question: Flat) -> bool:
    return 1 <= len(question.text.strip()) <= QUESTION_LIMIT and not any(
        tag.name in ("blockquote", "a") for tag in question.tags
    )


def _poll(address: str, question: AskQuestion) -> Request:
    parameters: dict[str, Any] = {
        "chat_id": address,
        "question": Flat.of(question.text).text.strip(),
        "options": [{"text": option.label} for option in question.options],
        "type": "quiz",
        "is_anonymous": question.votes == "secret",
        "correct_option_ids": [question.right],
    }
    if question.explanation:
        parameters["explanation"] = question.explanation
    under = keyboard(question.extra, question.taps)
    if under:
        parameters["reply_markup"] = under
    return Request("sendPoll", parameters)


def _question(address: str, question: AskQuestion) -> list[Request]:
    options = question.options
    if any(len(option.label) > BUTTON_FITS for option in options):
        options = tuple(Button(str(n), o.action) for n, o in enumerate(options, start=1))
    # Joined to markup, the labels, which are plain, get escaped.
    text = question.text + "\n\n" + with_choices("", question.options).strip()
    return _texts(address, text, keyboard(options, question.taps, question.extra))
