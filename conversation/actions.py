"""What a button means, whole and by itself.

A button may be tapped a week after it was drawn, twice, or after a restart; so
its meaning travels with it and never depends on what the tutor remembers.
"""

import re
from dataclasses import dataclass

# Telegram's callback_data holds 1 to 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton);
# it is the tightest of the channels, so it binds them all.
MAX_BYTES = 64
_PART = re.compile(r"[A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Action:
    """A name that one handler declares, and its plain arguments.

    ``whose`` marks the learner on a telephone that several share (``conversation/seats.py``); it
    is "" everywhere else.

    Raises ``ValueError`` when an argument holds anything but ASCII letters, digits,
    ``_``, ``.`` and ``-``, or when the encoded form is longer than ``MAX_BYTES``.
    """

    name: str
    arguments: tuple[str, ...] = ()
    whose: str = ""

    def __post_init__(self) -> None:
        for part in (self.name, *self.arguments, self.whose):
            if not _PART.fullmatch(part):
                raise ValueError(f"not allowed in an action: {part!r}")
        if len(self.encode()) > MAX_BYTES:
            raise ValueError(f"action over {MAX_BYTES} bytes: {self.encode()}")

    def encode(self) -> str:
        meaning = ":".join((self.name, *self.arguments))
        return f"{self.whose}~{meaning}" if self.whose else meaning

    @classmethod
    def decode(cls, encoded: str) -> "Action":
        """The action a button carries; ``ValueError`` when nobody of ours wrote it."""
        whose, tilde, meaning = encoded.partition("~")
        name, *arguments = (meaning if tilde else encoded).split(":")
        if not name:
            raise ValueError("an action has a name")
        return cls(name, tuple(arguments), whose if tilde else "")


def action(name: str, *arguments: str | int) -> Action:
    return Action(name, tuple(str(argument) for argument in arguments))
