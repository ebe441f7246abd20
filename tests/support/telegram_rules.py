"""What the Bot API refuses, as far as the tutor could ever trip over it.

https://core.telegram.org/bots/api#formatting-options and the tables of each method.
"""

import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "a",
        "code",
        "pre",
        "blockquote",
        "tg-spoiler",
        "span",
    ]
)
Parameters = Mapping[str, Any]


class Refused(Exception):
    """A 400; the text is Telegram's description of it."""


class _Entities(HTMLParser):
    """Telegram's strict reading of HTML: known tags only, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise Refused(f'can\'t parse entities: Unsupported start tag "{tag}"')
        if tag == "a" and not (dict(attrs).get("href") or "").startswith(("http", "tg:")):
            raise Refused("can't parse entities: bad link")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(f'can\'t parse entities: Unmatched end tag, found "</{tag}>"')

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(parameters: Parameters, name: str) -> str:
    """The text that a person sees of a parameter."""
    text = str(parameters.get(name, ""))
    if parameters.get("parse_mode") != "HTML":
        return text
    if "<" not in text and "&" not in text:
        return text
    entities = _Entities()
    entities.feed(text)
    entities.close()
    if entities.open:
        raise Refused(f"can't parse entities: Can't find end tag for \"{entities.open[-1]}\"")
    return entities.text


def _length(what: str, text: str, least: int, most: int) -> None:
    if len(text.strip()) < least:
        raise Refused(f"{what} is empty")
    if len(text) > most:
        raise Refused(f"{what} is too long")


def _keyboard(parameters: Parameters) -> None:
    markup = parameters.get("reply_markup")
    for row in markup["inline_keyboard"] if markup else ():
        if not 1 <= len(row) <= 8:
            raise Refused("a keyboard row holds 1 to 8 buttons")
        for button in row:
            if not button["text"]:
                raise Refused("Text buttons are unallowed in the inline keyboard")
            if "url" in button:
                if not button["url"].startswith(("http", "tg:")):
                    raise Refused("BUTTON_URL_INVALID")
            elif not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refused("BUTTON_DATA_INVALID")


def _text(parameters: Parameters) -> None:
    _length("message text", seen(parameters, "text"), 1, 4096)


def _caption(parameters: Parameters) -> None:
    _length("message caption", seen(parameters, "caption"), 0, 1024)


def _poll(parameters: Parameters) -> None:
    _length("poll question", parameters["question"], 1, 300)
    options = parameters["options"]
    if not 1 <= len(options) <= 12:
        raise Refused("poll must have 1 to 12 options")
    for option in options:
        _length("poll option", option["text"], 1, 100)
    explanation = parameters.get("explanation", "")
    _length("explanation", explanation, 0, 200)
    if explanation.count("\n") > 2:
        raise Refused("explanation has too many line feeds")
    right = parameters.get("correct_option_ids", [])
    if parameters.get("type") == "quiz" and not right:
        raise Refused("quiz poll must have a correct option")
    if any(not 0 <= place < len(options) for place in right):
        raise Refused("wrong correct option identifier")


def _commands(parameters: Parameters) -> None:
    for command in parameters["commands"]:
        name = command["command"]
        if not (1 <= len(name) <= 32 and name.replace("_", "").isalnum() and name == name.lower()):
            raise Refused("BOT_COMMAND_INVALID")
        _length("command description", command["description"], 1, 256)


def _webhook(parameters: Parameters) -> None:
    if not parameters["url"].startswith(("https://", "http://127.0.0.1")):
        raise Refused("bad webhook: An HTTPS URL must be provided for webhook")


# Per method: the parameters it cannot do without, all that it may have, and its checks.
_LINE = ("chat_id",)
_LINE_MAY = ("parse_mode", "link_preview_options", "reply_markup")
METHODS: dict[
    str, tuple[tuple[str, ...], tuple[str, ...], tuple[Callable[[Parameters], None], ...]]
]
METHODS = {
    "getMe": ((), (), ()),
    "getUpdates": ((), ("offset", "limit", "timeout", "allowed_updates"), ()),
    "setWebhook": (("url",), ("secret_token", "allowed_updates", "max_connections"), (_webhook,)),
    "deleteWebhook": ((), ("drop_pending_updates",), ()),
    "getWebhookInfo": ((), (), ()),
    "sendMessage": ((*_LINE, "text"), _LINE_MAY, (_text, _keyboard)),
    "editMessageText": ((*_LINE, "message_id", "text"), _LINE_MAY, (_text, _keyboard)),
    "sendPhoto": (
        (*_LINE, "photo"),
        ("caption", "parse_mode", "reply_markup"),
        (_caption, _keyboard),
    ),
    "sendDocument": (
        (*_LINE, "document"),
        ("caption", "parse_mode", "reply_markup"),
        (_caption, _keyboard),
    ),
    "sendPoll": (
        (*_LINE, "question", "options"),
        ("type", "is_anonymous", "correct_option_ids", "explanation", "reply_markup"),
        (_poll, _keyboard),
    ),
    "answerCallbackQuery": (("callback_query_id",), ("text",), ()),
    "getMyCommands": ((), ("scope",), ()),
    "setMyCommands": (("commands",), ("scope",), (_commands,)),
    "getChatAdministrators": (("chat_id",), (), ()),
    "getMyDescription": ((), (), ()),
    "setMyDescription": (
        (),
        ("description",),
        (lambda p: _length("description", p.get("description", ""), 0, 512),),
    ),
    "getMyShortDescription": ((), (), ()),
    "setMyShortDescription": (
        (),
        ("short_description",),
        (lambda p: _length("short description", p.get("short_description", ""), 0, 120),),
    ),
    "getChatMenuButton": ((), (), ()),
    "setChatMenuButton": ((), ("menu_button",), ()),
}
# These come as JSON inside a form field.
STRUCTURED = frozenset(
    [
        "reply_markup",
        "link_preview_options",
        "options",
        "correct_option_ids",
        "commands",
        "allowed_updates",
        "menu_button",
        "is_anonymous",
        "scope",
    ]
)


def read(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Form fields as the values they stand for."""
    return {
        name: json.loads(value) if name in STRUCTURED and isinstance(value, str) else value
        for name, value in fields.items()
    }


def check(method: str, parameters: Parameters) -> None:
    """Raises ``Refused`` as Telegram would, and for a parameter nobody told us of."""
    required, optional, checks = METHODS[method]
    for name in required:
        if name not in parameters:
            raise Refused(f"parameter {name} is required")
    for name in parameters:
        if name not in (*required, *optional):
            raise Refused(f"unknown parameter {name}")
    for rule in checks:
        rule(parameters)
