"""From a stored line to what the page draws: plain values, never HTML.

The page builds its nodes from a small tree, so no text of anybody's is ever
parsed as HTML in the browser.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from markupsafe import Markup

from channels.split import Flat
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Reply,
    Say,
    ShowPicture,
    dump_reply,
    load_reply,
)
from storage.web_lines import WebLine

# Text, or a list: a tag of the neutral markup, its link ("" for all but "a"), its children.
Node: TypeAlias = str | list[Any]


@dataclass(frozen=True, slots=True)
class TutorLine:
    """What is kept of a reply: the reply itself, the delivery that drew it last, how often drawn anew.

    ``calls`` is set when it was said to somebody who did not have this telephone just then.
    """

    reply: Reply
    delivery: int
    version: int = 0
    calls: bool = False

    def dump(self) -> str:
        reply = json.loads(dump_reply(self.reply))
        kept = {"reply": reply, "delivery": self.delivery, "version": self.version}
        return _json({**kept, "calls": True} if self.calls else kept)

    @classmethod
    def load(cls, content: str) -> "TutorLine":
        stored = json.loads(content)
        reply = load_reply(json.dumps(stored["reply"]))
        return cls(reply, stored["delivery"], stored["version"], stored.get("calls", False))


# Stands in a line that calls, and in no other: a quotation mark within words is dumped as \".
CALLS = '"calls":true'


def dump_learner_line(text: str, said: str) -> str:
    """``text`` as typed, and ``said``, the page's own id of it, so the page knows it again."""
    return _json({"text": text, "said": said})


def draw_line(line: WebLine) -> dict[str, Any]:
    """The line as the page gets it: JSON-ready, times in epoch milliseconds."""
    drawn: dict[str, Any] = {
        "id": line.id,
        "side": line.side,
        "at": int(line.created_at.timestamp() * 1000),
    }
    if line.side == "learner":
        stored = json.loads(line.content)
        return {**drawn, "text": [stored["text"]], "said": stored["said"]}
    kept = TutorLine.load(line.content)
    return {**drawn, "version": kept.version, **draw_reply(kept.reply)}


def draw_reply(reply: Reply) -> dict[str, Any]:
    """The words of a reply, its choices, and its picture (what it says) or file (its name)."""
    match reply:
        case Say(text, buttons, links=links):
            opens = [part for link in links for part in ("\n", ["a", link.url, [link.label]])]
            return {"text": [*tree(text), *opens], "choices": _numbered(buttons)}
        case AskQuestion(text, options, extra=extra, taps=taps):
            numbered = _numbered((*options, *extra))
            # Taps stand by the options they go with. Typed numbers do not count them.
            numbered[len(options) : len(options)] = [_choice(0, button) for button in taps]
            return {"text": tree(text), "choices": numbered}
        case ShowPicture(alt=alt, caption=caption):
            return {"text": tree(caption), "choices": [], "picture": alt}
        case GiveFile(name=name, caption=caption) | GiveDocument(name=name, caption=caption):
            return {"text": tree(caption), "choices": [], "file": name}


def tree(markup: Markup) -> list[Node]:
    """The neutral markup as a tree; a tag or a link that is not ours becomes the words it holds."""
    flat = Flat.of(markup)
    roots: list[Node] = []
    path = [roots]
    done = 0
    for tag in flat.tags:
        _append(path[-1], flat.text[done : tag.place])
        done = tag.place
        if tag.opens:
            children: list[Node] = []
            path[-1].append([tag.name, tag.href, children])
            path.append(children)
        else:
            path.pop()
    _append(path[-1], flat.text[done:])
    return roots


def _append(children: list[Node], text: str) -> None:
    # A quotation is a block: the line feeds beside it would show as empty lines.
    if children and children[-1][0] == "blockquote":
        text = text.removeprefix("\n")
    if text:
        children.append(text)


def _numbered(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    return [_choice(number, button) for number, button in enumerate(buttons, start=1)]


def _choice(number: int, button: Button) -> dict[str, Any]:
    return {"number": number, "label": button.label, "action": button.action.encode()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
