"""What the tutor says back, without any channel.

A reply is a value: it is committed to the outbox as JSON and drawn by a channel
later, perhaps by another process. A new kind goes into ``Reply``, and the type
checker then names every channel that must draw it.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeAlias

from markupsafe import Markup
from pydantic import Field, PlainSerializer, PlainValidator, TypeAdapter

from conversation.actions import Action

# The neutral markup: b, i, u, s, code, blockquote, a, and line feeds. Always escaped.
RenderedText = Annotated[Markup, PlainValidator(Markup), PlainSerializer(str, return_type=str)]
EncodedAction = Annotated[
    Action,
    PlainValidator(lambda value: value if isinstance(value, Action) else Action.decode(value)),
    PlainSerializer(Action.encode, return_type=str),
]


def _must_be_rendered(*texts: object) -> None:
    """A plain ``str`` has not been escaped, so it may not be sent."""
    for text in texts:
        if not isinstance(text, Markup):
            raise TypeError(f"not rendered markup: {text!r}")


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: its plain label (not markup), and what it means."""

    label: str
    action: EncodedAction


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address, and says nothing to the tutor: its plain label, and where to."""

    label: str
    url: str


# Who answers a question: the learner of this chat; or a whole group, with who chose what kept
# secret or shown to all.
Votes: TypeAlias = Literal["own", "secret", "shown"]


@dataclass(frozen=True, slots=True)
class Say:
    """Words, with the choices they end in. ``links`` stand below them, where there are buttons.

    ``replace`` asks a channel that can to draw this in place of the line whose
    button was tapped; the others send it as a new line. ``exact`` asks for more than
    a nod: a number, or the words of a label, and no mere "có" or "ừ".
    """

    text: RenderedText
    buttons: tuple[Button, ...] = ()
    replace: bool = False
    exact: bool = False
    links: tuple[Link, ...] = ()
    kind: Literal["say"] = "say"

    def __post_init__(self) -> None:
        _must_be_rendered(self.text)


def preceded(by: Markup, say: Say) -> Say:
    """The same choices after one line more: one reply instead of two."""
    return replace(say, text=by + Markup("\n\n") + say.text)


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """One question with its options.

    ``right`` is the place (from zero) of the one right option and ``explanation``
    says why in plain words: a channel with native quiz polls may show both, the
    others ignore them, because the explanation also comes back as a reply. None
    means that no poll can hold it: several options are right, or their order is.
    ``extra`` buttons (leave, help) never belong in a poll. ``taps`` serve only who
    answers by tapping, as "done" does after ticking; a channel without buttons
    leaves them out. ``replace`` is as in ``Say``. ``votes`` other than "own" is for a group,
    which answers by a poll or not at all: nobody's answer comes back.
    """

    text: RenderedText
    options: tuple[Button, ...]
    right: int | None = None
    explanation: str = ""
    extra: tuple[Button, ...] = ()
    taps: tuple[Button, ...] = ()
    replace: bool = False
    votes: Votes = "own"
    kind: Literal["question"] = "question"

    def __post_init__(self) -> None:
        _must_be_rendered(self.text)


@dataclass(frozen=True, slots=True)
class ShowPicture:
    """A picture drawn from ``content`` by ``pictures.draw(picture, content)`` when it is sent.

    The content travels, not the pixels: drawing costs tens of milliseconds, which
    no turn should wait for. ``alt`` says in plain words all that the picture says.
    """

    picture: str
    content: dict[str, Any]
    alt: str
    caption: RenderedText
    kind: Literal["picture"] = "picture"

    def __post_init__(self) -> None:
        _must_be_rendered(self.caption)


@dataclass(frozen=True, slots=True)
class GiveFile:
    """A small text file to keep: its name, its whole content, and what to say beside it."""

    name: str
    content: str
    caption: RenderedText
    kind: Literal["file"] = "file"

    def __post_init__(self) -> None:
        _must_be_rendered(self.caption)


@dataclass(frozen=True, slots=True)
class GiveDocument:
    """A document to print, drawn from ``content`` by ``pictures.draw`` when it is sent.

    ``document`` is what the drawer is called, ``name`` the file's name, with its ending.
    ``alt`` says in plain words all that is on it.
    """

    document: str
    content: dict[str, Any]
    name: str
    alt: str
    caption: RenderedText
    kind: Literal["document"] = "document"

    def __post_init__(self) -> None:
        _must_be_rendered(self.caption)


Reply: TypeAlias = Say | AskQuestion | ShowPicture | GiveFile | GiveDocument

_adapter: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="kind")])


def dump_reply(reply: Reply) -> str:
    """The reply as JSON, for the outbox."""
    return _adapter.dump_json(reply).decode()


def load_reply(stored: str) -> Reply:
    """The reply that ``dump_reply`` wrote. Raises ``pydantic.ValidationError`` on anything else."""
    return _adapter.validate_json(stored)
