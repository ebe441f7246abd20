"""From replies to the exact messages that draw them in a Zalo Official Account.

https://docs.zaloplatforms.com/docs/OA: the object under ``message``. Every choice stands
in the text with its number; buttons are an ornament, because whether this version of the
API draws them nobody could prove yet.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from channels.zalo.text import Line, draw_lines
from conversation.replies import AskQuestion, Reply, Say

Message: TypeAlias = dict[str, Any]

MOST_BUTTONS = 5
_TITLE = 100


def render(replies: Sequence[Reply], *, pictures: bool) -> list[Line]:
    """The lines, in the order they must go out."""
    return draw_lines(replies, pictures=pictures)


def text_message(text: str, choices: Sequence[str] = ()) -> Message:
    """A text, with a button for each choice when there are not too many.

    A button is a query: Zalo sends its payload, the number, as if it had been typed.
    """
    if not choices or len(choices) > MOST_BUTTONS:
        return {"text": text}
    buttons = [
        {
            "title": f"{number}. {choice}"[:_TITLE].rstrip(),
            "type": "oa.query.hide",
            "payload": str(number),
        }
        for number, choice in enumerate(choices, start=1)
    ]
    return {
        "text": text,
        "attachment": {"type": "template", "payload": {"buttons": buttons}},
    }


def picture_message(text: str, url: str) -> Message:
    """A picture that Zalo fetches, and the text beside it."""
    element = {"media_type": "image", "url": url}
    payload = {"template_type": "media", "elements": [element]}
    message: Message = {"attachment": {"type": "template", "payload": payload}}
    return {"text": text, **message} if text else message


def last_choices(replies: Sequence[Reply]) -> tuple[str, ...]:
    """The choices that a typed number means: those offered last."""
    for reply in reversed(replies):
        match reply:
            case AskQuestion(options=options, extra=extra):
                return tuple(button.label for button in (*options, *extra))
            case Say(buttons=buttons) if buttons:
                return tuple(button.label for button in buttons)
            case _:
                continue
    return ()
