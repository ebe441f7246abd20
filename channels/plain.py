"""Replies as bare text, for channels without buttons: choices become numbered lines.

The numbers count an ``AskQuestion``'s options first and go on with its extra
buttons, in the order in which typed answers are understood.
"""

from collections.abc import Sequence

from markupsafe import Markup

from channels.split import Flat, split_text
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Reply,
    Say,
    ShowPicture,
)


def draw_plain(reply: Reply, limit: int) -> list[str]:
    """The lines of chat that say all that the reply says, each at most ``limit`` characters."""
    return [part for text in plain_texts(reply) for part in split_text(text, limit)]


def plain_texts(reply: Reply, *, numbered: bool = True) -> list[str]:
    """The same, each text whole, however long it is.

    ``numbered`` is off for choices that have had their time: a number typed now would
    mean one of a later reply.
    """
    match reply:
        case Say():
            said = with_choices(plain(reply.text), reply.buttons, numbered=numbered)
            return [with_links(said, reply)]
        case AskQuestion():
            choices = (*reply.options, *reply.extra)
            return [with_choices(plain(reply.text), choices, numbered=numbered)]
        case ShowPicture() | GiveDocument():
            return [f"{plain(reply.caption)}\n\n{reply.alt}"]
        case GiveFile():
            return [f"{plain(reply.caption)}\n\n{reply.name}", reply.content]


def with_choices(text: str, choices: Sequence[Button], *, numbered: bool = True) -> str:
    if not choices:
        return text
    lines = (
        f"{number}. {choice.label}" if numbered else f"– {choice.label}"
        for number, choice in enumerate(choices, start=1)
    )
    return f"{text.rstrip()}\n\n" + "\n".join(lines)


def with_links(text: str, say: Say) -> str:
    if not say.links:
        return text
    return f"{text.rstrip()}\n\n" + "\n".join(f"{link.label}: {link.url}" for link in say.links)


def plain(markup: Markup) -> str:
    """What the markup says without any tag: a quotation in “…”, a link followed by its address."""
    flat = Flat.of(markup)
    pieces: list[str] = []
    links: list[str] = []
    done = 0
    for tag in flat.tags:
        pieces.append(flat.text[done : tag.place])
        done = tag.place
        if tag.name == "blockquote":
            pieces.append("“" if tag.opens else "”")
        elif tag.name == "a" and tag.opens:
            links.append(tag.href)
            pieces.append("")
        elif tag.name == "a":
            href = links.pop()
            if not "".join(pieces).endswith(href):
                pieces.append(f" ({href})")
    pieces.append(flat.text[done:])
    return "".join(pieces)
